from django.urls import path

from .views import checking, inbox, originals, placing

PAGES = [
    path("intake/", inbox.inbox, name="review_intake"),
    path("intake/start/", inbox.start, name="review_intake_start"),
    path("intake/<int:pk>/", placing.place, name="review_intake_place"),
    path("intake/<int:pk>/sender/", inbox.details, name="review_intake_details"),
    path("intake/<int:pk>/originals/", originals.add, name="review_intake_add"),
    path(
        "intake/<int:pk>/originals/<int:original>/",
        originals.type_text,
        name="review_intake_type_text",
    ),
    path(
        "intake/<int:pk>/originals/<int:original>/file/",
        originals.file,
        name="review_intake_file",
    ),
    path(
        "intake/<int:pk>/originals/<int:original>/remove/",
        originals.remove_original,
        name="review_intake_remove_original",
    ),
    path("intake/<int:pk>/check/", checking.check, name="review_intake_check"),
    path("intake/<int:pk>/letter/", checking.letter, name="review_intake_letter"),
    path(
        "intake/<int:pk>/throw-away/", inbox.throw_away, name="review_intake_throw_away"
    ),
]
