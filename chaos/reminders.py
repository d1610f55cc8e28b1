"""Drafts that wait for a reminder, whose moment has come when the run begins."""

import datetime as dt
from zoneinfo import ZoneInfo

from .browser import Browser
from .respondents import CALL

UK = ZoneInfo("Europe/London")
DRAFTS = 20

# Copies of one draft, each with an address of its own.
COPY = """
INSERT INTO submissions_submission
SELECT (jsonb_populate_record(draft, jsonb_build_object(
           'id', nextval(pg_get_serial_sequence('submissions_submission', 'id')),
           'key', gen_random_uuid(),
           'email', 'backlog-' || number || '@example.org'))).*
  FROM submissions_submission draft, generate_series(1, %s) number
 WHERE draft.email = 'reminded-0@example.org'
"""


def prepare_reminders(parts, notebook, backlog):
    """Begin drafts that want reminders, and let it be seven days before closing.

    So many more make a backlog.
    """
    for number in range(DRAFTS):
        begin_draft(parts.place.url, notebook, f"reminded-{number}@example.org")
    parts.sql(COPY, backlog)
    closes_at = closing_with_a_reminder_now()
    parts.sql(
        "UPDATE consultations_consultation SET opens_at = %s, closes_at = %s",
        closes_at - dt.timedelta(days=28),
        closes_at,
    )
    parts.sql(
        "UPDATE submissions_submission SET created_at = now() - interval '2 days'"
        " WHERE wants_reminders"
    )
    # Who plans does so when it starts, and then every five minutes.
    parts.kill("outbox")


def begin_draft(site, notebook, email):
    browser = Browser(site, notebook)
    browser.get(f"{CALL}/start/")
    address = browser.post(f"{CALL}/start/", {}).location
    draft = notebook.begin(address.rstrip("/").rpartition("/")[2], email)
    browser.post(f"{address}save/", {"email": email, "wants_reminders": "on"})
    draft.is_link_promised = draft.is_reminder_promised = True


def closing_with_a_reminder_now():
    """Return a closing time whose reminder of seven days before was due at the last 9am."""
    now = dt.datetime.now(UK)
    day = now.date() - dt.timedelta(days=now.hour < 9)
    return dt.datetime.combine(day + dt.timedelta(days=7), dt.time(23, 59), tzinfo=UK)
