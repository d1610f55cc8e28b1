"""The second factor of every staff account: an authenticator app, and recovery codes."""

import re
from base64 import b32encode

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.models import RecoveryCodes

# Delays alone can be waited out.
LOCKED_AFTER = 10
SIX_DIGITS = re.compile("[0-9]{6}")
CODE_LENGTH = 6


def is_set_up(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def begun(user):
    """Return the device that is being set up; a secret stays the same until it is."""
    begun = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return begun or TOTPDevice.objects.create(user=user, confirmed=False, name="app")


def secret(device):
    """Return the secret as people type it into an app, in groups of four."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def qr_code(device):
    """Return the QR code that an app scans, as an SVG without a style of its own."""
    # Once for each colleague: no process has to hold it from its start.
    import segno  # noqa: PLC0415

    drawn = segno.make(device.config_url, error="m").svg_inline(
        border=3, omitsize=True, light="#fff", svgclass=None, lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308


@transaction.atomic
def set_up(user, code):
    """Take the app into use; return the device, or None and what was wrong."""
    get_user_model().objects.select_for_update().get(pk=user.pk)
    if is_set_up(user):
        return None, _("Somebody has set up a second factor for this account already.")
    device = begun(user)
    if not SIX_DIGITS.fullmatch(code):
        # A slip of the keyboard is no attempt: nobody has to wait for it.
        return None, _("Enter the six digits that the app shows")
    if words := _too_soon(device):
        return None, words
    if not device.verify_token(code):
        return None, _wrong()
    device.confirmed = True
    device.save()
    return device, ""


@transaction.atomic
def check(user, code):
    """Return the device whose code this is, or None and what was wrong. It works once."""
    app = TOTPDevice.objects.select_for_update().get(user=user, confirmed=True)
    recovery = RecoveryCodes.objects.select_for_update().filter(user=user).first()
    devices = [device for device in (app, recovery) if device]
    if sum(device.throttling_failure_count for device in devices) >= LOCKED_AFTER:
        return None, _locked()
    asked = app if len(code) == CODE_LENGTH or not recovery else recovery
    if words := _too_soon(asked):
        return None, words
    if not asked.verify_token(code):
        return None, _wrong()
    for device in devices:
        if device is not asked:
            device.throttle_reset()
    return asked, ""


def is_locked(user):
    devices = [
        *TOTPDevice.objects.filter(user=user, confirmed=True),
        *RecoveryCodes.objects.filter(user=user),
    ]
    return sum(device.throttling_failure_count for device in devices) >= LOCKED_AFTER


@transaction.atomic
def renew_recovery_codes(user):
    """Return new recovery codes; they are shown now and never again."""
    device, _made = RecoveryCodes.objects.get_or_create(
        user=user, defaults={"name": "recovery codes"}
    )
    return device.renew()


def recovery_codes_left(user):
    return sum(
        device.token_set.count() for device in RecoveryCodes.objects.filter(user=user)
    )


@transaction.atomic
def reset(user):
    """Forget the app and the recovery codes; who is signed in with them no longer is."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()


def _too_soon(device):
    allowed, why = device.verify_is_allowed()
    if allowed:
        return ""
    seconds = 2 ** (why["failure_count"] - 1)
    return ngettext(
        "That was too soon after a wrong code. Wait %d second, then enter a new code.",
        "That was too soon after a wrong code. Wait %d seconds, then enter a new code.",
        seconds,
    ) % (seconds,)


def _wrong():
    return _(
        "That code is not right. Each code works once: enter the one that your app "
        "shows now, or a recovery code that you have not used."
    )


def _locked():
    return _(
        "There were too many wrong codes, so this account is locked. Ask an "
        "administrator to reset your second factor."
    )
