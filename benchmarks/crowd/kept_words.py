"""Whether a portal has kept all that it said it keeps: asked from outside, after a crowd."""

import hashlib
import time
from collections import Counter

# As long as emails may take after a crowd.
PATIENCE = 60
TEXTS = """
    SELECT s.key::text, 'answer-' || replace(q.code, '.', '-'), a.text
    FROM submissions_answer a
    JOIN submissions_submission s ON s.id = a.submission_id
    JOIN consultations_question q ON q.id = a.question_id
"""
SENT = "SELECT reference FROM submissions_submission WHERE submitted_at IS NOT NULL"
WAITING = "SELECT count(*) FROM outbox_outgoingemail WHERE sent_at IS NULL"
FILES = """
    SELECT s.key::text, f.name
    FROM submissions_attachment a
    JOIN submissions_submission s ON s.id = a.submission_id
    JOIN submissions_storedfile f ON f.id = a.stored_id
"""


def lost(portal, notes, inbox):
    """Return how many of each thing are not as they should be; all of them 0 is well."""
    wait_for_emails(portal)
    receipts = Counter(one.reference for one in notes.responses if one.reference)
    emails = "\n".join(text for _to, text in inbox.texts())
    return {
        "receipts without a response, or the other way round": differing(
            receipts, Counter(reference for (reference,) in portal.sql(SENT))
        ),
        "receipts without exactly one acknowledgement": sum(
            emails.count(f"Your reference: {reference}") != 1 for reference in receipts
        ),
        "promised links that did not come": sum(
            inbox.link_for(address) is None for address in notes.links
        ),
        "texts that are not as they were last saved": lost_texts(portal, notes),
        "files that are not there as they were sent": lost_files(portal, notes),
    }


def wait_for_emails(portal):
    ends_at = time.monotonic() + PATIENCE
    while portal.sql(WAITING)[0][0] and time.monotonic() < ends_at:
        time.sleep(0.5)


def differing(one, other):
    return ((one - other) + (other - one)).total()


def lost_texts(portal, notes):
    kept = {(key, name): text for key, name, text in portal.sql(TEXTS)}
    return sum(
        kept.get((response.key, name)) != text
        for response in notes.responses
        for name, text in response.texts.items()
    )


def lost_files(portal, notes):
    there = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in portal.kept_files().items()
    }
    kept = {(key, there.get(name)) for key, name in portal.sql(FILES)}
    return sum(
        (response.key, sha256) not in kept
        for response in notes.responses
        for sha256 in response.files
    )
