"""The pages that people write on."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import journey, reading, services
from .fields import AddressFormField, LineField, TextAnswerField
from .models import (
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
    Stance,
)


class WholeForm(forms.Form):
    """A form that arrived whole: its template ends with a hidden `_end`.

    A connection that breaks in the middle would otherwise save half an answer.
    """

    def clean(self):
        if "_end" not in self.data:
            raise ValidationError(
                _("Your connection was interrupted. Nothing was changed."),
                code="interrupted",
            )
        return super().clean()


def choice_field(choices, **kwargs):
    """Return radio buttons of which none need be chosen."""
    return forms.ChoiceField(
        choices=choices.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Select one of the options")},
        **kwargs,
    )


class PartForm(WholeForm):
    """One part of the journey: read from the draft, written back to it as a whole."""

    part = ""

    finished = forms.BooleanField(
        required=False, label=_("I have finished this part for now")
    )

    def __init__(self, *args, submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.order_fields([name for name in self.fields if name != "finished"])
        self.initial["finished"] = submission.finished_parts.filter(
            part=self.part
        ).exists()

    def save(self):
        """Keep everything; raises AlreadySubmitted or ConsultationClosed."""
        with services.open_draft(self.submission) as draft:
            self.write(draft)
            services.mark_finished(
                draft, self.part, is_finished=self.cleaned_data["finished"]
            )

    def write(self, draft):
        raise NotImplementedError


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
        help_text=_("Without a choice, nothing you write is published."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.details:
            self.initial[name] = getattr(self.submission, name)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    @property
    def details(self):
        return [name for name in self.fields if name != "finished"]

    def write(self, draft):
        services.keep_details(
            draft, {name: self.cleaned_data[name] for name in self.details}
        )


class SectionForm(PartForm):
    """The questions of one section, each with a box to write in."""

    def __init__(self, *args, submission, section, **kwargs):
        self.part = journey.section_part(section)
        super().__init__(*args, submission=submission, **kwargs)
        self.questions = list(section.questions.all())
        texts = dict(
            submission.answers.filter(question__section=section).values_list(
                "question", "text"
            )
        )
        for question in self.questions:
            self.fields[field_name(question)] = TextAnswerField(
                label=f"{question.code} {question.main_part}",
                help_text=question.follow_up,
                initial=texts.get(question.pk, ""),
            )
        self.order_fields(field_name(question) for question in self.questions)

    def write(self, draft):
        services.keep_answers(
            draft,
            {
                question.pk: self.cleaned_data[field_name(question)]
                for question in self.questions
            },
        )


def field_name(question):
    """Return the name of the question's box, such as answer-1-4."""
    return f"answer-{question.slug}"


class PrinciplesForm(PartForm):
    """A stance and a comment on each draft principle, and a comment on them all."""

    part = journey.PRINCIPLES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        read = reading.principles(self.submission)
        self.versions = [principle.version for principle in read]
        for principle in read:
            self._add_fields(principle.version.principle.number, principle.comment)
        self.fields["comment"] = TextAnswerField(
            label=_("Anything to say about the principles as a whole?"),
            initial=reading.general_comment(self.submission),
        )
        self.order_fields([name for name in self.fields if name != "finished"])

    def _add_fields(self, number, kept):
        self.fields[f"stance-{number}"] = choice_field(
            Stance,
            label=_("How far do you agree with principle %(number)s?")
            % {"number": number},
            initial=kept.stance if kept else "",
        )
        self.fields[f"comment-{number}"] = TextAnswerField(
            label=_("What would you say about principle %(number)s?")
            % {"number": number},
            initial=kept.comment if kept else "",
        )

    def principles(self):
        """Return each version with its two bound fields, for the template."""
        return [
            {
                "version": version,
                "stance": self[f"stance-{version.principle.number}"],
                "comment": self[f"comment-{version.principle.number}"],
            }
            for version in self.versions
        ]

    def write(self, draft):
        comments = {
            version.pk: (
                self.cleaned_data[f"stance-{version.principle.number}"],
                self.cleaned_data[f"comment-{version.principle.number}"],
            )
            for version in self.versions
        }
        comments[None] = ("", self.cleaned_data["comment"])
        services.keep_principle_comments(draft, comments)


class SaveAndReturnForm(WholeForm):
    """Where to send the way back, and whether to remind."""

    email = AddressFormField(
        label=_("Your email address"),
        required=True,
        error_messages={"required": _("Enter your email address")},
    )
    wants_reminders = forms.BooleanField(
        required=False,
        label=_("Remind me before the call closes"),
        help_text=_(
            "At most three emails: 14 days, 7 days and 1 day before. You can stop them "
            "with one click."
        ),
    )
    leave = forms.BooleanField(
        required=False,
        label=_("Other people use this computer: close my response here"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class LinkRequestForm(WholeForm):
    email = AddressFormField(
        label=_("The email address you gave us"),
        required=True,
        error_messages={"required": _("Enter your email address")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class SendForm(WholeForm):
    """The button under check answers."""
