"""Full text over everything that was sent: what is found, where, and never stale."""

import uuid

import pytest
from django.db import OperationalError, connection, transaction
from django.http import QueryDict

from consultations.models import Question
from principles.models import PrincipleVersion
from review.finding import search
from review.finding.excerpts import excerpts_of
from review.finding.listing import Listing
from review.finding.selection import Selection
from review.models import SearchDocument
from submissions import services
from submissions.models import StoredFile, Submission
from tests.submissions.sent import make_draft, make_sent, minutes_ago


def found(text, **others):
    """Return the names of those that a search finds, as the list shows them."""
    query = QueryDict(mutable=True)
    query.update({"q": text} | others)
    rows = Listing(Selection(query)).rows
    return [row.submission.name for row in rows]


def stale():
    """Return the ids of submissions whose document is not what it would be made now."""
    columns = "submission_id, words, who, word_count, questions, principles, "
    columns += "has_items, has_files"
    with connection.cursor() as cursor:
        cursor.execute(
            f"(SELECT {columns} FROM review_document EXCEPT "
            f"SELECT {columns} FROM review_searchdocument) UNION ALL "
            f"(SELECT {columns} FROM review_searchdocument EXCEPT "
            f"SELECT {columns} FROM review_document)"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def ada(consultation):
    return make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        organisation="Café Riverside",
        email="ada@riverside.example",
        answers={
            "1.1": "Smaller lots kept three local providers.",
            "1.2": "Communities were never asked. Tenders of 100% price.",
        },
        comments={2: ("agree", "Plainly so.")},
        general="Keep going.",
    )


@pytest.fixture
def bob(consultation):
    return make_sent(
        consultation,
        name="Bob",
        organisation="Union Branch",
        email="bob@union.example",
        answers={"1.1": "Lots smaller than that cost more. A grant did it."},
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lots", ["Bob", "Ada O'Brien"]),
        ("lot", ["Bob", "Ada O'Brien"]),
        ("community", ["Ada O'Brien"]),
        ("asking providers", ["Ada O'Brien"]),
        ('"smaller lots"', ["Ada O'Brien"]),
        ('"lots smaller"', ["Bob"]),
        ("lots -grant", ["Ada O'Brien"]),
        ("grants or plainly", ["Bob", "Ada O'Brien"]),
        ("cafe", ["Ada O'Brien"]),
        ("CAFÉ", ["Ada O'Brien"]),
        ("KIL-AA2BB3CC", ["Ada O'Brien"]),
        ("aa2bb", ["Ada O'Brien"]),
        ("ada@river", ["Ada O'Brien"]),
        ("riversi", ["Ada O'Brien"]),
        ("o'brien", ["Ada O'Brien"]),
        ("union grant", ["Bob"]),
        ("union plainly", []),
        # Words of two texts are no phrase, though one follows the other.
        ('"providers communities"', []),
        ('"bob@union.example lots"', []),
    ],
)
def test_words_are_found_in_any_form_and_phrases_as_they_are(ada, bob, text, names):
    assert sorted(found(text)) == sorted(names)


def test_everything_that_was_sent_is_found(ada):
    item = ada.items.create(title="Tender figures", details="Zebras", service="Advice")
    stored = StoredFile.objects.create(name=uuid.uuid4().hex, size=1)
    ada.attachments.create(stored=stored, name="quagga.pdf", item=item)
    sentence = PrincipleVersion.objects.get(principle__number=3).sentences.first()
    ada.sentence_comments.create(
        sentence=sentence, comment="Okapi", suggestion="Giraffes first."
    )

    words = ["figures", "zebra", "advice", "quagga.pdf", "okapi", "giraffe"]
    assert [found(word) for word in words] == [["Ada O'Brien"]] * 6


def test_the_best_answer_comes_first_unless_asked_otherwise(consultation):
    for name, text in [
        ("Much", "Lots, lots and lots of lots."),
        ("Little", "Long ago there were many other things, and also lots."),
    ]:
        make_sent(consultation, name=name, answers={"1.1": text})

    assert found("lots") == ["Much", "Little"]
    assert found("lots", sort="newest") == ["Little", "Much"]
    assert found("lots", sort="oldest") == ["Much", "Little"]
    assert found("lots", sort="longest") == ["Little", "Much"]


def test_a_draft_is_found_once_it_is_sent_and_not_after_it_is_withdrawn(consultation):
    draft = make_draft(
        consultation, name="Cy", publication="not", answers={"1.1": "Zebras"}
    )
    assert (found("zebras"), SearchDocument.objects.count()) == ([], 0)

    services.submit(draft)
    assert found("zebras") == ["Cy"]

    services.withdraw(draft)
    assert (found("zebras"), SearchDocument.objects.count()) == ([], 0)


def test_changes_are_found_when_they_are_sent_and_not_before(consultation):
    draft = make_draft(
        consultation, name="Cy", publication="not", answers={"1.1": "Zebras"}
    )
    services.submit(draft)
    question = Question.objects.get(code="1.1").pk
    changes = services.amend(draft)
    with services.open_draft(changes) as opened:
        services.keep_answers(opened, {question: ("Okapis", "publish")})
        services.keep_item(opened, uuid.uuid4(), {"title": "Quaggas"})
    assert (found("zebras"), found("okapis")) == (["Cy"], [])

    services.submit(changes)

    words = ("zebras", "okapis", "quaggas")
    assert [found(word) for word in words] == [[], ["Cy"], ["Cy"]]
    assert stale() == []


def test_no_way_of_writing_leaves_a_document_stale(ada, bob):
    ada.answers.filter(question__code="1.2").delete()
    assert stale() == []
    ada.answers.update(text="Anew.")
    assert stale() == []
    ada.principle_comments.update(submission=bob)
    assert stale() == []
    Submission.objects.filter(pk=bob.pk).update(organisation="Renamed")
    assert stale() == []
    Submission.objects.filter(pk=bob.pk).update(submitted_at=None, reference=None)
    assert stale() == []
    assert list(SearchDocument.objects.values_list("pk", flat=True)) == [ada.pk]


def test_a_document_goes_with_its_submission(ada):
    ada.delete()

    assert SearchDocument.objects.count() == 0


def test_a_text_that_no_index_holds_is_sent_all_the_same(consultation):
    # More than a megabyte of different words: too much for one vector.
    words = [f"{number:x>28}" for number in range(33_000)]
    with (
        pytest.raises(OperationalError, match="long"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT to_tsvector(%s)", [" ".join(words)])

    make_sent(consultation, name="Long", answers={"1.1": f"Begin {' '.join(words)}"})

    assert found("begin") == ["Long"]
    assert SearchDocument.objects.get().word_count == 33_001


def test_excerpts_show_where_it_stands_and_mark_it(ada):
    asked = search.understood("communities lots tenders")

    [most, another] = excerpts_of([ada.pk], asked)[ada.pk]

    assert (most.place, most.code) == ("question-1-2", "1.2")
    assert [text for text, is_marked in most.pieces if is_marked] == [
        "Communities",
        "Tenders",
    ]
    assert (another.place, another.code) == ("question-1-1", "1.1")
    assert another.pieces == [
        ("Smaller ", False),
        ("lots", True),
        (" kept three local providers.", False),
    ]


def test_an_excerpt_is_cut_around_what_was_found(consultation):
    text = f"{'Before it. ' * 50}<b>Zebras</b> & okapis. {'After it. ' * 50}"
    sent = make_sent(consultation, answers={"1.1": text})

    [excerpt] = excerpts_of([sent.pk], search.understood("zebra"))[sent.pk]

    whole = "".join(piece for piece, _is_marked in excerpt.pieces)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) < 270
    assert ("Zebras", True) in excerpt.pieces


def test_an_excerpt_never_becomes_markup(admin_client, consultation):
    text = "<b>zebras</b> \ue000<img src=x>\ue001 zebras"
    make_sent(consultation, answers={"1.1": text})

    page = admin_client.get("/admin/submissions/submission/?q=zebras").content.decode()

    row = page[page.index('<p class="excerpt">') :]
    row = row[row.index("</a>") : row.index("</p>")]
    assert "&lt;b&gt;" in row
    assert "&lt;img src=x&gt;" in row
    assert row.count("<mark>zebras</mark>") == 2
    assert row.count("<") == 5


@pytest.mark.parametrize("text", ["-", "or", '"', "-lots", "%", "& | !", '"the"'])
def test_a_search_for_nothing_says_so_and_leaves_the_list_whole(ada, bob, text):
    selection = Selection(QueryDict(mutable=True))
    selection.query["q"] = text

    assert len(selection.refused) == 1
    assert selection.submissions.count() == 2


def test_a_search_that_is_too_long_is_refused_in_words(ada):
    assert Selection(QueryDict("q=" + "a" * 501)).refused == [
        "A search takes 500 characters at most."
    ]


def test_a_search_narrows_exports_and_charts_like_the_list(ada, bob):
    selection = Selection(QueryDict("q=lots+-grant"))

    assert list(selection.submissions) == [ada]
    assert (selection.count, selection.is_counted) == (1, True)


@pytest.mark.parametrize("at_most", [0, 9], ids=["walked to", "gathered"])
@pytest.mark.parametrize("surely", [0, 9], ids=["expected", "found"])
def test_a_search_that_finds_very_many_is_listed_and_estimated(
    consultation, monkeypatch, at_most, surely
):
    monkeypatch.setattr("review.finding.search.GATHERED_AT_MOST", at_most)
    monkeypatch.setattr("review.finding.selection.SURELY_LARGE", surely)
    monkeypatch.setattr("review.finding.selection.COUNTED_AT_MOST", 2)
    monkeypatch.setattr("review.finding.selection.LARGE_COUNTED_AT_MOST", 2)
    for name in "ABCD":
        make_sent(consultation, name=name, answers={"1.1": "Lots"})

    selection = Selection(QueryDict("q=lots&sort=oldest"))

    assert [row.submission.name for row in Listing(selection).rows] == list("ABCD")
    assert selection.count >= 3
    assert (selection.is_counted, selection.counts) == (False, None)
    best = Listing(Selection(QueryDict("q=lots")))
    assert {row.submission.name for row in best.rows} == set("ABCD")
    # What other groups leave of it is few again.
    few = Selection(QueryDict("q=lots&type=academic"))
    assert (few.count, few.is_counted) == (0, True)


@pytest.mark.parametrize("surely", [0, 99], ids=["looked for", "gathered"])
@pytest.mark.parametrize(("about", "ranked"), [(0, 2), (4, 2), (4, 4), (8, 3), (12, 2)])
def test_the_newest_that_a_search_finds_are_those_that_the_list_has_first(
    consultation, monkeypatch, about, ranked, surely
):
    monkeypatch.setattr("review.finding.selection.SURELY_LARGE", surely)
    monkeypatch.setattr("review.finding.search.about", lambda asked, many: about)
    monkeypatch.setattr("review.finding.search.number_of_documents", lambda: 4)
    monkeypatch.setattr("review.finding.selection.COUNTED_AT_MOST", 2)
    for minutes, text in [(1, "Lots"), (3, "No"), (4, "Lots"), (2, "Lots")]:
        sent = minutes_ago(minutes)
        make_sent(consultation, answers={"1.1": text}, submitted_at=sent)

    def newest(query):
        return Selection(QueryDict(query)).newest(ranked)

    found = Submission.objects.filter(answers__text="Lots")
    assert newest("q=lots") == [one.pk for one in found[:ranked]]
    assert newest("q=lots&type=academic") == []


@pytest.mark.parametrize("text", ["lots", '"smaller lots"', "ada"])
def test_of_some_ids_those_are_told_that_hold_a_word_a_phrase_or_a_part_of_a_name(
    ada, consultation, text
):
    adalbert, cy = (
        make_sent(consultation, name=name, answers={"1.1": said}).pk
        for name, said in [("Adalbert", "Smaller lots"), ("Cy", "No")]
    )
    asked = search.understood(text)

    assert {*search.found_among(asked, f"{{{cy},{adalbert},{ada.pk}}}")} == {
        adalbert,
        ada.pk,
    }
    assert search.found_among(asked, f"{{{cy}}}") == []
    assert search.found_among(asked, "{}") == []


def test_of_a_phrase_as_many_are_expected_as_a_sample_finds(consultation, monkeypatch):
    monkeypatch.setattr("review.finding.selection.SURELY_LARGE", 2)
    for _ in range(4):
        make_sent(consultation, answers={"1.1": "Lots, and other grants."})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE review_searchdocument")

    asked = ["lots grants", '"lots and other grants"', '"lots grants"']
    selections = [Selection(QueryDict(f"q={text}")) for text in asked]

    assert [search.about(one.asked, 2) for one in selections] == [4, 4, 0]
    assert [one.is_large for one in selections] == [True, True, False]
    assert selections[-1].count == 0


def test_a_page_of_a_search_holds_fewer(ada, bob, monkeypatch):
    monkeypatch.setattr("review.finding.listing.FOUND_PER_PAGE", 1)

    everything, found = (
        Listing(Selection(QueryDict(""))),
        Listing(Selection(QueryDict("q=lots"), None), 2),
    )

    assert (len(everything.rows), everything.pages) == (2, 1)
    assert (len(found.rows), found.first, found.pages) == (1, 2, 2)


def test_of_equally_good_answers_the_newest_stands_first(consultation):
    for name, age in [("B", 2), ("C", 3), ("A", 1)]:
        make_sent(
            consultation,
            name=name,
            answers={"1.1": "Smaller lots."},
            submitted_at=minutes_ago(age),
        )

    rows = Listing(Selection(QueryDict("q=lots"))).rows

    assert [row.submission.name for row in rows] == ["A", "B", "C"]
