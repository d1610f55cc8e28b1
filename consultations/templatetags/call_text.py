"""How a call's texts and dates are shown."""

from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from consultations import uk_time

register = template.Library()

# Raw HTML stays text and javascript: links stay text, so what staff type is safe.
_markdown = MarkdownIt("commonmark", {"html": False})


@register.filter
def markdown(text):
    return mark_safe(_markdown.render(text))


@register.filter
def uk_moment(moment):
    """Show as in "11:59pm UK time on Friday 27 July 2018"."""
    return uk_time.in_words(moment)
