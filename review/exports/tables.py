"""The tables: what is in which column of a row."""

import datetime as dt
from functools import cached_property

from django.utils.translation import gettext as _

from consultations.models import Question
from principles.models import PrincipleVersion
from submissions.models import Answer, Confidence, publication_of

from .gathering import evidence_of, items_of

# Nothing was said, and so there is nothing to keep back: no stance and no comment on a
# principle, no comment and no wording for a sentence.
NOTHING = ("", "", "")


class Table:
    """What every row begins with, and what the call asks."""

    # Returns what the rows of some submissions are made of, by their ids.
    gather = staticmethod(evidence_of)

    def __init__(self, consultation, *, with_email=False):
        self.consultation = consultation
        self.with_email = with_email

    # Asked for when the file is begun, and so of the same moment as its rows.
    @cached_property
    def questions(self):
        questions = Question.objects.filter(section__consultation=self.consultation)
        return list(questions.select_related("section"))

    @cached_property
    def versions(self):
        """Every version that was put out: a comment belongs to the text it was about."""
        return list(
            PrincipleVersion.objects.filter(principle__consultation=self.consultation)
            .order_by("principle__number", "number")
            .select_related("principle")
            .prefetch_related("sentences")
        )

    @property
    def sentences(self):
        return [one for version in self.versions for one in version.sentences.all()]

    def about_header(self):
        return [
            _("Reference"),
            _("Sent at"),
            _("Late"),
            _("Channel"),
            _("Responding"),
            _("Name"),
            _("Organisation"),
            _("Type of respondent"),
            _("Holds or bids for public service contracts"),
            _("Publication"),
            *([_("Email address")] if self.with_email else []),
        ]

    def about(self, submission):
        return [
            submission.reference,
            submission.submitted_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            _("Late") if submission.is_late else "",
            submission.get_channel_display(),
            submission.get_on_behalf_display(),
            submission.name,
            submission.organisation,
            submission.get_respondent_type_display(),
            submission.get_holds_contracts_display(),
            submission.get_publication_display(),
            *([submission.email] if self.with_email else []),
        ]


class OneRowASubmission(Table):
    """Wide: a column for each question, two for each version and each sentence of one."""

    name = "submissions"

    @property
    def header(self):
        return [
            *self.about_header(),
            *(str(question) for question in self.questions),
            *(
                f"{_in_full(version)}: {part}"
                for version in self.versions
                for part in (_("stance"), _("comment"))
            ),
            *(
                f"{_sentence_code(sentence)} {sentence}: {part}"
                for sentence in self.sentences
                for part in (_("comment"), _("suggested wording"))
            ),
            _("The principles as a whole: comment"),
            _("Files"),
            _("Kept back"),
        ]

    def rows(self, submission, evidence):
        nothing, general = ("", ""), evidence.comments.get(None, NOTHING)
        yield [
            *self.about(submission),
            *(evidence.texts.get(one.pk, nothing)[0] for one in self.questions),
            *(
                cell
                for version in self.versions
                for cell in evidence.comments.get(version.pk, NOTHING)[:2]
            ),
            *(
                cell
                for sentence in self.sentences
                for cell in evidence.sentences.get(sentence.pk, NOTHING)[:2]
            ),
            general[1],
            "; ".join(name for name, _confidence in evidence.files),
            "; ".join(self._kept_back(evidence)),
        ]

    def _kept_back(self, evidence):
        """Yield as in "1.4: For Locality only" what is not published like the rest."""
        said = [
            *((one.code, evidence.texts.get(one.pk)) for one in self.questions),
            *((_code(one), evidence.comments.get(one.pk)) for one in self.versions),
            *(
                (_sentence_code(one), evidence.sentences.get(one.pk))
                for one in self.sentences
            ),
            (_("The principles as a whole"), evidence.comments.get(None)),
            *((name, (confidence,)) for name, confidence in evidence.files),
        ]
        for what, cells in said:
            if cells and cells[-1] != Confidence.PUBLISH:
                yield f"{what}: {Confidence(cells[-1]).label}"


class OneRowAnAnswer(Table):
    """Long: a row for each answer or comment, in the order of the call."""

    name = "answers"

    @property
    def header(self):
        return [
            *self.about_header(),
            _("Kind"),
            _("Section"),
            _("Code"),
            _("Question or principle"),
            _("Stance"),
            _("Text"),
            _("May be published"),
        ]

    def rows(self, submission, evidence):
        about = self.about(submission)
        for *cells, confidence in self._said(evidence):
            publication = publication_of(submission, Answer(confidence=confidence))
            yield [*about, *cells, str(publication.in_short)]

    def _said(self, evidence):
        for question in self.questions:
            if question.pk in evidence.texts:
                yield [
                    _("answer"),
                    str(question.section),
                    question.code,
                    question.wording,
                    "",
                    *evidence.texts[question.pk],
                ]
        for version in self.versions:
            if version.pk in evidence.comments:
                yield [
                    _("principle"),
                    _("The draft principles"),
                    _code(version),
                    _title(version),
                    *evidence.comments[version.pk],
                ]
            for sentence in version.sentences.all():
                yield from self._said_of(
                    sentence, *evidence.sentences.get(sentence.pk, NOTHING)
                )
        if None in evidence.comments:
            yield [
                _("general"),
                _("The draft principles"),
                "",
                _("The principles as a whole"),
                *evidence.comments[None],
            ]

    def _said_of(self, sentence, comment, suggestion, confidence):
        """Yield a row for the comment, and one for the wording that was suggested."""
        texts = {_("sentence"): comment, _("suggested wording"): suggestion}
        for kind, text in texts.items():
            if text:
                yield [
                    kind,
                    _("The draft principles"),
                    _sentence_code(sentence),
                    sentence.text,
                    "",
                    text,
                    confidence,
                ]


class OneRowAnItem(Table):
    """A row for each evidence item, with where it is used and the names of its files."""

    name = "evidence"
    gather = staticmethod(items_of)

    @property
    def header(self):
        return [
            *self.about_header(),
            _("Title"),
            _("Kind"),
            _("What it says"),
            _("What it shows"),
            _("Service"),
            _("Place"),
            _("Period"),
            _("Source"),
            _("May be quoted"),
            _("Questions"),
            _("Principles"),
            _("Files"),
            _("May be published"),
        ]

    def rows(self, submission, items):
        about = self.about(submission)
        for item in items:
            yield [
                *about,
                item.title,
                item.get_kind_display(),
                item.details,
                item.get_shows_display(),
                item.service,
                item.place,
                item.period,
                item.source_url,
                item.get_may_quote_display(),
                " ".join(question.code for question in item.questions.all()),
                " ".join(f"P{one.number}" for one in item.principles.all()),
                "; ".join(attachment.name for attachment in item.attachments.all()),
                str(publication_of(submission, item).in_short),
            ]


TABLES = {
    table.name: table for table in (OneRowASubmission, OneRowAnAnswer, OneRowAnItem)
}


def _in_full(version):
    return f"{_code(version)} {_title(version)}"


def _code(version):
    return f"P{version.principle.number}"


def _sentence_code(sentence):
    """Return as in "P4v1.2": the second sentence of principle 4 in its first version."""
    return f"{_code(sentence.version)}v{sentence.version.number}.{sentence.number}"


def _title(version):
    """Return as in "Think local first (version 1)": a comment is about one wording."""
    return _("%(title)s (version %(number)s)") % {
        "title": version.principle.title,
        "number": version.number,
    }
