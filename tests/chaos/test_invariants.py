"""Each invariant of a chaos run holds when all is well, and breaks by what it is there for."""

import hashlib
from email.message import EmailMessage

import pytest

from chaos import invariants
from chaos.browser import Answer
from chaos.invariants import Email, Evidence
from chaos.notebook import Notebook
from chaos.smtp import SmtpSink

TEXT = "Eleven agreements – today three."
FILE = hashlib.sha256(b"figures").hexdigest()


@pytest.fixture
def evidence():
    """One response, sent and acknowledged, and the reminder of another draft."""
    notebook = Notebook()
    draft = notebook.begin("key-1", "ada@example.org")
    draft.texts["answer-1-1"] = TEXT
    draft.files.add(FILE)
    draft.is_link_promised = True
    notebook.note_receipt(draft, "KIL-1", asked_at=0, presses=1)
    other = notebook.begin("key-2", "ben@example.org")
    other.is_reminder_promised = True
    evidence = Evidence(
        notebook=notebook,
        sink=SmtpSink(),
        emails=[
            sent("acknowledgement", "ada@example.org", "submission:1"),
            sent("resume-link", "ada@example.org", ""),
            sent("deadline-reminder", "ben@example.org", "submission:2"),
        ],
        sent={"key-1": ["KIL-1", "ada@example.org", 1]},
        texts={("key-1", "answer-1-1"): TEXT},
        file_rows={"file": FILE},
        file_bytes={"file": FILE},
        attached={("key-1", FILE)},
        seconds_to_drain=3,
        stuck=0,
    )
    for email in evidence.emails:
        arrive(evidence, email)
    return evidence


def sent(kind, address, about):
    return Email(
        message_id=f"<{kind}@example.org>",
        key=f"{kind}:{address}",
        kind=kind,
        state="sent",
        ambiguous=0,
        last_code=250,
        to_email=address,
        about=about,
    )


def arrive(evidence, email):
    message = EmailMessage()
    message["Message-ID"] = email.message_id
    evidence.sink.journal.append(message)


def change(evidence, place, **changes):
    """Put another email in the place of one."""
    fields = vars(evidence.emails[place]) | changes
    evidence.emails[place] = Email(**fields)


def draft_of(evidence):
    return evidence.notebook.drafts[0]


def nothing_arrives(evidence):
    evidence.sink.journal.clear()


def acknowledge_twice(evidence):
    evidence.emails.append(sent("acknowledgement", "ada@example.org", "submission:1"))


def arrive_twice(evidence):
    arrive(evidence, evidence.emails[0])


def arrive_twice_as_a_held_one(evidence):
    change(evidence, 2, ambiguous=1)
    arrive(evidence, evidence.emails[2])


def fail_without_a_word(evidence):
    answer = Answer(502, "<html>Bad gateway</html>", "", 0.1)
    evidence.notebook.note_answer("POST", "/evidence/", answer)


def be_surprised(evidence):
    answer = Answer(409, "", "", 0.1)
    evidence.notebook.surprise(draft_of(evidence), "autosave", answer)


SPOILED = [
    ("I1", lambda evidence: evidence.sent.clear()),
    ("I2", lambda evidence: draft_of(evidence).references.add("KIL-2")),
    ("I2", lambda e: e.sent.update({"key-3": ["KIL-3", "ada@example.org", 3]})),
    ("I3", acknowledge_twice),
    ("I3", lambda evidence: change(evidence, 0, about="submission:9")),
    ("I4", lambda evidence: change(evidence, 0, state="retry")),
    ("I4", lambda evidence: change(evidence, 0, state="unknown")),
    ("I5", nothing_arrives),
    ("I5", lambda evidence: change(evidence, 0, state="cancelled")),
    ("I5", lambda evidence: change(evidence, 0, state="dead", last_code=550)),
    ("I5", lambda evidence: change(evidence, 0, state="dead", last_code=None)),
    ("I5", lambda evidence: evidence.emails.pop(1)),
    ("I5", lambda evidence: evidence.emails.pop(2)),
    ("I6", arrive_twice),
    ("I6", arrive_twice_as_a_held_one),
    ("I7", lambda evidence: evidence.texts.update({("key-1", "answer-1-1"): "Eleven"})),
    ("I7", lambda e: e.texts.update({("key-2", "answer-1-1"): invariants.CUT})),
    ("I8", lambda evidence: evidence.file_bytes.clear()),
    ("I8", lambda evidence: evidence.file_bytes.update(partial=FILE)),
    ("I8", lambda evidence: evidence.file_bytes.update(file="0")),
    ("I8", lambda evidence: evidence.attached.clear()),
    ("I9", fail_without_a_word),
    ("I10", lambda e: object.__setattr__(e, "seconds_to_drain", 61)),
    ("Every", lambda evidence: object.__setattr__(evidence, "stuck", 1)),
    ("Every", lambda evidence: evidence.notebook.count("gave up")),
    ("Every", be_surprised),
]


def test_all_hold_when_all_is_well(evidence):
    assert broken(evidence) == set()


@pytest.mark.parametrize(("name", "spoil"), SPOILED)
def test_each_breaks_by_what_it_is_there_for(evidence, name, spoil):
    spoil(evidence)

    assert name in broken(evidence)


def test_a_copy_that_is_recorded_is_no_fault(evidence):
    change(evidence, 0, ambiguous=1)
    arrive(evidence, evidence.emails[0])

    assert broken(evidence) == set()


def test_what_the_relay_refused_for_good_is_no_fault(evidence):
    evidence.sink.script("RCPT", "550 Nobody here")
    evidence.sink.next_answer("RCPT")
    change(evidence, 0, state="dead", last_code=550)

    assert broken(evidence) == set()


def broken(evidence):
    found = invariants.broken(evidence)
    return {name.split()[0] for name, what in found.items() if what}
