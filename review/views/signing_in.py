"""Signing in: a password, then a code; the first time, setting up the app that makes it.

Nobody is signed in before the code was right: until then the session remembers only whose
password was given, for ten minutes.
"""

import time
from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, get_user_model
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from review import audit
from review.door import second_factor, sessions, throttle
from review.door.again import confirmed_recently

GIVEN = "password_given"
GIVEN_FOR = 10 * 60


class PasswordForm(AdminAuthenticationForm):
    """Name and password; says it when there were too many failures."""

    def clean_username(self):
        # No column holds more, the one for failures neither.
        name = self.cleaned_data["username"]
        if len(name) > self.username_field.max_length:
            raise self.get_invalid_login_error()
        return name

    def get_invalid_login_error(self):
        if getattr(self.request, "axes_locked_out", False):
            return forms.ValidationError(throttle.words())
        return super().get_invalid_login_error()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Enter the code")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self):
        return self.cleaned_data["code"].replace(" ", "")


@sensitive_post_parameters()
def sign_in(request):
    """Ask for the password, and send on to the page that asks for the code."""
    sessions.keep(request)
    if request.method == "GET" and admin.site.has_permission(request):
        return redirect("admin:index")
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(
        REDIRECT_FIELD_NAME, ""
    )
    form = PasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session.cycle_key()
        request.session[GIVEN] = {
            "user": form.get_user().pk,
            "at": int(time.time()),
            "next": target,
        }
        return redirect("admin:review_code")
    if form.is_bound:
        _write_failure(request, _named(request.POST.get("username", "")))
    context = {"title": _("Sign in"), "form": form, "next": target}
    return _page(request, "password.html", context)


def password_given(view):
    """Let a view have the user whose password was given; others begin again."""

    @never_cache
    @csrf_protect
    @sensitive_post_parameters("code")
    @wraps(view)
    def guarded(request):
        if admin.site.has_permission(request):
            return redirect("admin:index")
        given = request.session.get(GIVEN, {})
        user = get_user_model().objects.filter(
            pk=given.get("user"), is_active=True, is_staff=True
        )
        if time.time() - given.get("at", 0) > GIVEN_FOR or not user:
            return redirect("admin:login")
        return view(request, user[0])

    return guarded


@password_given
def code(request, user):
    """Ask for the code of the app, or for a recovery code, and sign in."""
    if not second_factor.is_set_up(user):
        return redirect("admin:review_set_up")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = _check(request, user, form)
        if device:
            return HttpResponseRedirect(_enter(request, user, device, audit.SIGNED_IN))
    context = {"title": _("Enter your code"), "form": form, "person": user}
    return _page(request, "code.html", context)


@password_given
def set_up(request, user):
    """Show the secret for an app, take its first code, sign in, show recovery codes."""
    if second_factor.is_set_up(user):
        return redirect("admin:review_code")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device, wrong = second_factor.set_up(user, form.cleaned_data["code"])
        if device:
            going_on = _enter(request, user, device, audit.SECOND_FACTOR_SET_UP)
            return _show_recovery_codes(request, user, going_on)
        form.add_error("code", wrong)
        _write_failure(request, user)
    device = second_factor.begun(user)
    context = {
        "title": _("Set up your second factor"),
        "form": form,
        "person": user,
        "qr_code": second_factor.qr_code(device),
        "secret": second_factor.secret(device),
    }
    return _page(request, "set_up.html", context)


@confirmed_recently
def recovery_codes(request):
    """Say how many recovery codes are left, and make new ones."""
    if request.method == "POST":
        audit.note(request, audit.RECOVERY_CODES_MADE)
        return _show_recovery_codes(request, request.user, reverse("admin:index"))
    context = {
        "title": _("Recovery codes"),
        "left": second_factor.recovery_codes_left(request.user),
    }
    return _page(request, "recovery_codes.html", context)


class ChoosePassword(PasswordResetConfirmView):
    """Take the first password of an account, or a new one, by a link that staff were given.

    It signs nobody in.
    """

    template_name = "review/signing_in/choose_password.html"
    title = _("Choose a password")
    success_url = reverse_lazy("admin:login")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return admin.site.each_context(self.request) | {"subtitle": None} | context

    def form_valid(self, form):
        response = super().form_valid(form)
        audit.note(self.request, audit.PASSWORD_CHANGED)
        audit.write(self.request, self.user, response.status_code)
        messages.success(self.request, _("Your password is kept. Sign in with it."))
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _check(request, user, form):
    """Return the device whose code it is; else put into the form what was wrong."""
    if throttle.is_locked_out(request, user):
        device, wrong = None, throttle.words()
    else:
        device, wrong = second_factor.check(user, form.cleaned_data["code"])
        if not device:
            throttle.count_failure(request, user)
    if not device:
        form.add_error("code", wrong)
        _write_failure(request, user)
    return device


def _enter(request, user, device, action):
    """Sign in; return the address that was asked for at the beginning."""
    target = request.session[GIVEN]["next"]
    throttle.forget_failures(request, user)
    sessions.begin(request, user, device)
    audit.note(request, action)
    audit.write(request, user, 302)
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse("admin:index")


def _show_recovery_codes(request, user, going_on):
    context = {
        "title": _("Your recovery codes"),
        "codes": second_factor.renew_recovery_codes(user),
        "going_on": going_on,
    }
    return _page(request, "recovery_codes_made.html", context)


def _write_failure(request, user):
    is_locked = (
        getattr(request, "axes_locked_out", False)
        or user
        and (throttle.is_locked_out(request, user) or second_factor.is_locked(user))
    )
    audit.note(request, audit.LOCKED_OUT if is_locked else audit.SIGN_IN_FAILED)
    audit.write(request, user, 422)


def _named(username):
    if "\0" in username:
        return None
    return get_user_model().objects.filter(username=username).first()


def _page(request, template, context):
    form = context.get("form")
    return render(
        request,
        f"review/signing_in/{template}",
        admin.site.each_context(request) | {"subtitle": None} | context,
        status=422 if form and form.errors else 200,
    )
