"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .views import reading, theme_counts, themes, theming

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
PAGES = [*READING, *THEMES]


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES
