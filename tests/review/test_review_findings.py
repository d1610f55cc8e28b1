"""What a review of the staff site found: lost, leaked, unwritten, or broken down."""

import pytest

from outbox.models import OutgoingEmail
from outbox.services import enqueue
from review.services import erasing, publishing
from submissions import services
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


def test_erasing_a_response_takes_the_emails_about_its_amendment(consultation):
    sent = make_sent(consultation, email="zed@quagga.example")
    amendment = services.amend(sent)
    enqueue(
        "resume-link",
        key="link",
        to="zed@quagga.example",
        about=amendment.about,
        context={},
    )
    erasing.erase(erasing.of_response(sent))
    assert not OutgoingEmail.objects.filter(to_email="zed@quagga.example").exists()
