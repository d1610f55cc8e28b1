from .models import Consultation, Question, Section

TEXTS = [
    "campaign",
    "introduction",
    "audience",
    "interests",
    "how_to_respond",
    "principles_introduction",
]


def load_consultation(call, *, digest, opens_at, closes_at, is_rehearsal):
    """Write the call's own texts and dates; return the consultation."""
    consultation, _created = Consultation.objects.update_or_create(
        slug=call.slug,
        defaults={
            "title": call.title,
            "reference_prefix": call.reference_prefix,
            "contact_email": call.contact_email,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "is_rehearsal": is_rehearsal,
            "file_digest": digest,
        }
        | {name: getattr(call, name) for name in TEXTS},
    )
    return consultation


def load_sections(consultation, sections):
    """Write sections and questions; return the questions that were left as they are.

    A question that has answers keeps its wording, and so does its section: people
    have answered what they read. Staff change such wording in the admin, where the
    old one is kept. Nothing that the file no longer names is deleted.
    """
    kept = []
    for section_in_file in sections:
        section, _created = Section.objects.get_or_create(
            consultation=consultation,
            number=section_in_file.number,
            defaults={"title": section_in_file.title},
        )
        kept += _load_questions(section, section_in_file.questions)
        if not any(question.has_answers() for question in section.questions.all()):
            section.title = section_in_file.title
            section.introduction = section_in_file.introduction.strip()
            section.is_provisional = section_in_file.provisional
            section.save()
    return kept


def _load_questions(section, questions):
    kept = []
    for position, question_in_file in enumerate(questions, start=1):
        question = Question.objects.filter(
            section=section, code=question_in_file.code
        ).first() or Question(section=section, code=question_in_file.code)
        fresh = {
            "position": position,
            "wording": question_in_file.wording,
            "is_provisional": question_in_file.provisional,
        }
        if all(getattr(question, name) == value for name, value in fresh.items()):
            continue
        if question.pk and question.has_answers():
            kept.append(question)
            continue
        for name, value in fresh.items():
            setattr(question, name, value)
        question.save()
    return kept
