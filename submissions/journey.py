"""The parts of a response, in the order of the call, and how far a draft has come."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import calls, inventory

ABOUT_YOU = "about-you"
PRINCIPLES = "principles"
EVIDENCE = "items"


def section_part(section):
    return f"section-{section.number}"


@dataclass(frozen=True)
class Part:
    """One page of the journey, as the contents page shows it."""

    code: str
    mark: str
    title: str
    detail: str
    url: str
    is_started: bool
    is_finished: bool
    # The standing invitations to it, for the owner's eyes.
    guests: tuple = ()


def parts(submission):
    """Return a `Part` for each page, in order; one query, however long the call.

    A guest gets those that he is invited to.
    """
    return _parts(submission, inventory.of(submission))


def parts_with_guests(submission):
    """Return the same, each with who is invited to write in it; perhaps a query more."""
    there = inventory.of(submission)
    found = _parts(submission, there)
    if not there.invitations:
        return found
    invited = list(submission.invitations.standing())
    return [
        replace(part, guests=tuple(one for one in invited if part.code in one.parts))
        for part in found
    ]


def _parts(submission, there):
    everything = [
        _about_you(submission, there),
        *_sections(submission, there),
        _principles(submission, there),
        _evidence(submission, there),
    ]
    return [part for part in everything if submission.may_write(part.code)]


def titles(consultation):
    """Return a dict of each part's code to its title, in order."""
    return {
        ABOUT_YOU: _("About you"),
        **{
            section_part(section): str(section)
            for section in consultation.sections.all()
        },
        PRINCIPLES: _("The draft principles"),
        EVIDENCE: _("Evidence and files"),
    }


def titles_of(invitation):
    """Return the titles of the parts that somebody is invited to, in order."""
    everything = titles(invitation.submission.consultation)
    return [title for code, title in everything.items() if code in invitation.parts]


def url_after(submission, code):
    """Return the address of the part that follows `code`; at the end, check answers.

    A guest goes on to the next of his own; at the end, to the list of them.
    """
    codes = list(titles(submission.consultation))
    following = codes[codes.index(code) + 1 :]
    for next_code in filter(submission.may_write, following):
        return url_of(submission, next_code)
    end = "contents" if submission.guest else "check_answers"
    return reverse(f"submissions:{end}", args=[submission.key])


def url_of(submission, code):
    if code == ABOUT_YOU:
        return reverse("submissions:about_you", args=[submission.key])
    if code == PRINCIPLES:
        return reverse("submissions:principles", args=[submission.key])
    if code == EVIDENCE:
        return reverse("submissions:items", args=[submission.key])
    number = int(code.removeprefix("section-"))
    return reverse("submissions:section", args=[submission.key, number])


def _about_you(submission, there):
    return Part(
        code=ABOUT_YOU,
        mark="",
        title=_("About you"),
        detail=submission.respondent
        or _("Your name or organisation, and how we may use what you send"),
        url=url_of(submission, ABOUT_YOU),
        is_started=bool(submission.respondent or submission.publication),
        is_finished=ABOUT_YOU in there.finished,
    )


def _sections(submission, there):
    for section in calls.of(submission).sections.all():
        code, asked = section_part(section), section.questions.all()
        answered = sum(question.pk in there.answered for question in asked)
        yield Part(
            code=code,
            mark=str(section.number),
            title=section.title,
            detail=_answered(answered, len(asked)),
            url=url_of(submission, code),
            is_started=answered > 0,
            is_finished=code in there.finished,
        )


def _answered(count, asked):
    if not count:
        return ngettext("%(asked)s question", "%(asked)s questions", asked) % {
            "asked": asked
        }
    return ngettext(
        "%(count)s of %(asked)s question answered",
        "%(count)s of %(asked)s questions answered",
        asked,
    ) % {"count": count, "asked": asked}


def _principles(submission, there):
    count = there.comments
    detail = _("Comment on any of them")
    if count:
        detail = ngettext("%(count)s comment", "%(count)s comments", count) % {
            "count": count
        }
    return Part(
        code=PRINCIPLES,
        mark=_("P"),
        title=_("The draft principles"),
        detail=detail,
        url=url_of(submission, PRINCIPLES),
        is_started=count > 0,
        is_finished=PRINCIPLES in there.finished,
    )


def _evidence(submission, there):
    items, files = there.items, there.attachments
    details = [
        ngettext("%(count)s item", "%(count)s items", items) % {"count": items},
        ngettext("%(count)s file", "%(count)s files", files) % {"count": files},
    ]
    has_any = items or files
    return Part(
        code=EVIDENCE,
        mark=_("E"),
        title=_("Evidence and files"),
        detail=", ".join(details) if has_any else _("If you have any to show"),
        url=url_of(submission, EVIDENCE),
        is_started=bool(has_any),
        is_finished=False,
    )
