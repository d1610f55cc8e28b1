"""How a call's emails are worded, when it reminds, and sending again what failed."""

import uuid

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from consultations.models import Consultation
from consultations.uk_time import in_words
from outbox import messages as email_messages
from outbox import services as outbox
from outbox.models import OutgoingEmail
from review import audit, bounded, roles
from review.forms.emails import LONGEST_BODY, LadderForm, MomentForm, WordingForm
from submissions import email_wordings, reminders
from submissions.email_wordings import LETTERS
from submissions.models import Submission
from submissions.services import email_wordings as services

# What a call says is for those who may see and change the call.
may_look = permission_required("consultations.view_consultation", raise_exception=True)
may_change = permission_required(
    "consultations.change_consultation", raise_exception=True
)
may_moderate = permission_required(roles.MODERATE, raise_exception=True)


def show(request, page, title, *, status=200, **context):
    """Return one of these pages."""
    context |= admin.site.each_context(request) | {
        "title": title,
        "may_change": request.user.has_perm("consultations.change_consultation"),
    }
    template = f"review/emails/{page}.html"
    return TemplateResponse(request, template, context, status=status)


@require_safe
@may_look
def emails(request):
    """Lead to the emails of the newest call."""
    newest = Consultation.objects.first()
    if newest:
        return redirect("admin:review_emails_of_call", newest.slug)
    return show(request, "no_call", _("Emails"))


@require_safe
@may_look
def emails_of_call(request, slug):
    """List every sort of email of a call, and who has worded it."""
    call = get_object_or_404(Consultation, slug=slug)
    newest = call.email_wordings.order_by("letter", "-number").distinct("letter")
    versions = {
        version.letter: version for version in newest.select_related("written_by")
    }
    return show(
        request,
        "emails",
        _("Emails"),
        call=call,
        calls=Consultation.objects.all(),
        letters=[(letter, versions.get(name)) for name, letter in LETTERS.items()],
        steps=reminders.steps(call),
        undelivered=OutgoingEmail.objects.undelivered().count(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_look
def email_wording(request, slug, letter):
    """Show how one email is worded and what it looks like; write, try or undo that."""
    call, letter = _call_and_letter(slug, letter)
    if request.method != "POST":
        return _show_wording(request, call, letter, _form(request, call, letter))
    return _change_wording(request, call, letter)


@may_change
def _change_wording(request, call, letter):
    audit.note(request, audit.CHANGE, about=call, letter=letter.name)
    if "ours" in request.POST:
        return _word(request, call, letter, request.POST.get("started_from"), "", "")
    form = WordingForm(letter, request.POST)
    if not form.is_valid():
        return _show_wording(request, call, letter, form, status=422)
    texts = form.cleaned_data["subject"], form.cleaned_data["body"]
    if "preview" in request.POST:
        audit.note(request, audit.VIEW, about=call, letter=letter.name)
        return _show_wording(request, call, letter, form)
    if "test" in request.POST:
        return _test(request, call, letter, form)
    return _word(request, call, letter, form.cleaned_data["started_from"], *texts)


def _word(request, call, letter, started_from, subject, body):
    """Write the next version and lead back to it, or say who was quicker."""
    try:
        version = services.word_email(
            call,
            letter,
            subject=subject,
            body=body,
            staff=request.user,
            started_from=_whole_number(started_from),
        )
    except services.WordedMeanwhile:
        form = WordingForm(letter, request.POST)
        form.is_valid()
        form.add_error(
            None,
            _(
                "Somebody else has changed this email since you opened it. What you "
                "wrote is below and not saved. Compare it with the newest version in "
                "the list, and save again to replace that one."
            ),
        )
        return _show_wording(request, call, letter, form, status=422, is_newest=True)
    audit.note(
        request, audit.CHANGE, about=call, letter=letter.name, version=version.number
    )
    words = (
        _("Our own wording is back in use.")
        if version.is_ours
        else _("Saved. Every email of this sort is worded like this from now on.")
    )
    messages.success(request, words)
    return redirect("admin:review_email_wording", call.slug, letter.name)


def _whole_number(typed):
    return int(typed) if str(typed).isascii() and str(typed).isdigit() else -1


def _test(request, call, letter, form):
    """Send what stands in the form, saved or not, to whoever asks; to nobody else."""
    if not request.user.email:
        form.add_error(
            None,
            _("Your account has no email address: ask an administrator to enter one."),
        )
        return _show_wording(request, call, letter, form, status=422)
    services.send_test(
        call,
        letter,
        subject=form.cleaned_data["subject"],
        body=form.cleaned_data["body"],
        staff=request.user,
        key=form.cleaned_data["key"],
    )
    audit.note(request, audit.TEST_EMAIL, about=call, letter=letter.name)
    words = _(
        "A test is on its way to %(address)s. What you wrote is not saved by that."
    )
    messages.success(request, words % {"address": request.user.email})
    return _show_wording(request, call, letter, form, key=uuid.uuid4())


def _show_wording(
    request, call, letter, form, *, status=200, key=None, is_newest=False
):
    versions = call.email_wordings.filter(letter=letter.name)
    versions = list(versions.select_related("written_by")[:20])
    newest = versions[0].number if versions else 0
    if form.is_bound and (key or is_newest):
        form.data = form.data.copy()
        form.data["key"] = str(key or form.data.get("key"))
        form.data["started_from"] = newest if is_newest else form.data["started_from"]
    subject, body = form["subject"].value() or "", form["body"].value() or ""
    meanings = email_wordings.MEANINGS
    return show(
        request,
        "email_wording",
        letter.title,
        status=status,
        call=call,
        letter=letter,
        form=form,
        placeholders=[
            (name, meanings[name], name in letter.required) for name in letter.known
        ],
        versions=versions,
        is_ours=not versions or versions[0].is_ours,
        shown=request.GET.get("version", ""),
        preview=_preview(call, letter, subject, body),
    )


def _form(request, call, letter):
    """Return the form with the wording in use, or with the version asked for."""
    newest = call.email_wordings.filter(letter=letter.name).first()
    shown = newest
    if "version" in request.GET:
        number = _whole_number(request.GET["version"])
        shown = get_object_or_404(
            call.email_wordings.filter(letter=letter.name), number=number
        )
    texts = email_wordings.our_wording(letter)
    if shown and not shown.is_ours:
        texts = shown.subject, shown.body
    subject, body = texts
    return WordingForm(
        letter,
        initial={
            "subject": subject,
            "body": body,
            "started_from": newest.number if newest else 0,
            "key": uuid.uuid4(),
        },
    )


def _preview(call, letter, subject, body):
    # As typed: it may have been refused.
    subject, body = (
        text.replace("\r\n", "\n").replace("\0", "") for text in (subject, body)
    )
    said = email_wordings.sample_message(letter, call, subject, body)
    return {
        "subject": said.subject,
        "text": said.text,
        "blocks": email_messages.blocks(said.text),
    }


@require_POST
@may_look
def email_preview(request, slug, letter):
    """Give what a wording looks like on made-up data, as a piece of the page."""
    call, letter = _call_and_letter(slug, letter)
    form = WordingForm(letter, request.POST)
    form.is_valid()
    texts = [form.data.get(name, "")[:LONGEST_BODY] for name in ("subject", "body")]
    context = {
        "preview": _preview(call, letter, *texts),
        "problems": form.errors,
    }
    return TemplateResponse(request, "review/emails/_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_look
def call_reminders(request, slug):
    """Show when drafts are reminded and how many would be; change the days."""
    call = get_object_or_404(Consultation, slug=slug)
    if request.method == "POST":
        return _change_ladder(request, call)
    days = ", ".join(str(days) for days in reminders.ladder_of(call))
    return _show_reminders(request, call, LadderForm(initial={"days": days}))


@may_change
def _change_ladder(request, call):
    form = LadderForm(request.POST)
    if not form.is_valid():
        return _show_reminders(request, call, form, status=422)
    days = form.cleaned_data["days"]
    reminders.set_ladder(call, days)
    audit.note(request, audit.CHANGE, about=call, reminder_days=days)
    messages.success(request, reminders_in_words(call))
    return redirect("admin:review_reminders", call.slug)


def reminders_in_words(call):
    """Say how many people will be reminded of a call's closing date, and when."""
    said = [
        ngettext(
            "%(count)s person will get a reminder at %(moment)s",
            "%(count)s people will get a reminder at %(moment)s",
            forecast.reminded,
        )
        % {"count": forecast.reminded, "moment": in_words(forecast.at)}
        for forecast in reminders.forecasts(call)
    ]
    if not said:
        return _("Saved. No reminder is still to come.")
    return _("Saved. As things are now: %(reminders)s.") % {
        "reminders": "; ".join(said)
    }


def _show_reminders(request, call, ladder_form, status=200):
    now = timezone.now()
    written = reminders.written(call)
    forecasts = {forecast.step: forecast for forecast in reminders.forecasts(call, now)}
    moment_form = MomentForm(request.GET if "at_0" in request.GET else None)
    at = tried = None
    if moment_form.is_bound and moment_form.is_valid():
        at = moment_form.cleaned_data["at"]
        tried = reminders.dry_run(call, at)
    elif moment_form.is_bound:
        status = 422
    sent = bounded.count_of(Submission.objects.filter(consultation=call).submitted())
    return show(
        request,
        "reminders",
        _("Reminders"),
        status=status,
        call=call,
        calls=Consultation.objects.all(),
        steps=[
            (step, forecasts.get(step), written.get(step.days, {}))
            for step in reminders.steps(call, now)
        ],
        sent=min(sent, bounded.AT_MOST),
        sent_is_more=sent > bounded.AT_MOST,
        ladder_form=ladder_form,
        moment_form=moment_form,
        at=at,
        tried=tried,
    )


@require_POST
@may_moderate
def send_emails_again(request, pk):
    """Send again what could not be delivered about one submission."""
    submission = get_object_or_404(Submission.objects.submitted(), pk=pk)
    count = outbox.send_again(OutgoingEmail.objects.filter(about=submission.about))
    audit.note(request, audit.EMAILS_SENT_AGAIN, about=submission, emails=count)
    words = ngettext(
        "%d email will be sent again.", "%d emails will be sent again.", count
    )
    if count:
        messages.success(request, words % count)
    else:
        messages.warning(request, _("Nothing waits to be sent again."))
    return redirect("admin:submissions_submission_change", submission.pk)


def _call_and_letter(slug, name):
    if name not in LETTERS:
        raise Http404
    return get_object_or_404(Consultation, slug=slug), LETTERS[name]
