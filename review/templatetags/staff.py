"""What the staff site's frame and first page show of the calls."""

from django import template
from django.db.models import Count, Q

from consultations.models import Consultation, Question
from review.navigation import entries_for
from submissions.models import Submission

register = template.Library()


@register.simple_tag
def rehearsal_is_on():
    return Consultation.objects.published().filter(is_rehearsal=True).exists()


@register.simple_tag(takes_context=True)
def staff_pages(context):
    return entries_for(context["request"].user)


@register.simple_tag
def open_calls():
    """Return the open calls with `received` and `drafts`: of drafts only the number."""
    is_sent = Q(submissions__in=Submission.objects.submitted())
    is_new = Q(submissions__submitted_at=None, submissions__amends=None)
    return Consultation.objects.open().annotate(
        received=Count("submissions", filter=is_sent),
        drafts=Count("submissions", filter=is_new),
    )


@register.simple_tag
def provisional_sections(consultation):
    return consultation.sections.filter(is_provisional=True)


@register.simple_tag
def provisional_questions(consultation):
    return Question.objects.provisional().filter(section__consultation=consultation)
