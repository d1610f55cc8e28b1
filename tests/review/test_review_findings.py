"""What a review of the staff site found: lost, leaked, unwritten, or broken down."""

import pytest

from review.services import publishing
from tests.review.intakes import moderator
from tests.submissions.sent import make_sent

pytestmark = pytest.mark.django_db


def test_redaction_everywhere_reaches_words_across_a_line_end(consultation):
    mona = moderator("mona")
    sent = make_sent(
        consultation,
        answers={"1.4": "Ask Bob Smith, or\nBob\nSmith.", "2.1": "Bob  Smith."},
    )
    publishing.redact(
        sent,
        "question-1-4",
        "Bob Smith",
        everywhere=True,
        staff=mona,
        reason="third-party",
    )
    quotes = sent.redactions.order_by("place", "start").values_list("quote", flat=True)
    assert list(quotes) == ["Bob Smith", "Bob\nSmith", "Bob  Smith"]
