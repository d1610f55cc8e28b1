from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

register = template.Library()


@register.filter
def change_link(read, page):
    """Return a link to where something that was read is written, in words for the blind.

    `read` knows its `anchor` on that page and says which it is: `in_words`.
    """
    return format_html(
        '<a href="{}?from=check#{}">{}<span class="unseen"> {}</span></a>',
        page,
        read.anchor,
        gettext("Change"),
        read.in_words,
    )
