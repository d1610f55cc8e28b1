"""Who has read what, whose it is, and which comes next."""

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from review.models import Assignment, Flag, Reading
from submissions.models import Submission


class TakenMeanwhile(Exception):
    """Somebody else changed whose it is after the page was opened."""


def mark_read(submission, user):
    """Write down that the person has read it as it stands now."""
    newest = submission.revisions.aggregate(newest=Max("number"))["newest"]
    Reading.objects.update_or_create(
        user=user,
        submission=submission,
        defaults={"revision": newest or 1, "read_at": timezone.now()},
    )


def mark_unread(submission, user):
    Reading.objects.filter(submission=submission, user=user).delete()


def flag(submission, user):
    Flag.objects.get_or_create(submission=submission, user=user)


def unflag(submission, user):
    Flag.objects.filter(submission=submission, user=user).delete()


@transaction.atomic
def assign(submission, to, *, by, seen):
    """Give it to `to`, or to nobody; `seen` is the id of whose it was on the page."""
    # Without a row there is nothing of the assignment's own to lock.
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    assignment = Assignment.objects.filter(submission=submission).first()
    if (assignment.user_id if assignment else None) != seen:
        raise TakenMeanwhile
    if to is None:
        Assignment.objects.filter(submission=submission).delete()
        return
    Assignment.objects.update_or_create(
        submission=submission,
        defaults={"user": to, "assigned_by": by, "assigned_at": timezone.now()},
    )


def take_next(submissions, user):
    """Make the person's own the one that the fewest have read, and return it.

    None when nothing is left that is nobody's and that the person has not read. Two who
    ask in the same moment get two different ones.
    """
    # Whoever loses a race finds the next one free; more than a few lost is no race.
    for _attempt in range(5):
        found, is_taken = _take(submissions, user)
        if is_taken or found is None:
            return found
    return None


@transaction.atomic
def _take(submissions, user):
    free = submissions.filter(
        ~Exists(Assignment.objects.filter(submission=OuterRef("pk"))),
        ~Exists(Reading.objects.filter(submission=OuterRef("pk"), user=user)),
    )
    found = _least_read(free)
    if found is None:
        return None, False
    # Somebody may have taken it between our look at it and our lock.
    Assignment.objects.bulk_create(
        [Assignment(submission=found, user=user, assigned_by=user)],
        ignore_conflicts=True,
    )
    is_taken = Assignment.objects.filter(submission=found, user=user).exists()
    return found, is_taken


def _least_read(free):
    """Return the one with the fewest readings, the oldest of them, and lock it."""
    free = free.select_for_update(skip_locked=True, of=("self",), no_key=True)
    readings = Reading.objects.filter(submission=OuterRef("pk")).order_by()
    # Until all are read once there is nothing to count, which takes time.
    unread = free.filter(~Exists(readings)).order_by("submitted_at", "pk").first()
    if unread:
        return unread
    counted = readings.values("submission").annotate(count=Count("pk"))
    times_read = Coalesce(Subquery(counted.values("count")), 0)
    return (
        free.annotate(times_read=times_read)
        .order_by("times_read", "submitted_at", "pk")
        .first()
    )
