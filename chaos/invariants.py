"""The one script that decides: what was promised, held against what is there.

It asks the database in SQL and knows nothing of the portal's code. The invariants are
those of docs/reliability.md.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

from .faults import POISON
from .respondents import CUT

# The kinds that are never sent again when nobody knows whether they arrived.
REMINDER = "deadline-reminder"
HELD = {REMINDER}
LONGEST_WAIT = 60

EMAILS = (
    "SELECT message_id, key, kind, state, ambiguous, last_code, to_email, about"
    " FROM outbox_outgoingemail"
)
SENT = (
    "SELECT key::text, reference, email, id FROM submissions_submission"
    " WHERE submitted_at IS NOT NULL"
)
TEXTS = """
SELECT s.key::text, 'answer-' || replace(q.code, '.', '-'), a.text
  FROM submissions_answer a
  JOIN submissions_submission s ON s.id = a.submission_id
  JOIN consultations_question q ON q.id = a.question_id
 UNION ALL
SELECT s.key::text,
       'said-' || p.number || '-v' || v.number || '-' || n.number, c.comment
  FROM submissions_sentencecomment c
  JOIN submissions_submission s ON s.id = c.submission_id
  JOIN principles_sentence n ON n.id = c.sentence_id
  JOIN principles_principleversion v ON v.id = n.version_id
  JOIN principles_principle p ON p.id = v.principle_id
"""
FILES = "SELECT name, sha256 FROM submissions_storedfile"
ATTACHED = """
SELECT s.key::text, f.sha256
  FROM submissions_attachment a
  JOIN submissions_submission s ON s.id = a.submission_id
  JOIN submissions_storedfile f ON f.id = a.stored_id
"""


@dataclass(frozen=True)
class Email:
    message_id: str
    key: str
    kind: str
    state: str
    ambiguous: int
    last_code: int | None
    to_email: str
    about: str


@dataclass(frozen=True)
class Evidence:
    """All that the invariants are judged by."""

    notebook: object
    sink: object
    emails: list
    # Of what was sent, by its key: reference, address, id.
    sent: dict
    # By key and field.
    texts: dict
    # SHA-256 by name: what the rows say, and what is in the folder.
    file_rows: dict
    file_bytes: dict
    # (key, SHA-256).
    attached: set
    seconds_to_drain: float
    stuck: int

    @property
    def copies(self):
        return Counter(self.sink.accepted)


def gather(parts, notebook, seconds_to_drain, stuck):
    rows = parts.sql
    return Evidence(
        notebook=notebook,
        sink=parts.sink,
        emails=[Email(*row) for row in rows(EMAILS)],
        sent={key: rest for key, *rest in rows(SENT)},
        texts={(key, field): text for key, field, text in rows(TEXTS)},
        file_rows=dict(rows(FILES)),
        file_bytes={
            name: hashlib.sha256(content).hexdigest()
            for name, content in parts.kept_files().items()
        },
        attached=set(rows(ATTACHED)),
        seconds_to_drain=seconds_to_drain,
        stuck=stuck,
    )


def broken(evidence):
    """Return {invariant: what breaks it}; an empty list where it holds."""
    return {name: list(check(evidence)) for name, check in INVARIANTS.items()}


def lost_receipts(evidence):
    for receipt in evidence.notebook.receipts:
        reference, *_ = evidence.sent.get(receipt.draft.key, [None])
        if reference != receipt.reference:
            yield receipt


def i1(evidence):
    for receipt in lost_receipts(evidence):
        yield f"{receipt.reference} was shown for {receipt.draft.key}"


def i2(evidence):
    for draft in evidence.notebook.drafts:
        if len(draft.references) > 1:
            yield f"{draft.key} has {draft.references}"
    by_address = Counter(address for _, address, _ in evidence.sent.values())
    for address, count in by_address.items():
        if count > 1:
            yield f"{address} sent {count} responses and meant one"


def i3(evidence):
    written = Counter(
        email.about
        for email in evidence.emails
        if email.kind == "acknowledgement" and not is_poison(email)
    )
    for reference, _address, pk in evidence.sent.values():
        if written[f"submission:{pk}"] != 1:
            yield f"{reference} has {written[f'submission:{pk}']} acknowledgements"
    reminded = Counter(e.about for e in evidence.emails if e.kind in HELD)
    for about, count in reminded.items():
        if count > 1:
            yield f"{about} has {count} reminders"


def i4(evidence):
    for email in evidence.emails:
        if email.state not in ("sent", "dead", "cancelled", "unknown"):
            yield f"{email.key} is {email.state}"
        if email.state == "unknown" and email.kind not in HELD:
            yield f"{email.key} is held"


def i5(evidence):
    copies = evidence.copies
    for email in evidence.emails:
        if email.state == "sent" and not copies[email.message_id]:
            yield f"{email.key} was never received"
        if email.kind == "acknowledgement" and email.state == "cancelled":
            yield f"{email.key} was cancelled"
        if is_poison(email) and email.state != "dead":
            yield f"{email.key} is {email.state}, and says nothing"
    yield from died_without_a_reason(evidence)
    written = {(email.kind, email.to_email) for email in evidence.emails}
    for draft in evidence.notebook.drafts:
        if draft.is_link_promised and ("resume-link", draft.email) not in written:
            yield f"{draft.email} was promised a link"
        if draft.is_reminder_promised and (REMINDER, draft.email) not in written:
            yield f"{draft.email} was promised a reminder"


def died_without_a_reason(evidence):
    """Only what the relay refused for good may be dead: so many, and no more."""
    performed = evidence.sink.performed
    for code, refused in (
        (550, performed["RCPT", "550 Nobody here"]),
        (554, performed["DATA", "554 No"]),
    ):
        dead = [e for e in evidence.emails if e.state == "dead" and e.last_code == code]
        if len(dead) > refused:
            yield f"{len(dead)} died of {code}, and {refused} were refused"
    for email in evidence.emails:
        is_refused = email.last_code in (550, 554)
        if email.state == "dead" and not is_refused and not is_poison(email):
            yield f"{email.key} died of {email.last_code}"


def doubled(evidence):
    """Return the emails that arrived more than once."""
    copies = evidence.copies
    return [email for email in evidence.emails if copies[email.message_id] > 1]


def is_flagged(evidence, email):
    return evidence.copies[email.message_id] <= 1 + email.ambiguous


def i6(evidence):
    for email in doubled(evidence):
        if not is_flagged(evidence, email):
            yield f"{email.key} arrived twice and does not know"
        if email.kind in HELD:
            yield f"{email.key} is a reminder and arrived twice"


def i7(evidence):
    for draft in evidence.notebook.drafts:
        for field, text in draft.texts.items():
            if evidence.texts.get((draft.key, field)) != text:
                yield f"{draft.key} {field} is not what was acknowledged"
    for (key, field), text in evidence.texts.items():
        if text.startswith(CUT[:4]):
            yield f"{key} {field} holds a form that was cut off"


def i8(evidence):
    for name, sha256 in evidence.file_rows.items():
        if evidence.file_bytes.get(name) != sha256:
            yield f"the row {name} lacks its file"
    for name in evidence.file_bytes.keys() - evidence.file_rows.keys():
        yield f"the file {name} lacks its row"
    for draft in evidence.notebook.drafts:
        for sha256 in draft.files:
            if (draft.key, sha256) not in evidence.attached:
                yield f"{draft.key} lost a file"


def i9(evidence):
    yield from map(str, evidence.notebook.silent_trouble)


def i10(evidence):
    if evidence.seconds_to_drain > LONGEST_WAIT:
        yield f"emails waited {evidence.seconds_to_drain:.0f} s after healing"


def everybody_got_through(evidence):
    if evidence.stuck:
        yield f"{evidence.stuck} respondents never came to an end"
    if gave_up := evidence.notebook.counts["gave up"]:
        yield f"{gave_up} gave up"
    yield from map(str, evidence.notebook.surprises)


def is_poison(email):
    return email.key.startswith(POISON)


INVARIANTS = {
    "I1 every receipt shown has its row": i1,
    "I2 one response and one reference, however often it is sent": i2,
    "I3 one acknowledgement a response, one reminder a draft": i3,
    "I4 every email comes to an end": i4,
    "I5 no email is lost": i5,
    "I6 no email arrives twice without knowing": i6,
    "I7 what was acknowledged is there, character for character": i7,
    "I8 every file has its row, every row its file": i8,
    "I9 no trouble without a page that says where one stands": i9,
    "I10 emails leave within a minute after healing": i10,
    "Every respondent gets through": everybody_got_through,
}
