"""What each email says: ours or staff's own wording, with [placeholders] for the rest.

No wording is a template of Django's, and a placeholder is replaced once: what a person
wrote is put in its place and never looked at again.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from consultations.by_catalogue import kept_by_catalogue
from consultations.uk_time import in_words
from outbox import messages

PLACEHOLDER = re.compile(r"\[([^\[\]\n]+)\]")
# What is long, or opens a response: it stands in the text alone.
NOT_IN_A_SUBJECT = {"greeting", "link", "links", "stop link", "parts", "reason"}
SAMPLE_NAME = "Sam Taylor"


@dataclass(frozen=True)
class Letter:
    """One sort of email to respondents: when it goes out, and what it can say."""

    name: str
    title: str
    occasion: str
    placeholders: tuple[str, ...] = ()
    # Without these it is of no use.
    required: tuple[str, ...] = ()

    @property
    def template(self):
        return f"submissions/emails/{self.name.replace('-', '_')}.txt"

    @property
    def known(self):
        """Return the names of all placeholders that it can have."""
        return (*EVERYWHERE, *self.placeholders)


EVERYWHERE = ("call", "closing date", "contact address")
TO_SOMEBODY = ("greeting", "name")
MEANINGS = {
    "call": gettext_lazy("the title of the call for evidence"),
    "closing date": gettext_lazy("when the call closes"),
    "contact address": gettext_lazy("the contact address of the call"),
    "greeting": gettext_lazy(
        "“Dear Sam Taylor,”, or “Hello,” to somebody without name"
    ),
    "name": gettext_lazy("the name of the person, or “respondent”"),
    "reference": gettext_lazy("the reference of the response"),
    "time": gettext_lazy("when that happened"),
    "channel": gettext_lazy("how it reached us: email or post"),
    "publication choice": gettext_lazy("how the response may be used"),
    "link": gettext_lazy("the address to go to; alone on a line it becomes a button"),
    "links": gettext_lazy("what can be opened, each with its link"),
    "stop link": gettext_lazy("the address that stops reminders"),
    "days": gettext_lazy("for how many days a link works"),
    "parts": gettext_lazy("the parts of the response, as a list"),
    "sender": gettext_lazy("who invites: the organisation, or the person"),
    "until": gettext_lazy("until when it can be sent"),
    "reason": gettext_lazy("the reason that was given for the decision"),
}

LETTERS = {
    letter.name: letter
    for letter in (
        Letter(
            "acknowledgement",
            gettext_lazy("Acknowledgement"),
            gettext_lazy("At once, when a response is sent."),
            (*TO_SOMEBODY, "reference", "time", "link"),
            ("reference",),
        ),
        Letter(
            "intake-acknowledgement",
            gettext_lazy("Acknowledgement of an email or a letter"),
            gettext_lazy("When staff have taken in what came by email or by post."),
            (
                *TO_SOMEBODY,
                "reference",
                "time",
                "channel",
                "publication choice",
                "link",
            ),
            ("reference", "link"),
        ),
        Letter(
            "change-acknowledgement",
            gettext_lazy("Acknowledgement of changes"),
            gettext_lazy("At once, when changes to a response are sent."),
            (*TO_SOMEBODY, "reference", "time"),
            ("reference",),
        ),
        Letter(
            "publication-change",
            gettext_lazy("Another choice about publication"),
            gettext_lazy("When a respondent chooses again what may be published."),
            (*TO_SOMEBODY, "reference", "publication choice"),
            ("reference", "publication choice"),
        ),
        Letter(
            "withdrawal",
            gettext_lazy("Withdrawal"),
            gettext_lazy("When a respondent withdraws a response."),
            (*TO_SOMEBODY, "reference", "time"),
            ("reference",),
        ),
        Letter(
            "deadline-reminder",
            gettext_lazy("Reminder of the closing date"),
            gettext_lazy("Some days before closing, to those who asked for it."),
            (*TO_SOMEBODY, "parts", "link", "stop link"),
            ("closing date", "link", "stop link"),
        ),
        Letter(
            "resume-link",
            gettext_lazy("Link to a response"),
            gettext_lazy("When somebody asks for a link to what they began or sent."),
            ("links", "days"),
            ("links",),
        ),
        Letter(
            "invitation",
            gettext_lazy("Invitation to write together"),
            gettext_lazy("When a respondent invites a colleague to some parts."),
            (*TO_SOMEBODY, "sender", "parts", "link", "until", "days"),
            ("link",),
        ),
        Letter(
            "late-request",
            gettext_lazy("Request for late acceptance"),
            gettext_lazy("When somebody asks, after closing, to be accepted late."),
            (*TO_SOMEBODY, "time"),
        ),
        Letter(
            "late-decision-accepted",
            gettext_lazy("Late acceptance: yes"),
            gettext_lazy("When staff accept a response late."),
            (*TO_SOMEBODY, "until", "reason", "link"),
            ("until", "reason", "link"),
        ),
        Letter(
            "late-decision-refused",
            gettext_lazy("Late acceptance: no"),
            gettext_lazy("When staff do not accept a response late."),
            (*TO_SOMEBODY, "reason", "link"),
            ("reason", "link"),
        ),
        Letter(
            "late-request-notice",
            gettext_lazy("Notice of a late request, to us"),
            gettext_lazy(
                "To the contact address, when a late request is to be decided."
            ),
            ("link",),
            ("link",),
        ),
    )
}


def written_by_staff(letter, consultation):
    """Return the `EmailWording` that holds for a call now, or None for ours."""
    # All of them: a worker has them already, once for a batch of emails.
    wordings = consultation.email_wordings.all()
    newest = next((one for one in wordings if one.letter == letter.name), None)
    return newest if newest and not newest.is_ours else None


def our_wording(letter, *, has_sender=True):
    """Return the subject and body that come with the portal, in the language of now."""
    return _our_wording(letter.template, has_sender)


@kept_by_catalogue
def _our_wording(template, has_sender):
    return messages.texts(template, {"has_sender": has_sender})


def wording_of(letter, consultation, **flags):
    """Return the subject and body to write with.

    Staff write in the site's own language; people of another one get its catalogue.
    """
    if get_language() == settings.LANGUAGE_CODE:
        theirs = written_by_staff(letter, consultation)
        if theirs:
            return theirs.subject, theirs.body
    return our_wording(letter, **flags)


def compose(letter, consultation, values, *, headers=None, **flags):
    """Return the message to one person: the wording with its placeholders filled in."""
    subject, body = wording_of(letter, consultation, **flags)
    return filled_in(letter, consultation, subject, body, values, headers)


def filled_in(letter, consultation, subject, body, values, headers=None):
    """Return the message that a wording makes of these values."""
    values = about_call(consultation) | values
    body = fill(body, values)
    if consultation.is_rehearsal and letter.name != "resume-link":
        # Not the wording's to leave out. In the email of links each has its own.
        body += "\n" + _("This is a rehearsal: nothing that is sent reaches Locality.")
    return messages.message(fill(subject, values), body, headers)


def fill(text, values):
    """Replace each placeholder by its value, once."""
    return PLACEHOLDER.sub(
        lambda found: str(values.get(_name(found[1]), found[0])), text
    )


def about_call(consultation):
    return {
        "call": consultation.title,
        "closing date": in_words(consultation.closes_at),
        "contact address": consultation.contact_email,
    }


def about_person(name):
    """Return what greets somebody by this name, "" for one that is not to be said."""
    greeting = _("Dear %(name)s,") % {"name": name} if name else _("Hello,")
    return {"greeting": greeting, "name": name or _("respondent")}


def samples(consultation):
    """Return made-up values for every placeholder: nobody's response is looked at."""
    link = settings.SITE_URL + reverse("submissions:request_link")
    return (
        about_call(consultation)
        | about_person(SAMPLE_NAME)
        | {
            "reference": f"{consultation.reference_prefix}-HP4RC7WD",
            "time": in_words(consultation.opens_at),
            "channel": _("email"),
            "publication choice": _("You may publish it with my name"),
            "link": link,
            "links": _("Carry on with your response:") + f"\n{link}",
            "stop link": link,
            "days": "30",
            "parts": _("- About you: Sam Taylor\n- The draft principles: 2 comments"),
            "sender": _("Riverside Community Trust"),
            "until": in_words(consultation.accepts_until),
            "reason": _("Your office was flooded in the last week."),
        }
    )


def sample_message(letter, consultation, subject, body):
    """Return what a wording says to a made-up respondent."""
    with override(settings.LANGUAGE_CODE):
        values = samples(consultation)
        return filled_in(letter, consultation, subject, body, values)


def check_wording(letter, subject, body):
    """Raise ValidationError, by field, for what would make an email of no use."""
    problems = {
        "subject": [*_misused(subject, letter), *_long_in_subject(subject)],
        "body": [*_misused(body, letter), *_missing(body, letter)],
    }
    problems = {field: found for field, found in problems.items() if found}
    if problems:
        raise ValidationError(problems)


def _name(typed):
    return " ".join(typed.lower().split())


def _names_in(text):
    return [_name(found) for found in PLACEHOLDER.findall(text)]


def _misused(text, letter):
    for name in dict.fromkeys(_names_in(text)):
        if name not in letter.known:
            yield _(
                "[%(name)s] is not a placeholder of this email. These are: %(known)s"
            ) % {
                "name": name,
                "known": ", ".join(f"[{known}]" for known in letter.known),
            }
    if re.search(r"[\[\]]", PLACEHOLDER.sub("", text)):
        yield _("A square bracket stands alone: write a placeholder like [call]")


def _long_in_subject(subject):
    for name in NOT_IN_A_SUBJECT.intersection(_names_in(subject)):
        yield _("[%(name)s] belongs in the text, not in the subject") % {"name": name}


def _missing(body, letter):
    for name in letter.required:
        if name not in _names_in(body):
            yield _("The text must have [%(name)s]: %(meaning)s") % {
                "name": name,
                "meaning": MEANINGS[name],
            }
