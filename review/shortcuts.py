"""The keys of the reading page: each presses a link or a button that is there anyway."""

from django.utils.translation import gettext_lazy as _

from .models import StaffPreference

# A key, and what it does; the element that it presses has it as data-key.
KEYS = [
    ("j", _("Next in the list")),
    ("k", _("Back to the one before")),
    ("r", _("Mark as read, and next")),
    ("t", _("Take the next least-read")),
    ("f", _("Flag it, or take the flag off")),
    ("n", _("Write a note")),
    ("?", _("Show these keys")),
]


def are_on(user):
    preference = StaffPreference.objects.filter(user=user).first()
    return preference is None or preference.has_shortcuts


def turn(user, *, on):
    StaffPreference.objects.update_or_create(user=user, defaults={"has_shortcuts": on})
