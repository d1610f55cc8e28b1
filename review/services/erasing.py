"""Erasing what one person sent: rows, files, emails, exports; and again after a restore."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.models import OutgoingEmail, State
from outbox.services import enqueue
from review.models import Erasure, Export, Intake, SavedSelection
from submissions.models import Attachment, Invitation, Submission
from submissions.services import sweep_files

from . import erased_list, exports

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
    submissions = Submission.objects.filter(pk=submission.pk)
    return Holding(
        submissions=submissions,
        invitations=Invitation.objects.none(),
        intakes=Intake.objects.none(),
        emails=_emails_about(submissions),
    )


def _emails_about(submissions):
    # Changes that are being written go with them, and their emails.
    them = Submission.objects.filter(Q(pk__in=submissions) | Q(amends__in=submissions))
    about = [one.about for one in them.only("pk")]
    return OutgoingEmail.objects.filter(about__in=about)


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
        _wait_for_letters(waiting.address)
        holding = holding_of(waiting)
        waiting.counts = holding.counts
        told = waiting.address or (waiting.submission and waiting.submission.email)
        waiting.digests = erase(holding)
        waiting.erased_at, waiting.decided_by = timezone.now(), staff
        _close_others(waiting, staff)
        waiting.address, waiting.submission = "", None
        waiting.save()
        if told:
            key = f"{ERASURE_DONE}:{waiting.pk}"
            enqueue(ERASURE_DONE, key=key, to=told, context={})
    return waiting


def _wait_for_letters(address):
    """Let whoever is taking in a letter of this address finish; nobody begins after."""
    if address:
        list(
            Intake.objects.filter(email__iexact=address).select_for_update(of=["self"])
        )


def _close_others(done, staff):
    """Forget the address in other requests for the same."""
    if done.address:
        same = Erasure.objects.waiting().filter(address__iexact=done.address)
        same.exclude(pk=done.pk).update(
            refused_at=timezone.now(), decided_by=staff, address=""
        )


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
    digests = [digest_of(row) for row in [*submissions, *_beside(holding, submissions)]]
    calls = {submission.consultation_id for submission in submissions}
    _forget_searches_for(submissions)
    holding.emails.delete()
    holding.invitations.delete()
    holding.intakes.delete()
    Submission.objects.filter(pk__in=[one.pk for one in submissions]).delete()
    # Before it is certain: what is in the list and still there goes after a restore only.
    erased_list.add(digests)
    # Robust: it is erased, whatever the disk says; the sweeps take up what is left.
    transaction.on_commit(lambda: _delete_files(calls), robust=True)
    return digests


def _forget_searches_for(submissions):
    """Delete the saved selections that look for one of these people."""
    known = [_words(text) for one in submissions for text in (one.name, one.email)]
    for saved in SavedSelection.objects.all():
        searched = parse_qs(saved.query).get("q", [""])[0]
        said = [_words(searched), _words(saved.name)]
        pairs = [(text, words) for text in said for words in known if text and words]
        if any(text in words or words in text for text, words in pairs):
            saved.delete()


def _words(text):
    """Return a text's words between spaces, so that `in` finds whole ones: "" for none."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return words and f" {words} "


def _beside(holding, submissions):
    """Yield what goes with these submissions and may stand alone in an older backup."""
    yield from holding.invitations
    yield from holding.intakes
    # Then it was not taken in yet.
    yield from Intake.objects.filter(submission__in=submissions)
    about = [submission.about for submission in submissions]
    yield from holding.emails.exclude(about__in=about)


def _delete_files(calls):
    made = Export.objects.filter(consultation__in=calls)
    exports.remove(made)
    # Somebody may have been searched for by name.
    made.update(query="")
    sweep_files()


def digest_of(row):
    """Return what tells an erased row in a backup, and tells nobody else."""
    match row:
        case Submission():
            unique = row.key.bytes
        case OutgoingEmail():
            unique = row.id.bytes
        case Invitation():
            unique = _number_and_moment("invitation", row.pk, row.created_at)
        case Intake():
            unique = _number_and_moment("intake", row.pk, row.started_at)
    return hashlib.sha256(unique).hexdigest()


def _number_and_moment(name, pk, moment):
    """Return what no other row has, to the microsecond."""
    return f"{name} {pk} {moment.astimezone(dt.UTC).isoformat()}".encode()


@transaction.atomic
def erase_again():
    """Erase what an older backup has brought back; returns how many things."""
    erased = erased_list.read()
    submissions = _come_back(Submission.objects.only("key"), erased)
    emails = _come_back(OutgoingEmail.objects.only("id"), erased)
    holding = Holding(
        submissions=submissions,
        invitations=_come_back(Invitation.objects.only("created_at"), erased),
        intakes=_come_back(Intake.objects.only("started_at"), erased),
        emails=emails | _emails_about(submissions),
    )
    count = sum(
        rows.count()
        for rows in (submissions, holding.invitations, holding.intakes, emails)
    )
    if count:
        erase(holding)
        _forget_requests()
    return count


def _come_back(rows, erased):
    """Return those of these rows that are in the list."""
    found = rows.iterator(chunk_size=2000)
    back = [row.pk for row in found if digest_of(row) in erased]
    return rows.model.objects.filter(pk__in=back)


def _forget_requests():
    """Delete requests that wait, as in the backup, for what is erased."""
    for request in Erasure.objects.waiting():
        if holding_of(request).is_nothing:
            request.delete()


def forget_told_addresses():
    """Delete the emails that told somebody of an erasure, once they have gone out."""
    told = OutgoingEmail.objects.filter(kind=ERASURE_DONE)
    told.filter(state__in=[State.SENT, State.DEAD, State.CANCELLED]).delete()
