"""Marks and themes for the pages on which staff read."""

import secrets
from dataclasses import dataclass

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from review import codebook, marking

register = template.Library()

# What the form is drawn with first: nobody has this id, and nobody types this place.
ANY_SUBMISSION = str(10**18 + secrets.randbelow(10**18))
ANY_PLACE = f"place-{secrets.token_hex(8)}"


@register.simple_tag
def marking_of(submissions):
    """Return the `Marking` of these submissions, once for a page."""
    return marking.Marking([submission.pk for submission in submissions])


@register.simple_tag
def marking_of_one(submission):
    return marking_of([submission])


@register.simple_tag
def marked_text(marks, submission, said):
    return marks.on(submission, said)


@register.simple_tag
def in_pieces(marked):
    """Return a text with its marks, and not a character beside it: they are counted."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in marked.pieces))


def _piece(piece):
    if not piece.marks:
        return piece.text
    passages = [mark.passage for mark in piece.marks]
    classes = [passage.mark_class for passage in passages]
    return format_html(
        '{}<mark class="{}" title="{}" data-ends="{}">{}</mark>',
        # Where links to these words lead.
        format_html_join(
            "",
            '<span class="here" id="{}"></span>',
            ((mark.passage.anchor,) for mark in piece.beginning),
        ),
        " ".join([*classes, *(["several"] if len(passages) > 1 else [])]),
        "; ".join(passage.mark_words for passage in passages),
        ", ".join(str(mark.passage.number) for mark in piece.ending),
        piece.text,
    )


@register.simple_tag
def codebook_of(consultation):
    return codebook.tree(consultation)


@register.simple_tag
def themes_at_hand(user, consultation):
    return marking.themes_at_hand(user, consultation)


@register.simple_tag
def themes_in(marks, submission):
    return marks.themes_in(submission)


@register.simple_tag
def themes_without_text(marks, submission, parts):
    """Return the passages whose text is in none of a layout's `Part`s any more."""
    places = {
        said.place
        for part in parts
        for block in part.all_blocks
        for said in block.texts
    }
    return marks.without_text(submission, places)


@dataclass(frozen=True)
class PutOn:
    """The form that puts a theme on a text, drawn once for all the texts of a page."""

    drawn: str

    def on(self, submission, said):
        drawn = self.drawn.replace(ANY_SUBMISSION, str(submission.pk))
        return mark_safe(drawn.replace(ANY_PLACE, escape(said.place)))  # noqa: S308


@register.simple_tag(takes_context=True)
def form_to_put_on(context):
    """Return the `PutOn` of a page."""
    form = context.template.engine.get_template("review/themes/_put_on.html")
    with context.push(submission=ANY_SUBMISSION, place=ANY_PLACE):
        return PutOn(form.render(context))


@register.simple_tag
def put_on(form, submission, said):
    return form.on(submission, said)
