"""Words in a text: found, covered by marks, and found again after a change."""

from types import SimpleNamespace

import pytest

from review.passages import (
    NotThere,
    StandsOften,
    find,
    marks_on,
    moved,
    occurrences,
    segments,
    whole_words,
)

TEXT = "Small lots help. Eleven contracts\nbecame three, 😀 and small lots would help."


def passage(start, end, quote):
    return SimpleNamespace(start=start, end=end, quote=quote)


def on(text, quote):
    start = text.index(quote)
    return passage(start, start + len(quote), quote)


def test_words_are_found_where_they_stand():
    assert find(TEXT, "became three") == (34, 46)


def test_a_character_beyond_the_first_plane_counts_once():
    start, end = find(TEXT, "and small")

    assert (start, TEXT[start:end]) == (50, "and small")


def test_pasted_words_are_found_across_other_spaces_and_line_ends():
    start, end = find(TEXT, "  Eleven   contracts\r\n became ")

    assert TEXT[start:end] == "Eleven contracts\nbecame"


@pytest.mark.parametrize("quote", ["Twelve contracts", "eleven", "", " \r\n "])
def test_words_that_are_not_in_the_text_are_refused(quote):
    with pytest.raises(NotThere):
        find(TEXT, quote)


def test_words_that_stand_often_are_to_be_chosen_from():
    with pytest.raises(StandsOften, match="2 times: choose which") as refused:
        find("lots of lots", "lots")

    assert refused.value.spans == [(0, 4), (8, 12)]


def test_a_position_chooses_among_words_that_stand_often():
    assert find("lots of lots", "lots", start=8) == (8, 12)


def test_a_position_where_the_words_do_not_stand_chooses_nothing():
    with pytest.raises(StandsOften):
        find("lots of lots", "lots", start=3)


def test_words_that_overlap_themselves_stand_twice():
    assert occurrences("to and to and to", "to and to") == [(0, 9), (7, 16)]


def test_signs_of_regular_expressions_are_only_words():
    assert find("Costs (in £) rose .*", ".*") == (18, 20)


def test_segments_join_to_the_text_and_show_overlaps():
    text = "one two three four"
    marks, _lost = marks_on(text, [on(text, "one two"), on(text, "two three")])

    pieces = segments(text, marks)

    shown = [
        (piece.text, [mark.passage.quote for mark in piece.marks]) for piece in pieces
    ]
    assert shown == [
        ("one ", ["one two"]),
        ("two", ["one two", "two three"]),
        (" three", ["two three"]),
        (" four", []),
    ]


def test_a_text_without_marks_is_one_segment():
    assert [piece.text for piece in segments("as it is", [])] == ["as it is"]


def test_a_passage_stays_while_its_words_stand_there_though_they_stand_elsewhere_too():
    assert moved(passage(8, 12, "lots"), "lots of lots, lots") == (8, 12)


def test_a_passage_goes_along_with_its_words():
    assert moved(passage(0, 5, "Small"), "In short: Small lots") == (10, 15)


@pytest.mark.parametrize("text", ["Large lots", "So: Small and Small", ""])
def test_a_passage_is_lost_when_its_words_stand_nowhere_or_not_alone(text):
    lost = passage(0, 5, "Small")

    assert marks_on(text, [lost]) == ([], [lost])


def test_a_passage_that_is_the_whole_text_stays_the_whole():
    assert moved(passage(None, None, ""), "Any other text") == (0, 14)


def test_words_that_are_cut_are_taken_whole():
    text = "In Langley, Bob O'Hara"

    assert [whole_words(text, span) for span in [(1, 6), (3, 10), (13, 14)]] == [
        (0, 10),
        (3, 10),
        (12, 15),
    ]
    assert whole_words(text, (0, len(text))) == (0, len(text))
