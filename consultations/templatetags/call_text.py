"""How a call's texts and dates are shown."""

from django import template
from django.utils.safestring import mark_safe

from consultations import uk_time
from consultations.markdown import parser

register = template.Library()


@register.filter
def markdown(text):
    return mark_safe(parser.render(text))  # noqa: S308


@register.filter
def uk_moment(moment):
    """Show as in "11:59pm UK time on Friday 27 July 2018"."""
    return uk_time.in_words(moment)
