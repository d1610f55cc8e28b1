"""What is kept for how long; the worker erases the rest. docs/retention.md is the schedule.

Each step asks the database what is due and does a little of it, so that a worker that is
stopped half-way, or a second one, leads to the same end.
"""

import datetime as dt

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Now

from outbox.models import OutgoingEmail, State
from outbox.services import enqueue
from submissions import limits
from submissions.models import ResumeLink, Submission

from .services import erasing

DRAFT_DELETION = "draft-deletion"
# Before a draft goes, its owner is told.
NOTICE = dt.timedelta(days=14)
AT_A_TIME = 100


def plan():
    """Do what is due now."""
    warn_of_deletion()
    for due in (drafts_due(), withdrawn_due(), submissions_due()):
        erase_some(due)
    forget_emails()
    forget_links()


def _ago(days):
    return Now() - dt.timedelta(days=days)


def drafts_left_over(days):
    """Return the drafts of calls that closed so many days ago, and that none may send."""
    drafts = Submission.objects.drafts().filter(amends=None)
    return drafts.filter(
        Q(accepted_until=None) | Q(accepted_until__lt=_ago(days)),
        consultation__closes_at__lt=_ago(days),
    )


def warn_of_deletion(at_a_time=AT_A_TIME):
    """Write to the owners of drafts that will be deleted soon, each once."""
    soon = drafts_left_over(settings.KEEP_DRAFTS_DAYS - NOTICE.days).exclude(email="")
    for draft in soon.exclude(Exists(_warnings()))[:at_a_time]:
        enqueue(
            DRAFT_DELETION,
            key=f"{DRAFT_DELETION}:{draft.pk}",
            to=draft.email,
            about=draft.about,
            context={"submission": draft.pk},
        )


def _warnings():
    about = Concat(Value("submission:"), Cast(OuterRef("pk"), CharField()))
    return OutgoingEmail.objects.filter(kind=DRAFT_DELETION, about=about)


def drafts_due():
    """Return the drafts that are to go: their owners, if we can write to them, know."""
    # One that may not have arrived, and waits for staff to decide, has told nobody.
    told = _warnings().filter(created_at__lt=Now() - NOTICE)
    told = told.exclude(state=State.UNKNOWN)
    return drafts_left_over(settings.KEEP_DRAFTS_DAYS).filter(
        Q(email="") | Exists(told)
    )


def withdrawn_due():
    return Submission.objects.filter(
        withdrawn_at__lt=_ago(settings.KEEP_WITHDRAWN_DAYS)
    )


def submissions_due():
    return Submission.objects.filter(
        submitted_at__isnull=False,
        consultation__closes_at__lt=_ago(settings.KEEP_SUBMISSIONS_DAYS),
    )


def erase_some(due):
    """Erase the first of them, each for itself: what is done stays done."""
    for submission in due.order_by("pk")[:AT_A_TIME]:
        with transaction.atomic():
            # Asked again, locked: it may have been sent or withdrawn in this moment.
            locked = due.filter(pk=submission.pk).select_for_update(
                of=["self"], skip_locked=True
            )
            if found := locked.first():
                erasing.erase(erasing.of_response(found))


def forget_emails():
    """Delete what the outbox remembers of emails that went out long ago."""
    over = [State.SENT, State.DEAD, State.CANCELLED, State.UNKNOWN]
    old = OutgoingEmail.objects.filter(
        state__in=over, created_at__lt=_ago(settings.KEEP_EMAILS_DAYS)
    )
    OutgoingEmail.objects.filter(pk__in=old.values("pk")[:5000]).delete()
    erasing.forget_told_addresses()


def forget_links():
    """Delete links and sessions that open nothing any more, and what limits counted."""
    ResumeLink.objects.filter(expires_at__lt=_ago(30)).delete()
    Session.objects.filter(expire_date__lt=Now()).delete()
    limits.forget()
