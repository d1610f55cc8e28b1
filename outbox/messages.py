"""Makes a message from one plain-text template.

    Subject: We have received your evidence

    Dear {{ name }},

    Go back to your answers:
    {{ url }}

The HTML part is made from the same text: paragraphs, lines, lists of "- " lines. A paragraph
that ends in a line with one of our own addresses becomes a button. What people wrote
stays text: only an address on this site ever becomes a link.
"""

import re
from email.utils import parseaddr
from functools import cache
from itertools import groupby

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import get_language

from outbox import html
from outbox.kinds import Message


def render(template_name: str, context: dict, headers: dict | None = None) -> Message:
    """Return the message that a text template makes; its first line is the subject."""
    return message(*texts(template_name, context), headers)


def texts(template_name: str, context: dict) -> tuple[str, str]:
    """Return the subject and the body that a text template makes."""
    head, _, body = text_of(template_name, context).partition("\n\n")
    if not head.startswith("Subject:"):
        raise ValueError(f"{template_name} does not begin with a subject.")
    return head.removeprefix("Subject:").strip(), _without_gaps(body)


def text_of(template_name: str, context: dict) -> str:
    """Return what a text template makes, as plain text."""
    # Not escaped, whatever the template says: O'Brien is O'Brien in plain text.
    text = get_template(template_name).template.render(
        Context(context, autoescape=False)
    )
    return re.sub(r"\r\n?", "\n", text).strip()


def message(subject: str, body: str, headers: dict | None = None) -> Message:
    """Return the message that says this, in text and in HTML."""
    body = _without_gaps(body)
    return Message(subject, body, _html(subject, body), headers or {})


def _without_gaps(body):
    # Template tags that stand alone leave empty lines behind.
    return re.sub(r"\n\s*\n", "\n\n", body).strip() + "\n"


def blocks(body: str) -> list[dict]:
    """Return what the HTML part is made of: buttons, lists, and paragraphs of lines."""
    return [
        block
        for paragraph in _without_gaps(body).strip().split("\n\n")
        for block in _blocks(paragraph.split("\n"))
    ]


def _html(subject, body):
    return html.page(
        blocks(body),
        subject=subject,
        sender=_name_in(settings.DEFAULT_FROM_EMAIL),
        language=get_language() or settings.LANGUAGE_CODE,
    )


@cache
def _name_in(mailbox):
    return parseaddr(mailbox)[0]


def _blocks(lines):
    """Yield one paragraph's blocks: a button, or lists and lines as they follow."""
    *label, last = lines
    url = last.strip()
    if len(label) <= 1 and _ours().fullmatch(url):
        yield {"url": url, "label": label[0].rstrip(": ") if label else url}
        return
    for is_list, group in groupby(lines, lambda line: line.startswith("- ")):
        if is_list:
            yield {"points": [_linked(line[2:]) for line in group]}
        else:
            yield {"lines": [_linked(line) for line in group]}


def _linked(line):
    """Return the line as HTML: all of it escaped, our own addresses as links."""
    if settings.SITE_URL not in line:
        return escape(line)
    pieces = _ours().split(line)
    links = [
        format_html('<a href="{0}" style="color:#0b5a52">{0}</a>', url)
        for url in pieces[1::2]
    ]
    return format_html_join("", "{}{}", zip(pieces[::2], [*links, ""], strict=True))


def _ours():
    """Return the pattern of an address on this site, without the full stop after it.

    After SITE_URL must come a slash or the end of the word: neither .evil.com nor @evil.com.
    """
    return _addresses_on(settings.SITE_URL)


@cache
def _addresses_on(site_url):
    site = re.escape(site_url)
    stop = r"[.,;:!?)]"
    return re.compile(rf"(?<![^\s(])({site}(?:/\S*(?!{stop})\S|/?(?={stop}*(?:\s|$))))")
