"""A submission as plain data: what a respondent takes away and a revision keeps.

    {"reference": "KIL-7F3K2M8", "answers": [{"code": "1.4", "question": "…", …}], …}

Keys are English and stay as they are, whatever the language of the pages: programs read
them. Choices are their codes, times ISO 8601 in UTC, and a file is named by the SHA-256 of
its bytes.
"""

import datetime as dt

from . import reading
from .models import (
    Channel,
    Confidence,
    EvidenceKind,
    HoldsContracts,
    MayQuote,
    OnBehalf,
    Publication,
    RespondentType,
    Shows,
    Stance,
)

DETAILS = [
    "channel",
    "on_behalf",
    "name",
    "organisation",
    "respondent_type",
    "holds_contracts",
    "email",
    "publication",
    "signed_off_by",
    "is_late",
]


LABELS = {
    "channel": Channel,
    "on_behalf": OnBehalf,
    "respondent_type": RespondentType,
    "holds_contracts": HoldsContracts,
    "publication": Publication,
    "stance": Stance,
    "kind": EvidenceKind,
    "shows": Shows,
    "may_quote": MayQuote,
    "confidence": Confidence,
}


def as_data(submission, read=None):
    """Return all that the respondent gave us, as a dict of JSON's types.

    `read` is what `reading.whole` gave, if somebody has asked it already.
    """
    read = read or reading.whole(submission)
    notice = submission.privacy_notice
    return {
        "reference": submission.reference,
        "call": submission.consultation.title,
        "sent_at": moment(submission.submitted_at),
        "privacy_notice": notice and notice.number,
        **{name: getattr(submission, name) for name in DETAILS},
        "answers": [
            _answer(question)
            for section in read.sections
            for question in section.questions
            if question.answer
        ],
        "principles": [
            _principle(principle)
            for principle in read.principles
            if principle.has_something
        ],
        "principles_as_a_whole": read.general and _comment(read.general),
        "evidence_items": [_item(item) for item in read.items],
        "files": [_file(attachment) for attachment in read.attachments],
    }


def moment(time):
    return time and time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(read):
    return {
        "code": read.question.code,
        "question": read.question.wording,
        "text": read.answer.text,
        "confidence": read.answer.confidence,
    }


def _principle(read):
    return {
        "number": read.version.principle.number,
        "version": read.version.number,
        "title": read.version.principle.title,
        "comment": read.comment
        and {"stance": read.comment.stance} | _comment(read.comment),
        "sentences": [
            {
                "number": sentence.sentence.number,
                "sentence": sentence.sentence.text,
                "comment": sentence.said.comment,
                "suggestion": sentence.said.suggestion,
                "confidence": sentence.said.confidence,
            }
            for sentence in read.sentences
            if sentence.said
        ],
    }


def _comment(comment):
    return {"text": comment.comment, "confidence": comment.confidence}


def _item(item):
    names = ["title", "kind", "details", "place", "service", "period", "source_url"]
    names += ["shows", "may_quote", "confidence"]
    return {name: getattr(item, name) for name in names} | {
        "questions": [question.code for question in item.questions.all()],
        "principles": [principle.number for principle in item.principles.all()],
        "files": [_file(attachment) for attachment in item.attachments.all()],
    }


def _file(attachment):
    return {
        "name": attachment.name,
        "size": attachment.stored.size,
        "sha256": attachment.stored.sha256,
        "content_type": attachment.stored.content_type,
        "confidence": attachment.confidence,
    }


def in_words(data):
    """Return what `as_data` gave with its choices as people read them.

    "" stands for a confidence that keeps nothing back.
    """
    if isinstance(data, list):
        return [in_words(one) for one in data]
    if isinstance(data, dict):
        return {name: _in_words(name, value) for name, value in data.items()}
    return data


def _in_words(name, value):
    if name == "confidence" and value == Confidence.PUBLISH:
        return ""
    if name in LABELS and value:
        return str(LABELS[name](value).label)
    return in_words(value)
