"""Where a request comes from."""

import ipaddress

from django.conf import settings


def client_address(request):
    """Return the client's IP address, or None if the proxies did not say it.

    Each proxy of ours adds one address at the right of X-Forwarded-For. What stands
    further left was typed by the client.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = said[-settings.PROXIES] if len(said) >= settings.PROXIES else ""
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return None
    # A socket for both versions says "::ffff:192.0.2.1" of the fourth.
    return str(getattr(ip, "ipv4_mapped", None) or ip)
