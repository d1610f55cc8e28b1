"""What a respondent may do with what was sent: withdraw it, or choose again."""

import datetime as dt
from contextlib import contextmanager

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from outbox.services import enqueue
from submissions import emails
from submissions.models import Submission

from .drafts import Refused
from .revisions import keep_revision
from .writing import keep_details

TELL_WITHIN = dt.timedelta(days=7)


class Settled(Refused):
    """It is withdrawn, or published: it stays as it is."""


@contextmanager
def locked_sent(submission):
    """Lock what was sent for one change; raises Settled."""
    with transaction.atomic():
        sent = Submission.objects.select_for_update().get(pk=submission.pk)
        if not sent.is_submitted or sent.is_settled:
            raise Settled
        yield sent


def withdraw(submission):
    """Take a response back for good, and any changes to it that were not sent.

    Raises Settled.
    """
    with locked_sent(submission) as sent:
        sent.withdrawn_at = Now()
        sent.save(update_fields=["withdrawn_at"])
        # Locked first: somebody may be saving in it.
        list(Submission.objects.select_for_update().filter(amends=sent))
        Submission.objects.filter(amends=sent).delete()
        # Closes links that were sent to an address which only the changes had.
        keep_details(sent, {"email": sent.email})
        tell(sent, emails.WITHDRAWAL)


def choose_publication(submission, publication):
    """Change what may be published; raises Settled.

    A revision keeps it, so that the newest one is always what staff act on. Changes that
    are being written follow: sending them must not bring the former choice back.
    """
    with locked_sent(submission) as sent:
        if sent.publication == publication:
            return
        sent.publication = publication
        sent.save(update_fields=["publication"])
        Submission.objects.filter(amends=sent).update(publication=publication)
        revision = keep_revision(sent)
        tell(sent, emails.PUBLICATION_CHANGE, number=revision.number)


def tell(sent, kind, **about):
    """Write an email of this kind to the respondent, once, if there is an address."""
    if sent.email:
        enqueue(
            kind,
            key=":".join(str(part) for part in (kind, sent.pk, *about.values())),
            to=sent.email,
            context={"submission": sent.pk} | about,
            about=sent.about,
            expires_at=timezone.now() + TELL_WITHIN,
        )
