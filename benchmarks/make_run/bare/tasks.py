from celery import shared_task
from django.core.mail import send_mail
from django.utils import timezone

from benchmarks.make_run.bare.models import Note


@shared_task
def send_waiting():
    for note in Note.objects.filter(sent_at=None):
        send_mail("A note", note.text, "bare@example.org", ["ann@example.org"])
        note.sent_at = timezone.now()
        note.save()
