from django.urls import path

from . import autosave
from .views import drafts, files, items, links, public, sent, together, writing

app_name = "submissions"

urlpatterns = [
    path("", public.home, name="home"),
    path("calls/<slug:slug>/", public.call, name="call"),
    path("calls/<slug:slug>/text/", public.call_text, name="call_text"),
    path("calls/<slug:slug>/pack/<str:name>", public.pack, name="pack"),
    path("calls/<slug:slug>/privacy/", public.privacy, name="privacy"),
    path("calls/<slug:slug>/start/", public.start, name="start"),
    path("evidence/<uuid:key>/", drafts.contents, name="contents"),
    path("evidence/<uuid:key>/about-you/", writing.about_you, name="about_you"),
    path("evidence/<uuid:key>/section/<int:number>/", writing.section, name="section"),
    path("evidence/<uuid:key>/principles/", writing.principles, name="principles"),
    path(
        "evidence/<uuid:key>/principles/<slug:name>/",
        writing.sentence,
        name="sentence",
    ),
    path("evidence/<uuid:key>/items/", items.items, name="items"),
    path("evidence/<uuid:key>/items/add/", items.add_item, name="add_item"),
    path("evidence/<uuid:key>/items/<uuid:item>/", items.item, name="item"),
    path(
        "evidence/<uuid:key>/items/<uuid:item>/remove/",
        items.remove_item,
        name="remove_item",
    ),
    path("evidence/<uuid:key>/files/", files.add_files, name="add_files"),
    path("evidence/<uuid:key>/files/<uuid:file>/", files.file, name="file"),
    path(
        "evidence/<uuid:key>/files/<uuid:file>/remove/",
        files.remove_file,
        name="remove_file",
    ),
    path(
        "evidence/<uuid:key>/autosave/<slug:part>/",
        autosave.autosave,
        name="autosave",
    ),
    path("evidence/<uuid:key>/earlier/<slug:part>/", writing.earlier, name="earlier"),
    path("evidence/<uuid:key>/together/", together.together, name="together"),
    path(
        "evidence/<uuid:key>/together/<int:invitation>/link/",
        together.new_link,
        name="new_link",
    ),
    path(
        "evidence/<uuid:key>/together/<int:invitation>/withdraw/",
        together.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("evidence/<uuid:key>/save/", drafts.save_and_return, name="save_and_return"),
    path("evidence/<uuid:key>/check/", drafts.check_answers, name="check_answers"),
    path("evidence/<uuid:key>/sent/", sent.confirmation, name="confirmation"),
    path("evidence/<uuid:key>/copy/", sent.copy, name="copy"),
    path("evidence/<uuid:key>/copy.pdf", sent.copy_pdf, name="copy_pdf"),
    path("evidence/<uuid:key>/status/", sent.status, name="status"),
    path("evidence/<uuid:key>/data/", sent.data, name="data"),
    path("evidence/<uuid:key>/amend/", sent.amend, name="amend"),
    path("evidence/<uuid:key>/discard/", drafts.discard, name="discard"),
    path("evidence/<uuid:key>/publication/", sent.publication, name="publication"),
    path("evidence/<uuid:key>/withdraw/", sent.withdraw, name="withdraw"),
    path("evidence/<uuid:key>/late/", drafts.late_request, name="late_request"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("resume/", links.request_link, name="request_link"),
    path("resume/sent/", links.link_sent, name="link_sent"),
    path("resume/<str:token>/", links.resume, name="resume"),
    path("reminders/<str:token>/", links.reminders, name="reminders"),
    path("reminders/<str:token>/stop/", links.stop_reminders, name="stop_reminders"),
]
