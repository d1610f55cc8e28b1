"""The addresses of the staff site's own pages, beside those of Django's admin.

They are named in its namespace: {% url "admin:review_home" %}.
"""

from django.urls import path

from .views import published, publishing

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
PAGES = [*PUBLISHING]

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


def staff_pages(admin_view):
    """Return the addresses, each with its view behind the staff site's door."""
    for page in PAGES:
        page.callback = admin_view(page.callback)
    return PAGES
