"""Hears from the outbox: what its loop did, and that the bell is about to ring."""

from django.dispatch import receiver

from outbox.signals import bell_rings, duty_ended

from . import duties, ping
from .logs import request_id

HEADER = "request_id"


@receiver(duty_ended)
def note_loop(name, seconds, has_failed, **kwargs):
    duties.note(name, seconds, has_failed=has_failed)
    if not has_failed:
        ping.ping()


@receiver(bell_rings)
def give_number(headers, **kwargs):
    headers[HEADER] = request_id.get()
