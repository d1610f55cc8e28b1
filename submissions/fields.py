"""The two kinds of text that people send us, cleaned the same way wherever they arrive."""

import logging
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from consultations.addresses import AddressFormField, validate_address
from consultations.forms import tidy

logger = logging.getLogger(__name__)

MAX_ANSWER_CHARACTERS = 200_000

YOUR_ANSWER = _("Your answer")
UNSTORABLE = _(
    "Your answer contains a character we cannot store. Remove it and try again"
)


# Letters and signs by their category that are blank all the same: Hangul fillers, a braille
# pattern without dots, and marks that only say how the character before them is drawn.
BLANK = re.compile(
    "[\u115f\u1160\u3164\uffa0\u2800\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def _is_unicode(text):
    """Whether no half of a surrogate pair stands alone, which no encoding has room for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shows_nothing(text):
    """Whether a text is only spaces and characters of no width."""
    return all(
        unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Cc")
        or BLANK.match(character)
        for character in text
    )


class TextAnswerField(forms.CharField):
    """A long answer: line ends become \\n, control characters go, nothing is cut.

    Length counts code points after that. A text that shows nothing is no answer: "".
    """

    widget = forms.Textarea

    def __init__(
        self,
        *,
        max_characters=MAX_ANSWER_CHARACTERS,
        subject=YOUR_ANSWER,
        **kwargs,
    ):
        self.max_characters = max_characters
        self.subject = subject
        kwargs.setdefault("required", False)
        super().__init__(strip=False, **kwargs)
        # Ours say the same in the respondent's words.
        self.validators = []

    def to_python(self, value):
        text = super().to_python(value)
        if "\0" in text or not _is_unicode(text):
            raise ValidationError(UNSTORABLE, code="unstorable")
        if "\ufffd" in text:
            # Bytes that were no UTF-8, most likely: a browser of ours sends none.
            logger.warning("A text arrived with a replacement character in it.")
        text = tidy(text)
        return "" if shows_nothing(text) else text

    def validate(self, value):
        super().validate(value)
        excess = len(value) - self.max_characters
        if excess > 0:
            raise ValidationError(
                ngettext_lazy(
                    "%(subject)s must be %(limit)s characters or fewer. "
                    "You have %(excess)s character too many",
                    "%(subject)s must be %(limit)s characters or fewer. "
                    "You have %(excess)s characters too many",
                    excess,
                ),
                code="too_long",
                params={
                    "subject": self.subject,
                    "limit": f"{self.max_characters:,}",
                    "excess": f"{excess:,}",
                },
            )


class LineField(TextAnswerField):
    """A name or title: one line of at most 200 characters."""

    widget = forms.TextInput

    def __init__(self, *, max_characters=200, **kwargs):
        super().__init__(max_characters=max_characters, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


LINK_FORMAT = _("Enter a web address, like https://example.org/report")
_is_a_link = URLValidator(["http", "https"], message=LINK_FORMAT)


class LinkField(LineField):
    """A web address; https:// is put in front of one that was typed without."""

    def __init__(self, **kwargs):
        super().__init__(max_characters=2000, **kwargs)
        self.widget.attrs["inputmode"] = "url"

    def to_python(self, value):
        link = super().to_python(value)
        return link if not link or "://" in link else f"https://{link}"

    def validate(self, value):
        super().validate(value)
        if value:
            _is_a_link(value)


REFERENCE = re.compile(r"[A-Z]{1,6}-[A-Z0-9]{8}")
WAY_BACK_FORMAT = _(
    "Enter an email address, like name@example.com, or a reference, like KIL-HP4RC7WD"
)


class AddressField(models.EmailField):
    default_validators = [validate_address]

    def formfield(self, **kwargs):
        return super().formfield(**({"form_class": AddressFormField} | kwargs))


class AddressOrReferenceField(AddressFormField):
    """An email address, or a reference however it was typed: kil-hp4rc7wd."""

    widget = forms.TextInput

    def clean(self, value):
        typed = "".join((value or "").upper().split())
        if REFERENCE.fullmatch(typed):
            return typed
        if typed and "@" not in typed:
            raise ValidationError(WAY_BACK_FORMAT, code="invalid")
        return super().clean(value)
