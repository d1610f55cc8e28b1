"""What pages show of published responses, and how what was taken out stands there."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from review.models import PublishedResponse, Reason, Redaction
from review.publishing import public, queue
from submissions.models import Submission

register = template.Library()


@register.simple_tag
def has_published(consultation):
    found = PublishedResponse.objects.filter(consultation=consultation)
    return found.exists()


@register.simple_tag
def published_copies(submission):
    """Return the public's copies of a response: for whoever sent it, and for staff."""
    return submission.published_responses.defer("contents")


@register.simple_tag
def redaction_reasons():
    return Reason.choices


@register.simple_tag
def publishing_state(submission):
    """Return where a response stands on its way to the public: a `queue.State`."""
    found = queue.with_state(Submission.objects.filter(pk=submission.pk))
    return queue.State(found.values_list("state", flat=True).get())


@register.filter
def taken_out(text):
    """Show a published text, with what was redacted set apart from its words."""
    labels = {Redaction(reason=reason).in_public for reason in Reason}
    pattern = "|".join(re.escape(escape(label)) for label in labels)
    return mark_safe(  # noqa: S308
        re.sub(pattern, r'<span class="taken-out">\g<0></span>', escape(text))
    )


@register.filter
def excerpt(text):
    """Show an excerpt with the words that were looked for marked."""
    marked = taken_out(text).replace(public.FOUND, "<mark>")
    return mark_safe(marked.replace(public.FOUND_END, "</mark>"))  # noqa: S308


@register.filter
def type_in_words(respondent_type):
    """Return the label of a type of respondent, "" for none."""
    return dict(public.RespondentType.choices).get(respondent_type, "")
