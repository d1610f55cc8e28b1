"""Requests to be accepted after closing, to decide on."""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms import LinesField, UKMomentField
from consultations.staff import StaffAdmin
from consultations.uk_time import UK
from review import roles
from submissions import services
from submissions.models import LateRequest

USUAL_DAYS = dt.timedelta(days=3)
ACCEPT, REFUSE = "accept", "refuse"


class DecisionForm(forms.Form):
    """Accept until a moment, or refuse; the respondent is told why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (ACCEPT, gettext_lazy("Accept it late")),
            (REFUSE, gettext_lazy("Do not accept it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is accepted")},
    )
    until = UKMomentField(
        label=gettext_lazy("If accepted, it may be sent until"),
        help_text=gettext_lazy("UK time."),
        widget=AdminSplitDateTime,
        required=False,
    )
    reason = LinesField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The respondent reads this."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("Enter a reason: the respondent is told it")
        },
    )

    def clean(self):
        data = super().clean()
        if data.get("decision") == ACCEPT and "until" in data:
            until = data["until"]
            if until is None or until <= timezone.now():
                raise ValidationError(
                    {"until": _("Enter a time in the future, or do not accept it")}
                )
        if data.get("decision") == REFUSE:
            # Whatever stands there does not matter then.
            self.errors.pop("until", None)
            data["until"] = None
        return data


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    states = {
        "open": ({"is_accepted": None}, gettext_lazy("To be decided")),
        "accepted": ({"is_accepted": True}, gettext_lazy("Accepted")),
        "refused": ({"is_accepted": False}, gettext_lazy("Not accepted")),
    }

    def lookups(self, request, model_admin):
        return [(code, label) for code, (_held, label) in self.states.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in self.states:
            raise IncorrectLookupParameters
        return queryset.filter(**self.states[self.value()][0])


@admin.register(LateRequest)
class LateRequestAdmin(StaffAdmin):
    """Who asks and why; of the draft only how much is in it: its texts are nobody's yet."""

    actions = None
    list_display = ["asked_at", "who", "state", "decided_at", "decided_by"]
    list_filter = [StateFilter, "submission__consultation"]
    list_select_related = ["submission", "decided_by"]

    def has_view_permission(self, request, obj=None):
        moderates = request.user.has_perm(roles.MODERATE)
        return moderates or super().has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        moderates = request.user.has_perm(roles.MODERATE)
        return moderates or super().has_change_permission(request, obj)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        title = {"title": _("Requests to be accepted late")}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description=gettext_lazy("respondent"))
    def who(self, late_request):
        return late_request.submission.respondent

    @admin.display(description=gettext_lazy("state"))
    def state(self, late_request):
        return {
            None: _("To be decided"),
            True: _("Accepted"),
            False: _("Not accepted"),
        }[late_request.is_accepted]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a request, with the form to decide on it."""
        late_request = self.get_object(request, unquote(object_id))
        if late_request is None:
            raise Http404
        if not self.has_view_permission(request, late_request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, late_request):
                raise PermissionDenied
            form = DecisionForm(request.POST)
            if form.is_valid():
                self._decide(request, late_request, form.cleaned_data)
                return redirect("admin:submissions_laterequest_change", object_id)
        else:
            form = DecisionForm(initial={"until": _usual_end()})
        return self._page(request, late_request, form)

    def _page(self, request, late_request, form):
        draft = late_request.submission
        may_decide = self.has_change_permission(request, late_request)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": str(self.opts.verbose_name).capitalize(),
            "late_request": late_request,
            "draft": draft,
            "state": self.state(late_request),
            "counts": _counts(draft),
            "form": form,
            "media": self.media + form.media,
            "can_decide": may_decide and not late_request.is_decided,
        }
        return TemplateResponse(
            request,
            "admin/submissions/laterequest/change_form.html",
            context,
            status=422 if form.is_bound else 200,
        )

    def _decide(self, request, late_request, data):
        try:
            services.decide_late(
                late_request,
                staff=request.user,
                reason=data["reason"],
                until=data["until"],
            )
        except services.AlreadyDecided:
            words = _("Nothing was changed: it was decided, or sent, in the meantime.")
            self.message_user(request, words, messages.WARNING)
        else:
            self.log_change(request, late_request, self.state(late_request))
            words = _("It is decided. The respondent is told by email.")
            self.message_user(request, words, messages.SUCCESS)


def _usual_end():
    """Return the last minute, by clocks in the UK, of the third day from now."""
    day = timezone.now().astimezone(UK) + USUAL_DAYS
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


def _counts(draft):
    """Return how much a draft holds: what it says is nobody's to see."""
    return {
        _("Answers"): draft.answers.count(),
        _("Comments on the principles"): draft.principle_comments.count(),
        _("Comments on sentences"): draft.sentence_comments.count(),
        _("Evidence items"): draft.items.count(),
        _("Files"): draft.attachments.count(),
    }
