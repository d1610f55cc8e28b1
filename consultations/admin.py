from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .forms import LinesField
from .models import Consultation, PastWording, PrivacyNotice, Question, Section
from .services import lock_calls, publish_privacy_notice
from .staff import ReadOnlyInline, StaffAdmin, link_to, with_references


@admin.action(description=gettext_lazy("Confirm wording"), permissions=["change"])
def confirm_wording(model_admin, request, queryset):
    """Take the wording of what was chosen as final."""
    with transaction.atomic():
        confirmed = list(queryset.filter(is_provisional=True))
        for item in confirmed:
            item.is_provisional = False
            item.save(update_fields=["is_provisional"])
            model_admin.log_change(request, item, _("Wording confirmed"))
    model_admin.message_user(
        request,
        ngettext(
            "%d wording is confirmed.", "%d wordings are confirmed.", len(confirmed)
        )
        % len(confirmed),
        messages.SUCCESS if confirmed else messages.WARNING,
    )


@admin.display(description=gettext_lazy("state"), ordering="is_provisional")
def state(item):
    return _("Provisional") if item.is_provisional else _("Confirmed")


class SectionInline(ReadOnlyInline):
    model = Section
    fields = ["section", state]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("section"))
    def section(self, section):
        return link_to(section)


@admin.register(Consultation)
class ConsultationAdmin(StaffAdmin):
    fieldsets = [
        (None, {"fields": ["title", "slug", "reference_prefix", "contact_email"]}),
        (
            gettext_lazy("When"),
            {"fields": ["opens_at", "closes_at", "is_rehearsal"]},
        ),
        (
            gettext_lazy("Text of the call"),
            {
                "description": gettext_lazy("These texts are Markdown."),
                "fields": [
                    "campaign",
                    "introduction",
                    "audience",
                    "interests",
                    "how_to_respond",
                    "principles_introduction",
                ],
            },
        ),
    ]
    inlines = [SectionInline]
    list_display = ["title", "opens_at", "closes_at", "is_rehearsal"]

    def get_readonly_fields(self, request, obj=None):
        # `load_call` decides on the rehearsal, and knows the call by its slug.
        return ["slug", "is_rehearsal"] if obj else ["is_rehearsal"]


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ["question", state]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("question"))
    def question(self, question):
        return link_to(question)


@admin.register(Section)
class SectionAdmin(StaffAdmin):
    actions = [confirm_wording]
    fields = ["consultation", "number", "title", "introduction", "is_provisional"]
    inlines = [QuestionInline]
    list_display = ["number", "title", state, "questions"]
    list_display_links = ["number", "title"]
    list_filter = ["is_provisional", "consultation"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(asked=Count("questions"))

    def get_readonly_fields(self, request, obj=None):
        # The number is in the addresses of pages that people have open.
        return ["consultation", "number"] if obj else []

    @admin.display(description=gettext_lazy("questions"))
    def questions(self, section):
        return section.asked


class PastWordingInline(ReadOnlyInline):
    model = PastWording
    fields = ["wording", "replaced_at", "replaced_by"]
    readonly_fields = fields
    verbose_name_plural = gettext_lazy("past wordings")


@admin.register(Question)
class QuestionAdmin(StaffAdmin):
    actions = [confirm_wording]
    fields = ["section", "code", "position", "wording", "is_provisional"]
    inlines = [PastWordingInline]
    list_display = ["code", "wording", state, "answers"]
    list_display_links = ["code", "wording"]
    list_filter = ["is_provisional", "section", "section__consultation"]
    search_fields = ["code", "wording"]

    def get_queryset(self, request):
        return with_references(super().get_queryset(request))

    def get_readonly_fields(self, request, obj=None):
        return ["section", "code"] if obj and obj.has_answers() else []

    def save_model(self, request, obj, form, change):
        """Keep the old wording, and who replaced it, beside the new one.

        Answers or none: somebody may be answering what they read a minute ago.
        """
        if change and "wording" in form.changed_data:
            lock_calls()
            read = Question.objects.get(pk=obj.pk)
            read.past_wordings.create(wording=read.wording, replaced_by=request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("answers, in drafts too"))
    def answers(self, question):
        return question.references


class PrivacyNoticeForm(forms.ModelForm):
    """The next version of a call's privacy notice."""

    text = LinesField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Markdown. Published at once, as a new version; the earlier ones stay as "
            "they are. While it says DRAFT anywhere, the check before going live "
            "reports it."
        ),
    )

    def clean(self):
        cleaned = super().clean()
        newest = "consultation" in cleaned and cleaned["consultation"].privacy_notice
        if newest and newest.text == cleaned.get("text"):
            raise ValidationError(
                _("Version %(number)s says the same: there is nothing to publish."),
                params={"number": newest.number},
            )
        return cleaned


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(StaffAdmin):
    """To read every version, and to publish the next one. None is ever changed."""

    fields = ["consultation", "text"]
    form = PrivacyNoticeForm
    list_display = ["consultation", "number", "published_at", "waits"]
    list_display_links = ["consultation", "number"]
    list_filter = ["consultation"]
    list_select_related = ["consultation"]

    def get_fields(self, request, obj=None):
        return (
            ["consultation", "number", "published_at", "text"] if obj else self.fields
        )

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        """Start from what the newest call says now."""
        newest = Consultation.objects.first()
        notice = newest and newest.privacy_notice
        return {"consultation": newest, "text": notice.text if notice else ""}

    def save_model(self, request, obj, form, change):
        published = publish_privacy_notice(obj.consultation, obj.text)
        obj.pk, obj.number = published.pk, published.number

    @admin.display(description=gettext_lazy("state"))
    def waits(self, notice):
        return _("Says DRAFT") if notice.is_draft else _("Confirmed")
