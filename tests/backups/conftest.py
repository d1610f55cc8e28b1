import pytest
from django.core.management import call_command

from keepitlocal.backups.backup import all_in
from tests.review.zebra import eve, export, olu, zebra  # noqa: F401


@pytest.fixture
def back_up(transactional_db, tmp_path):
    """Write a backup of the test's database, with the command; returns it."""

    def back_up(*arguments):
        call_command("back_up", tmp_path / "backups", *arguments)
        return all_in(tmp_path / "backups")[-1]

    return back_up
