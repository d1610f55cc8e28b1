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
    "parts",
    "version",
    "files",
}


def typed_text(data):
    """Return (what it is, text) for every text in posted data, in its order."""
    return [
        (named(name), text)
        for name, text in data.items()
        if text.strip()
        and name not in NOT_TYPED
        and not name.startswith(("was-", "stance-", "confidence-", "item-"))
    ]


def named(name):
    """Return what people call a field of a respondent's page; its name if it is another's."""
    if found := re.fullmatch(r"answer-(.+)", name):
        return _("Question %(code)s") % {"code": found[1].replace("-", ".")}
    if found := re.match(r"comment-(\d+)", name):
        return _("Principle %(number)s") % {"number": found[1]}
    if found := re.match(r"(?:said|suggestion)-(\d+)-v\d+-(\d+)", name):
        return _("Principle %(number)s, sentence %(sentence)s") % {
            "number": found[1],
            "sentence": found[2],
        }
    names = {
        "name": _("Your name"),
        "organisation": _("Name of your organisation"),
        "email": _("Email address"),
        "reason": _("Why you need more time"),
        "comment": _("The principles as a whole"),
        "signed_off_by": _("Who signs this off"),
        "colleague_name": _("Your colleague's name"),
        "colleague_email": _("Your colleague's email address"),
    }
    return names.get(name, name)
