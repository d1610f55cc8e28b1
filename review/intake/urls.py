from django.urls import path

from . import views

PAGES = [
    path("intake/", views.inbox, name="review_intake"),
    path("intake/start/", views.start, name="review_intake_start"),
    path("intake/<int:pk>/", views.place, name="review_intake_place"),
    path("intake/<int:pk>/sender/", views.details, name="review_intake_details"),
    path("intake/<int:pk>/originals/", views.add, name="review_intake_add"),
    path(
        "intake/<int:pk>/originals/<int:original>/",
        views.type_text,
        name="review_intake_type_text",
    ),
    path(
        "intake/<int:pk>/originals/<int:original>/file/",
        views.file,
        name="review_intake_file",
    ),
    path(
        "intake/<int:pk>/originals/<int:original>/remove/",
        views.remove_original,
        name="review_intake_remove_original",
    ),
    path("intake/<int:pk>/check/", views.check, name="review_intake_check"),
    path("intake/<int:pk>/letter/", views.letter, name="review_intake_letter"),
    path(
        "intake/<int:pk>/throw-away/", views.throw_away, name="review_intake_throw_away"
    ),
]
