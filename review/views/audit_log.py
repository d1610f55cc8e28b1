"""The audit log, for administrators: who did what, newest first."""

import datetime as dt

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consultations.forms import DayField
from consultations.uk_time import wall_clock_to_utc
from review import audit, pages, roles
from review.models import AuditEntry
from submissions.models import Submission

PAGE = 100


class FilterForm(forms.Form):
    """Whose entries, of what, about what, and from when to when."""

    who = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=get_user_model().objects.filter(is_staff=True).order_by("username"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    action = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("", gettext_lazy("Everything")), *audit.WORDS.items()],
        required=False,
    )
    about = forms.CharField(
        label=gettext_lazy("About"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A reference, as in KIL-AA2BB3CC"),
    )
    since = DayField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = DayField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_about(self):
        """Return the type and the id of what was named, or None."""
        named = self.cleaned_data["about"].strip()
        if not named:
            return None
        kind, colon, pk = named.partition(":")
        if colon:
            return kind, pk
        found = Submission.objects.submitted().filter(reference=named.upper()).first()
        if found is None:
            raise forms.ValidationError(_("No submission has this reference"))
        return found._meta.label_lower, str(found.pk)

    def entries(self):
        chosen = self.cleaned_data
        found = AuditEntry.objects.all()
        if chosen.get("who"):
            found = found.filter(user=chosen["who"])
        if chosen.get("action"):
            found = found.filter(action=chosen["action"])
        if chosen.get("about"):
            kind, pk = chosen["about"]
            found = found.filter(about_type=kind, about_id=pk)
        if chosen.get("since"):
            found = found.filter(at__gte=_midnight(chosen["since"]))
        if chosen.get("until"):
            end = chosen["until"] + dt.timedelta(days=1)
            found = found.filter(at__lt=_midnight(end))
        return found


@require_safe
@permission_required(roles.SEE_AUDIT_LOG, raise_exception=True)
def audit_log(request):
    """Show a page of the entries that were asked for."""
    form = FilterForm(request.GET)
    found = form.entries() if form.is_valid() else AuditEntry.objects.none()
    found = _older(found, request.GET.get("before", ""))
    entries = list(found.select_related("user").order_by("-at", "-pk")[: PAGE + 1])
    shown, rest = entries[:PAGE], entries[PAGE:]
    context = admin.site.each_context(request) | {
        "title": _("Audit log"),
        "subtitle": None,
        "form": form,
        "rows": _rows(shown),
        "older": _query(request, before=shown[-1].pk) if rest else "",
        "is_first": "before" not in request.GET,
        "newest": _query(request),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "review/audit_log.html", context, status=status)


def _older(found, before):
    """Leave out the entry of this id and all that came after it."""
    if not before.isdecimal() or len(before) > 18:
        return found
    last = AuditEntry.objects.filter(pk=before).first()
    if last is None:
        return found
    return found.filter(at__lte=last.at).exclude(Q(at=last.at) & Q(pk__gte=last.pk))


def _rows(entries):
    """Return what is shown of each: its action and page in words, and what it is about."""
    references = _references(entries)
    return [
        {
            "entry": entry,
            "action": audit.WORDS.get(entry.action, entry.action),
            "page": pages.words_of(entry.page),
            "about": _name(entry, references),
            "url": _url(entry),
            "details": [
                (name, ", ".join(map(str, value)) if isinstance(value, list) else value)
                for name, value in entry.details.items()
            ],
        }
        for entry in entries
    ]


def _references(entries):
    """Return the names of the submissions and people that entries are about."""
    sent = Submission.objects.submitted()
    return _named(entries, sent, "reference") | _named(
        entries, get_user_model().objects.all(), "username"
    )


def _named(entries, rows, column):
    kind = rows.model._meta.label_lower
    ids = {entry.about_id for entry in entries if entry.about_type == kind}
    found = rows.filter(pk__in=filter(str.isdecimal, ids)).values_list("pk", column)
    return {(kind, str(pk)): name for pk, name in found}


def _name(entry, references):
    kind = entry.about_type.rpartition(".")[2]
    found = references.get((entry.about_type, entry.about_id))
    return found or f"{kind} {entry.about_id}".strip()


def _url(entry):
    if not entry.about_type or not entry.about_id:
        return ""
    try:
        name = entry.about_type.replace(".", "_")
        return reverse(f"admin:{name}_change", args=[entry.about_id])
    except NoReverseMatch:
        return ""


def _query(request, **more):
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in more.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _midnight(day):
    return wall_clock_to_utc(dt.datetime.combine(day, dt.time()))
