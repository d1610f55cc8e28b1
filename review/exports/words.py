"""Pieces of SQL: choices as people read them, times, and what may be published."""

from psycopg2.sql import SQL, Literal

from submissions.models import (
    Answer,
    Confidence,
    Publication,
    Submission,
    publication_of,
)


def literal(text):
    """Return a text, translated or not, as SQL has it."""
    return Literal(str(text))


def in_words(code, choices):
    """Return what gives the words for a code; one that is no choice any more stays."""
    return _by_case(SQL(code), choices.choices, otherwise=SQL(code))


def in_utc(time):
    return SQL(f"""to_char({time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""")


def person(user):
    """Return how a member of staff is named; "" when the account is gone."""
    return SQL(
        f"coalesce(nullif(trim({user}.first_name || ' ' || {user}.last_name), ''),"
        f" {user}.username, '')"
    )


def may_be_published(confidence, *, in_short=True):
    """Return the `Publication` that holds for one thing, in short words or as its code.

    It asks `publication_of` about each pair of choices: there is one truth.
    """
    pairs = [
        (
            f"{whole} {one}",
            publication_of(Submission(publication=whole), Answer(confidence=one)),
        )
        for whole in Publication
        for one in Confidence
    ]
    shown = [
        (pair, holds.in_short if in_short else holds.value)
        for pair, holds in pairs
        if holds != Publication.NOT
    ]
    otherwise = Publication.NOT.in_short if in_short else Publication.NOT.value
    pair = SQL(f"about.publication || ' ' || {confidence}")
    return _by_case(pair, shown, otherwise=literal(otherwise))


def _by_case(value, pairs, *, otherwise):
    cases = [SQL("WHEN {} THEN {}").format(*map(literal, pair)) for pair in pairs]
    return SQL("CASE {} {} ELSE {} END").format(value, SQL(" ").join(cases), otherwise)
