"""Erasing a person: one member of staff asks, another one looks again and does it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_POST,
    require_safe,
)

from review import audit, roles
from review.door.again import confirmed_recently
from review.models import Erasure, ErasureReason
from review.services import erasing as services
from submissions.fields import AddressOrReferenceField
from submissions.models import Submission

may_erase = permission_required(roles.ERASE, raise_exception=True)
ONE, ALL = "one", "all"
LATEST = 50


class RequestForm(forms.Form):
    """Whose evidence is to go: found by an address, or by a reference."""

    who = AddressOrReferenceField(
        label=gettext_lazy("Email address or reference"), required=True
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What is to be erased"),
        choices=[
            (ONE, gettext_lazy("This response alone")),
            (ALL, gettext_lazy("Everything under its email address, drafts too")),
        ],
        initial=ONE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("An address alone always means everything under it."),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ErasureReason, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].error_messages["required"] = _(
            "Enter an email address or a reference"
        )
        self.fields["reason"].error_messages["required"] = _("Choose the reason")

    def clean(self):
        data = super().clean()
        if who := data.get("who"):
            data["submission"], data["address"] = self._found(who, data.get("what"))
        return data

    def _found(self, who, what):
        """Return the one response, or None and the address."""
        if "@" in who:
            return None, who
        sent = Submission.objects.filter(submitted_at__isnull=False)
        submission = sent.filter(reference=who).first()
        if submission is None:
            raise ValidationError({"who": _("Nothing was sent under that reference")})
        if what == ALL and submission.email:
            return None, submission.email
        return submission, ""


@require_safe
@may_erase
def erasures(request):
    """List what waits for a second person and what was done, and offer to ask for more."""
    asked = Submission.objects.filter(
        pk=_number(request.GET.get("submission")), submitted_at__isnull=False
    ).first()
    form = RequestForm(initial={"who": asked.reference if asked else "", "what": ONE})
    return _page(request, form)


def _number(typed):
    return int(typed) if typed and typed.isdecimal() and len(typed) < 18 else None


def _page(request, form, status=200):
    everything = Erasure.objects.select_related(
        "submission", "requested_by", "decided_by"
    )
    context = admin.site.each_context(request) | {
        "title": _("Erasing"),
        "form": form,
        "waiting": everything.waiting(),
        "decided": everything.filter(decided_by__isnull=False)[:LATEST],
    }
    return render(request, "review/erasing/erasures.html", context, status=status)


@require_POST
@may_erase
def ask_for_erasure(request):
    form = RequestForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            erasure = services.request_erasure(
                staff=request.user,
                reason=data["reason"],
                submission=data["submission"],
                address=data["address"],
            )
        except services.NotPossible as reason:
            form.add_error("who", str(reason))
        else:
            audit.note(request, audit.ERASURE_ASKED_FOR, about=erasure)
            messages.success(
                request, _("It waits for another administrator, who erases it.")
            )
            return redirect("admin:review_erasures")
    return _page(request, form, status=422)


@require_safe
@may_erase
def erasure(request, pk):
    """Show what would go, to whoever decides."""
    found = get_object_or_404(Erasure.objects.waiting(), pk=pk)
    holding = services.holding_of(found)
    context = admin.site.each_context(request) | {
        "title": _("Erase for good?"),
        "erasure": found,
        "responses": holding.responses.select_related("consultation"),
        "counts": holding.counts,
        "is_own": found.requested_by == request.user,
    }
    audit.note(request, audit.VIEW, about=found)
    return render(request, "review/erasing/erasure.html", context)


@may_erase
@confirmed_recently
@require_POST
def erase(request, pk):
    told = _("It is erased, and the person is told.")
    return _decided(request, pk, services.carry_out, audit.ERASED, told)


@require_POST
@may_erase
def refuse_erasure(request, pk):
    told = _("Nothing was erased.")
    return _decided(request, pk, services.refuse, audit.ERASURE_REFUSED, told)


def _decided(request, pk, decide, action, told):
    found = get_object_or_404(Erasure, pk=pk)
    try:
        decide(found, staff=request.user)
    except services.NotPossible as reason:
        messages.error(request, str(reason))
    else:
        audit.note(request, action, about=found)
        messages.success(request, told)
    return redirect("admin:review_erasures")
