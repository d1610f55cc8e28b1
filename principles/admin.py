from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms import LinesField
from consultations.staff import ReadOnlyInline, StaffAdmin, with_references

from .models import Principle, PrincipleVersion
from .services import publish


class PrincipleForm(forms.ModelForm):
    """A principle and its current text, where a changed text is a new version."""

    sentences = LinesField(
        label=gettext_lazy("Text, one sentence a line"),
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "A changed text is published at once, as a new version. Comments stay with "
            "the version that they were written about."
        ),
    )
    version_read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.newest = self.instance.versions.last() if self.instance.pk else None
        if self.newest:
            sentences = self.newest.sentences.values_list("text", flat=True)
            self.initial["sentences"] = "\n".join(sentences)
            self.initial["version_read"] = self.newest.number

    def clean_sentences(self):
        lines = [line.strip() for line in self.cleaned_data["sentences"].splitlines()]
        return [line for line in lines if line]

    def clean(self):
        cleaned = super().clean()
        if self.newest and cleaned.get("version_read") != self.newest.number:
            raise ValidationError(
                _(
                    "Somebody published version %(number)s while you were writing. "
                    "Copy your text, open this page again, and look at theirs first."
                ),
                params={"number": self.newest.number},
            )
        return cleaned


class PrincipleVersionInline(ReadOnlyInline):
    model = PrincipleVersion
    fields = ["number", "published_at", "sentences", "comments"]
    ordering = ["-number"]
    readonly_fields = fields
    verbose_name_plural = gettext_lazy("versions")

    def get_queryset(self, request):
        versions = super().get_queryset(request).prefetch_related("sentences")
        return with_references(versions)

    @admin.display(description=gettext_lazy("text"))
    def sentences(self, version):
        items = ((sentence.text,) for sentence in version.sentences.all())
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", items))

    @admin.display(description=gettext_lazy("comments, in drafts too"))
    def comments(self, version):
        return version.references


@admin.register(Principle)
class PrincipleAdmin(StaffAdmin):
    form = PrincipleForm
    inlines = [PrincipleVersionInline]
    list_display = ["number", "title", "version", "published_at"]
    list_display_links = ["number", "title"]
    list_filter = ["consultation"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest=Max("versions__number"), last=Max("versions__published_at")
            )
        )

    def get_fields(self, request, obj=None):
        fields = ["consultation", "number", "title"]
        if obj and not self.has_change_permission(request, obj):
            return fields
        return [*fields, "sentences", "version_read"]

    def get_readonly_fields(self, request, obj=None):
        return ["consultation", "number"] if obj else []

    def save_model(self, request, obj, form, change):
        # Saving locks the row, so that two who publish take turns.
        super().save_model(request, obj, form, change)
        if "sentences" in form.changed_data:
            publish(obj, form.cleaned_data["sentences"])

    @admin.display(description=gettext_lazy("version"))
    def version(self, principle):
        return principle.newest

    @admin.display(description=gettext_lazy("published"))
    def published_at(self, principle):
        return principle.last
