"""The groups of a selection: what their values are, in words, and how they narrow.

Values of one group widen it (or), groups narrow each other (and).
"""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils import dateformat
from django.utils.dateparse import parse_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.uk_time import UK
from review.models import Assignment, Flag, Note, Reading, Theme, ThemedPassage
from submissions import calls
from submissions.models import (
    Channel,
    OnBehalf,
    Publication,
    RespondentType,
    Revision,
    Submission,
)

# In an address; the column holds "".
NONE = "none"


@dataclass(frozen=True)
class Option:
    """One value of a group. `ids` are the rows that it stands for, if it does for any."""

    value: str
    words: str
    ids: tuple = ()
    # Stands under another, as a question under its section.
    is_part: bool = False


class Group:
    """Values to choose among; a value that is not offered is refused in words."""

    # Whether the list counts its values: then it is one column of the submission.
    column = None

    def __init__(self, name, words):
        self.name = name
        self.words = words

    def options(self, user):
        """Return the `Option`s that there are to choose from."""
        raise NotImplementedError

    def condition(self, chosen, user):
        """Return the Q that holds for a submission with any of the chosen `Option`s."""
        raise NotImplementedError

    def read(self, typed, user):
        """Return the `Option`s of the values that were typed, and the refused values."""
        offered = {option.value: option for option in self.options(user)}
        chosen = [offered[value] for value in offered if value in typed]
        return chosen, [value for value in typed if value and value not in offered]

    def refusal(self, refused):
        """Return the sentence that says which values were left out."""
        return _("%(group)s does not know “%(values)s”: it is left out.") % {
            "group": self.words,
            "values": Truncator(", ".join(refused)).chars(100),
        }

    def in_words(self, chosen):
        """Return as in "Type: Academic or Think tank"."""
        values = _(" or ").join(option.words for option in chosen)
        return f"{self.words}: {values}"


class Column(Group):
    """A column of the submission; `choices` are (value in the address, words, in it)."""

    def __init__(self, name, words, column, choices):
        super().__init__(name, words)
        self.column = column
        self.choices = choices

    def options(self, user):
        return [Option(value, str(words)) for value, words, _kept in self.choices]

    def kept(self, value):
        return {one: kept for one, _words, kept in self.choices}[value]

    def values(self):
        """Return how an address says what the column holds, by what it holds."""
        return {kept: value for value, _words, kept in self.choices}

    def condition(self, chosen, user):
        kept = [self.kept(option.value) for option in chosen]
        return Q(**{f"{self.column}__in": kept})


def _of(choices, none=None):
    offered = [(value, words, value) for value, words in choices.choices]
    return [*offered, *([(NONE, none, "")] if none else [])]


YES_OR_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class Call(Group):
    column = "consultation"

    def options(self, user):
        return [Option(call.slug, call.title, (call.pk,)) for call in calls.every()]

    def values(self):
        return {call.pk: call.slug for call in calls.every()}

    def condition(self, chosen, user):
        return Q(consultation__in=_ids(chosen))


class PartAnswered(Group):
    """Sections and questions, as "section-1" and "question-1-4", and the principles."""

    def options(self, user):
        sections, parts = {}, {}
        for section, question in self._asked():
            name = f"section-{section.number}"
            sections.setdefault(name, (str(section), []))[1].append(question)
        for section, (words, questions) in sections.items():
            parts[section] = Option(section, words, tuple(one.pk for one in questions))
            for one in questions:
                value = f"question-{one.slug}"
                ids = parts[value].ids if value in parts else ()
                words = Truncator(str(one)).chars(70)
                parts[value] = Option(value, words, (*ids, one.pk), is_part=True)
        return [*parts.values(), Option("principles", _("The draft principles"))]

    def _asked(self):
        """Return each section and question of all calls, in the order of their numbers."""
        asked = [
            (section, question)
            for call in calls.every()
            for section in call.sections.all()
            for question in section.questions.all()
        ]
        return sorted(
            asked, key=lambda one: (one[0].number, one[1].position, one[1].code)
        )

    def condition(self, chosen, user):
        found = Q(search__questions__overlap=_ids(chosen)) if _ids(chosen) else Q()
        if any(option.value == "principles" for option in chosen):
            found |= Q(search__principles__len__gt=0)
        return found


class PrincipleCommentedOn(Group):
    """Principles by their number."""

    def options(self, user):
        principles, ids = {}, {}
        every = [one for call in calls.every() for one in call.principles.all()]
        for one in sorted(every, key=attrgetter("number", "pk")):
            value = str(one.number)
            ids.setdefault(value, []).append(one.pk)
            principles.setdefault(value, str(one))
        return [
            Option(value, words, tuple(ids[value]))
            for value, words in principles.items()
        ]

    def condition(self, chosen, user):
        return Q(search__principles__overlap=_ids(chosen))


class Themed(Group):
    """Themes by their id; one stands for those that are parts of it too."""

    def options(self, user):
        themes = list(Theme.objects.standing().order_by("name"))
        standing, children = {theme.pk for theme in themes}, {}
        for theme in themes:
            parent = theme.parent_id if theme.parent_id in standing else None
            children.setdefault(parent, []).append(theme)
        return [
            option
            for theme in children.get(None, [])
            for option in self._with_parts(theme, children)
        ]

    def _with_parts(self, theme, children):
        below = [
            option
            for child in children.get(theme.pk, [])
            for option in self._with_parts(child, children)
        ]
        ids = {theme.pk}.union(*(option.ids for option in below))
        yield Option(
            str(theme.pk), theme.name, tuple(sorted(ids)), theme.parent_id is not None
        )
        yield from below

    def condition(self, chosen, user):
        passages = ThemedPassage.objects.filter(theme__in=_ids(chosen))
        return Q(pk__in=passages.values("submission"))


class Assignee(Group):
    def options(self, user):
        people = get_user_model().objects.filter(is_staff=True, is_active=True)
        known = [
            Option(str(one.pk), one.get_full_name() or one.get_username(), (one.pk,))
            for one in people.order_by("username")
            if user is None or one.pk != user.pk
        ]
        me = [Option("me", _("Me"), (user.pk,))] if user else []
        return [*me, Option("nobody", _("Nobody")), *known]

    def read(self, typed, user):
        # The own id, from a colleague's address, means the same as "me".
        typed = ["me" if user and value == str(user.pk) else value for value in typed]
        return super().read(typed, user)

    def condition(self, chosen, user):
        assigned = Assignment.objects.values("submission")
        found = Q(pk__in=assigned.filter(user__in=_ids(chosen)))
        if any(option.value == "nobody" for option in chosen):
            found |= ~Q(Exists(assigned.filter(submission=OuterRef("pk"))))
        return found


class Read(Group):
    """Who has read it, as it stands now: what was changed since is unread again."""

    def options(self, user):
        mine = [
            Option("not-by-me", _("Not by me")),
            Option("by-me", _("By me")),
        ]
        return [*(mine if user else []), Option("by-nobody", _("By nobody yet"))]

    def condition(self, chosen, user):
        readings = self._up_to_date()
        of_it = readings.filter(submission=OuterRef("pk"))
        # Not "not in": of more than fits into its memory PostgreSQL makes a list, and looks
        # through all of it for each submission.
        meant = {
            "by-me": Q(pk__in=readings.filter(user=user).values("submission")),
            "not-by-me": ~Q(Exists(of_it.filter(user=user))),
            "by-nobody": ~Q(Exists(of_it)),
        }
        found = Q()
        for option in chosen:
            found |= meant[option.value]
        return found

    def _up_to_date(self):
        later = Revision.objects.filter(
            submission=OuterRef("submission"), number__gt=OuterRef("revision")
        )
        return Reading.objects.filter(~Exists(later))


class Flagged(Group):
    def options(self, user):
        return [Option("me", _("Me"))] if user else []

    def condition(self, chosen, user):
        return Q(pk__in=Flag.objects.filter(user=user).values("submission"))


class Has(Group):
    """Whether there is something: `has` is the Q that says so."""

    def __init__(self, name, words, has):
        super().__init__(name, words)
        self.has = has

    def options(self, user):
        return [Option(value, str(words)) for value, words in YES_OR_NO]

    def condition(self, chosen, user):
        if len(chosen) > 1:
            return Q()
        return self.has() if chosen[0].value == "yes" else ~self.has()


class Day(Group):
    """A day of the UK's, sent on it or after it, or on it or before it."""

    # Django's own arithmetic and PostgreSQL's end somewhere; a call never comes near.
    FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)

    def __init__(self, name, words, *, is_first):
        super().__init__(name, words)
        self.is_first = is_first

    def options(self, user):
        return []

    def read(self, typed, user):
        typed = [value.strip() for value in typed if value.strip()][:1]
        days = [day for day in map(self._day, typed) if day]
        chosen = [
            Option(day.isoformat(), dateformat.format(day, "j F Y")) for day in days
        ]
        return chosen, [] if days else typed

    def _day(self, value):
        try:
            day = parse_date(value)
        except ValueError:
            return None
        return day if day and self.FIRST <= day <= self.LAST else None

    def condition(self, chosen, user):
        day = dt.date.fromisoformat(chosen[0].value)
        if self.is_first:
            return Q(submitted_at__gte=_midnight(day))
        return Q(submitted_at__lt=_midnight(day + dt.timedelta(days=1)))


def _midnight(day):
    return dt.datetime.combine(day, dt.time(), UK)


def _ids(chosen):
    return sorted({pk for option in chosen for pk in option.ids})


def _has_notes():
    return Q(Exists(Note.objects.filter(submission=OuterRef("pk"))))


def _has_failed_emails():
    return Q(pk__in=Submission.objects.with_failed_emails().values("pk"))


LATE = [(value, words, value == "yes") for value, words in YES_OR_NO]

# In the order of the page and of every address.
GROUPS = [
    Call("call", gettext_lazy("Call")),
    Column(
        "type",
        gettext_lazy("Type"),
        "respondent_type",
        _of(RespondentType, gettext_lazy("Not said")),
    ),
    Column(
        "on_behalf",
        gettext_lazy("Responding"),
        "on_behalf",
        _of(OnBehalf, gettext_lazy("Not said")),
    ),
    Read("read", gettext_lazy("Read")),
    Assignee("assignee", gettext_lazy("Assigned to")),
    Flagged("flagged", gettext_lazy("Flagged by")),
    Themed("theme", gettext_lazy("Theme")),
    PartAnswered("part", gettext_lazy("Part answered")),
    PrincipleCommentedOn("principle", gettext_lazy("Principle commented on")),
    Column(
        "publication",
        gettext_lazy("May be published"),
        "publication",
        [
            *((one.value, one.in_short, one.value) for one in Publication),
            (NONE, gettext_lazy("Not said"), ""),
        ],
    ),
    Column("channel", gettext_lazy("Channel"), "channel", _of(Channel)),
    Column("late", gettext_lazy("Late"), "is_late", LATE),
    Has("notes", gettext_lazy("Has notes"), _has_notes),
    Has("files", gettext_lazy("Has files"), lambda: Q(search__has_files=True)),
    Has("items", gettext_lazy("Has evidence"), lambda: Q(search__has_items=True)),
    Has("failed", gettext_lazy("Emails failed"), _has_failed_emails),
    Day("from", gettext_lazy("Sent on or after"), is_first=True),
    Day("to", gettext_lazy("Sent on or before"), is_first=False),
]
