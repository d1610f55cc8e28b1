from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from benchmarks.make_run.bare.models import Note
from benchmarks.make_run.bare.tasks import send_waiting


def write(request):
    Note.objects.create(text="Eleven became three.")
    send_waiting.delay()
    return HttpResponse("Written")


urlpatterns = [path("admin/", admin.site.urls), path("", write)]
