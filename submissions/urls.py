from django.urls import path

from . import autosave, views

app_name = "submissions"

urlpatterns = [
    path("", views.home, name="home"),
    path("calls/<slug:slug>/", views.call, name="call"),
    path("calls/<slug:slug>/text/", views.call_text, name="call_text"),
    path("calls/<slug:slug>/start/", views.start, name="start"),
    path("evidence/<uuid:key>/", views.contents, name="contents"),
    path("evidence/<uuid:key>/about-you/", views.about_you, name="about_you"),
    path("evidence/<uuid:key>/section/<int:number>/", views.section, name="section"),
    path("evidence/<uuid:key>/principles/", views.principles, name="principles"),
    path(
        "evidence/<uuid:key>/autosave/<slug:part>/",
        autosave.autosave,
        name="autosave",
    ),
    path("evidence/<uuid:key>/earlier/<slug:part>/", views.earlier, name="earlier"),
    path("evidence/<uuid:key>/save/", views.save_and_return, name="save_and_return"),
    path("evidence/<uuid:key>/check/", views.check_answers, name="check_answers"),
    path("evidence/<uuid:key>/sent/", views.confirmation, name="confirmation"),
    path("evidence/<uuid:key>/copy/", views.copy, name="copy"),
    path("resume/", views.request_link, name="request_link"),
    path("resume/sent/", views.link_sent, name="link_sent"),
    path("resume/<str:token>/", views.resume, name="resume"),
    path("reminders/<str:token>/", views.reminders, name="reminders"),
    path("reminders/<str:token>/stop/", views.stop_reminders, name="stop_reminders"),
]
