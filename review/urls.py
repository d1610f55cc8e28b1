"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .views import across, notes, reading, shortcuts

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
PAGES = [*READING, *ACROSS]


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES
