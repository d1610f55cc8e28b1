"""What respondents notice of deploys: requests that fail, and how long one waits.

    .venv/bin/python -m benchmarks.by_hand.reloads             # 20 reloads, 5 restarts

Runs gunicorn as in production, on a socket of its own that outlives it as systemd's does.
So many people begin a response each second, each in six requests; meanwhile the server is
reloaded, and then restarted, again and again. Ends with 1 when a request failed, or when
the references on receipts are not those in the database.
"""

import argparse
import os
import sys
import time

from tests.end_to_end.reloading import Crowd, web_server
from tests.portals import ROOT, empty_portal

# Seconds until the next one: nobody deploys before the last deploy has settled.
PAUSE = 3
CALL_FILE = ROOT / "calls/keep-it-local-2018.toml"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reloads", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument(
        "--rate", type=float, default=1, help="Responses begun in a second."
    )
    told = parser.parse_args()
    os.environ |= {
        "SECRET_KEY": "only-for-trying-and-long-enough-for-every-check-that-django-has",
        "LOG_LEVEL": "ERROR",
    }
    with empty_portal() as portal:
        portal.did("migrate")
        portal.did("load_call", CALL_FILE, "--rehearsal")
        portal.did("collectstatic", "--no-input")
        with web_server(portal.environment) as web:
            crowds = [
                measure("reloads", told.reloads, web.reload, web, told.rate),
                measure("restarts", told.restarts, web.restart, web, told.rate),
            ]
        sent = portal.rows(
            "SELECT reference FROM submissions_submission WHERE reference IS NOT NULL"
        )
    receipts = [(one,) for crowd in crowds for one in crowd.references]
    failures = [one for crowd in crowds for one in crowd.failures]
    print(*failures, sep="\n")
    print(f"receipts {len(receipts)}, responses in the database {len(sent)}")
    sys.exit(bool(failures) or sorted(receipts) != sorted(sent))


def measure(name, times, happen, web, rate):
    """Let something happen so often while people respond; return them."""
    with Crowd(web.port, rate) as crowd:
        for _ in range(times):
            happen()
            time.sleep(PAUSE)
    print(
        f"{times} {name}: {crowd.requests} requests, {len(crowd.references)} receipts, "
        f"{len(crowd.failures)} failed, the slowest took {crowd.slowest:.1f} s",
        flush=True,
    )
    return crowd


if __name__ == "__main__":
    main()
