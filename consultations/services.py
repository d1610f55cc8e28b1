from django.db import transaction
from django.db.models.functions import Now

from .models import Consultation, PrivacyNotice, Question, Section

TEXTS = [
    "title",
    "reference_prefix",
    "contact_email",
    "campaign",
    "introduction",
    "audience",
    "interests",
    "how_to_respond",
    "principles_introduction",
]


def lock_calls():
    """Have others who change calls wait until the caller's transaction ends.

    The first thing to lock in it: triggers lock the same when what is asked changes.
    """
    list(Consultation.objects.order_by("pk").select_for_update(no_key=True))


def rehearsal_slug(slug):
    return f"{slug}-rehearsal"


def end_rehearsal(slug):
    """Close the rehearsal of a call, if one is open."""
    rehearsals = Consultation.objects.open().filter(slug=rehearsal_slug(slug))
    rehearsals.update(closes_at=Now())


def load_consultation(slug, call, before, dates):
    """Write the texts and dates of a call that its file has changed; return the call.

    `before` is the file as it was loaded last, a dict, empty for a new call. What the
    file has not changed since stays as staff have made it.
    """
    values = changed(call.model_dump(mode="json"), before, TEXTS) | dates
    values["loaded_file"] = call.model_dump(mode="json")
    consultation, _created = Consultation.objects.update_or_create(
        slug=slug, defaults=values
    )
    return consultation


def load_privacy_notice(consultation, call, before):
    """Publish the privacy notice of a call file that it has changed.

    `before` is the file as it was loaded last, a dict.
    """
    text = call.privacy_notice
    newest = consultation.privacy_notice
    if text in ("", before.get("privacy_notice")) or (newest and newest.text == text):
        return
    publish_privacy_notice(consultation, text)


def publish_privacy_notice(consultation, text):
    """Make a new version of the call's privacy notice, current from now on; return it."""
    with transaction.atomic():
        # So that two who publish take turns.
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        newest = consultation.privacy_notice
        return PrivacyNotice.objects.create(
            consultation=consultation,
            number=newest.number + 1 if newest else 1,
            text=text,
        )


def load_sections(consultation, call, before):
    """Write sections and questions; return the questions whose wording was left.

    A question that has answers keeps its wording, and its section keeps its title and
    introduction: people have answered what they read. Staff change such wording in the
    admin, where the old one is kept. Nothing that the file no longer names is deleted.
    """
    kept = []
    sections_before = by_name(before.get("sections", []), "number")
    for section_in_file in call.model_dump(mode="json")["sections"]:
        number = section_in_file["number"]
        section_before = sections_before.get(number, {})
        section = _load_section(consultation, section_in_file, section_before)
        kept += _load_questions(section, section_in_file, section_before)
    return kept


def _load_section(consultation, in_file, before):
    section = consultation.sections.filter(number=in_file["number"]).first()
    if section is None:
        section = Section(consultation=consultation, number=in_file["number"])
    names = ["title", "introduction"]
    if section.pk and any(
        question.has_answers() for question in section.questions.all()
    ):
        names = []
    values = changed(in_file, before, names)
    values |= provisional(in_file, before)
    return _save(section, values)


def _load_questions(section, in_file, before):
    kept = []
    before = by_name(before.get("questions", []), "code")
    for position, question_in_file in enumerate(in_file["questions"], start=1):
        code = question_in_file["code"]
        question_before = before.get(code, {})
        question = section.questions.filter(code=code).first()
        if question is None:
            question = Question(section=section, code=code)
        values = changed(question_in_file, question_before, ["wording"])
        if values and question.pk and question.has_answers():
            kept.append(question)
            values = {}
        values |= provisional(question_in_file, question_before)
        _save(question, values | {"position": position})
    return kept


def changed(after, before, names):
    """Return those of the named values that are not as they were."""
    return {
        name: after[name]
        for name in names
        if name not in before or after[name] != before[name]
    }


def provisional(after, before):
    if not changed(after, before, ["provisional"]):
        return {}
    return {"is_provisional": after["provisional"]}


def by_name(tables, name):
    return {table[name]: table for table in tables}


def _save(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row
