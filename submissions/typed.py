"""What was typed into a form that cannot be kept, to be given back."""

import re

from django.utils.translation import gettext as _

# Buttons, boxes to tick and hidden fields: nobody typed these.
NOT_TYPED = {
    "csrfmiddlewaretoken",
    "_end",
    "finished",
    "go",
    "leave",
    "wants_reminders",
    "on_behalf",
    "respondent_type",
    "holds_contracts",
    "publication",
    "version",
    "files",
}


def typed_text(data):
    """Return (what it is, text) for every text in posted data, in its order."""
    return [
        (_named(name), text)
        for name, text in data.items()
        if text.strip()
        and name not in NOT_TYPED
        and not name.startswith(("was-", "stance-", "confidence-", "item-"))
    ]


def _named(name):
    if found := re.fullmatch(r"answer-(.+)", name):
        return _("Question %(code)s") % {"code": found[1].replace("-", ".")}
    if found := re.match(r"comment-(\d+)", name):
        return _("Principle %(number)s") % {"number": found[1]}
    names = {
        "name": _("Your name"),
        "organisation": _("Name of your organisation"),
        "email": _("Email address"),
        "comment": _("The principles as a whole"),
    }
    return names.get(name, name)
