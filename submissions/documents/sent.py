"""A PDF of everything that was sent, for whoever sent it."""

from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.uk_time import in_words
from submissions import reading
from submissions.models import Confidence

from .pdf import Pdf

ABOUT_YOU = [
    "on_behalf",
    "name",
    "organisation",
    "respondent_type",
    "holds_contracts",
    "email",
    "publication",
    "signed_off_by",
]
ABOUT_AN_ITEM = [
    "kind",
    "shows",
    "service",
    "place",
    "period",
    "source_url",
    "may_quote",
]


def copy_of(submission):
    """Return the PDF of what was sent, as bytes; raises `pdf.TooLong`."""
    read = reading.whole(submission)
    copy = Pdf(_("What you sent"))
    _receipt(copy, submission)
    copy.heading(_("About you"))
    copy.facts(_given(submission, ABOUT_YOU))
    for section in read.sections:
        copy.heading(str(section.section))
        for asked in section.questions:
            _question(copy, asked)
    copy.heading(_("The draft principles"))
    for principle in read.principles:
        _principle(copy, principle)
    if read.general:
        copy.heading(_("The principles as a whole"), 2)
        _said(copy, read.general, read.general.comment)
    if read.items or read.attachments:
        copy.heading(_("Evidence and files"))
    for item in read.items:
        _item(copy, item)
    if read.attachments:
        copy.heading(_("Files"), 2)
        copy.items(map(_file, read.attachments))
    return copy.content()


def _receipt(copy, submission):
    copy.text(submission.consultation.title)
    facts = [
        (_("Reference"), submission.reference),
        (_("Sent"), in_words(submission.submitted_at)),
    ]
    changed_at = submission.last_sent_at
    if changed_at != submission.submitted_at:
        facts.append((_("Changes sent"), in_words(changed_at)))
    if submission.is_withdrawn:
        facts.append((_("Withdrawn"), in_words(submission.withdrawn_at)))
    copy.facts(facts)
    if submission.is_late:
        copy.strong(_("Sent late: Locality had agreed to accept it after closing."))
    copy.notice_of_gaps(
        _(
            "Some characters of this response, such as emoji or letters of other "
            "scripts, cannot be printed here. Each place where they stand is marked "
            "[?]. The page “What you sent” on the portal shows all of them."
        )
    )


def _question(copy, asked):
    copy.heading(f"{asked.question.code} {asked.question.main_part}", 2)
    if asked.question.follow_up:
        copy.hint(asked.question.follow_up)
    if asked.answer:
        _said(copy, asked.answer, asked.text)
    else:
        copy.hint(_("Not answered (that is fine)"))
    _evidence(copy, asked.items)


def _principle(copy, read):
    copy.heading(str(read.version.principle), 2)
    for sentence in read.sentences:
        copy.sentence(sentence.sentence.number, sentence.sentence.text)
    if read.comment:
        if read.comment.stance:
            copy.strong(read.comment.get_stance_display())
        _said(copy, read.comment, read.comment.comment)
    for sentence in read.sentences:
        if sentence.said:
            _sentence_comment(copy, sentence)
    if not read.has_something:
        copy.hint(_("No comment (that is fine)"))
    _evidence(copy, read.items)


def _sentence_comment(copy, read):
    number = {"number": read.sentence.number}
    if read.said.comment:
        copy.heading(_("On sentence %(number)s") % number, 3)
        copy.answer(read.said.comment)
    if read.said.suggestion:
        copy.heading(_("Sentence %(number)s as it should read") % number, 3)
        copy.answer(read.said.suggestion)
    _kept_back(copy, read.said)


def _item(copy, item):
    copy.heading(str(item), 2)
    if item.details:
        copy.answer(item.details)
    places = [one.code for one in item.questions.all()]
    places += [
        _("Principle %(number)s") % {"number": one.number}
        for one in item.principles.all()
    ]
    facts = _given(item, ABOUT_AN_ITEM)
    facts += [(_("File"), _file(one)) for one in item.attachments.all()]
    facts.append((_("Used on"), ", ".join(places) or _("The whole response")))
    copy.facts(facts)
    _kept_back(copy, item)


def _evidence(copy, items):
    if items:
        titles = "; ".join(map(str, items))
        copy.text(_("Evidence: %(titles)s") % {"titles": titles})


def _said(copy, said, text):
    if text:
        copy.answer(text)
    _kept_back(copy, said)


def _kept_back(copy, said):
    if said.confidence != Confidence.PUBLISH:
        copy.strong(said.get_confidence_display())


def _file(attachment):
    size = filesizeformat(attachment.stored.size)
    line = f"{attachment.name} ({size})"
    if attachment.confidence == Confidence.PUBLISH:
        return line
    return f"{line} – {attachment.get_confidence_display()}"


def _given(row, names):
    """Return the name and the value, in words, of each field that was filled in."""
    return [
        (
            capfirst(row._meta.get_field(name).verbose_name),
            getattr(row, f"get_{name}_display", lambda name=name: getattr(row, name))(),
        )
        for name in names
        if getattr(row, name)
    ]
