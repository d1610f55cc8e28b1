"""Erasing what one person sent: rows, files, emails, exports; and again after a restore."""

import hashlib
import os
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.models import OutgoingEmail, State
from outbox.services import enqueue
from review.models import Erasure, Export, Intake
from submissions.models import Attachment, Invitation, Submission
from submissions.services import sweep_files

from . import exports

ERASURE_DONE = "erasure-done"


class NotPossible(Exception):
    """Says to a person why nothing was erased."""


@dataclass(frozen=True)
class Holding:
    """What we have of one person."""

    submissions: QuerySet
    invitations: QuerySet
    intakes: QuerySet
    emails: QuerySet

    @property
    def responses(self):
        """What was sent, withdrawn or not: drafts are nobody's to see."""
        return self.submissions.filter(submitted_at__isnull=False)

    @property
    def counts(self):
        """Return how much it is; of drafts only the number."""
        files = Attachment.objects.filter(submission__in=self.submissions)
        drafts = self.submissions.filter(submitted_at=None, amends=None)
        return {
            "responses": self.responses.count(),
            "drafts": drafts.count(),
            "files": files.values("stored").distinct().count(),
            "invitations": self.invitations.count(),
            "intakes": self.intakes.count(),
            "emails": self.emails.count(),
        }

    @property
    def is_nothing(self):
        return not any(self.counts.values())


def under_address(address):
    """Return the `Holding` of everything under an address for email."""
    own = Submission.objects.of_address(address).values_list("pk", "amends")
    # An amendment with another address is of the same person.
    ids = {pk for pair in own for pk in pair if pk}
    about = [f"submission:{pk}" for pk in ids]
    emails = OutgoingEmail.objects.filter(to_email__iexact=address)
    return Holding(
        submissions=Submission.objects.filter(pk__in=ids),
        invitations=Invitation.objects.of_address(address),
        intakes=Intake.objects.filter(email__iexact=address, submission=None),
        emails=emails | OutgoingEmail.objects.filter(about__in=about),
    )


def of_response(submission):
    """Return the `Holding` of one response alone."""
    # Changes that are being written go with it, and their emails.
    amendments = Submission.objects.filter(amends=submission.pk)
    about = [one.about for one in (submission, *amendments.only("pk"))]
    return Holding(
        submissions=Submission.objects.filter(pk=submission.pk),
        invitations=Invitation.objects.none(),
        intakes=Intake.objects.none(),
        emails=OutgoingEmail.objects.filter(about__in=about),
    )


def holding_of(erasure):
    """Return the `Holding` that a request is about; empty when there is nothing left."""
    if erasure.address:
        return under_address(erasure.address)
    if erasure.submission:
        return of_response(erasure.submission)
    return of_response(Submission())


def request_erasure(*, staff, reason, submission=None, address=""):
    """Ask for one response, or all under an address, to be erased by somebody else."""
    erasure = Erasure(
        submission=submission, address=address, reason=reason, requested_by=staff
    )
    if holding_of(erasure).is_nothing:
        raise NotPossible(_("We hold nothing under that address"))
    same = Erasure.objects.waiting().filter(submission=submission)
    if same.filter(address__iexact=address).exists():
        raise NotPossible(_("That is asked for already, and waits for somebody"))
    erasure.save()
    return erasure


@transaction.atomic
def refuse(erasure, *, staff):
    """Leave everything as it is, and forget whom the request was about."""
    waiting = _locked(erasure)
    waiting.refused_at, waiting.decided_by = timezone.now(), staff
    waiting.address = ""
    waiting.save()


def carry_out(erasure, *, staff):
    """Erase what the request is about, for good. Raises NotPossible.

    Staff other than whoever asked. The person is told, at the address that we had.
    """
    with transaction.atomic():
        waiting = _locked(erasure)
        if waiting.requested_by == staff:
            raise NotPossible(
                _("You asked for this yourself: somebody else has to erase it")
            )
        holding = holding_of(waiting)
        waiting.counts = holding.counts
        told = waiting.address or (waiting.submission and waiting.submission.email)
        waiting.digests = erase(holding)
        waiting.erased_at, waiting.decided_by = timezone.now(), staff
        waiting.address, waiting.submission = "", None
        waiting.save()
        if told:
            key = f"{ERASURE_DONE}:{waiting.pk}"
            enqueue(ERASURE_DONE, key=key, to=told, context={})
    return waiting


def _locked(erasure):
    found = Erasure.objects.waiting().filter(pk=erasure.pk)
    waiting = found.select_for_update(of=["self"]).first()
    if waiting is None:
        raise NotPossible(_("That was decided in the meantime"))
    return waiting


@transaction.atomic
def erase(holding):
    """Delete all that a `Holding` has; returns the digests of the submissions' keys.

    What staff made of them goes with the rows. Exports of the call may hold them, and go
    too: they can be made again.
    """
    # Amendments go with what they amend.
    submissions = list(holding.submissions.select_for_update())
    digests = [digest_of(submission) for submission in submissions]
    calls = {submission.consultation_id for submission in submissions}
    holding.emails.delete()
    holding.invitations.delete()
    holding.intakes.delete()
    Submission.objects.filter(pk__in=[one.pk for one in submissions]).delete()
    # Before it is certain: what is in the list and still there goes after a restore only.
    _write_down(digests)
    transaction.on_commit(lambda: _delete_files(calls))
    return digests


def _delete_files(calls):
    exports.remove(Export.objects.filter(consultation__in=calls))
    sweep_files()


def digest_of(submission):
    """Return what tells an erased submission in a backup, and tells nobody else."""
    return hashlib.sha256(submission.key.bytes).hexdigest()


def _write_down(digests):
    """Add to the list that stands outside of the database, and of its backups."""
    path = settings.ERASED_LIST
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.writelines(f"{digest}\n" for digest in digests)
        file.flush()
        os.fsync(file.fileno())


def erase_again():
    """Erase what an older backup has brought back; returns how many submissions."""
    if not settings.ERASED_LIST.exists():
        return 0
    erased = set(settings.ERASED_LIST.read_text().split())
    keys = Submission.objects.only("key", "pk").iterator(chunk_size=2000)
    back = [submission.pk for submission in keys if digest_of(submission) in erased]
    for submission in Submission.objects.filter(pk__in=back):
        erase(of_response(submission))
    return len(back)


def forget_told_addresses():
    """Delete the emails that told somebody of an erasure, once they have gone out."""
    told = OutgoingEmail.objects.filter(kind=ERASURE_DONE)
    told.filter(state__in=[State.SENT, State.DEAD, State.CANCELLED]).delete()
