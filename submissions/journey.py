"""The parts of a response, in the order of the call, and how far a draft has come."""

from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    """Return a `Part` for each page, in order; seven queries, however long the call.

    A guest gets those that he is invited to.
    """
    finished = set(submission.finished_parts.values_list("part", flat=True))
    everything = [
        _about_you(submission, finished),
        *_sections(submission, finished),
        _principles(submission, finished),
        _evidence(submission),
    ]
    return [part for part in everything if submission.may_write(part.code)]


def parts_with_guests(submission):
    """Return the same, each with who is invited to write in it; one query more."""
    invited = list(submission.invitations.standing())
    return [
        replace(part, guests=tuple(one for one in invited if part.code in one.parts))
        for part in parts(submission)
    ]


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


def _about_you(submission, finished):
    return Part(
        code=ABOUT_YOU,
        mark="",
        title=_("About you"),
        detail=submission.respondent
        or _("Your name or organisation, and how we may use what you send"),
        url=url_of(submission, ABOUT_YOU),
        is_started=bool(submission.respondent or submission.publication),
        is_finished=ABOUT_YOU in finished,
    )


def _sections(submission, finished):
    answered = Counter(submission.answers.values_list("question__section", flat=True))
    sections = submission.consultation.sections.annotate(asked=Count("questions"))
    for section in sections:
        code = section_part(section)
        yield Part(
            code=code,
            mark=str(section.number),
            title=section.title,
            detail=_answered(answered[section.pk], section.asked),
            url=url_of(submission, code),
            is_started=answered[section.pk] > 0,
            is_finished=code in finished,
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


def _principles(submission, finished):
    count = submission.principle_comments.count() + submission.sentence_comments.count()
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
        is_finished=PRINCIPLES in finished,
    )


def _evidence(submission):
    items, files = submission.items.count(), submission.attachments.count()
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
