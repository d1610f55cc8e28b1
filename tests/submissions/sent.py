"""Submissions as they stand after they were sent."""

import datetime as dt

from django.utils import timezone

from consultations.models import Question
from principles.models import PrincipleVersion
from submissions.models import Answer, PrincipleComment, Submission
from submissions.references import new_reference


def make_sent(consultation, *, answers=None, comments=None, general="", **details):
    """Make one: answers by question code, (stance, comment) by number of principle."""
    details = {
        "reference": new_reference("KIL"),
        "submitted_at": timezone.now(),
        "organisation": "Riverside Community Trust",
        "publication": "with-name",
    } | details
    return make_draft(
        consultation, answers=answers, comments=comments, general=general, **details
    )


def make_draft(consultation, *, answers=None, comments=None, general="", **details):
    submission = Submission.objects.create(consultation=consultation, **details)
    for code, text in (answers or {}).items():
        question = Question.objects.get(section__consultation=consultation, code=code)
        Answer.objects.create(submission=submission, question=question, text=text)
    current = PrincipleVersion.objects.current(consultation)
    versions = {version.principle.number: version for version in current}
    for number, (stance, comment) in (comments or {}).items():
        submission.principle_comments.create(
            version=versions[number], stance=stance, comment=comment
        )
    if general:
        PrincipleComment.objects.create(submission=submission, comment=general)
    return submission


def minutes_ago(minutes):
    return timezone.now() - dt.timedelta(minutes=minutes)
