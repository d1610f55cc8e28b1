"""Submissions as one JSON document, written piece by piece: docs/exports.md describes it.

Keys and codes are English and stay as they are, whatever the language of the pages:
programs read them.
"""

import json

from review.exports import gathering
from review.models import Theme
from submissions import places
from submissions.data import DETAILS, moment

from .outlet import streamed
from .tables.base import place_of, publication_in

VERSION = 1


class JsonWriter:
    """Writes what the call asked, then each submission as an object, then their count."""

    def __init__(self, file, table, *, moment, about):
        self.file = file
        # For what the call asks; no row of it is written.
        self.table = table
        self.needs = {gathering.said, gathering.files, gathering.items, *table.needs}
        self.moment = moment
        self.about = about
        self.count = 0

    def begin(self):
        head = {
            "format": "keep-it-local/submissions",
            "version": VERSION,
            "taken_at": moment(self.moment),
            "about": self.about,
            "call": self._call(),
        }
        if self.table.with_review:
            head["themes"] = [_theme(theme) for theme in self.table.themes.values()]
        self._write(_as_json(head)[:-1] + ',"submissions":[')

    def add(self, submission, evidence):
        separator = ",\n" if self.count else "\n"
        self.count += 1
        self._write(separator + _as_json(self._submission(submission, evidence)))

    def end(self):
        self._write(f'\n],"count":{self.count}}}\n')

    def _write(self, text):
        self.file.write(text.encode())

    def _call(self):
        call = self.table.consultation
        return {
            "slug": call.slug,
            "title": call.title,
            "is_rehearsal": call.is_rehearsal,
            "opens_at": moment(call.opens_at),
            "closes_at": moment(call.closes_at),
            "questions": [
                {
                    "place": f"question-{question.slug}",
                    "code": question.code,
                    "section": str(question.section),
                    "wording": question.wording,
                }
                for question in self.table.questions
            ],
            "principles": [
                {
                    "place": place_of(version),
                    "number": version.principle.number,
                    "version": version.number,
                    "title": version.principle.title,
                    "sentences": [
                        {"number": one.number, "text": one.text}
                        for one in self.table.sentences[version.pk]
                    ],
                }
                for version in self.table.versions
            ],
        }

    def _submission(self, submission, evidence):
        # Who signs a response off answers to the respondent, not to the public's analysts.
        hidden = {"signed_off_by", *([] if self.table.with_email else ["email"])}
        return {
            "reference": submission.reference,
            "sent_at": moment(submission.submitted_at),
            "received_at": moment(evidence.received_at),
            "published_at": moment(submission.published_at),
            "public_ids": evidence.public_ids,
            **{
                name: getattr(submission, name)
                for name in DETAILS
                if name not in hidden
            },
            "said": [
                {
                    "place": place,
                    **about,
                    "confidence": confidence,
                    "may_be_published": publication_in(submission, confidence),
                }
                for place, confidence, about in self._said(evidence)
            ],
            "evidence_items": [
                self._item(submission, item, evidence) for item in evidence.items
            ],
            "files": [
                _file(submission, file) for file in evidence.files if file.item is None
            ],
            **(_made_by_staff(evidence) if self.table.with_review else {}),
        }

    def _said(self, evidence):
        """Yield (place, confidence, what was said there) in the order of the call."""
        for question in self.table.questions:
            if said := evidence.texts.get(question.pk):
                yield f"question-{question.slug}", said[1], {"text": said[0]}
        for version in self.table.versions:
            if said := evidence.comments.get(version.pk):
                about = {"stance": said[0], "text": said[1]}
                yield place_of(version), said[2], about
            for sentence in self.table.sentences[version.pk]:
                if said := evidence.sentences.get(sentence.pk):
                    place = f"sentence-{places.name_of_sentence(sentence)}"
                    about = {"text": said[0], "suggested_wording": said[1]}
                    yield place, said[2], about
        if said := evidence.comments.get(None):
            yield "principles", said[2], {"text": said[1]}

    def _item(self, submission, item, evidence):
        names = ["title", "kind", "details", "place", "service", "period"]
        names += ["source_url", "shows", "may_quote", "confidence"]
        about = {name: getattr(item, name) for name in names}
        about["about_place"] = about.pop("place")
        return {
            "place": f"item-{item.key}",
            **about,
            "may_be_published": publication_in(submission, item.public_confidence),
            "questions": [question.code for question in item.questions.all()],
            "principles": [principle.number for principle in item.principles.all()],
            "files": [_file(submission, file) for file in evidence.files_of(item)],
        }


def as_json(submissions, table, about):
    """Yield the document in bytes, all of it of one moment."""

    def writer(file, moment):
        return JsonWriter(file, table, moment=moment, about=about)

    return streamed(submissions, table.consultation, writer)


def _made_by_staff(evidence):
    return {
        "themes": [
            {
                "theme": one.theme,
                "place": one.place,
                "passage": one.quote,
                "added_by": one.added_by,
                "added_at": moment(one.added_at),
            }
            for one in evidence.themes
        ],
        "notes": [
            {
                "author": note.author,
                "written_at": moment(note.written_at),
                "text": note.text,
            }
            for note in evidence.notes
        ],
        "assigned_to": evidence.assigned_to,
    }


def _theme(theme: Theme):
    return {
        "id": theme.pk,
        "name": theme.name,
        "meaning": theme.meaning,
        "part_of": theme.parent_id,
        "merged_into": theme.merged_into_id,
    }


def _file(submission, file):
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "content_type": file.content_type,
        "confidence": file.confidence,
        "may_be_published": publication_in(submission, file.public_confidence),
    }


def _as_json(content):
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
