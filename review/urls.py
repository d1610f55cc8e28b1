"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .intake.urls import PAGES as INTAKE
from .views import (
    across,
    audit_log,
    emails,
    erasing,
    exports,
    finding,
    home,
    notes,
    published,
    publishing,
    reading,
    selections,
    shortcuts,
    signing_in,
    theme_counts,
    themes,
    theming,
)

EMAILS = [
    path("emails/", emails.emails, name="review_emails"),
    path("emails/<slug:slug>/", emails.emails_of_call, name="review_emails_of_call"),
    path(
        "emails/<slug:slug>/reminders/", emails.call_reminders, name="review_reminders"
    ),
    path(
        "emails/<slug:slug>/<slug:letter>/",
        emails.email_wording,
        name="review_email_wording",
    ),
    path(
        "emails/<slug:slug>/<slug:letter>/preview/",
        emails.email_preview,
        name="review_email_preview",
    ),
    path(
        "reading/<int:pk>/send-emails-again/",
        emails.send_emails_again,
        name="review_send_emails_again",
    ),
]

FINDING = [
    path("charts/", home.charts_of_selection, name="review_charts"),
    path("together/", finding.work_together, name="review_together"),
    path("selections/", selections.selections, name="review_selections"),
    path("selections/<int:pk>/", selections.selection, name="review_selection"),
    path(
        "selections/<int:pk>/delete/",
        selections.delete_selection,
        name="review_delete_selection",
    ),
]

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
    path("reading/<int:pk>/notes/", notes.add_note, name="review_add_note"),
    path("reading/<int:pk>/notes/<int:note>/", notes.note, name="review_note"),
    path(
        "reading/<int:pk>/notes/<int:note>/delete/",
        notes.delete_note,
        name="review_delete_note",
    ),
    path(
        "reading/<int:pk>/changes/<int:since>/",
        reading.changed,
        name="review_changed",
    ),
    path("reading/shortcuts/", shortcuts.shortcuts, name="review_shortcuts"),
]
ACROSS = [
    path("across/", across.questions, name="review_across"),
    path("across/questions/<int:pk>/", across.question, name="review_question"),
    path("across/principles/<int:pk>/", across.principle, name="review_principle"),
    path("across/sentences/<int:pk>/", across.sentence, name="review_sentence"),
]

THEMES = [
    path("themes/", themes.codebook, name="review_themes"),
    path("themes/add/", themes.add_theme, name="review_add_theme"),
    path("themes/counts/", theme_counts.themes_counts, name="review_themes_counts"),
    path("themes/<int:pk>/", themes.theme, name="review_theme"),
    path("themes/<int:pk>/merge/", themes.merge_theme, name="review_merge_theme"),
    path(
        "themes/<int:pk>/separate/",
        themes.separate_theme,
        name="review_separate_theme",
    ),
    path("themes/<int:pk>/split/", theme_counts.split_theme, name="review_split_theme"),
    path("themes/<int:pk>/delete/", themes.delete_theme, name="review_delete_theme"),
    path(
        "themes/<int:pk>/passages/",
        theme_counts.theme_passages,
        name="review_theme_passages",
    ),
    path("themes/on/<int:pk>/", theming.put_theme_on, name="review_put_theme_on"),
    path("themes/off/<int:pk>/", theming.take_theme_off, name="review_take_theme_off"),
]

PUBLISHING = [
    path("publishing/", publishing.waiting, name="review_publishing"),
    path(
        "publishing/publish/",
        publishing.publish_chosen,
        name="review_publish_chosen",
    ),
    path("publishing/<int:pk>/", publishing.desk, name="review_desk"),
    path(
        "publishing/<int:pk>/preview/<slug:half>/",
        publishing.preview,
        name="review_preview",
    ),
    path("publishing/<int:pk>/redact/", publishing.redact, name="review_redact"),
    path(
        "publishing/<int:pk>/redactions/<int:redaction>/lift/",
        publishing.lift,
        name="review_lift",
    ),
    path("publishing/<int:pk>/leave/", publishing.leave, name="review_leave"),
    path("publishing/<int:pk>/approve/", publishing.approve, name="review_approve"),
    path(
        "publishing/<int:pk>/hold-back/",
        publishing.hold_back,
        name="review_hold_back",
    ),
    path("publishing/<int:pk>/publish/", publishing.publish, name="review_publish"),
    path(
        "publishing/<int:pk>/take-down/",
        publishing.take_down,
        name="review_take_down",
    ),
    path("publishing/<int:pk>/narrow/", publishing.narrow, name="review_narrow"),
]

# What anyone may read, outside of the staff site: {% url "published:responses" slug %}.
public_urlpatterns = (
    [
        path("calls/<slug:slug>/responses/", published.responses, name="responses"),
        path(
            "calls/<slug:slug>/responses/about/<slug:about>/",
            published.about,
            name="about",
        ),
        path(
            "calls/<slug:slug>/responses/<slug:public_id>/",
            published.response,
            name="response",
        ),
        path(
            "calls/<slug:slug>/responses/<slug:public_id>/files/<uuid:key>/",
            published.file,
            name="file",
        ),
    ],
    "published",
)


EXPORTS = [
    path("exports/", exports.exports, name="review_exports"),
    path("exports/progress/", exports.progress, name="review_exports_progress"),
    path("exports/<uuid:pk>/", exports.file, name="review_export_file"),
    path("exports/<uuid:pk>/remove/", exports.remove, name="review_export_remove"),
]

SAFETY = [
    path("audit/", audit_log.audit_log, name="review_audit_log"),
    path("recovery-codes/", signing_in.recovery_codes, name="review_recovery_codes"),
]

ERASING = [
    path("erasures/", erasing.erasures, name="review_erasures"),
    path("erasures/ask/", erasing.ask_for_erasure, name="review_ask_for_erasure"),
    path("erasures/<int:pk>/", erasing.erasure, name="review_erasure"),
    path("erasures/<int:pk>/erase/", erasing.erase, name="review_erase"),
    path(
        "erasures/<int:pk>/refuse/",
        erasing.refuse_erasure,
        name="review_refuse_erasure",
    ),
]

PAGES = [
    *FINDING,
    *READING,
    *ACROSS,
    *THEMES,
    *INTAKE,
    *PUBLISHING,
    *EXPORTS,
    *EMAILS,
    *ERASING,
    *SAFETY,
]


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
