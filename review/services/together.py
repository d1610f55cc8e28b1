"""What is done to several submissions at once, from the list."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from review.models import Assignment, Reading
from submissions.models import Submission


def mark_all_read(submissions, user):
    """Write down that the person has read these as they stand now; return how many."""
    newest = submissions.annotate(newest=Max("revisions__number"))
    readings = [
        Reading(user=user, submission_id=pk, revision=number or 1)
        for pk, number in newest.order_by("pk").values_list("pk", "newest")
    ]
    Reading.objects.bulk_create(
        readings,
        update_conflicts=True,
        unique_fields=["user", "submission"],
        update_fields=["revision", "read_at"],
    )
    return len(readings)


@transaction.atomic
def assign_all(seen, to, *, by):
    """Give submissions to `to`, or to nobody, and return how many.

    `seen` says by id whose each was on the page, None for nobody's: what was given to
    somebody else meanwhile stays theirs.
    """
    # Locked in one order: two who assign the same ones do not wait for each other.
    locked = Submission.objects.submitted().filter(pk__in=seen).order_by("pk")
    ids = list(locked.select_for_update(no_key=True).values_list("pk", flat=True))
    held = dict(
        Assignment.objects.filter(submission__in=ids).values_list("submission", "user")
    )
    ids = [pk for pk in ids if held.get(pk) == seen[pk]]
    if to is None:
        Assignment.objects.filter(submission__in=ids).delete()
        return len(ids)
    now = timezone.now()
    Assignment.objects.bulk_create(
        [
            Assignment(submission_id=pk, user=to, assigned_by=by, assigned_at=now)
            for pk in ids
        ],
        update_conflicts=True,
        unique_fields=["submission"],
        update_fields=["user", "assigned_by", "assigned_at"],
    )
    return len(ids)
