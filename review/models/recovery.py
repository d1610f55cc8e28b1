import hashlib
import secrets
from base64 import b64encode

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice

# Without those that are read as one another: 0 and o, 1 and l and i.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class RecoveryCodes(StaticDevice):
    """The codes that stand in for a lost authenticator app, each once.

    Only their hashes are kept: a code is random enough (79 bits) to need no slow one.
    """

    class Meta:
        proxy = True
        default_permissions = []

    def verify_token(self, token):
        return super().verify_token(_hash(token))

    @transaction.atomic
    def renew(self, count=10):
        """Make new codes in the place of the old ones; return them, this only time."""
        codes = [_random_code() for _ in range(count)]
        self.token_set.all().delete()
        for code in codes:
            self.token_set.create(token=_hash(code))
        return codes


def _random_code():
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _hash(code):
    """Return what fits into the 16 characters of the column: 96 bits."""
    plain = "".join(letter for letter in code.lower() if letter in READABLE)
    return b64encode(hashlib.sha256(plain.encode()).digest()[:12]).decode()
