from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def change_link(read, page):
    """Return a link to where something that was read is written, in words for the blind.

    `read` knows its `anchor` on that page and says which it is: `in_words`.
    """
    end = _end(get_language(), read.anchor, read.in_words)
    return format_html('<a href="{}?from=check#{}', page, end)


# A page has thirty. Nobody's words are in them, nor the address of a draft.
@lru_cache(1_000)
def _end(_language, anchor, in_words):
    return format_html(
        '{}">{}<span class="unseen"> {}</span></a>', anchor, gettext("Change"), in_words
    )
