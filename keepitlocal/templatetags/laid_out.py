"""Lays fields out as crispy-forms does, and remembers what stands around them.

From one page to the next only what somebody has written differs. crispy-forms and its
template took a quarter of a section page to write the same labels and hints again.
"""

import re

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()

# The template writes each choice of these by itself.
WHOLE = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# Named after somebody's item or file, which nobody else's page has.
OF_ONE = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}")
# More than all calls have; a wording that staff change is another one.
MOST = 2_000
_frames = {}


@register.filter
def laid_out(field):
    """Return a field in crispy-forms' layout; before it, what it held when it was shown."""
    return _was(field) + (_remembered(field) or as_crispy_field(field))


def _was(field):
    was = getattr(field.field, "was", None)
    if not was:
        return mark_safe("")
    return format_html(
        '<input type="hidden" name="was-{}" value="{}">', field.html_name, was
    )


def _remembered(field):
    """Return the field in what stands around it, or None where that is not remembered."""
    if field.errors or isinstance(field.field.widget, WHOLE):
        return None
    if OF_ONE.search(field.html_name):
        return None
    # All that the template reads of a field without errors, but what is in the widget.
    drawn_from = (
        type(field.field.widget),
        field.auto_id,
        field.id_for_label,
        conditional_escape(field.label),
        conditional_escape(field.help_text),
    )
    # Another thread may clear them at any moment.
    frame = _frames.get(drawn_from) or _remember(field, drawn_from)
    if frame is None:
        return None
    before, after = frame
    return mark_safe(f"{before}{field}{after}")  # noqa: S308


def _remember(field, drawn_from):
    """Keep and return what crispy-forms draws before and behind the widget, or None.

    Nobody's words are outside of the widget, and no text can look like one: it is escaped.
    """
    around = as_crispy_field(field).split(str(field))
    if len(around) != 2:
        return None
    if len(_frames) >= MOST:
        _frames.clear()
    _frames[drawn_from] = around
    return around
