"""A door inside the door: password and code once more before what cannot be taken back.

    @confirmed_recently
    def export(request): ...

    @method_decorator(confirmed_recently)
    def change_view(self, request, object_id): ...

Signing in counts for ten minutes, so does confirming. Then the page asks, at its own
address, and takes the fields of a form along. So this stands outside of `require_safe` and
`require_POST`, and inside of a check of permissions: who may not do it is not asked.
"""

from functools import wraps

from django import forms
from django.contrib import admin
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from review import audit

from . import second_factor, sessions, throttle

PREFIX = "again"
# What the page asked for, and the fields of its own that do not belong to what it carries.
ASKED_BY = "again-method"
OWN = {"csrfmiddlewaretoken", ASKED_BY, "again-password", "again-code"}


class AgainForm(forms.Form):
    prefix = PREFIX

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )
    code = forms.CharField(
        label=_("Code of your authenticator app, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code")},
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        user = self.request.user
        if throttle.is_locked_out(self.request, user):
            raise forms.ValidationError(throttle.words())
        # The password first: a code is used up by looking at it.
        if not user.check_password(data["password"]):
            self.add_error("password", _("This is not your password"))
        else:
            device, wrong = second_factor.check(user, data["code"].replace(" ", ""))
            if not device:
                self.add_error("code", wrong)
        if self.errors:
            throttle.count_failure(self.request, user)
        return data


def confirmed_recently(view):
    """Ask for password and code, unless both were given in the last ten minutes."""

    @sensitive_post_parameters("again-password", "again-code")
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if ASKED_BY not in request.POST:
            if sessions.is_confirmed(request):
                return view(request, *args, **kwargs)
            return _ask(request, AgainForm(request=request), request.method, 403)
        form = AgainForm(request.POST, request=request)
        asked_by = request.POST[ASKED_BY]
        if not form.is_valid():
            audit.note(request, audit.CONFIRM_FAILED)
            return _ask(request, form, asked_by, 422)
        sessions.confirm(request)
        if asked_by != "POST":
            audit.note(request, audit.CONFIRMED)
            return redirect(request.get_full_path())
        request.POST = _without_own(request.POST)
        return view(request, *args, **kwargs)

    return guarded


def _ask(request, form, asked_by, status):
    carried = _without_own(request.POST) if request.method == "POST" else {}
    context = admin.site.each_context(request) | {
        "title": _("Is it you?"),
        "subtitle": None,
        "form": form,
        "asked_by": asked_by,
        "carried": [
            (name, value) for name in carried for value in carried.getlist(name)
        ],
        "has_lost_files": bool(request.FILES),
    }
    return render(request, "review/signing_in/again.html", context, status=status)


def _without_own(post):
    fields = post.copy()
    for name in OWN:
        fields.pop(name, None)
    return fields
