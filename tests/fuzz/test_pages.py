"""What holds for every box on every page, whatever is typed: made up by hypothesis.

The boxes are found by reading the pages as a browser does, so a new page is tried as soon as
it has an address.
"""

import html
import re
from dataclasses import dataclass
from itertools import islice, product

import pytest
from django.db import transaction
from django.urls import get_resolver
from hypothesis import assume, given
from hypothesis import strategies as st

from submissions.fields import shows_nothing, tidy

from . import nasty
from .fuzzer import PARAMETER, close_file, routes
from .html_forms import HtmlForm, forms_in

MOST_TRIES = 12
# Made as a file while it is asked for, or no page that stays as it is.
LEFT_OUT = re.compile(r"/admin/login/|/pack/|\.pdf|/data/|/exports/progress/|password")

texts = st.one_of(
    st.text(max_size=40),
    st.text("\0\t\n\r\x0b\xa0\u200b\ufffda1=+-@.:/é🏡<&\"'", max_size=30),
    st.sampled_from(nasty.VALUES),
)


@dataclass(frozen=True)
class Place:
    """A form that can be sent, and where: who opens which page."""

    who: str
    page: str
    form: HtmlForm

    @property
    def url(self):
        return self.form.action or self.page


def places(people, known):
    """Return every form with a box to type into, on the first page of each address."""
    found = {}
    for route in sorted(set(routes(get_resolver().url_patterns))):
        if LEFT_OUT.search(route):
            continue
        who = "superuser" if route.startswith("/admin/") else "owner"
        forms = first_forms(people[who], route, known)
        for page, form in forms:
            if form.method == "post" and form.boxes:
                action = re.sub(r"\d+|[0-9a-f-]{36}", "", form.action or route)
                found.setdefault((action, len(form.boxes)), Place(who, page, form))
    return list(found.values())


def first_forms(client, route, known):
    """Return (page, form) for the forms of the first page at this address."""
    for page in islice(filled(route, known), MOST_TRIES):
        response = client.get(page)
        close_file(response)
        if response.status_code == 200:
            return [(page, form) for form in forms_in(response)]
    return []


def filled(route, known):
    """Yield the addresses of a route, with every combination of known values."""
    names = [found[1] or found[2] for found in PARAMETER.finditer(route)]
    for values in product(*(known.get(name, ["0"]) for name in names)):
        page = route
        for value in values:
            page = PARAMETER.sub(str(value), page, count=1)
        yield page


def form_now(people, place):
    """Return the same form as its page shows it now, or None."""
    forms = forms_in(people[place.who].get(place.page))
    return next((one for one in forms if one.key == place.form.key), None)


@pytest.fixture
def boxes(people, known):
    """Every box of every form, as (place, name of the box)."""
    return [(place, box) for place in places(people, known) for box in place.form.boxes]


def test_what_is_typed_into_any_box_is_kept_or_refused_and_given_back(people, boxes):
    assert len({place.url for place, _box in boxes}) > 35
    tried = set()

    @given(st.sampled_from(range(len(boxes))), texts)
    def each(number, typed):
        place, box = boxes[number]
        tried.add((place.url, box))
        with transaction.atomic():
            check(people, place, box, typed)
            transaction.set_rollback(True)

    each()
    assert len(tried) > 20


def check(people, place, box, typed):
    before = form_now(people, place)
    assume(before is not None)
    client = people[place.who]
    response = client.post(place.url, before.fields | {box: [typed]})
    where = f"{place.url} {box}"

    assert response.status_code < 500, where
    if response.status_code in (301, 302):
        now = form_now(people, place)
        if now and before.fields[box] != [""]:
            # A form to change something: it shows what is kept.
            assert same(now.fields[box][0], typed), where
    elif response.status_code == 422:
        page = response.content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1].strip()
        assert title.startswith("Error:"), where
        assert typed in html.unescape(page), where
        now = form_now(people, place)
        # Placing keeps every text, also when something else about it is refused.
        is_kept = now is None or same(now.fields[box][0], typed)
        assert is_kept or now.fields[box] == before.fields[box], where
    else:
        assert response.status_code in (200, 403, 404, 409), where


def same(kept, typed):
    """Whether this is what the published rule makes of what was typed."""
    one, other = (" ".join(tidy(text).split()) for text in (kept, typed))
    return one == other or (shows_nothing(one) and shows_nothing(other))
