"""What many respondents said in one place: counts, and the same words."""

from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import MD5
from django.utils.translation import gettext as _

from submissions.models import (
    Answer,
    Confidence,
    PrincipleComment,
    Publication,
    RespondentType,
    SentenceComment,
    Stance,
    Submission,
    publication_of,
)

from . import kept
from .figures import by_type
from .finding import search
from .said import SaidText, said_in_rows

# So many rows are looked up in about the time in which a walk finds a page of as many.
FEW = 1_500
# get_…_display() reads all choices each time.
KINDS = dict(RespondentType.choices)


@dataclass(frozen=True)
class Voice:
    """What one respondent said in one place."""

    submission: Submission
    said: SaidText
    stance: str = ""
    # How many others of all say it word for word.
    others: int = 0

    @property
    def before(self):
        """What keeps the id of its text apart from those of others."""
        return f"{self.submission.pk}-"

    @property
    def kind(self):
        """The type of respondent, in words."""
        kind = self.submission.respondent_type
        return KINDS.get(kind, kind)

    @property
    def wish(self):
        """How it may be published, as the respondent wishes."""
        if self.said.confidence != Confidence.PUBLISH:
            return self.said.confidence.label
        return {
            Publication.WITH_NAME: _("May be published with name"),
            Publication.WITHOUT_NAME: _("May be published without name"),
            Publication.NOT: _("Not to be published"),
        }[publication_of(self.submission, self.said)]


def voices_of(submissions, place, rows):
    """Return a `Voice` for each of these submissions that says something there.

    `rows` are those in which it is said.
    """
    rows = rows.filter(submission__in=submissions)
    said = {pk: text for pk, text in said_in_rows(rows) if text.place == place}
    return [
        Voice(submission, said[submission.pk])
        for submission in submissions
        if submission.pk in said
    ]


def answers_to(question):
    return Answer.objects.filter(question=question)


def comments_on(version):
    """Return the comments in words on a version of a principle."""
    return PrincipleComment.objects.filter(version=version).exclude(comment="")


def comments_on_sentence(sentence):
    return SentenceComment.objects.filter(sentence=sentence).exclude(comment="")


def _on_versions(submissions, within):
    said = PrincipleComment.objects.filter(within, submission__in=submissions)
    return by_type(said.exclude(version=None).exclude(comment=""), "version")


def _on_sentences(submissions, within):
    said = SentenceComment.objects.filter(within, submission__in=submissions)
    return by_type(said.exclude(comment=""), "sentence")


def _for_sentences(submissions, within):
    said = SentenceComment.objects.filter(within, submission__in=submissions)
    return by_type(said.exclude(suggestion=""), "sentence")


# Comments, and suggested wordings, by the id of a version of a principle or a sentence.
COMMENTS = kept.Kind("comments", _on_versions)
ON_SENTENCES = kept.Kind("comments on sentences", _on_sentences)
WORDINGS = kept.Kind("wordings for sentences", _for_sentences)


def among(rows):
    """Return the condition that a submission has one of these rows.

    Few are looked up: to come from the newest to a page of them takes as long as there are
    others in between.
    """
    few = list(rows.order_by().values_list("submission", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return search.among(few)
    return Exists(rows.filter(submission=OuterRef("pk")))


def with_same_words(voices, rows, column):
    """Return the voices with how many `others` say the same; an index finds them."""
    sent = rows.filter(submission__in=Submission.objects.submitted())
    ours = [MD5(Value(voice.said.text)) for voice in voices]
    same = sent.alias(words=MD5(column)).filter(words__in=ours).values_list(column)
    counts = dict(same.order_by().annotate(count=Count("pk")))
    return [
        replace(voice, others=counts.get(voice.said.text, 1) - 1) for voice in voices
    ]


def saying_the_same(rows, column, submission):
    """Return those of the rows that say what this submission's row says."""
    words = rows.filter(submission=submission).values(words=MD5(column))
    return rows.alias(words=MD5(column)).filter(words__in=words)


def with_stances(voices, version):
    """Return the voices with their stance on a version of a principle, in words."""
    taken = PrincipleComment.objects.filter(
        version=version, submission__in=[voice.submission for voice in voices]
    )
    stances = dict(taken.exclude(stance="").values_list("submission", "stance"))
    return [
        replace(voice, stance=Stance(stances[voice.submission.pk]).label)
        if voice.submission.pk in stances
        else voice
        for voice in voices
    ]


def stances_by_type(version, stances):
    """Return [(type, [count of each stance])] of a `Figure`, and a last row for all."""
    taken = [stances.of(f"{version.pk} {stance}").by_type for stance in Stance]
    rows = [
        (name, [counts.get(kind, 0) for counts in taken])
        for kind, name in [*RespondentType.choices, ("", _("Not said"))]
        if any(kind in counts for counts in taken)
    ]
    total = [sum(column) for column in zip(*(row for _name, row in rows), strict=True)]
    return [*rows, (_("All"), total)] if rows else []


def sentences_of(version, figures):
    """Return the sentences, each with how many `comments` and `suggestions` it has."""
    here = Q(sentence__version=version)
    comments = figures.of(ON_SENTENCES, here).by_key
    suggestions = figures.of(WORDINGS, here).by_key
    return [
        (
            sentence,
            {
                "comments": comments.get(sentence.pk, 0),
                "suggestions": suggestions.get(sentence.pk, 0),
            },
        )
        for sentence in version.sentences.all()
    ]
