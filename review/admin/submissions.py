import re

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consultations.models import Consultation, Section
from consultations.staff import StaffAdmin
from review.exports import TABLES, as_csv
from review.views import reading
from submissions.files.download import as_download
from submissions.models import (
    Answer,
    EvidenceItem,
    PrincipleComment,
    Publication,
    SentenceComment,
    Submission,
)

DATABASE_ID = re.compile("[0-9]{1,18}")
# Where somebody's own words are.
SEARCHED = [
    (Answer, "text"),
    (PrincipleComment, "comment"),
    (SentenceComment, "comment"),
    (SentenceComment, "suggestion"),
    (EvidenceItem, "title"),
    (EvidenceItem, "details"),
]


class AnsweredFilter(admin.SimpleListFilter):
    """Those who wrote something in a section, or on the draft principles."""

    title = gettext_lazy("part answered")
    parameter_name = "part"

    def lookups(self, request, model_admin):
        sections = [(str(section.pk), section) for section in Section.objects.all()]
        return [*sections, ("principles", _("The draft principles"))]

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return queryset
        if value == "principles":
            return queryset.filter(
                Exists(PrincipleComment.objects.filter(submission=OuterRef("pk")))
                | Exists(SentenceComment.objects.filter(submission=OuterRef("pk")))
            )
        if value in dict(self.lookup_choices):
            said = Answer.objects.filter(question__section=value)
            return queryset.filter(Exists(said.filter(submission=OuterRef("pk"))))
        raise IncorrectLookupParameters


@admin.register(Submission)
class SubmissionAdmin(StaffAdmin):
    """What was sent, to read and to take away as CSV. Drafts are nobody's to see."""

    actions = None
    date_hierarchy = "submitted_at"
    list_display = [
        "reference",
        "respondent",
        "type",
        "responding",
        "may_publish",
        "channel",
        "answers_given",
        "late",
        "submitted_at",
    ]
    list_filter = [
        "consultation",
        "respondent_type",
        "on_behalf",
        "publication",
        "channel",
        "is_late",
        AnsweredFilter,
    ]
    # The texts of answers and comments are searched too: see get_search_results.
    search_fields = ["reference", "name", "organisation", "email"]
    search_help_text = gettext_lazy(
        "Reference, name, organisation, email address, and every answer and comment. "
        'Put words that belong together in "quotes".'
    )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        """Return what was sent, with a count that joins nothing to the list."""
        answers = Answer.objects.filter(submission=OuterRef("pk")).order_by()
        counted = answers.values("submission").annotate(count=Count("pk"))
        return (
            super()
            .get_queryset(request)
            .submitted()
            .annotate(answer_count=Coalesce(Subquery(counted.values("count")), 0))
        )

    def get_search_results(self, request, queryset, search_term):
        """Return the submissions that hold every word, and that none is there twice."""
        for word in smart_split(search_term):
            if word.startswith(('"', "'")) and word[0] == word[-1]:
                word = unescape_string_literal(word)
            queryset = queryset.filter(self._holds(word))
        return queryset, False

    def _holds(self, word):
        found = Q()
        for model, text in SEARCHED:
            said = model.objects.filter(submission=OuterRef("pk"))
            found |= Q(Exists(said.filter(**{f"{text}__icontains": word})))
        for name in self.search_fields:
            found |= Q(**{f"{name}__icontains": word})
        return found

    @admin.display(description=gettext_lazy("respondent"), ordering="organisation")
    def respondent(self, submission):
        return submission.respondent

    @admin.display(description=gettext_lazy("type"), ordering="respondent_type")
    def type(self, submission):
        return submission.get_respondent_type_display()

    @admin.display(description=gettext_lazy("responding"), ordering="on_behalf")
    def responding(self, submission):
        return submission.get_on_behalf_display()

    @admin.display(description=gettext_lazy("publish"), ordering="publication")
    def may_publish(self, submission):
        chosen = submission.publication
        return Publication(chosen).in_short if chosen else ""

    @admin.display(description=gettext_lazy("answers"), ordering="answer_count")
    def answers_given(self, submission):
        return submission.answer_count

    @admin.display(description=gettext_lazy("late"), ordering="is_late")
    def late(self, submission):
        return _("Late") if submission.is_late else ""

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a submission whole: see review/views/reading.py."""
        if not DATABASE_ID.fullmatch(object_id):
            raise Http404
        return reading.submission(request, pk=int(object_id))

    def get_urls(self):
        export = self.admin_site.admin_view(require_safe(self.export))
        file = self.admin_site.admin_view(require_safe(self.file))
        return [
            path("export/<rows>/", export, name="submissions_submission_export"),
            path(
                "<uuid:key>/files/<uuid:file>/",
                file,
                name="submissions_submission_file",
            ),
            *super().get_urls(),
        ]

    def file(self, request, key, file):
        """Give staff a file of what was sent; those of drafts are nobody's to see."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = get_object_or_404(self.get_queryset(request), key=key)
        attachments = submission.attachments.select_related("stored")
        return as_download(get_object_or_404(attachments, key=file))

    def export(self, request, rows):
        """Stream what the list shows, all pages of it, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if rows not in TABLES:
            raise Http404
        to_list = reverse("admin:submissions_submission_changelist")
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{to_list}?{ERROR_FLAG}=1")
        calls = Consultation.objects.filter(
            pk__in=shown.queryset.values("consultation")
        )
        if len(calls) != 1:
            self.message_user(request, _why_no_file(calls), messages.WARNING)
            return redirect(to_list + shown.get_query_string())
        return StreamingHttpResponse(
            as_csv(shown.queryset, TABLES[rows](calls[0])),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": content_disposition_header(
                    as_attachment=True, filename=_name(calls[0], rows, shown)
                )
            },
        )


def _why_no_file(calls):
    if calls:
        return _("A file holds the submissions of one call: filter by call first.")
    return _("There is nothing to put in a file.")


def _name(call, rows, shown):
    """Return the name of a file, which says what is in it and of when it is."""
    filters = set(shown.get_filters_params()) - {"consultation__id__exact"}
    extent = "filtered" if filters or shown.query else "all"
    moment = timezone.now().strftime("%Y-%m-%dT%H%MZ")
    return f"{call.slug}-{rows}-{extent}-{moment}.csv"
