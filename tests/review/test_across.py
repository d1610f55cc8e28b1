"""What everybody said in one place: to a question, on a principle, on a sentence."""

import re

import pytest
from django.urls import reverse

from consultations.models import Question
from principles.models import Principle, Sentence
from principles.services import publish
from review import wordings
from submissions.models import Answer, Confidence
from tests.review.test_home import words
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent, minutes_ago

ACROSS = reverse("admin:review_across")


@pytest.fixture
def reader(client, consultation):
    return sign_in(client, member_of_staff("ruth", "view_submission"))


@pytest.fixture
def question(consultation):
    return Question.objects.get(code="1.1")


@pytest.fixture
def first_principle(consultation):
    return Principle.objects.get(number=1)


def page_of(thing):
    return reverse(f"admin:review_{thing._meta.model_name}", args=[thing.pk])


def answer(consultation, text, minutes=1, **details):
    return make_sent(
        consultation,
        answers={"1.1": text},
        submitted_at=minutes_ago(minutes),
        **details,
    )


def said(page):
    return [voice.said.text for voice in page.context["voices"]]


def test_a_question_shows_all_answers_newest_first(reader, consultation, question):
    answer(consultation, "Older", 5)
    newer = answer(consultation, "Newer", 1, organisation="Hilltop Trust")
    make_draft(consultation, answers={"1.1": "Draft"})
    answer(consultation, "Withdrawn", withdrawn_at=minutes_ago(0))
    make_sent(consultation, answers={"1.2": "Elsewhere"})

    page = reader.get(page_of(question))

    assert said(page) == ["Newer", "Older"]
    assert page.context["total"] == 2
    to_it = reverse("admin:submissions_submission_change", args=[newer.pk])
    assert f'href="{to_it}#question-1-1">Hilltop Trust<' in page.content.decode()


def test_answers_say_how_they_may_be_published(reader, consultation, question):
    answer(consultation, "Open", 1)
    answer(consultation, "Nameless", 2, publication="without-name")
    answer(consultation, "Closed", 3, publication="not")
    answer(consultation, "Unsaid", 4, publication="")
    kept = answer(consultation, "Kept", 5)
    Answer.objects.filter(submission=kept).update(confidence=Confidence.LOCALITY_ONLY)

    voices = reader.get(page_of(question)).context["voices"]

    assert [str(voice.wish) for voice in voices] == [
        "May be published with name",
        "May be published without name",
        "Not to be published",
        "Not to be published",
        "For Locality only",
    ]


def test_answers_are_narrowed_by_who_gave_them(reader, consultation, question):
    answer(consultation, "A", 1, respondent_type="councillor")
    answer(consultation, "B", 2, respondent_type="academic")
    answer(consultation, "C", 3, respondent_type="")

    everybody = reader.get(page_of(question))
    councillors = reader.get(page_of(question), {"type": "councillor"})

    links = [(kind.count, kind.link) for kind in everybody.context["kinds"]]
    assert links == [(1, "?type=councillor"), (1, "?type=academic"), (1, "?type=none")]
    assert said(councillors) == ["A"]
    assert councillors.context["total"] == 1
    assert len(councillors.context["kinds"]) == 3
    assert said(reader.get(page_of(question), {"type": "none"})) == ["C"]


def test_answers_are_paged_both_ways_and_each_is_met_once(
    reader, consultation, question
):
    for number in range(60):
        answer(consultation, f"Answer {number}", number // 2)
    first = reader.get(page_of(question))
    second = reader.get(page_of(question) + first.context["older"])
    third = reader.get(page_of(question) + second.context["older"])

    assert [len(said(page)) for page in (first, second, third)] == [25, 25, 10]
    met = {text for page in (first, second, third) for text in said(page)}
    assert len(met) == 60
    assert first.context["newer"] is None
    assert third.context["older"] is None
    back = reader.get(page_of(question) + third.context["newer"])
    assert said(back) == said(second)


@pytest.mark.parametrize("edge", ["0", "abc", "-1", "9" * 30, "²", "''"])
@pytest.mark.parametrize("name", ["older", "newer", "same", "version", "page"])
def test_what_makes_no_sense_is_the_first_page(
    reader, consultation, first_principle, name, edge
):
    make_sent(consultation, comments={1: ("agree", "Yes.")})

    page = reader.get(page_of(first_principle), {name: edge})

    assert said(page) == ["Yes."]


def test_the_same_words_are_counted_and_shown_together(reader, consultation, question):
    campaign = [answer(consultation, "Keep it local!", number) for number in range(3)]
    answer(consultation, "Keep it local!", withdrawn_at=minutes_ago(0))
    make_draft(consultation, answers={"1.1": "Keep it local!"})
    answer(consultation, "My own words", 9)

    page = reader.get(page_of(question))
    assert [voice.others for voice in page.context["voices"]] == [2, 2, 2, 0]

    together = reader.get(page_of(question), {"same": campaign[0].pk})
    assert said(together) == ["Keep it local!"] * 3


def test_each_text_has_a_form_of_its_own_to_put_a_theme_on(
    admin_client, consultation, question
):
    first, second = answer(consultation, "One."), answer(consultation, "Two.", 2)

    page = admin_client.get(page_of(question)).content.decode()

    forms = re.findall(
        r'action="(/[^"]*)" data-passage="question-1-1".*?name="place" value="([^"]*)"'
        r'.*?<textarea [^>]*id="([^"]*)"',
        page,
        re.DOTALL,
    )
    assert forms == [
        (
            reverse("admin:review_put_theme_on", args=[sent.pk]),
            "question-1-1",
            f"quote-{sent.pk}-question-1-1",
        )
        for sent in (first, second)
    ]


def test_a_principle_shows_stances_by_type_and_comments(
    reader, consultation, first_principle
):
    for stance, kind in (
        ("agree", "councillor"),
        ("agree", "councillor"),
        ("disagree", "councillor"),
        ("no-view", "academic"),
    ):
        make_sent(
            consultation,
            respondent_type=kind,
            comments={1: (stance, f"{stance}!")},
            submitted_at=minutes_ago(1),
        )
    make_draft(consultation, comments={1: ("agree", "Draft")})

    page = reader.get(page_of(first_principle))

    stances = [(str(name), row) for name, row in page.context["stances"]]
    assert stances == [
        ("Elected councillor", [2, 0, 1, 0]),
        ("Academic", [0, 0, 0, 1]),
        ("All", [2, 0, 1, 1]),
    ]
    assert said(page) == ["no-view!", "disagree!", "agree!", "agree!"]
    assert str(page.context["voices"][1].stance) == "Disagree"


def test_a_principle_shows_each_version_with_its_own_comments(
    reader, consultation, first_principle
):
    make_sent(consultation, comments={1: ("agree", "On the first.")})
    publish(first_principle, ["It is new."])
    make_sent(consultation, comments={1: ("disagree", "On the second.")})

    newest = reader.get(page_of(first_principle))
    first = reader.get(page_of(first_principle), {"version": "1"})

    assert said(newest) == ["On the second."]
    assert said(first) == ["On the first."]
    assert newest.context["stances"][-1][1] == [0, 0, 1, 0]


@pytest.fixture
def sentence(first_principle):
    return Sentence.objects.get(version__principle=first_principle, number=1)


def suggest(consultation, sentence, suggestion, comment="", **details):
    sent = make_sent(consultation, **details)
    sent.sentence_comments.create(
        sentence=sentence, suggestion=suggestion, comment=comment
    )
    return sent


def test_wordings_of_a_sentence_are_grouped_with_who_suggests_them(
    reader, consultation, sentence
):
    better = f"{sentence.text} And soon."
    for number in range(7):
        suggest(
            consultation,
            sentence,
            better if number else f" {better.replace(' ', '  ')}",
            organisation=f"Trust {number}",
            submitted_at=minutes_ago(9 - number),
        )
    suggest(consultation, sentence, "Otherwise.", "Because of this.")

    page = reader.get(page_of(sentence))

    shown = [(one.text, one.count, one.unnamed) for one in page.context["page"]]
    assert shown == [(better, 7, 2), ("Otherwise.", 1, 0)]
    [first, _second] = page.context["page"]
    assert [one.organisation for one in first.named] == [
        f"Trust {number}" for number in range(5)
    ]
    assert [(piece.kind, piece.text) for piece in first.pieces[1:]] == [
        ("added", "And soon.")
    ]
    assert said(page) == ["Because of this."]
    assert page.context["suggested"].suggestions == 8


def test_wordings_are_grouped_whatever_their_spaces(reader, consultation, sentence):
    for text in [
        "A b. C d.",
        "A b.  C d.",
        "A\u00a0b. C\td.",
        " A b. C\r\nd. ",
        "A b.",
    ]:
        suggest(consultation, sentence, text)

    page = reader.get(page_of(sentence))

    shown = [(one.text, one.count) for one in page.context["page"]]
    assert shown == [("A b. C d.", 4), ("A b.", 1)]


def test_wordings_are_paged_the_most_frequent_first(reader, consultation, sentence):
    wordings_of_few = [f"Number {number}." for number in range(wordings.PER_PAGE)]
    for text in [*wordings_of_few, "Often.", "Often."]:
        suggest(consultation, sentence, text)

    def shown(number):
        page = reader.get(page_of(sentence), {"page": number}).context["page"]
        return page.number, [one.text for one in page]

    first, last = (1, ["Often.", *wordings_of_few[:-1]]), (2, wordings_of_few[-1:])
    assert shown("1") == first
    # Also for what is no page, or beyond the last.
    assert shown("2") == shown("99") == last
    assert shown("0") == shown("-1") == shown("x") == first


def test_of_very_many_wordings_the_last_written_are_compared(
    reader, consultation, sentence, monkeypatch
):
    for text in ["One.", "Two.", "Two."]:
        suggest(consultation, sentence, text)
    monkeypatch.setattr(wordings, "COMPARED", 3)
    all_of_them = reader.get(page_of(sentence))
    suggest(consultation, sentence, "Three.")

    cut = reader.get(page_of(sentence))

    assert [one.text for one in all_of_them.context["page"]] == ["Two.", "One."]
    assert [one.text for one in cut.context["page"]] == ["Two.", "Three."]
    assert "More than 3 suggest another wording" not in words(all_of_them)
    assert "More than 3 suggest another wording" in words(cut)


def test_the_index_counts_what_was_sent(reader, consultation, question):
    answer(consultation, "A", respondent_type="councillor")
    answer(consultation, "B", respondent_type="academic")
    make_draft(consultation, answers={"1.1": "Draft"})

    def counted(**asked):
        sections = reader.get(ACROSS, asked).context["sections"]
        return {found.code: count for _, pairs in sections for found, count in pairs}

    assert counted()["1.1"] == 2
    assert counted(type="academic")["1.1"] == 1
    assert counted()["1.2"] == 0


def test_pages_across_take_the_same_number_of_queries(
    reader, consultation, question, first_principle, sentence, django_assert_num_queries
):
    def add():
        sent = make_sent(
            consultation, answers={"1.1": "A"}, comments={1: ("agree", "Yes.")}
        )
        sent.sentence_comments.create(sentence=sentence, suggestion="B", comment="C")

    pages = {
        ACROSS: 17,
        page_of(question): 19,
        page_of(first_principle): 26,
        page_of(sentence): 20,
    }
    add()
    for address, queries in pages.items():
        with django_assert_num_queries(queries, info=address):
            reader.get(address)
    add()
    add()
    for address, queries in pages.items():
        with django_assert_num_queries(queries, info=address):
            reader.get(address)


def test_pages_across_are_for_those_who_may_read_submissions(
    client, question, first_principle, sentence
):
    sign_in(client, member_of_staff("stranger", "view_question"))

    addresses = [ACROSS, *map(page_of, (question, first_principle, sentence))]

    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert [client.post(address).status_code for address in addresses] == [405] * 4
