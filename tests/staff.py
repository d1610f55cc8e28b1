"""Members of staff, and how their browsers send a form of the admin back."""

import time
from base64 import b32decode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.forms import MultiWidget
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.door import sessions


def member_of_staff(name, *permissions):
    """Make one who may do only this: permissions such as "view_submission"."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def change(client, url, **fields):
    """Open a page of the admin, change these fields, and send it all back."""
    page = client.get(url).context
    forms = [page["adminform"].form]
    for inline in page["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    typed = {}
    for form in forms:
        typed |= as_typed(form)
    return client.post(url, typed | fields)


def as_typed(form):
    """Return what a browser sends of a form that nobody has changed."""
    typed = {}
    for field in form:
        widget, value = field.field.widget, field.value()
        if isinstance(widget, MultiWidget):
            boxes = widget.get_context(field.html_name, value, {})["widget"]
            typed |= {box["name"]: box["value"] or "" for box in boxes["subwidgets"]}
        # A browser leaves out an unticked box.
        elif value is not None and value is not False:
            typed[field.html_name] = value
    return typed


def sign_in(client, user):
    """Sign a member of staff in, all the way: whatever the staff site asks for."""
    client.force_login(user, sessions.BACKEND)
    device, _made = TOTPDevice.objects.get_or_create(
        user=user, defaults={"name": "app"}
    )
    session = client.session
    session.update({DEVICE_ID_SESSION_KEY: device.persistent_id})
    session.update({sessions.KEY: sessions.begun_now()})
    session.save()
    return client


def code_of(user, steps=0):
    """Return what the app of this user shows: now, or so many half minutes from now."""
    return shown_by_app(TOTPDevice.objects.get(user=user).bin_key, steps)


def code_for(secret, steps=0):
    """Return what an app shows into which this secret was typed."""
    return shown_by_app(b32decode(secret.replace(" ", "")), steps)


def shown_by_app(key, steps):
    app = TOTP(key)
    app.time = time.time() + 30 * steps
    return f"{app.token():06d}"
