"""How long somebody is signed in to the staff site.

A browser has one session, in which a respondent's drafts stay for weeks. What belongs to
staff in it ends on its own clock, and takes no draft along.
"""

import time

from django.contrib import auth, messages
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django_otp import login as remember_device

from submissions import held

KEY = "staff"
LONGEST = 8 * 60 * 60
IDLE = 30 * 60
# How long password and code count as given again: see again.py.
CONFIRMED = 10 * 60
# Not every page writes the session.
SEEN_EVERY = 60
BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin(request, user, device):
    """Sign in somebody who has given password and code."""
    end(request)
    auth.login(request, user, backend=BACKEND)
    remember_device(request, device)
    request.session[KEY] = begun_now()


def begun_now():
    now = int(time.time())
    return {"since": now, "seen": now, "confirmed": now}


def end(request):
    """Sign out; what this browser holds as a respondent stays with it."""
    kept = held.everything(request)
    auth.logout(request)
    request.session.update(kept)


def end_all():
    """Sign out everybody on the staff, in every browser; returns how many browsers."""
    count = 0
    for session in Session.objects.filter(expire_date__gt=Now()).iterator():
        kept = session.get_decoded()
        # Without its clock nobody is signed in; the respondent's part stays.
        if kept.pop(KEY, None):
            session.session_data = Session.objects.encode(kept)
            session.save(update_fields=["session_data"])
            count += 1
    return count


def is_fresh(request):
    """Whether the person was here a moment ago, and began today."""
    times = request.session.get(KEY, {})
    now = time.time()
    return now - times.get("since", 0) < LONGEST and now - times.get("seen", 0) < IDLE


def keep(request):
    """Remember that somebody is here, or sign out who was away too long, and return True."""
    if not request.user.is_authenticated:
        return False
    if not is_fresh(request):
        end(request)
        messages.info(
            request, _("You were signed out after a while, to be safe. Sign in again.")
        )
        return True
    times = request.session[KEY]
    if time.time() - times["seen"] > SEEN_EVERY:
        request.session[KEY] = times | {"seen": int(time.time())}
    return False


def confirm(request):
    """Remember that password and code were given again."""
    request.session[KEY] |= {"confirmed": int(time.time())}
    request.session.modified = True


def is_confirmed(request):
    times = request.session.get(KEY, {})
    return time.time() - times.get("confirmed", 0) < CONFIRMED
