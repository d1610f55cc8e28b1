"""How a call's texts and dates are shown."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from consultations import uk_time
from consultations.markdown import parser

register = template.Library()


# More than a call has of either.
@register.filter
@lru_cache(500)
def markdown(text):
    return mark_safe(parser.render(text))  # noqa: S308


@register.filter
def heading(question):
    """Show its code and what it asks, with what follows its first question mark set apart."""
    return _heading(question.code, question.main_part, question.follow_up)


@lru_cache(500)
def _heading(code, main_part, follow_up):
    if not follow_up:
        return format_html("{} {}", code, main_part)
    return format_html(
        '{} {} <span class="follow-up">{}</span>', code, main_part, follow_up
    )


@register.filter
def uk_moment(moment):
    """Show as in "11:59pm UK time on Friday 27 July 2018"."""
    return uk_time.in_words(moment)
