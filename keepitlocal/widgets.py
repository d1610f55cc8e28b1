"""Writes the widgets that our pages have most of as Django's own templates do, and faster.

Rendering a box or a choice by a template takes longer than asking the database for what it
holds, and a section has a dozen of them. What is not here, Django renders.
"""

import html

from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise


class Renderer(DjangoTemplates):
    def render(self, template_name, context, request=None):
        if write := WRITTEN.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


def box(widget):
    text = _escaped(widget["value"] or "")
    return f"<textarea{_attributes(widget)}>\n{text}</textarea>"


def one_line(widget):
    value = widget["value"]
    value = "" if value is None else f' value="{_escaped(value)}"'
    kind = _escaped(widget["type"])
    return f'<input type="{kind}"{_attributes(widget, value)}>'


def choice(widget):
    groups = "".join(map(_group, widget["optgroups"]))
    return f"<select{_attributes(widget)}>{groups}\n</select>"


def _group(group):
    name, options, _index = group
    options = "".join(map(_option, options))
    if not name:
        return options
    label = _escaped(name)
    return f'\n  <optgroup label="{label}">{options}\n  </optgroup>'


def _option(widget):
    value, label = map(_escaped, (widget["value"], widget["label"]))
    return f'\n  <option value="{value}"{_others(widget)}>{label}</option>\n'


def _attributes(widget, value=""):
    return f' name="{_escaped(widget["name"])}"{value}{_others(widget)}'


def _others(widget):
    return "".join(
        f" {name}" if value is True else f' {name}="{_escaped(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value):
    """Do what Django's conditional_escape does; that looks for lazy texts three times."""
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


WRITTEN = {
    f"django/forms/widgets/{name}.html": write
    for name, write in {
        "textarea": box,
        "select": choice,
        "text": one_line,
        "email": one_line,
        "url": one_line,
        "hidden": one_line,
        "checkbox": one_line,
    }.items()
}
