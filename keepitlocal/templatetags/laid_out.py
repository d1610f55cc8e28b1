"""Lays fields out as crispy-forms does, and remembers what stands around them.

From one page to the next only what somebody has written differs. crispy-forms and its
template took a quarter of a section page to write the same labels and hints again.
"""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()

# The template writes each choice of these by itself.
WHOLE = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# More than all calls have; a wording that staff change is another one.
MOST = 2_000
_frames = {}


@register.filter
def laid_out(field):
    """Return a field in crispy-forms' layout; what is around it, from memory if it can."""
    if field.errors or isinstance(field.field.widget, WHOLE):
        return as_crispy_field(field)
    was = getattr(field.field, "was", None)
    drawn_from = (
        get_language(),
        type(field.field.widget),
        field.html_name,
        field.auto_id,
        str(field.label),
        str(field.help_text),
        bool(was),
    )
    frame = _frames.get(drawn_from)
    if frame is None:
        return _drawn(field, was, drawn_from)
    before, between, after = frame
    return mark_safe(f"{before}{was or ''}{between}{field}{after}")  # noqa: S308


def _drawn(field, was, drawn_from):
    """Have crispy-forms lay it out; keep what stands around what somebody has written."""
    drawn = as_crispy_field(field)
    around, *rest = drawn.split(str(field))
    before, *between = around.split(f'"{was}"') if was else ("", around)
    if len(rest) == len(between) == 1:
        if len(_frames) >= MOST:
            _frames.clear()
        quote = '"' if was else ""
        frame = f"{before}{quote}", f"{quote}{between[0]}", rest[0]
        _frames[drawn_from] = frame
    return drawn
