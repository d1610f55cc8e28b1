"""What staff fill in on pages of our own."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from review import roles
from review.models import Note
from submissions.fields import TextAnswerField


def colleagues():
    """Return the members of staff who may take submissions on."""
    users = get_user_model().objects.with_perm(
        roles.REVIEW, backend="django.contrib.auth.backends.ModelBackend"
    )
    return users.filter(is_staff=True).order_by("username")


class AssignForm(forms.Form):
    """Whose it is to be; `seen` is the id of whose it was when the page was opened."""

    to = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=None,
        required=False,
        empty_label=_("Nobody"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, assignment=None, **kwargs):
        held_by = assignment.user_id if assignment else None
        super().__init__(*args, initial={"to": held_by, "seen": held_by}, **kwargs)
        self.fields["to"].queryset = colleagues()


class NoteForm(forms.ModelForm):
    text = TextAnswerField(
        label=_("Your note"),
        subject=_("Your note"),
        max_characters=10_000,
        required=True,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "n"}),
        error_messages={"required": _("Write your note first")},
    )

    class Meta:
        model = Note
        fields = ["text"]

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
