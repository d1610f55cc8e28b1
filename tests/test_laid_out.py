"""What is remembered of a field says what crispy-forms' layout of it says."""

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.utils.translation import gettext_lazy, override

from keepitlocal.templatetags import laid_out
from keepitlocal.templatetags.laid_out import laid_out as shown

NASTY = "</textarea><b>&\"'\r\n{{ x }}"


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(laid_out, "_frames", {})


class Everything(forms.Form):
    text = forms.CharField(label=NASTY, help_text="Say what you like")
    lines = forms.CharField(widget=forms.Textarea({"rows": 3}))
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    radio = forms.ChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, label="R"
    )
    several = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    tick = forms.BooleanField(required=False, label=gettext_lazy("Yes"))

    def __init__(self, *args, was=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, value in (was or {}).items():
            self.fields[name].was = value


PAGES = [
    Everything(initial={"text": "first", "lines": "first"}),
    Everything(initial={"text": NASTY, "lines": NASTY, "one": "b", "tick": True}),
    Everything(was={"text": "0123456789abcdef", "lines": "0123456789abcdef"}),
    Everything(
        was={"text": "fedcba9876543210", "one": "fedcba9876543210", "tick": "0"}
    ),
    Everything({"text": "", "lines": "typed", "one": "c"}),
    # What somebody writes looks like what stands around it.
    Everything(
        initial={"text": "Say what you like", "lines": "lines"}, was={"text": "text"}
    ),
]


@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_field_is_laid_out_as_by_crispy_forms(name):
    # Twice each, so that those after the first come from memory.
    for page in [*PAGES, *PAGES]:
        assert shown(page[name]) == as_crispy_field(page[name])
    assert len(laid_out._frames) == (0 if name in ("radio", "several") else 2)


def test_another_wording_is_laid_out_anew():
    before, after = Everything(), Everything()
    after.fields["text"].label = "Another label"
    after.fields["lines"].help_text = "Another hint"

    for name in ("text", "lines"):
        shown(before[name])
        assert shown(after[name]) == as_crispy_field(after[name])
        assert shown(before[name]) == as_crispy_field(before[name])


def test_another_language_is_laid_out_anew():
    shown(Everything()["tick"])

    with override("fr"):
        assert shown(Everything()["tick"]) == as_crispy_field(Everything()["tick"])
        assert "Oui" in shown(Everything()["tick"])


def test_no_more_is_remembered_than_a_process_can_hold(monkeypatch):
    monkeypatch.setattr(laid_out, "MOST", 3)

    for number in range(10):
        form = Everything(prefix=str(number))
        assert shown(form["text"]) == as_crispy_field(form["text"])

    assert len(laid_out._frames) <= 3
