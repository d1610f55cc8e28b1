"""A link to change what was read leads there and says so, in the language of the page."""

from types import SimpleNamespace

import pytest
from django.utils.html import escape
from django.utils.translation import override

from consultations.models import Question
from principles.models import Principle, PrincipleVersion
from submissions.models import Answer, PrincipleComment
from submissions.reading import ReadPrinciple, ReadQuestion
from submissions.templatetags.as_read import (
    as_read,
    below,
    change_link,
    principle_as_read,
)

READ = SimpleNamespace(anchor="id_answer-1-4", in_words='your "answer" <1.4>')


@pytest.mark.parametrize(
    ("language", "change"),
    [("en-gb", "Change"), ("fr", "Modification")],
)
@pytest.mark.parametrize("page", ["/evidence/a/section/1/", '/evidence/"b"/section/1/'])
def test_it_leads_to_the_place_on_its_page(language, change, page):
    with override(language):
        link = change_link(READ, page)

    address = page.replace('"', "&quot;")
    assert link == (
        f'<a href="{address}?from=check#id_answer-1-4">{change}<span class="unseen">'
        " your &quot;answer&quot; &lt;1.4&gt;</span></a>"
    )


def question(text):
    asked = Question(code="1.4", wording="Is <it> local? Say why.")
    return ReadQuestion(asked, Answer(question=asked, text=text) if text else None, [])


@pytest.mark.parametrize("text", ["", 'Eleven became <b>"three"</b>.\n\nTwo closed.'])
def test_a_question_is_read_with_its_answer(text):
    shown = as_read(question(text))

    answer = f'\n<div class="answer">{escape(text)}</div>' if text else ""
    assert shown == (
        '<h3>1.4 Is &lt;it&gt; local? <span class="follow-up">Say why.</span></h3>'
        + answer
    )
    assert hasattr(shown, "__html__")


@pytest.mark.parametrize(
    ("stance", "comment", "shown"),
    [
        ("", "", ""),
        ("in-part", "", "\n<p><strong>Agree in part</strong></p>"),
        ("", "<More>", '\n<div class="answer">&lt;More&gt;</div>'),
        (
            "agree",
            "More.",
            '\n<p><strong>Agree</strong></p>\n<div class="answer">More.</div>',
        ),
    ],
)
def test_a_principle_is_read_with_its_stance_and_comment(stance, comment, shown):
    version = PrincipleVersion(principle=Principle(number=2, title="Ask <first>"))
    said = PrincipleComment(stance=stance, comment=comment)

    read = ReadPrinciple(version, said, sentences=[], items=[])

    title = escape(version.principle)
    assert principle_as_read(read) == f"<h3>{title}</h3>{shown}"


def test_a_principle_of_which_nothing_is_said_says_that_that_is_fine():
    version = PrincipleVersion(principle=Principle(number=2, title="Ask first"))
    read = ReadPrinciple(version, comment=None, sentences=[], items=[])

    none = '<span class="none">No comment (that is fine)</span> '
    assert below(read, "") == f'<p class="after">{none}</p>'
    assert not read.is_kept_back


@pytest.mark.parametrize(
    ("text", "page", "shown"),
    [
        ("Yes.", "", ""),
        ("", "", '<span class="none">Not answered (that is fine)</span> '),
        ("Yes.", "/a/", change_link(question("Yes."), "/a/")),
        (
            "",
            "/a/",
            '<span class="none">Not answered (that is fine)</span> '
            + change_link(question(""), "/a/"),
        ),
    ],
)
def test_below_it_stands_what_can_be_done(text, page, shown):
    assert below(question(text), page) == f'<p class="after">{shown}</p>'
