from django import forms
from django.utils.translation import gettext_lazy as _

from review.models import Export, Format, Rows


class ExportForm(forms.ModelForm):
    """What goes into a file, and in which shape."""

    consultation = forms.ModelChoiceField(
        queryset=None,
        label=_("Call for evidence"),
        help_text=_("A file holds the submissions of one call."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            (Format.XLSX, _("Excel workbook (XLSX)")),
            (Format.CSV, _("CSV")),
            (Format.JSON, _("JSON: everything, for programs")),
            (
                Format.ZIP,
                _("Pack (ZIP): everything in all formats, with the files people sent"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    rows = forms.ChoiceField(
        label=_("Rows"),
        choices=Rows,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("For Excel and CSV; JSON and the pack hold all of them."),
    )

    class Meta:
        model = Export
        fields = [
            "consultation",
            "format",
            "rows",
            "with_review",
            "with_email",
            "with_bom",
        ]
        labels = {
            "with_review": _("Themes, notes and who reads it"),
            "with_email": _("Email addresses"),
            "with_bom": _("Byte order mark in CSV"),
        }
        help_texts = {
            "with_review": _("Notes are for staff alone."),
            "with_email": _("Analysis needs none, and files travel."),
            "with_bom": _(
                "Excel needs it to show £ and é; some programs trip over it."
            ),
        }

    def __init__(self, *args, calls, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consultation"].queryset = calls
        self.fields["consultation"].empty_label = None
        self.initial["consultation"] = calls.first()
        if len(calls) == 1:
            self.fields["consultation"].widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("format") in (Format.JSON, Format.ZIP):
            cleaned["rows"] = ""
        elif not cleaned.get("rows"):
            cleaned["rows"] = Rows.SUBMISSIONS
        return cleaned
