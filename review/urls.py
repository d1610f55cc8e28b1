"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .views import exports

EXPORTS = [
    path("exports/", exports.exports, name="review_exports"),
    path("exports/progress/", exports.progress, name="review_exports_progress"),
    path("exports/<uuid:pk>/", exports.file, name="review_export_file"),
    path("exports/<uuid:pk>/remove/", exports.remove, name="review_export_remove"),
]

PAGES = [*EXPORTS]


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES
