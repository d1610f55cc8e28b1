"""What staff do with evidence that came by email or on paper."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from review.models import (
    ASIDE,
    Intake,
    PlacedParagraph,
    TextFrom,
    Transcription,
    mark_of,
)
from submissions import services as submissions
from submissions.files import names
from submissions.files.kinds import MAX_FILES
from submissions.files.refusals import Unacceptable
from submissions.models import Publication

from .places import Places
from .texts import flat, paragraphs, text_of

# What a submission is told of its sender, by the same names.
DETAILS = [
    "channel",
    "on_behalf",
    "name",
    "organisation",
    "respondent_type",
    "holds_contracts",
    "email",
]


class Refused(Exception):
    """Nothing was changed."""


class NoLongerOpen(Refused):
    """It waits to be checked, or is taken in, or was thrown away."""


class NotInOriginal(Refused):
    """The words, or the paragraphs, do not stand in an original."""


class Clash(Refused):
    """Somebody else has changed texts meanwhile: `texts` holds theirs by place."""

    def __init__(self, texts):
        super().__init__(", ".join(texts))
        self.texts = texts


class NothingPlaced(Refused):
    pass


class PlacedAlready(Refused):
    """A text whose paragraphs are placed stays as it is."""


class SamePerson(Refused):
    """Whoever says that all is placed does not check it."""


class ChangedMeanwhile(Refused):
    """It was sent back and handed over again since it was looked at."""


@contextmanager
def open_intake(intake):
    """Lock an intake for one change to what is placed; raises NoLongerOpen."""
    with transaction.atomic():
        locked = Intake.objects.select_for_update().filter(pk=intake.pk).first()
        if locked is None or not locked.may_change:
            raise NoLongerOpen
        yield locked


def start(details, *, staff):
    """Return a new intake: `details` is a dict of field name to value."""
    return Intake.objects.create(started_by=staff, **details)


def keep_details(intake, details):
    """Write what is known of the sender; raises NoLongerOpen."""
    with open_intake(intake) as locked:
        for name, value in details.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(details))


def add_text(intake, *, name, text, staff):
    """Keep a text that was pasted as an original.

    Raises Unacceptable or NoLongerOpen.
    """
    _refuse_too_many(intake)
    stored = submissions.keep_as_file(text)
    return _add(intake, f"{name}.txt", stored, text, TextFrom.PASTED, staff)


def add_file(intake, upload, *, staff):
    """Check a file, keep it as it came, and read its text if it has one.

    Raises Unacceptable or NoLongerOpen.
    """
    _refuse_too_many(intake)
    stored, cleaned = submissions.keep_original(upload)
    text = text_of(upload.path, stored.content_type)
    text_from = TextFrom.EXTRACTED if text else ""
    return _add(intake, upload.name, stored, text, text_from, staff, cleaned=cleaned)


def _add(intake, name, stored, text, text_from, staff, cleaned=None):
    with open_intake(intake) as locked:
        _refuse_too_many(locked)
        for file in filter(None, [stored, cleaned]):
            file.save()
        others = locked.originals.values_list("name", flat=True)
        return locked.originals.create(
            name=names.told_apart(name, others),
            stored=stored,
            cleaned=cleaned,
            text=text,
            text_from=text_from,
            added_by=staff,
        )


def _refuse_too_many(intake):
    if intake.originals.count() >= MAX_FILES:
        raise Unacceptable("too-many")


def type_text(original, text):
    """Keep what a scan says, as staff read it; raises NoLongerOpen or PlacedAlready."""
    with open_intake(original.intake):
        if original.placed.exists():
            raise PlacedAlready
        original.text = text
        original.text_from = TextFrom.TYPED if text else ""
        original.save(update_fields=["text", "text_from"])


def remove_original(original):
    """Take an original away again; raises NoLongerOpen or PlacedAlready."""
    with open_intake(original.intake):
        if original.placed.exists():
            raise PlacedAlready
        original.delete()


def keep_texts(intake, texts):
    """Write texts by hand: a dict of place to (text, stance, mark of what was seen).

    What is as it was seen is left alone, whoever has changed it. Raises Clash when somebody
    else has changed what is changed here; then none is written. A place that is emptied
    has no paragraphs any more.
    """
    with open_intake(intake) as locked:
        standing = {one.place: one for one in locked.transcriptions.all()}
        places = Places(locked.consultation, _versions(standing.values()))
        changed, clashes = [], []
        for name, (text, stance, seen) in texts.items():
            one = standing.get(name) or _new(locked, places.by_name[name])
            if mark_of(text, stance) in (seen, one.mark):
                continue
            if seen != one.mark:
                clashes.append(name)
            one.text, one.stance = text, stance
            changed.append(one)
        if clashes:
            raise Clash(_as_they_stand(locked, clashes))
        for one in changed:
            _save(one)


def _as_they_stand(intake, clashes):
    standing = intake.transcriptions.filter(place__in=clashes)
    return {one.place: one for one in standing}


def _new(intake, place):
    return Transcription(
        intake=intake,
        place=place.name,
        question=place.question,
        version=place.version,
    )


def _save(transcription):
    transcription.save()
    if not transcription.text:
        placed = PlacedParagraph.objects.filter(
            original__intake=transcription.intake_id, place=transcription.place
        )
        placed.delete()


def _versions(transcriptions):
    return [one.version_id for one in transcriptions if one.version_id]


def put(intake, place, chosen, words=""):
    """Put paragraphs, pairs of an original's id and a number, under a place, or aside.

    `words` is what was selected of them, when that is not all. What stands there already
    is not put there again, so a second click does nothing. Raises NotInOriginal or
    NoLongerOpen.
    """
    with open_intake(intake) as locked:
        passages = _passages(locked, chosen)
        if words and flat(words) not in flat(" ".join(passages.values())):
            raise NotInOriginal
        if place == ASIDE:
            words = ""
        else:
            _append(locked, place, passages, words)
        PlacedParagraph.objects.bulk_create(
            (
                PlacedParagraph(
                    original_id=original,
                    number=number,
                    place=place,
                    is_part=bool(words) and flat(text) not in flat(words),
                )
                for (original, number), text in passages.items()
            ),
            ignore_conflicts=True,
        )


def _passages(intake, chosen):
    """Return the text of each chosen paragraph, in the order of the originals."""
    passages = {
        (original.pk, number): text
        for original in intake.originals.all()
        for number, text in enumerate(paragraphs(original.text), start=1)
        if (original.pk, number) in chosen
    }
    if not passages or len(passages) < len(set(chosen)):
        raise NotInOriginal
    return passages


def _append(intake, name, passages, words):
    """Write passages under what stands in a place."""
    standing = list(intake.transcriptions.all())
    place = Places(intake.consultation, _versions(standing)).by_name[name]
    one = next((one for one in standing if one.place == name), _new(intake, place))
    if words:
        pieces = [] if flat(words) in flat(one.text) else [words.strip()]
    else:
        there = PlacedParagraph.objects.filter(
            original__intake=intake, place=name, is_part=False
        ).values_list("original", "number")
        pieces = [text for key, text in passages.items() if key not in set(there)]
    if pieces:
        one.text = "\n\n".join(filter(None, [one.text.rstrip(), *pieces]))
        _save(one)


def take_back(intake, pk):
    """Undo that a paragraph was put somewhere; return the one taken back, or None.

    Its `words_stand` is whether words of it may still stand there: those that were edited,
    or a part of it, are for a person to take out. Raises NoLongerOpen.
    """
    with open_intake(intake) as locked:
        placed = PlacedParagraph.objects.filter(original__intake=locked, pk=pk).first()
        if placed is None:
            return None
        placed.delete()
        placed.words_stand = placed.place != ASIDE and not _cut(locked, placed)
        return placed


def _cut(intake, placed):
    """Take a paragraph's words out of a place; return False if they are not there so."""
    one = intake.transcriptions.filter(place=placed.place).first()
    text = paragraphs(placed.original.text)[placed.number - 1]
    pieces = one.text.split("\n\n") if one else []
    if text not in pieces:
        return False
    pieces.remove(text)
    one.text = "\n\n".join(pieces)
    one.save()
    return True


def hand_over(intake, *, staff):
    """Say that all is placed: somebody else is to check it.

    Raises NoLongerOpen or NothingPlaced.
    """
    with open_intake(intake) as locked:
        if not any(one.text or one.stance for one in locked.transcriptions.all()):
            raise NothingPlaced
        locked.handed_over_at = timezone.now()
        locked.handed_over_by = staff
        locked.save(update_fields=["handed_over_at", "handed_over_by"])


@contextmanager
def _handed_over(intake):
    with transaction.atomic():
        locked = Intake.objects.select_for_update().filter(pk=intake.pk).first()
        if locked is None or locked.is_taken_in or not locked.is_handed_over:
            raise NoLongerOpen
        yield locked


def send_back(intake, *, reason):
    """Open an intake again, because something is wrong; raises NoLongerOpen."""
    with _handed_over(intake) as locked:
        locked.handed_over_at = locked.handed_over_by = None
        locked.sent_back_because = reason
        locked.save(
            update_fields=["handed_over_at", "handed_over_by", "sent_back_because"]
        )


def take_in(intake, *, staff, seen):
    """Make a submission of an intake that another has checked; return it.

    `seen` is when what was looked at had been handed over. Raises NoLongerOpen,
    SamePerson or ChangedMeanwhile.
    """
    with _handed_over(intake) as locked:
        if locked.handed_over_by_id == staff.pk:
            raise SamePerson
        if locked.handed_over_at != seen:
            raise ChangedMeanwhile
        locked.submission = _make_submission(locked)
        locked.checked_at = timezone.now()
        locked.checked_by = staff
        locked.save(update_fields=["submission", "checked_at", "checked_by"])
    return locked.submission


def _make_submission(intake):
    details = {name: getattr(intake, name) for name in DETAILS}
    details["submitted_at"] = intake.received_at
    details["publication"] = intake.publication or Publication.NOT
    answers, comments = {}, {}
    for one in intake.transcriptions.all():
        if one.question_id:
            answers[one.question_id] = (one.text, "publish")
        else:
            comments[one.version_id] = (one.stance, one.text, "publish")
    files = [
        (original.name, original.cleaned or original.stored)
        for original in intake.originals.select_related("stored", "cleaned")
    ]
    return submissions.take_in(
        intake.consultation, details, answers=answers, comments=comments, files=files
    )


def throw_away(intake):
    """Forget an intake that was begun by mistake; its files go with the next sweep.

    Raises NoLongerOpen once it is a submission.
    """
    with transaction.atomic():
        waiting = Intake.objects.waiting().select_for_update()
        if not (locked := waiting.filter(pk=intake.pk).first()):
            raise NoLongerOpen
        locked.delete()
