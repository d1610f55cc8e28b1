"""Whether asking for a link takes longer for an address that is known.

    DATA_DIR=var-bench PORT=8009 make run            # in one window: servers of its own
    DATA_DIR=var-bench .venv/bin/python -m benchmarks.by_hand.link_timing 200

Asks in pairs, in an order drawn for each, through all of the site but its web server, and
takes everything back. Prints both medians and how likely the two are to be of one kind
(Mann and Whitney); above 0.01 nobody could tell them apart by so many requests.
"""

import os
import random
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
django.setup()

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from consultations.models import Consultation  # noqa: E402
from submissions import services  # noqa: E402

KNOWN, UNKNOWN = "known@riverside.example", "unknown@riverside.example"


def main(pairs):
    with transaction.atomic():
        draft = services.start(Consultation.objects.open().first())
        services.keep_details(draft, {"name": "Ada", "email": KNOWN})
        taken = {KNOWN: [], UNKNOWN: []}
        for _pair in range(pairs):
            for address in random.sample([KNOWN, UNKNOWN], 2):
                taken[address].append(milliseconds(address))
        transaction.set_rollback(True)
    known, unknown = taken[KNOWN], taken[UNKNOWN]
    print(f"known   {statistics.median(known):.2f} ms")
    print(f"unknown {statistics.median(unknown):.2f} ms")
    print(f"p = {likelihood(known, unknown):.3f} of {pairs} pairs")


def milliseconds(address):
    """Ask once and take it back, so that no limit is reached."""
    client = Client(HTTP_HOST="localhost")
    before = time.perf_counter()
    with transaction.atomic():
        client.post("/resume/", {"email": address, "_end": "1"})
        transaction.set_rollback(True)
    return 1000 * (time.perf_counter() - before)


def likelihood(one, other):
    """Return the two-sided p of Mann and Whitney, by the normal approximation."""
    above = sum((a > b) + (a == b) / 2 for a in one for b in other)
    many = len(one) * len(other)
    spread = (many * (len(one) + len(other) + 1) / 12) ** 0.5
    return 2 * statistics.NormalDist().cdf(-abs(above - many / 2) / spread)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 200)
