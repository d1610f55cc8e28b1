import datetime as dt

import pytest

from tests.review.zebra import eve, export, olu, zebra  # noqa: F401
from tests.submissions.sent import make_sent


@pytest.fixture
def riverside(consultation):
    """A response with answers, comments and a general comment, by an organisation."""
    return make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        email="ada@riverside.example",
        on_behalf="organisation",
        respondent_type="community-organisation",
        publication="with-name",
        submitted_at=dt.datetime(2018, 7, 20, 12, tzinfo=dt.UTC),
        answers={"1.1": "Eleven contracts became three.", "1.2": "Eleven again."},
        comments={2: ("agree", "Plainly so."), 4: ("", "Smaller lots.")},
        general="Keep going.",
    )
