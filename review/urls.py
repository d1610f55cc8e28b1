"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from .intake.urls import PAGES as INTAKE_PAGES

PAGES = [*INTAKE_PAGES]


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES
