"""Wordings of a call's emails: each change is a version, and none is ever changed."""

from django.db import transaction

from consultations.models import Consultation
from outbox.services import enqueue
from submissions import emails
from submissions.models import EmailWording

from .drafts import Refused


class WordedMeanwhile(Refused):
    """Somebody else has written a version since this one was begun."""


def word_email(consultation, letter, *, subject, body, staff, started_from):
    """Write the next version of a wording and return it; "" twice means ours again.

    `started_from` is the number of the version that its writer saw, 0 for none. Raises
    WordedMeanwhile.
    """
    with transaction.atomic():
        # So that two who write take turns.
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        newest = consultation.email_wordings.filter(letter=letter.name).first()
        number = newest.number if newest else 0
        if number != started_from:
            raise WordedMeanwhile
        return EmailWording.objects.create(
            consultation=consultation,
            letter=letter.name,
            number=number + 1,
            subject=subject,
            body=body,
            written_by=staff,
        )


def send_test(consultation, letter, *, subject, body, staff, key):
    """Send a wording, in use or not, to the member of staff who asks, on made-up data."""
    enqueue(
        emails.WORDING_TEST,
        key=f"{emails.WORDING_TEST}:{key}",
        to=staff.email,
        # Words of staff's own with nobody's data in them.
        context={
            "consultation": consultation.pk,
            "letter": letter.name,
            "subject": subject,
            "body": body,
        },
    )
