"""What respondents write down: what they were promised, to be held against what is there."""

import re
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

# What tells a person with a text in hand where they stand.
SAYS_WHERE_YOU_STAND = re.compile(
    r"What you saved before is safe|what you typed is still there|"
    r"Your text is still|Nothing was changed|is kept"
)


@dataclass
class Draft:
    """One response, from the side of its respondent."""

    key: str
    email: str
    # By field: what was acknowledged last.
    texts: dict = field(default_factory=dict)
    # SHA-256 of each file that was taken.
    files: set = field(default_factory=set)
    references: set = field(default_factory=set)
    is_link_promised: bool = False
    is_reminder_promised: bool = False


@dataclass(frozen=True)
class Receipt:
    draft: Draft
    reference: str
    # By the monotonic clock: when the button was pressed, and how long until the receipt.
    asked_at: float
    seconds: float
    presses: int


class Notebook:
    def __init__(self):
        self._lock = threading.Lock()
        self.drafts = []
        self.receipts = []
        self.counts = Counter()
        self.seconds = []
        # By status and title: how many pages about trouble there were.
        self.trouble = Counter()
        self.silent_trouble = []
        self.surprises = []
        self.cut_texts = defaultdict(set)

    def count(self, what, number=1):
        with self._lock:
            self.counts[what] += number

    def begin(self, key, email):
        draft = Draft(key, email)
        with self._lock:
            self.drafts.append(draft)
        return draft

    def note_answer(self, method, path, answer):
        with self._lock:
            self.seconds.append(answer.seconds)
            self.counts["answers"] += 1
            if answer.status >= 500:
                self._note_trouble(method, path, answer)

    def _note_trouble(self, method, path, answer):
        title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
        self.trouble[answer.status, title[1].strip() if title else "no title"] += 1
        if not SAYS_WHERE_YOU_STAND.search(answer.text):
            self.silent_trouble.append((answer.status, method, path, answer.text[:300]))

    def surprise(self, draft, what, answer):
        """An answer that no fault explains."""
        with self._lock:
            self.surprises.append((draft.key, what, answer.status, answer.text[:600]))

    def note_receipt(self, draft, reference, asked_at, presses):
        seconds = time.monotonic() - asked_at
        with self._lock:
            draft.references.add(reference)
            self.receipts.append(Receipt(draft, reference, asked_at, seconds, presses))
