"""What is drawn once says on each page what it would say there."""

import pytest
from django.template import engines
from django.utils.translation import override, trans_real

from keepitlocal.templatetags import once


def template(source):
    return engines["django"].from_string("{% load i18n once %}" + source)


def test_what_is_inside_is_drawn_once_for_each_value():
    page = template("{% once name=person.name %}<b>{{ name }}</b>{% endonce %}")

    names = ["Ada", "<Bob>", "Ada", "Eve", "<Bob>"]

    assert [page.render({"person": {"name": name}}) for name in names] == [
        "<b>Ada</b>",
        "<b>&lt;Bob&gt;</b>",
        "<b>Ada</b>",
        "<b>Eve</b>",
        "<b>&lt;Bob&gt;</b>",
    ]
    [node] = page.template.nodelist.get_nodes_by_type(once.Once)
    assert len(node.drawn) == 3


def test_nothing_else_of_a_page_gets_inside():
    page = template("{% once %}{% if secret %}{{ secret }}{% endif %}.{% endonce %}")

    assert page.render({"secret": "Ada's"}) == "."
    assert page.render({}) == "."


def test_each_language_is_drawn():
    page = template('{% once %}{% translate "Yes" %}{% endonce %}')

    assert page.render() == "Yes"
    with override("fr"):
        assert page.render() == "Oui"
    assert page.render() == "Yes"


def test_no_more_is_kept_than_a_process_can_hold(monkeypatch):
    monkeypatch.setattr(once, "MOST", 3)
    page = template("{% once number=number %}{{ number }}{% endonce %}")

    for number in range(10):
        assert page.render({"number": number}) == str(number)

    [node] = page.template.nodelist.get_nodes_by_type(once.Once)
    assert len(node.drawn) <= 3


@pytest.mark.parametrize("language", ["en-gb", "fr"])
def test_leaving_out_empty_catalogues_changes_no_word(language):
    whole = trans_real.DjangoTranslation(language)
    ours = trans_real.translation(language)

    catalogue = whole
    while catalogue is not None:
        for message in dict(catalogue._catalog.items()):
            if isinstance(message, str) and message:
                assert ours.gettext(message) == whole.gettext(message)
        catalogue = catalogue._fallback
