"""deploy/roles.sql: the portal's own role does its work, and what it may not is refused."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from keepitlocal.watching import duties
from review.models import AuditEntry
from review.services import erasing
from submissions import services
from submissions.models import Submission
from tests.staff import member_of_staff, sign_in

ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def roles(db):
    """The roles, in this test's transaction: they are gone with it."""
    run("SET LOCAL client_min_messages = warning")
    run(ROLES.read_text())


@contextmanager
def signed_in_as(role):
    run(f"SET ROLE {role}")
    yield
    run("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE submissions_submission ADD COLUMN mine int",
        "DROP TABLE review_auditentry",
        "TRUNCATE submissions_submission CASCADE",
        "TRUNCATE review_auditentry",
        "UPDATE review_auditentry SET action = 'view'",
        "DELETE FROM review_auditentry",
        "ALTER TABLE review_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER review_auditentry_is_not_emptied ON review_auditentry",
        "SET session_replication_role = replica",
        "INSERT INTO auth_group (name) VALUES ('Mine')",
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (1, 1)",
        "DELETE FROM django_migrations",
        "CREATE ROLE mine",
        "ALTER ROLE keepitlocal_web SUPERUSER",
        "SET ROLE keepitlocal_owner",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY submissions_submission TO PROGRAM 'cat'",
        "COPY submissions_submission FROM '/etc/passwd'",
    ],
)
def test_the_portal_may_not(roles, statement):
    # As a connection of the portal's own would be, until this transaction is rolled back.
    run("SET SESSION AUTHORIZATION keepitlocal_web")

    with (
        pytest.raises(ProgrammingError, match="denied|must be"),
        transaction.atomic(),
    ):
        run(statement)


def test_the_portal_does_all_its_work_as_its_own_role(
    roles, ada, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.ERASED_LIST = tmp_path / "erased.txt"
    eve, olu = (
        member_of_staff(name, "view_submission", "erase_submission", "add_note")
        for name in ("eve", "olu")
    )
    staff = sign_in(ada.client.__class__(), eve)
    with signed_in_as("keepitlocal_web"):
        ada.post("about-you/", name="Ada", email="a@b.example", publication="not")
        ada.post("section/1/", answer__1__1="Eleven became three.")
        ada.post("check/")
        services.request_link("a@b.example")
        page = staff.get("/admin/submissions/submission/?q=eleven")
        with django_capture_on_commit_callbacks(execute=True):
            erasure = erasing.request_erasure(
                staff=eve, reason="asked", address="a@b.example"
            )
            erasing.carry_out(erasure, staff=olu)

    assert "Ada" in page.content.decode()
    assert AuditEntry.objects.filter(user=eve).count() == 1
    assert not Submission.objects.exists()


def test_a_backup_reads_everything_and_changes_only_when_it_was_done(roles, ada):
    with signed_in_as("keepitlocal_backup"):
        duties.note("of this test", 12)
        tables = run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables:
            run(f'SELECT count(*) FROM "{table}"')
        with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
            run("DELETE FROM submissions_submission")

    assert len(tables) > 40
    assert "of this test" in duties.ages()


def test_what_a_later_migration_makes_is_open_to_the_portal(roles):
    with signed_in_as("keepitlocal_owner"):
        run("CREATE TABLE later (id bigserial)")
    with signed_in_as("keepitlocal_web"):
        run("INSERT INTO later DEFAULT VALUES")

    assert run("SELECT count(*) FROM later") == [(1,)]


def test_running_it_again_says_the_same(roles):
    before = run("SELECT relname, relacl::text FROM pg_class WHERE relkind = 'r'")

    run(ROLES.read_text())

    assert run("SELECT relname, relacl::text FROM pg_class WHERE relkind = 'r'") == (
        before
    )
