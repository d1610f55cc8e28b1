"""Forms of the codebook, and of putting a theme on words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import LinesField
from review.models import Colour, Theme, ThemedPassage
from submissions.fields import LineField

NAME = _("Name")


def name_field(**kwargs):
    return LineField(
        label=NAME,
        subject=NAME,
        max_characters=100,
        required=True,
        error_messages={"required": _("Enter a name for the theme")},
        **kwargs,
    )


class ThemeChoice(forms.ModelChoiceField):
    """A theme of one call's codebook, chosen from its tree."""

    def __init__(self, entries, **kwargs):
        super().__init__(
            Theme.objects.filter(pk__in=[entry.theme.pk for entry in entries]),
            **kwargs,
        )
        names = [(entry.theme.pk, entry.name_with_depth) for entry in entries]
        self.choices = [("", self.empty_label), *names]


class ThemeForm(forms.Form):
    name = name_field()
    meaning = LinesField(
        label=_("Meaning"),
        required=False,
        help_text=_("When it is used, and when it is not."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    colour = forms.TypedChoiceField(
        label=_("Colour"),
        choices=Colour.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colour")},
    )

    def __init__(self, *args, entries, theme=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"] = ThemeChoice(
            [entry for entry in entries if entry.theme != theme],
            label=_("Part of"),
            required=False,
            empty_label=_("Nothing: it stands on its own"),
            error_messages={"invalid_choice": _("Choose a theme of this codebook")},
        )
        self.order_fields(["name", "meaning", "parent", "colour"])


class MergeForm(forms.Form):
    def __init__(self, *args, entries, theme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"] = ThemeChoice(
            [entry for entry in entries if entry.theme != theme],
            label=_("Merge it into"),
            empty_label=_("Choose a theme"),
            error_messages={
                "required": _("Choose the theme that takes its passages"),
                "invalid_choice": _("Choose the theme that takes its passages"),
            },
        )


class SplitForm(forms.Form):
    """Which passages of a theme become a theme of their own."""

    name = name_field()
    passages = forms.ModelMultipleChoiceField(
        ThemedPassage.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("A passage has moved meanwhile: choose again"),
            "invalid_pk_value": _("A passage has moved meanwhile: choose again"),
        },
    )
    # All that the page's filter finds, not only what it shows.
    all = forms.BooleanField(required=False)

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["passages"].queryset = found

    def clean(self):
        data = super().clean()
        if data.get("all"):
            data["passages"] = self.found
        elif "passages" in data and not data["passages"]:
            words = _("Choose the passages that move to the new theme")
            self.add_error("passages", words)
        return data


class PutOnForm(forms.Form):
    """A theme, by its name or picked, on words of a text or on all of it."""

    place = forms.CharField(max_length=80, widget=forms.HiddenInput)
    quote = LinesField(
        label=_("The words"),
        required=False,
        help_text=_("Leave it empty to put the theme on the whole text."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.IntegerField(
        required=False, min_value=0, max_value=10**7, widget=forms.HiddenInput
    )
    theme = LineField(label=_("Theme"), subject=NAME, max_characters=100)
    picked = forms.ModelChoiceField(
        Theme.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": _("This theme is not in the codebook any more")
        },
    )
    # Whether a name that is not in the codebook makes a theme.
    new = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        self.fields["picked"].queryset = consultation.themes.all()

    def clean(self):
        data = super().clean()
        if data.get("picked") or self.errors:
            return data
        if not data.get("theme"):
            self.add_error("theme", _("Enter the name of a theme, or choose one"))
        else:
            standing = self.consultation.themes.standing()
            data["picked"] = standing.named(data["theme"])
        return data
