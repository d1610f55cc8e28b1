"""Who may open which page of a draft: strangers, the owner, guests, and former guests."""

import json
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from submissions.models import StoredFile
from submissions.services import withdraw_invitation
from submissions.urls import urlpatterns

from .guests import invited

ITEM = uuid.UUID("11111111-1111-4111-8111-111111111111")
FILE = uuid.UUID("22222222-2222-4222-8222-222222222222")
HIS = {"number": 1}
# For each address under a draft what a visit and a post answer to a stranger, the owner, a
# guest of section 1, and one whose invitation was withdrawn.
TABLE = {
    "contents": ({}, (404, 200, 200, 404), (404, 200, 200, 404)),
    "about_you": ({}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "section": (HIS, (404, 200, 200, 404), (404, 302, 302, 404)),
    "section of others": ({"number": 2}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "principles": ({}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "sentence": ({"name": "4-v1-2"}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "items": ({}, (404, 200, 200, 404), (404, 302, 302, 404)),
    "add_item": ({}, (404, 302, 404, 404), (404, 302, 404, 404)),
    "item": ({"item": ITEM}, (404, 200, 404, 404), (404, 422, 404, 404)),
    "remove_item": ({"item": ITEM}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "add_files": ({}, (404, 302, 404, 404), (404, 422, 404, 404)),
    "file": ({"file": FILE}, (404, 200, 404, 404), (405,) * 4),
    "remove_file": ({"file": FILE}, (404, 200, 404, 404), (404, 302, 404, 404)),
    "autosave": ({"part": "section-1"}, (405,) * 4, (404, 200, 200, 404)),
    "autosave of others": ({"part": "section-2"}, (405,) * 4, (404, 200, 404, 404)),
    "autosave of an item": (
        {"part": f"item-{ITEM.hex}"},
        (405,) * 4,
        (404, 200, 404, 404),
    ),
    "autosave of a sentence": (
        {"part": "sentence-4-v1-2"},
        (405,) * 4,
        (404, 200, 404, 404),
    ),
    "earlier": ({"part": "section-1"}, (404, 200, 200, 404), (404, 404, 404, 404)),
    "earlier of others": ({"part": "section-2"}, (404, 200, 404, 404), (404,) * 4),
    "together": ({}, (404, 200, 404, 404), (404, 422, 404, 404)),
    "new_link": ({"invitation": 0}, (404, 302, 404, 404), (404, 302, 404, 404)),
    "withdraw_invitation": (
        {"invitation": 0},
        (404, 200, 404, 404),
        (404, 302, 404, 404),
    ),
    "save_and_return": ({}, (404, 200, 404, 404), (404, 422, 404, 404)),
    "check_answers": ({}, (404, 200, 404, 404), (404, 422, 404, 404)),
    "confirmation": ({}, (404, 302, 404, 404), (405,) * 4),
    "copy": ({}, (404, 302, 404, 404), (405,) * 4),
    "copy_pdf": ({}, (404, 302, 404, 404), (405,) * 4),
    "status": ({}, (404, 200, 404, 404), (405,) * 4),
    "data": ({}, (404, 200, 404, 404), (405,) * 4),
    "amend": ({}, (404, 302, 404, 404), (404, 302, 404, 404)),
    "discard": ({}, (404,) * 4, (404,) * 4),
    "publication": ({}, (404, 302, 404, 404), (404, 302, 404, 404)),
    "withdraw": ({}, (404, 302, 404, 404), (404, 302, 404, 404)),
    "late_request": ({}, (404, 302, 404, 404), (404, 302, 404, 404)),
}
WHO = ["stranger", "owner", "guest", "former guest"]
SECRETS = [
    "ada@riverside.example",
    "Only Ada wrote this",
    "Only Ada commented this",
    "Only Ada has this item",
    "Only Ada&#x27;s.pdf",
    "Cyprian",
]


@pytest.fixture
def browsers(ada):
    """The four browsers, and a draft that holds something in every part."""
    ada.post("about-you/", name="Ada", email="ada@riverside.example")
    ada.post("section/1/", answer__1__1="For Bo's eyes too")
    ada.post("section/2/", answer__2__1="Only Ada wrote this")
    ada.post("principles/", comment="Only Ada commented this")
    ada.submission.items.create(key=ITEM, title="Only Ada has this item")
    stored = StoredFile.objects.create(
        name=default_storage.save("of-the-table", ContentFile(b"%PDF-")),
        size=5,
        sha256="0" * 64,
        content_type="application/pdf",
    )
    ada.submission.attachments.create(key=FILE, stored=stored, name="Only Ada's.pdf")
    bo = invited(ada, "section-1")
    former = invited(ada, "section-1", name="Cyprian")
    withdraw_invitation(former.invitation)
    return dict(zip(WHO, [Client(), ada.client, bo.client, former.client], strict=True))


def address(ada, row):
    name = row.partition(" of ")[0]
    asked = dict(TABLE[row][0])
    if "invitation" in asked:
        asked["invitation"] = ada.submission.invitations.first().pk
    return reverse(f"submissions:{name}", kwargs={"key": ada.submission.key} | asked)


def test_every_address_of_a_draft_stands_in_the_table():
    names = {
        pattern.name
        for pattern in urlpatterns
        if str(pattern.pattern).startswith("evidence/<uuid:key>/")
    }

    assert names == {row.partition(" of ")[0] for row in TABLE}


def visited(browser, url):
    response = browser.get(url)
    # A file is closed when it was read to its end.
    b"".join(response)
    return response.status_code


@pytest.mark.parametrize("row", TABLE)
def test_a_visit(ada, browsers, row):
    url = address(ada, row)

    statuses = [visited(browsers[who], url) for who in WHO]

    assert statuses == list(TABLE[row][1])


@pytest.mark.parametrize("row", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_a_post(ada, browsers, row, who):
    url = address(ada, row)

    if row.startswith("autosave"):
        body = json.dumps({"fields": {}})
        response = browsers[who].post(url, body, content_type="application/json")
    else:
        response = browsers[who].post(url, {"_end": "1"})

    assert response.status_code == TABLE[row][2][WHO.index(who)]


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_guest_reads_nothing_of_what_is_not_his(ada, browsers, is_sent):
    if is_sent:
        ada.post("about-you/", name="Ada", publication="not")
        ada.post("check/", signed_off_by="Ada")
    urls = [address(ada, row) for row in TABLE]

    pages = [browsers["guest"].get(url).content.decode() for url in urls]

    assert ada.saved().is_submitted == is_sent
    assert [secret for secret in SECRETS for page in pages if secret in page] == []
    assert any("For Bo" in page for page in pages) != is_sent


def test_a_closed_call_shows_a_guest_nothing(ada, browsers, close):
    close()

    pages = [browsers["guest"].get(address(ada, row)) for row in TABLE]

    texts = [page.content.decode() for page in pages]
    assert any("The call has closed" in text for text in texts)
    assert not any(secret in text for secret in SECRETS for text in texts)
