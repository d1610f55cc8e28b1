"""What many respondents said in one place: counts, the same words, suggested wordings."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import MD5, RowNumber, Trim
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
from submissions.wording import difference

from .said import SaidText, said_by

# Of those who suggest one wording, as many are named.
NAMED = 5


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
    def wish(self):
        """How it may be published, as the respondent wishes."""
        if self.said.confidence != Confidence.PUBLISH:
            return self.said.confidence.label
        return {
            Publication.WITH_NAME: _("May be published with name"),
            Publication.WITHOUT_NAME: _("May be published without name"),
            Publication.NOT: _("Not to be published"),
        }[publication_of(self.submission, self.said)]


def voices_of(submissions, place):
    """Return a `Voice` for each of these submissions that says something there."""
    said = said_by([submission.pk for submission in submissions])
    return [
        Voice(submission, text)
        for submission in submissions
        for text in said[submission.pk]
        if text.place == place
    ]


def answers_to(question):
    return Answer.objects.filter(question=question)


def comments_on(version):
    """Return the comments in words on a version of a principle."""
    return PrincipleComment.objects.filter(version=version).exclude(comment="")


def comments_on_sentence(sentence):
    return SentenceComment.objects.filter(sentence=sentence).exclude(comment="")


def among(rows):
    """Return the condition that a submission has one of these rows."""
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


def stances_by_type(version, submissions):
    """Return [(type, [count of each stance])], with a last row for all of them."""
    taken = PrincipleComment.objects.filter(
        version=version, submission__in=submissions.order_by()
    ).exclude(stance="")
    counted = taken.order_by().values_list("submission__respondent_type", "stance")
    counts = defaultdict(dict)
    for kind, stance, count in counted.annotate(count=Count("pk")):
        counts[kind][stance] = count
    rows = [
        (name, [counts[kind].get(stance, 0) for stance in Stance.values])
        for kind, name in [*RespondentType.choices, ("", _("Not said"))]
        if kind in counts
    ]
    total = [sum(column) for column in zip(*(row for _name, row in rows), strict=True)]
    return [*rows, (_("All"), total)] if rows else []


def sentences_of(version, submissions):
    """Return the sentences, each with how many `comments` and `suggestions` it has."""
    said = SentenceComment.objects.filter(
        sentence__version=version, submission__in=submissions.order_by()
    )
    counted = (
        said.order_by()
        .values("sentence")
        .annotate(
            comments=Count("pk", filter=~Q(comment="")),
            suggestions=Count("pk", filter=~Q(suggestion="")),
        )
    )
    counts = {row["sentence"]: row for row in counted}
    nothing = {"comments": 0, "suggestions": 0}
    return [
        (sentence, counts.get(sentence.pk, nothing))
        for sentence in version.sentences.all()
    ]


@dataclass(frozen=True)
class Wording:
    """One suggested wording of a sentence, and who suggests it."""

    text: str
    count: int
    pieces: list
    # The first of them.
    named: list[Submission]

    @property
    def unnamed(self):
        return self.count - len(self.named)


def wordings_of(sentence, submissions):
    """Return {"text", "count"} of each suggested wording, the most frequent first.

    Wordings that differ in their spaces alone are one.
    """
    texts = suggested(sentence, submissions).order_by().values("text")
    counted = texts.annotate(count=Count("pk"), first=Min("submission"))
    return counted.order_by("-count", "first")


def with_names(sentence, submissions, groups):
    """Return a `Wording` for each of these groups of `wordings_of`."""
    place = Window(
        RowNumber(),
        partition_by="text",
        order_by=["submission__submitted_at", "submission"],
    )
    texts = [group["text"] for group in groups]
    some = suggested(sentence, submissions).filter(text__in=texts)
    first = some.annotate(place=place).filter(place__lte=NAMED)
    named = defaultdict(list)
    for row in first.select_related("submission").order_by("place"):
        named[row.text].append(row.submission)
    return [
        Wording(
            group["text"],
            group["count"],
            difference(sentence.text, group["text"]),
            named[group["text"]],
        )
        for group in groups
    ]


def suggested(sentence, submissions):
    """Return the wordings that are suggested, with their `text` less extra spaces."""
    spaces = Value(r"\s+"), Value(" "), Value("g")
    text = Trim(
        Func(F("suggestion"), *spaces, function="regexp_replace"),
        output_field=TextField(),
    )
    return (
        SentenceComment.objects.filter(
            sentence=sentence, submission__in=submissions.order_by()
        )
        .exclude(suggestion="")
        .annotate(text=text)
    )
