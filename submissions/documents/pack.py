"""The questions of a call to work on offline, for Word and for paper."""

from dataclasses import dataclass

from django.conf import settings
from django.forms import Textarea
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.uk_time import in_words
from principles.models import PrincipleVersion
from submissions.models import Confidence, Publication, Stance
from submissions.parts import AboutYouForm, ItemForm
from submissions.parts.item import details_field

from .pdf import Pdf
from .word import Word

LINES_TO_ANSWER = 10
LINES_TO_COMMENT = 6

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TO_TYPE = gettext_lazy(
    "Type your answers into the boxes. They grow with what you type."
)
TO_WRITE = gettext_lazy(
    "Write your answers on the lines. If they are too few, go on on another sheet, and put "
    "the number of the question there."
)


@dataclass(frozen=True)
class Format:
    writer: type
    content_type: str
    how_to_write: str
    is_large: bool = False


FORMATS = {
    "questions.docx": Format(Word, WORD_TYPE, TO_TYPE),
    "questions-large-print.docx": Format(Word, WORD_TYPE, TO_TYPE, is_large=True),
    "questions.pdf": Format(Pdf, "application/pdf", TO_WRITE),
    "questions-large-print.pdf": Format(
        Pdf, "application/pdf", TO_WRITE, is_large=True
    ),
}


def question_pack(consultation, form):
    """Return the questions of a call in a `Format`, as bytes; four queries."""
    pack = form.writer(consultation.title, is_large=form.is_large)
    pack.text(_("Call for evidence: all the questions, to work on offline"))
    _how_to_use(pack, consultation, form)
    _about_you(pack)
    for section in consultation.sections.prefetch_related("questions"):
        _section(pack, section)
    _principles(pack, consultation)
    _evidence(pack)
    return pack.content()


def _how_to_use(pack, consultation, form):
    pack.heading(_("How to use this pack"))
    pack.text(
        _(
            "You do not have to answer every question, and you can answer them in any "
            "order: one good answer is worth having."
        )
    )
    pack.text(form.how_to_write)
    if consultation.is_open:
        moment = in_words(consultation.closes_at)
        pack.strong(
            _("Send your response by %(moment)s, in one of two ways:")
            % {"moment": moment}
        )
        pack.items(
            [
                _("Put your answers into the portal at %(site)s. It needs no account.")
                % {"site": settings.SITE_URL},
                _(
                    "Email this document, or a scan or photographs of it, to "
                    "%(address)s."
                )
                % {"address": consultation.contact_email},
            ]
        )
    else:
        pack.strong(
            _("This call closed at %(moment)s. You can still read its questions.")
            % {"moment": in_words(consultation.closes_at)}
        )
    pack.text(
        _(
            "The portal also says how we use your data, and has this pack in Word, PDF "
            "and large print."
        )
    )


def _about_you(pack):
    pack.part(_("About you"))
    pack.text(
        _(
            "We need a name or an organisation, and your choice about publication. The "
            "rest helps us to understand your evidence."
        )
    )
    fields = AboutYouForm.base_fields
    for name in (
        "on_behalf",
        "name",
        "organisation",
        "respondent_type",
        "holds_contracts",
        "email",
    ):
        _ask(pack, fields[name])
    pack.heading(fields["publication"].label, 2)
    pack.choices(f"{choice.label}. {choice.meaning}" for choice in Publication)
    pack.heading(_("If some of it is more confidential than the rest"), 2)
    pack.text(
        _(
            "Any answer, comment or piece of evidence can be kept back further than "
            "that. Write one of these beside it:"
        )
    )
    kept_back = (Confidence.WITHOUT_NAME, Confidence.LOCALITY_ONLY)
    pack.items(choice.label for choice in kept_back)


def _section(pack, section):
    pack.part(str(section))
    pack.markdown(section.introduction)
    for question in section.questions.all():
        pack.heading(f"{question.code} {question.main_part}", 2)
        if question.follow_up:
            pack.hint(question.follow_up)
        pack.room(LINES_TO_ANSWER)


def _principles(pack, consultation):
    pack.part(_("The draft principles"))
    pack.markdown(consultation.principles_introduction)
    for version in PrincipleVersion.objects.current(consultation):
        number = {"number": version.principle.number}
        pack.heading(str(version.principle), 2)
        for sentence in version.sentences.all():
            pack.sentence(sentence.number, sentence.text)
        pack.heading(_("How far do you agree with principle %(number)s?") % number, 3)
        pack.choices(Stance.labels)
        pack.heading(_("What would you say about principle %(number)s?") % number, 3)
        pack.room(LINES_TO_COMMENT)
        pack.heading(
            _("How would you word principle %(number)s, if differently?") % number, 3
        )
        pack.hint(
            _("Give the number of the sentence, and the sentence as you want it.")
        )
        pack.room(LINES_TO_COMMENT)
    pack.heading(_("Anything to say about the principles as a whole?"), 2)
    pack.room(LINES_TO_COMMENT)


def _evidence(pack):
    pack.part(_("Evidence and files"))
    pack.text(
        _(
            "Your answers are enough. If you have figures, research, case studies, "
            "testimony or records to show, describe each of them here: copy this part "
            "as often as you need it. Only the title is needed. Send the files along."
        )
    )
    fields = ItemForm.base_fields
    for field in (
        fields["title"],
        fields["kind"],
        details_field(),
        *(
            fields[name]
            for name in (
                "shows",
                "service",
                "place",
                "period",
                "source_url",
                "may_quote",
                "confidence",
                "questions",
                "principles",
            )
        ),
    ):
        _ask(pack, field)


def _ask(pack, field):
    """Write a field of the portal's own forms, and leave room for what it asks."""
    pack.heading(field.label, 2)
    if field.help_text:
        pack.hint(field.help_text)
    if choices := [label for _value, label in getattr(field, "choices", [])]:
        pack.choices(choices)
    elif isinstance(field.widget, Textarea):
        pack.room(LINES_TO_ANSWER)
    else:
        pack.line()
