"""What staff fill in on the list of submissions."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from review.finding.listing import PER_PAGE
from review.models import SavedSelection
from submissions.fields import LineField

from .reading import colleagues

# listing.Row.seen
SEEN = re.compile(r"([0-9]{1,18})-([0-9]{0,18})")


class TogetherForm(forms.Form):
    """Several submissions, each with whose it was on the page, and who is to have them."""

    assign_to = forms.ModelChoiceField(
        label=gettext_lazy("Assign to"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["assign_to"].queryset = colleagues()

    def clean(self):
        """Add `seen`: the id of whose each is, by its own id."""
        name = "shown" if self.data.get("which") == "shown" else "ticked"
        found = [SEEN.fullmatch(value) for value in self.data.getlist(name)]
        seen = {int(one[1]): int(one[2]) if one[2] else None for one in found if one}
        if not seen:
            raise forms.ValidationError(
                _("Nothing is ticked. Tick submissions, or choose all that are shown.")
            )
        if len(seen) > PER_PAGE:
            raise forms.ValidationError(_("These are more than one page shows."))
        return self.cleaned_data | {"seen": seen}


class SavedSelectionForm(forms.ModelForm):
    name = LineField(
        label=gettext_lazy("Name"),
        subject=gettext_lazy("The name"),
        max_characters=100,
        required=True,
        error_messages={"required": gettext_lazy("Give it a name first")},
    )

    class Meta:
        model = SavedSelection
        fields = ["name", "is_shared"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        others = SavedSelection.objects.filter(owner=self.instance.owner, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("You have saved a selection under this name already: choose another")
            )
        return name
