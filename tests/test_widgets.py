"""Our own writing of widgets says what Django's templates say."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import lazy, lazystr
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from keepitlocal.widgets import WRITTEN, Renderer
from submissions.parts import AboutYouForm, ItemForm, SectionForm

NASTY = "</textarea><b>&\"'\u200b\r\n\tEnd"


class Everything(forms.Form):
    text = forms.CharField(label="T", max_length=20, help_text="H")
    lines = forms.CharField(widget=forms.Textarea({"rows": 3, "data-x": NASTY}))
    email = forms.EmailField(widget=forms.EmailInput({"autofocus": True}))
    link = forms.URLField(assume_scheme="https")
    hidden = forms.CharField(widget=forms.HiddenInput)
    number = forms.IntegerField(widget=forms.TextInput, disabled=True)
    tick = forms.BooleanField(required=False)
    choice = forms.ChoiceField(
        choices=[
            ("", "---"),
            (1, gettext_lazy("May")),
            (NASTY, NASTY),
            ("Group <1>", [("a", "A"), ("b", "B")]),
        ]
    )
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])


VALUES = [
    {},
    {"text": NASTY, "lines": NASTY, "hidden": NASTY, "choice": NASTY, "tick": "on"},
    {"text": "0", "lines": "0", "number": "1000", "choice": "b", "several": ["a", "b"]},
]


class Marked:
    """Looks safe only once it is a text: Django escapes it."""

    def __str__(self):
        return mark_safe("<b>")


@pytest.mark.parametrize(
    "value",
    [
        NASTY,
        mark_safe(NASTY),
        0,
        Marked(),
        lazystr(NASTY),
        lazy(mark_safe, SafeString)("<b>"),
        lazy(str, SafeString)("<b>"),
    ],
)
def test_what_is_written_is_escaped_as_django_does(value):
    box = {"name": "n", "value": value, "attrs": {"title": value}, "type": "text"}
    escaped = conditional_escape(value)

    assert WRITTEN["django/forms/widgets/text.html"](box) == (
        f'<input type="text" name="n" value="{escaped}" title="{escaped}">'
    )


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_widget_is_written_as_django_writes_it(values, name):
    ours = Everything(values, renderer=Renderer())
    theirs = Everything(values, renderer=DjangoTemplates())

    assert str(ours[name]) == str(theirs[name])
    assert str(Everything(initial=values, renderer=Renderer())[name]) == str(
        Everything(initial=values, renderer=DjangoTemplates())[name]
    )


def test_a_whole_page_of_fields_is_written_as_django_writes_it(ada):
    for form in (
        AboutYouForm(submission=ada.submission),
        ItemForm(submission=ada.submission, key=ada.submission.key),
        SectionForm(
            submission=ada.submission,
            section=ada.submission.consultation.sections.get(number=1),
        ),
    ):
        form.renderer = Renderer()
        ours = form.as_div()
        form.renderer = DjangoTemplates()

        assert ours == form.as_div()


def test_what_is_written_here_is_what_django_has_templates_for():
    for name in WRITTEN:
        assert DjangoTemplates().get_template(name)
