"""What is remembered of a field says what crispy-forms' layout of it says."""

import re
import uuid

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

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
    # What somebody sends is made to look like what stands around it.
    Everything(was={"text": 'question">', "lines": NASTY, "one": "</div>"}),
    Everything({"text": "", "lines": "typed", "one": "c"}),
    Everything(initial={"text": "Say what you like", "lines": "lines"}),
]


def drawn(field):
    """Return what a page without a memory shows."""
    hidden = forms.HiddenInput().render(
        f"was-{field.html_name}", getattr(field.field, "was", "")
    )
    return (hidden if 'value="' in hidden else "") + as_crispy_field(field)


@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_field_is_laid_out_as_by_crispy_forms(name):
    # Twice each, so that those after the first come from memory.
    for page in [*PAGES, *PAGES]:
        assert shown(page[name]) == drawn(page[name])
    assert len(laid_out._frames) == (0 if name in ("radio", "several") else 1)


def test_another_wording_is_laid_out_anew():
    before, after = Everything(), Everything()
    after.fields["text"].label = "Another label"
    after.fields["lines"].help_text = "Another hint"

    for name in ("text", "lines"):
        shown(before[name])
        assert shown(after[name]) == drawn(after[name])
        assert shown(before[name]) == drawn(before[name])


@pytest.mark.parametrize(
    "other",
    [
        forms.CharField(label=mark_safe(NASTY)),
        forms.CharField(label=NASTY, help_text="Say more"),
        forms.CharField(label=NASTY, widget=forms.Textarea),
        forms.CharField(label=NASTY, widget=forms.TextInput({"id": "elsewhere"})),
        forms.BooleanField(label=NASTY),
    ],
)
def test_a_field_of_the_same_name_is_laid_out_anew(other):
    class One(forms.Form):
        text = forms.CharField(label=NASTY)

    class Other(forms.Form):
        text = other

    for page in (One(), Other(), One(auto_id="at_%s"), One(), Other()):
        assert shown(page["text"]) == drawn(page["text"])


def test_what_only_one_page_has_is_not_remembered():
    for name in (f"item-{uuid.uuid4()}", f"confidence-{uuid.uuid4().hex}"):
        field = Everything(prefix=name)["text"]
        assert shown(field) == drawn(field)

    assert laid_out._frames == {}


def test_no_more_is_remembered_than_a_process_can_hold(monkeypatch):
    monkeypatch.setattr(laid_out, "MOST", 3)

    for number in range(10):
        form = Everything(prefix=str(number))
        assert shown(form["text"]) == drawn(form["text"])

    assert len(laid_out._frames) <= 3


def test_nobody_changes_what_others_are_shown(ada):
    as_it_is = without_token(ada.get("section/1/"))
    laid_out._frames.clear()

    layout = 'question">\n    <label for='
    ada.post(
        "section/1/",
        answer__1__1="",
        was__answer__1__1=layout,
        answer__1__2="y",
        was__answer__1__2="stale",
    )

    assert without_token(ada.get("section/1/")) == as_it_is


def without_token(page):
    token = r'(name="csrfmiddlewaretoken" value=")\w+'
    return re.sub(token, r"\1", page.content.decode())
