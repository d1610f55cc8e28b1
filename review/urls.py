"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .views import audit_log, reading, signing_in

READING = [
    path(
        "submissions/submission/<int:pk>/revisions/<int:number>/",
        reading.revision,
        name="submissions_submission_revision",
    ),
    path("reading/next/", reading.take_next, name="review_take_next"),
    path("reading/<int:pk>/read/", reading.mark_read, name="review_mark_read"),
    path("reading/<int:pk>/unread/", reading.mark_unread, name="review_mark_unread"),
    path("reading/<int:pk>/flag/", reading.flag, name="review_flag"),
    path("reading/<int:pk>/assign/", reading.assign, name="review_assign"),
]
SAFETY = [
    path("audit/", audit_log.audit_log, name="review_audit_log"),
    path("recovery-codes/", signing_in.recovery_codes, name="review_recovery_codes"),
]
PAGES = [*READING, *SAFETY]


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES


def signing_in_pages():
    """Return the addresses before the door: who stands there has given a password."""
    return [
        path("login/code/", signing_in.code, name="review_code"),
        path("login/set-up/", signing_in.set_up, name="review_set_up"),
        path(
            "login/password/<uidb64>/<token>/",
            signing_in.ChoosePassword.as_view(),
            name="review_choose_password",
        ),
    ]
