"""How often strangers may have something done that costs others something.

A network counts as one: whoever has an address of the sixth version has billions of them.
Far more is allowed than an office, a university or a town hall behind one address needs.
"""

import datetime as dt
import ipaddress
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .client_address import client_address
from .models import AskedCount

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(hours=24)
TOO_OFTEN = "too-often"


@dataclass(frozen=True)
class Limit:
    """What is counted, and how many an hour; `from_everywhere` is an operator's alarm."""

    what: str
    from_one_network: int
    from_everywhere: int | None = None


LINKS = Limit("links", 60, settings.LINKS_PER_HOUR)
STARTS = Limit("starts", 300)


def is_exceeded(limit, request):
    """Count a request; return whether it is one too many within the hour.

    Our own machines are not counted, nor is a network that the proxies did not name.
    """
    network = _network(client_address(request))
    if network and _is_over(limit.what, network, limit.from_one_network):
        return True
    most = limit.from_everywhere
    return bool(most) and _is_over(limit.what, "everywhere", most)


def too_often():
    """Return the error of a form whose sending was one too many."""
    return ValidationError(
        _(
            "Too many links were asked for within the last hour, from your network or "
            "altogether. Nothing is lost: try again in an hour, or on another network"
        ),
        TOO_OFTEN,
    )


def forget():
    """Delete what was counted a day ago."""
    AskedCount.objects.filter(began_at__lt=timezone.now() - KEPT).delete()


def _network(address):
    """Return the network of an address on the internet, else None."""
    if address is None or not (ip := ipaddress.ip_address(address)).is_global:
        return None
    bits = 32 if ip.version == 4 else 64
    return str(ipaddress.ip_network((ip, bits), strict=False))


def _is_over(what, whose, most):
    count = _counted(what, whose)
    if count == most + 1:
        logger.error("More than %d %s within an hour (%s)", most, what, _said(whose))
    return count > most


def _said(whose):
    return whose if whose == "everywhere" else "one network"


@transaction.atomic
def _counted(what, whose):
    """Count one more in this hour and return how many there are.

    No address is kept: the key of each hour is another one, and needs our SECRET_KEY.
    """
    hour = f"{timezone.now():%Y-%m-%d %H}"
    key = salted_hmac(f"asked {what} {hour}", whose, algorithm="sha256").hexdigest()
    counts = AskedCount.objects.select_for_update()
    row, _is_new = counts.get_or_create(key=key)
    row.count += 1
    row.save(update_fields=["count"])
    return row.count
