"""Addresses for email, as respondents and staff type them."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

# What a mail server must take before the @, by RFC 5321; many take no more.
LONGEST_LOCAL_PART = 64
ADDRESS_FORMAT = _(
    "Enter an email address in the correct format, like name@example.com"
)
TOO_LONG = _("Email address must be 254 characters or fewer")
_is_an_address = EmailValidator(message=ADDRESS_FORMAT)


def validate_address(address):
    """Refuse what is no address, and what mail servers at large would not deliver to.

    An address literal or a dotless domain is no public mailbox; many servers still
    refuse letters beyond ASCII before the @ (RFC 6531 is an extension), and a part in
    quotation marks may hold anything, controls and spaces too.
    """
    _is_an_address(address)
    local, _at, domain = address.rpartition("@")
    is_usual = local.isascii() and '"' not in local and len(local) <= LONGEST_LOCAL_PART
    # Punycode leaves them out, so Django takes a domain that nobody typed.
    is_seen = not any(map(shows_nothing, domain))
    if not is_usual or not is_seen or "." not in domain or domain.startswith("["):
        raise ValidationError(ADDRESS_FORMAT, code="invalid")


def shows_nothing(character):
    return unicodedata.category(character) == "Cf"


def without_surroundings(text):
    """Return an address without the spaces, and characters of no width, that pasting brought."""
    around = "".join({one for one in text if one.isspace() or shows_nothing(one)})
    return text.strip(around) if around else text


class AddressFormField(forms.EmailField):
    """An email address as typed, less what does not show around it."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(without_surroundings(value or ""))

    def run_validators(self, value):
        """Refuse for one reason: what is too long is so whatever else is wrong with it."""
        if len(value) > self.max_length:
            raise ValidationError(TOO_LONG, code="max_length")
        if value:
            validate_address(value)
