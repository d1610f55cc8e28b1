"""A catalogue alone translates every page: here one that puts each text in brackets."""

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from django.utils.translation.template import templatize

from consultations.models import Question, Section
from outbox.delivery import deliver_due
from principles.models import PrincipleVersion
from submissions.email_wordings import LETTERS, our_wording
from tests.conftest import Respondent
from tests.submissions.guests import invited

APPS = ["consultations", "principles", "submissions", "outbox", "keepitlocal"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
# Written by staff in the call, or by the respondent: no catalogue holds them.
CALL_TEXT = ("text", "intro", "audience")
DATA = [
    "Ada",
    "KIL",
    "ada@riverside.example",
    "Words",
    "Keep it Local",
    "nick.plumb@locality.org.uk",
]
# Django's own words for sizes.
DATA += ["bitokoj"]
DATA += ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def sources():
    root = Path(django_settings.BASE_DIR)
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            yield path.read_text()
    for path in (root / "templates").rglob("*.*"):
        lines = templatize(path.read_text(), origin=str(path)).splitlines()
        # Python to babel, but for the indentation.
        yield "\n".join(line.strip() for line in lines)


def in_brackets(text):
    return f"⟦{text}⟧"


@pytest.fixture
def brackets(tmp_path, settings):
    """Install a catalogue for Esperanto that puts each text in brackets."""
    catalogue = Catalog(locale="eo")
    for source in sources():
        for _line, message, _comments, _context in extract(
            "python", BytesIO(source.encode()), KEYWORDS
        ):
            forms = message if isinstance(message, tuple) else (message,)
            translated = tuple(in_brackets(form) for form in forms)
            catalogue.add(message, translated if len(forms) > 1 else translated[0])
    folder = tmp_path / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en-gb", "English"), ("eo", "Esperanto")]


class ShownText(HTMLParser):
    """What a page shows in words of its own."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self.skipping = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        for name in ("aria-label", "placeholder", "title", "alt"):
            if attributes.get(name):
                self.texts.append(attributes[name])
        for name, value in attributes.items():
            if tag == "template" and name.startswith("data-"):
                self.texts.append(value)
        classes = (attributes.get("class") or "").split()
        is_skipped = self.skipping or set(classes) & set(CALL_TEXT)
        if is_skipped and tag not in ("input", "br", "img", "link", "meta"):
            self.skipping.append(tag)

    def handle_endtag(self, tag):
        if self.skipping:
            self.skipping.pop()

    def handle_data(self, text):
        if not self.skipping and text.strip():
            self.texts.append(text.strip())


def untranslated(page, data):
    """Return the words of a page that stand in no brackets and are no data."""
    shown = ShownText()
    shown.feed(page)
    text = " \n ".join(shown.texts)
    for piece in data:
        text = text.replace(piece, "")
    while text != (text := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
        pass
    return re.findall(r"[A-Za-z]{3,}", text)


@pytest.fixture
def data(consultation):
    questions = Question.objects.all()
    texts = [str(consultation)]
    texts += [section.title for section in Section.objects.all()]
    texts += [question.main_part for question in questions]
    texts += [question.follow_up for question in questions if question.follow_up]
    texts += [question.wording for question in questions]
    for version in PrincipleVersion.objects.all():
        texts += [version.principle.title, *(s.text for s in version.sentences.all())]
    return sorted(texts, key=len, reverse=True) + DATA


def test_every_page_of_the_journey_can_be_translated(ada, brackets, data, consultation):
    ada.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "eo"
    ada.post("about-you/", name="Ada", email="nonsense")
    ada.post("about-you/", name="Ada", email="ada@riverside.example", publication="not")
    ada.post("section/1/", answer__1__1="Words", finished="on")
    call = f"/calls/{consultation.slug}/"
    paths = ["/", call, f"{call}text/", f"{call}start/", "/resume/", "/resume/sent/"]
    paths += [f"{call}privacy/", "/accessibility/"]
    parts = ["", "about-you/", "section/1/", "principles/", "save/", "check/"]
    parts += ["earlier/section-1/", "together/", "principles/4-v1-2/", "items/"]
    ada.post(
        "principles/4-v1-2/", **{"said-4-v1-2": "Words", "suggestion-4-v1-2": "Words"}
    )
    notes = SimpleUploadedFile("Words", b"Words")
    ada.client.post(f"{ada.url}files/", {"files": notes, "_end": "1"})
    parts.append(f"files/{ada.submission.attachments.get().key}/remove/")
    guest = invited(ada, "section-1", "principles", name="Ada")

    pages = {path: ada.client.get(path) for path in paths}
    pages |= {part: ada.get(part) for part in parts}
    pages["refused"] = ada.post("about-you/", email="nonsense")
    pages["no file"] = ada.post("files/")
    pages["nowhere"] = ada.client.get("/nowhere/")
    guest.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "eo"
    pages["link"] = guest.client.get(guest.link)
    guest_parts = ["", "section/1/", "principles/", "items/"]
    pages |= {f"guest {part}": guest.get(part) for part in guest_parts}
    ada.post("check/", signed_off_by="Ada")
    pages["guest after sending"] = guest.get()
    after = ("sent/", "copy/", "status/", "publication/", "withdraw/")
    pages |= {part: ada.get(part) for part in after}
    changes = ada.post("amend/").url
    for part in ("", "check/", "discard/"):
        pages[f"changes {part}"] = ada.client.get(changes + part)
    pages["nothing changed"] = ada.client.post(changes + "check/", {"_end": "1"})
    ada.post("withdraw/")
    pages["withdrawn"] = ada.get("sent/")

    found = {
        name: untranslated(page.content.decode(), data) for name, page in pages.items()
    }
    assert {name: words for name, words in found.items() if words} == {}
    assert all("⟦" in page.content.decode() for page in pages.values())
    assert '<html lang="eo">' in pages["/"].content.decode()


def test_the_closed_page_can_be_translated(ada, brackets, data, close):
    ada.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "eo"
    ada.post("section/1/", answer__1__1="Words")
    close()

    pages = {
        "kept": ada.post("section/1/", answer__1__2="Words"),
        "refused": ada.post("late/", email="nonsense"),
    }
    ada.post("late/", reason="Words", email="ada@riverside.example")
    pages |= {part: ada.get(part) for part in ("", "status/")}

    found = {
        name: untranslated(page.content.decode(), data) for name, page in pages.items()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_emails_are_written_in_the_language_it_was_begun_in(
    client, brackets, consultation, smtp_sink
):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "eo"
    client.post(f"/calls/{consultation.slug}/start/")
    ada = Respondent(client)
    ada.post("about-you/", name="Ada", email="ada@riverside.example", publication="not")
    ada.post("section/1/", answer__1__1="Words")
    ada.post("save/", email="ada@riverside.example")
    ada.post("check/")
    # Whoever reads the page in another language later.
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    ada.post("publication/", publication="with-name")
    ada.post("withdraw/")

    deliver_due()

    assert len(smtp_sink.journal) == 4
    for mail in smtp_sink.journal:
        assert mail["Subject"].strip().startswith("⟦")
        html = mail.get_body(["html"]).get_content()
        assert '<html lang="eo">' in html


def test_our_wording_is_in_the_words_of_the_catalogue_of_now(brackets, settings):
    letter = LETTERS["withdrawal"]

    with override("eo"):
        translated = our_wording(letter)
    settings.LOCALE_PATHS = []
    with override("eo"):
        untranslated = our_wording(letter)

    assert [text.count("⟦") > 0 for text in translated] == [True, True]
    assert [text.count("⟦") for text in untranslated] == [0, 0]
