"""Where in a submission a search was found: stretches of its texts, with marks."""

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection
from django.utils.html import format_html, format_html_join

from .search import CONFIG

# Around what was found; nobody types these, and a text that holds them loses them.
BEGIN, END = "\ue000", "\ue001"
EXCERPTS = 2
BEFORE, LENGTH = 60, 260
MATCHES = 40
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Excerpt:
    """Where in a submission a search was found."""

    # As in review/said.py.
    place: str
    code: str
    # Pairs of a piece of text and whether it was looked for.
    pieces: list

    @property
    def marked(self):
        """The text with marks, for a page: a template would take three times as long."""
        return format_html_join(
            "",
            "{}",
            (
                [format_html("<mark>{}</mark>", text) if is_marked else text]
                for text, is_marked in self.pieces
            ),
        )


def excerpts_of(submissions, asked):
    """Return up to two `Excerpt`s of each of these ids, by id; two queries."""
    if not (submissions and asked.stems):
        return {}
    looked_for = _LookedFor(asked.stems)
    chosen = [
        (pk, one)
        for pk, texts in groupby(_texts(submissions), key=itemgetter(0))
        for one in _best(_candidates(texts, looked_for), EXCERPTS)
    ]
    marked = _marked([one.window for _pk, one in chosen], asked)
    found = {}
    for (pk, one), text in zip(chosen, marked, strict=True):
        pieces = _pieces(text)
        if any(is_marked for _text, is_marked in pieces):
            found.setdefault(pk, []).append(Excerpt(one.place, one.code, pieces))
    return found


class _LookedFor:
    """What words are to begin with."""

    def __init__(self, stems):
        # The longest first: of two that fit, a word begins with the longer.
        self.stems = sorted({*stems}, key=len, reverse=True)
        self.pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.stems))})")

    def found_in(self, text):
        """Return the first matches of the pattern in a text of small letters."""
        # Most texts hold nothing: a search for letters tells so ten times faster.
        if not any(stem in text for stem in self.stems):
            return ()
        # A text of 200,000 characters may hold thousands.
        return islice(self.pattern.finditer(text), MATCHES)


def _candidates(texts, looked_for):
    """Return a `_Candidate` of each text, up to the last that can be among the best."""
    found, complete = [], 0
    for _pk, *text in texts:
        found.append(_Candidate(*text, looked_for))
        complete += len(found[-1].held) == len(looked_for.stems)
        if complete == EXCERPTS:
            break
    return found


def _best(candidates, number):
    """Return those that hold most of what is looked for, and then what those lack."""
    best, held = [], set()
    left = [one for one in candidates if one.held]
    while left and len(best) < number:
        one = max(left, key=lambda one: (len(one.held - held), len(one.held)))
        best.append(one)
        held |= one.held
        left.remove(one)
    return best


class _Candidate:
    """One text, and the stretch of it that holds most of what is looked for."""

    def __init__(self, place, code, text, looked_for):
        self.place, self.code, self.text = place, code, text
        self.at, self.held = 0, set()
        near = deque()
        for match in looked_for.found_in(_plain(text)):
            near.append((match.start(), match.group()))
            while near[0][0] <= match.start() - LENGTH + BEFORE:
                near.popleft()
            held = {stem for _at, stem in near}
            if len(held) > len(self.held):
                self.at, self.held = near[0][0], held
            if len(held) == len(looked_for.stems):
                break

    @property
    def window(self):
        return _window(self.text, self.at)


def _plain(text):
    """Return small letters without accents; each character stays at its place."""
    return BEYOND_ASCII.sub(
        lambda found: unicodedata.normalize("NFD", found.group())[0], text.lower()
    )


def _window(text, at):
    """Return the words around a place of a text, with dots where it was cut."""
    start, end = max(0, at - BEFORE), at + LENGTH - BEFORE
    part = text[start:end]
    if start and " " in part[:BEFORE]:
        part = part[part.index(" ") + 1 :]
    if end < len(text) and " " in part[-BEFORE:]:
        part = part[: part.rindex(" ")]
    part = " ".join(part.replace(BEGIN, "").replace(END, "").split())
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _texts(submissions):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT submission_id, place, code, text FROM review_said "
            "WHERE submission_id = ANY(%s) ORDER BY submission_id, place",
            [list(submissions)],
        )
        return cursor.fetchall()


def _marked(windows, asked):
    """Return the texts with what was looked for between BEGIN and END."""
    options = f'HighlightAll=true, StartSel="{BEGIN}", StopSel="{END}"'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s, part, %s::tsquery, %s) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS parts (part, number) "
            "ORDER BY number",
            [CONFIG, asked.query, options, windows],
        )
        return [text for (text,) in cursor.fetchall()]


def _pieces(text):
    pieces = []
    for part in re.split(f"({BEGIN}.*?{END})", text, flags=re.DOTALL):
        is_marked = part.startswith(BEGIN)
        if part:
            pieces.append((part.strip(BEGIN + END), is_marked))
    return pieces
