"""The parts of the journey as forms, which several people may write on at once.

A form remembers what stood in each of its fields when the page was made. When it comes
back, only fields that were changed are written; one that somebody else has changed in the
meantime is a clash, and then nothing is written until the respondent has seen both texts.
"""

import hashlib
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import journey, reading, services
from .fields import AddressFormField, LineField, TextAnswerField
from .forms import WholeForm, choice_field
from .models import (
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
    Stance,
)
from .typed import typed_text


class Clash(Exception):
    """Others have changed the same fields: `saved` holds what stands there now."""

    def __init__(self, saved):
        super().__init__(", ".join(saved))
        self.saved = saved


def fingerprint(value):
    """Return a short name of a saved value, to tell whether it is still the same."""
    return hashlib.sha256(str(value).encode()).hexdigest()[:16]


class PartForm(WholeForm):
    """One part of the journey, read from the draft and written back to it."""

    part = ""

    finished = forms.BooleanField(
        required=False, label=_("I have finished this part for now")
    )

    def __init__(self, *args, submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.add_fields()
        self.order_fields(self.written)
        for name, value in self.read(submission).items():
            self.initial[name] = value
            # A page that is shown again after an error still starts from the same text.
            self.fields[name].was = self._was(name) or fingerprint(value)
        self.initial["finished"] = submission.finished_parts.filter(
            part=self.part
        ).exists()

    def add_fields(self):
        """Add the fields that depend on the call."""

    def read(self, submission):
        """Return what is saved: a dict of field name to value, "" for nothing."""
        raise NotImplementedError

    def write(self, draft, values):
        """Keep some fields: a dict of field name to value."""
        raise NotImplementedError

    @property
    def written(self):
        """The names of the fields that hold what the respondent writes."""
        return [name for name in self.fields if name != "finished"]

    def save(self):
        """Keep the whole part.

        Raises Clash, AlreadySubmitted or ConsultationClosed; then nothing is kept.
        """
        with services.open_draft(self.submission) as draft:
            changed, clashes = self._compare(draft, self.written)
            if clashes:
                raise Clash(clashes)
            self._keep(draft, changed)
            services.mark_finished(
                draft, self.part, is_finished=self.cleaned_data["finished"]
            )

    def autosave(self, names):
        """Keep those of these fields that do not clash.

        Returns the saved values of all of them, and the clashes: two dicts of field
        name to value. Raises AlreadySubmitted or ConsultationClosed.
        """
        with services.open_draft(self.submission) as draft:
            changed, clashes = self._compare(draft, names)
            changed = {
                name: value for name, value in changed.items() if name not in clashes
            }
            self._keep(draft, changed)
            saved = self.read(draft)
        return {name: saved[name] for name in names}, clashes

    def put_back(self, past):
        """Make an earlier text the current one; the current one becomes an earlier one."""
        with services.open_draft(self.submission) as draft:
            texts = {past.field: past.text}
            self.write(draft, texts)
            services.keep_past_texts(draft, texts, is_another=True)

    def earlier(self):
        """Return (field, its earlier texts) for each field that has any, newest first.

        The newest, which is the current text, is left out.
        """
        past = {}
        for version in self.submission.past_texts.all():
            past.setdefault(version.field, []).append(version)
        return [
            (self[name], past[name][1:])
            for name in self.written
            if len(past.get(name, [])) > 1
        ]

    def _compare(self, draft, names):
        saved = self.read(draft)
        changed = self._changed(names, saved)
        clashes = {name: saved[name] for name in changed if self._is_stale(name, saved)}
        return changed, clashes

    def _keep(self, draft, values):
        if values:
            self.write(draft, values)
            services.keep_past_texts(draft, self._texts(values))

    def _changed(self, names, saved):
        """Return the values that differ from what is saved, and from what was shown."""
        values = {name: self.cleaned_data[name] for name in names}
        return {
            name: value
            for name, value in values.items()
            if value != saved[name] and self._was(name) != fingerprint(value)
        }

    def _texts(self, values):
        return {
            name: value
            for name, value in values.items()
            if isinstance(self.fields[name].widget, forms.Textarea)
        }

    def _is_stale(self, name, saved):
        return self._was(name) not in (None, fingerprint(saved[name]))

    def _was(self, name):
        return self.data.get(f"was-{name}")

    def show_clash(self, clash):
        """Show both texts; saving again is then to choose, knowing the other one."""
        for name, value in clash.saved.items():
            self.fields[name].was = fingerprint(value)
            self.fields[name].saved_meanwhile = self.in_words(name, value)
            self.add_error(
                name, _("Saved in the meantime with another text: choose what to keep")
            )

    def in_words(self, name, value):
        choices = dict(getattr(self.fields[name], "choices", []))
        return choices.get(value, value) or _("(nothing)")


class AboutYouForm(PartForm):
    part = journey.ABOUT_YOU

    on_behalf = choice_field(OnBehalf, label=_("Are you responding …"))
    name = LineField(label=_("Your name"), subject=_("Your name"))
    organisation = LineField(
        label=_("Name of your organisation"),
        subject=_("Name of your organisation"),
        help_text=_("Leave this empty if you are responding as an individual."),
    )
    respondent_type = choice_field(
        RespondentType, label=_("Which of these describes you best?")
    )
    holds_contracts = choice_field(
        HoldsContracts,
        label=_(
            "Do you or your organisation hold or bid for public service contracts?"
        ),
    )
    email = AddressFormField(
        label=_("Your email address"),
        help_text=_(
            "We send you a copy of your reference, and a link to come back if you ask "
            "for one. We do not publish it."
        ),
    )
    publication = choice_field(
        Publication,
        label=_("How may we use your response?"),
        help_text=_("Choose before you send. Until then nothing may be published."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def read(self, submission):
        return {name: getattr(submission, name) for name in self.written}

    def write(self, draft, values):
        services.keep_details(draft, values)


class SectionForm(PartForm):
    """The questions of one section, each with a box to write in."""

    def __init__(self, *args, section, **kwargs):
        self.section = section
        self.part = journey.section_part(section)
        super().__init__(*args, **kwargs)

    def add_fields(self):
        self.questions = {
            f"answer-{question.slug}": question
            for question in self.section.questions.all()
        }
        for name, question in self.questions.items():
            self.fields[name] = TextAnswerField(
                label=f"{question.code} {question.main_part}",
                help_text=question.follow_up,
            )

    def clean(self):
        """Refuse text under a question that is no longer here, and give it back."""
        gone = {
            name: text
            for name, text in self.data.items()
            if name.startswith("answer-") and name not in self.fields and text.strip()
        }
        if gone:
            self.typed_for_gone = typed_text(gone)
            raise ValidationError(
                _(
                    "A question was taken away while you were writing. Your text is at "
                    "the end of the page: copy it, then save again."
                ),
                code="gone",
            )
        return super().clean()

    def read(self, submission):
        answers = submission.answers.filter(question__section=self.section)
        texts = dict(answers.values_list("question", "text"))
        return {
            name: texts.get(question.pk, "")
            for name, question in self.questions.items()
        }

    def write(self, draft, values):
        services.keep_answers(
            draft, {self.questions[name].pk: text for name, text in values.items()}
        )


class PrinciplesForm(PartForm):
    """A stance and a comment on each draft principle, and a comment on them all."""

    part = journey.PRINCIPLES

    def add_fields(self):
        self.versions = {
            principle.version.principle.number: self._read_version(principle.version)
            for principle in reading.principles(self.submission)
        }
        for number, version in self.versions.items():
            self.fields[stance_name(version)] = choice_field(
                Stance,
                label=_("How far do you agree with principle %(number)s?")
                % {"number": number},
            )
            self.fields[comment_name(version)] = TextAnswerField(
                label=_("What would you say about principle %(number)s?")
                % {"number": number},
            )
        self.fields["comment"] = TextAnswerField(
            label=_("Anything to say about the principles as a whole?")
        )

    def _read_version(self, version):
        """Return the version that the page showed: a newer one may be out since."""
        number = version.principle.number
        pattern = re.compile(rf"(?:stance|comment)-{number}-v(\d{{1,4}})")
        for found in filter(None, map(pattern.fullmatch, self.data)):
            if int(found[1]) != version.number:
                versions = version.principle.versions.prefetch_related("sentences")
                return versions.filter(number=found[1]).first() or version
        return version

    def principles(self):
        """Return each version with its two bound fields, for the template."""
        return [
            {
                "version": version,
                "stance": self[stance_name(version)],
                "comment": self[comment_name(version)],
            }
            for version in self.versions.values()
        ]

    def read(self, submission):
        kept = {
            comment.version_id: comment
            for comment in submission.principle_comments.all()
        }
        values = {"comment": kept[None].comment if None in kept else ""}
        for version in self.versions.values():
            comment = kept.get(version.pk)
            values[stance_name(version)] = comment.stance if comment else ""
            values[comment_name(version)] = comment.comment if comment else ""
        return values

    def write(self, draft, values):
        everything = self.read(draft) | values
        comments = {
            version.pk: (
                everything[stance_name(version)],
                everything[comment_name(version)],
            )
            for version in self.versions.values()
        }
        comments[None] = ("", everything["comment"])
        services.keep_principle_comments(draft, comments)


def stance_name(version):
    """Return the name of a field, such as stance-4-v1: it says what was read."""
    return f"stance-{version.principle.number}-v{version.number}"


def comment_name(version):
    return f"comment-{version.principle.number}-v{version.number}"


def part_form(submission, code, data=None):
    """Return the form of a part by its code, or None when the call has no such part."""
    if code == journey.ABOUT_YOU:
        return AboutYouForm(data, submission=submission)
    if code == journey.PRINCIPLES:
        return PrinciplesForm(data, submission=submission)
    for section in submission.consultation.sections.all():
        if journey.section_part(section) == code:
            return SectionForm(data, submission=submission, section=section)
    return None
