"""Draws what was read. A response has thirty answers: each in a template takes four times as long."""

from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from consultations.templatetags.call_text import heading

register = template.Library()


@register.filter
def as_read(read):
    """Return a `ReadQuestion` as it is read: what was asked and, if there is any, the answer."""
    return mark_safe(f"<h3>{heading(read.question)}</h3>{_text(read)}")  # noqa: S308


@register.filter
def principle_as_read(read):
    """Return a `ReadPrinciple` as it is read, with its stance and comment if there are any."""
    stance = f"\n<p><strong>{escape(read.stance)}</strong></p>" if read.stance else ""
    return mark_safe(  # noqa: S308
        f"<h3>{escape(read.version.principle)}</h3>{stance}{_text(read)}"
    )


def _text(read):
    return f'\n<div class="answer">{escape(read.text)}</div>' if read.text else ""


@register.filter
def below(read, page):
    """Return the line below it: that there is nothing, and a link to change it on a page.

    Without a `page` there is no link.
    """
    none = ""
    if not read.has_something:
        none = f'<span class="none">{escape(read.none_in_words)}</span> '
    link = change_link(read, page) if page else ""
    return mark_safe(f'<p class="after">{none}{link}</p>')  # noqa: S308


def change_link(read, page):
    """Return a link to where something that was read is written, in words for the blind.

    `read` knows its `anchor` on that page and says which it is: `in_words`.
    """
    end = _end(get_language(), read.anchor, read.in_words)
    return mark_safe(f'<a href="{escape(page)}?from=check#{end}')  # noqa: S308


# A page has thirty. Nobody's words are in them, nor the address of a draft.
@lru_cache(1_000)
def _end(_language, anchor, in_words):
    return format_html(
        '{}">{}<span class="unseen"> {}</span></a>', anchor, gettext("Change"), in_words
    )
