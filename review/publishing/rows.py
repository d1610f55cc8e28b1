"""A response row by row, each with the publication its respondent agreed to.

Nothing reaches the public but through here: what no row names is not published. That is
the email address, the reference, who signed it off and who helped, whether contracts are
held, how and when it was sent.

The places of texts are those of review/said.py, and those of the smaller ones:
item-<key>-title, -service, -place, -period and -source_url; file-<key> is a file's name.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from submissions.models import (
    Attachment,
    Confidence,
    Publication,
    publication_of,
)

STANCE, TEXT, WORDING, TITLE, DETAIL = "stance", "text", "wording", "title", "detail"


@dataclass(frozen=True)
class Part:
    """What rows are about: a question, a principle, all of them, or one evidence item."""

    # "question-1-4", "principle-2", "principles", "evidence".
    about: str
    # Unlike `about`, one for each item.
    anchor: str
    group: str
    heading: str = ""


@dataclass(frozen=True)
class Row:
    part: Part
    kind: str
    text: str
    publication: Publication
    # "" for a choice from a list: there is nothing to take out of it.
    place: str = ""
    label: str = ""
    # The sentence that it is about.
    quote: str = ""


@dataclass(frozen=True)
class FileRow:
    place: str
    attachment: Attachment
    publication: Publication

    @property
    def text(self):
        return self.attachment.name

    @property
    def can_be_published(self):
        """Whether anyone may have it: never without the name, for files name their authors.

        Word and PDF files do, and so do many scans; who is not to be known cannot be
        protected by a look at the first page.
        """
        stored = self.attachment.stored
        return (
            self.publication == Publication.WITH_NAME and not stored.has_active_content
        )


def rows_of(submission, read):
    """Return a `Row` for all that was said, in the order of the call."""
    return [
        row
        for rows in (
            _answers(submission, read),
            _principles(submission, read),
            _items(submission, read),
        )
        for row in rows
        if row.text
    ]


def files_of(submission, read):
    """Return a `FileRow` for each file: kept back also when the item it belongs to is."""
    items = {item.pk: item for item in read.items}
    return [
        FileRow(
            f"file-{file.key}",
            file,
            _stricter(
                publication_of(submission, file),
                _publication_of_item(submission, items.get(file.item_id)),
            ),
        )
        for file in read.files
    ]


def _answers(submission, read):
    for section in read.sections:
        for asked in section.questions:
            if asked.answer:
                name = f"question-{asked.question.slug}"
                heading = f"{asked.question.code} {asked.question.wording}"
                yield Row(
                    Part(name, name, str(section.section), heading),
                    TEXT,
                    asked.answer.text,
                    publication_of(submission, asked.answer),
                    place=name,
                )


def _principles(submission, read):
    group = _("The draft principles")
    for principle in read.principles:
        version = principle.version
        name = f"principle-{version.principle.number}"
        part = Part(name, name, group, str(version.principle))
        if comment := principle.comment:
            publication = publication_of(submission, comment)
            yield Row(part, STANCE, comment.get_stance_display(), publication)
            place = f"{name}-v{version.number}"
            yield Row(part, TEXT, comment.comment, publication, place)
        for sentence in principle.sentences:
            if sentence.said:
                yield from _sentence(submission, part, sentence)
    if read.general:
        yield Row(
            Part("principles", "principles", group, _("The principles as a whole")),
            TEXT,
            read.general.comment,
            publication_of(submission, read.general),
            place="principles",
        )


def _sentence(submission, part, read):
    said = read.said
    publication = publication_of(submission, said)
    label = _("On sentence %(number)s") % {"number": read.sentence.number}
    place = f"sentence-{read.name}"
    quote = read.sentence.text
    yield Row(part, TEXT, said.comment, publication, place, label, quote)
    label = _("Another wording for sentence %(number)s") % {
        "number": read.sentence.number
    }
    place = f"{place}-wording"
    yield Row(part, WORDING, said.suggestion, publication, place, label, quote)


def _items(submission, read):
    for item in read.items:
        publication = _publication_of_item(submission, item)
        name = f"item-{item.key}"
        part = Part("evidence", name, _("Evidence"))
        yield Row(
            part, TITLE, item.title, publication, f"{name}-title", _("What it is")
        )
        yield Row(part, TEXT, item.details, publication, name)
        yield Row(part, DETAIL, item.get_kind_display(), publication, label=_("Kind"))
        yield Row(
            part,
            DETAIL,
            item.get_shows_display(),
            publication,
            label=_("What it does for the case"),
        )
        for field, label in (
            ("service", _("Service")),
            ("place", _("Place")),
            ("period", _("Period")),
            ("source_url", _("Where to read it")),
        ):
            text = getattr(item, field)
            yield Row(part, DETAIL, text, publication, f"{name}-{field}", label)


def _publication_of_item(submission, item):
    """Return what holds for an item: one that may not be quoted is not published."""
    if item is None:
        return Publication.WITH_NAME
    if item.public_confidence == Confidence.LOCALITY_ONLY:
        return Publication.NOT
    return publication_of(submission, item)


def _stricter(one, other):
    return max(one, other, key=list(Publication).index)
