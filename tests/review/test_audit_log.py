"""The audit log: one entry an action, never changed, and found again at any size."""

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from review import audit
from review.models import AuditEntry
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent

LOG = "/admin/audit/"


@pytest.fixture
def riverside(consultation):
    return make_sent(consultation, reference="KIL-AA2BB3CC")


def written():
    fields = ["action", "page", "about_type", "about_id", "status"]
    return list(AuditEntry.objects.order_by("pk").values_list(*fields))


def make(count, **fields):
    fields = {"action": "view", "page": "index", "status": 200} | fields
    return AuditEntry.objects.bulk_create(AuditEntry(**fields) for _ in range(count))


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(status=500),
        lambda: AuditEntry.objects.get().save(),
        lambda: AuditEntry.objects.all().delete(),
    ],
)
def test_an_entry_is_never_changed_or_deleted(db, change):
    make(1)

    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        change()

    assert AuditEntry.objects.get().status == 200


def test_the_log_is_never_emptied(db):
    with connection.cursor() as cursor:
        # Tests that commit need to be cleaned up after: see tests/conftest.py.
        cursor.execute(
            "ALTER TABLE review_auditentry "
            "ENABLE TRIGGER review_auditentry_is_not_emptied"
        )
        with pytest.raises(DatabaseError, match="only added"):
            cursor.execute("TRUNCATE review_auditentry")


def test_each_request_writes_one_entry_whatever_becomes_of_it(client, riverside):
    reader = sign_in(client, member_of_staff("reader", "view_submission"))
    page = "submissions_submission_change"

    for url in (
        f"/admin/submissions/submission/{riverside.pk}/change/",
        "/admin/submissions/submission/999999/change/",
        "/admin/auth/user/",
        "/admin/nowhere",
        "/admin/jsi18n/",
    ):
        reader.get(url)
    reader.post("/admin/logout/")

    assert [(entry[0], entry[1], entry[-1]) for entry in written()] == [
        ("view", page, 200),
        ("view", page, 404),
        ("view", "auth_user_changelist", 403),
        ("view", "", 404),
        ("signed out", "logout", 302),
    ]
    assert written()[0][3] == str(riverside.pk)


def test_a_page_that_breaks_is_written_too(admin_client, monkeypatch):
    monkeypatch.setattr("review.views.audit_log._rows", lambda entries: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        admin_client.get(LOG)

    assert written() == [("view", "review_audit_log", "", "", 500)]


def test_strangers_write_nothing(client, ada, admin_user):
    for url in ["/admin/", "/admin/login/", LOG, "/admin/logout/"]:
        client.get(url)
        ada.client.post(url)

    assert [entry[0] for entry in written()] == ["sign-in failed"]


def test_an_entry_says_from_where(db, admin_user, settings):
    settings.PROXIES = 2
    client = sign_in(Client(), admin_user)

    client.get("/admin/", HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.7, 10.0.0.1")
    client.get("/admin/", HTTP_X_FORWARDED_FOR="10.0.0.1")

    found = AuditEntry.objects.order_by("pk").values_list("address", flat=True)
    assert list(found) == ["203.0.113.7", None]


def test_entries_are_found_by_person_action_object_and_day(
    admin_client, admin_user, riverside
):
    with time_machine.travel("2026-03-02T23:30Z", tick=False):
        make(1, user=admin_user, action="export", about_id="1")
        make(1, about_type="submissions.submission", about_id=str(riverside.pk))
    with time_machine.travel("2026-03-03T00:00Z", tick=False):
        make(1, action="download", about_id="3")

    def found(**query):
        rows = admin_client.get(LOG, query).context["rows"]
        early = [row for row in rows if row["entry"].at.year == 2026]
        return [row["entry"].about_id for row in early if row["entry"].at.month == 3]

    sent = str(riverside.pk)
    assert found() == ["3", sent, "1"]
    assert found(who=admin_user.pk) == ["1"]
    assert found(action="export") == ["1"]
    assert found(about="kil-aa2bb3cc") == [sent]
    assert found(about=f"submissions.submission:{sent}") == [sent]
    assert found(until="2026-03-02") == [sent, "1"]
    assert found(since="2026-03-03", until="2026-03-03") == ["3"]


@pytest.mark.parametrize(
    "query", [{"since": "x"}, {"about": "KIL-XXXXXXXX"}, {"who": "x"}, {"action": "x"}]
)
def test_a_filter_that_means_nothing_is_refused(admin_client, query):
    page = admin_client.get(LOG, query)

    assert page.status_code == 422
    assert page.context["rows"] == []


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "\u0663", "0"])
def test_a_page_that_is_none_is_the_first(admin_client, before):
    make(1)

    assert len(admin_client.get(LOG, {"before": before}).context["rows"]) == 1


def test_erasures_are_found_by_what_was_done(admin_client):
    make(1, action=audit.ERASED)

    rows = admin_client.get(LOG, {"action": "erased"}).context["rows"]

    assert [row["action"] for row in rows] == ["Erased"]


def test_one_who_may_not_open_a_page_finds_the_way_back(client, db):
    reader = sign_in(client, member_of_staff("reader", "view_submission"))

    refused = reader.get(LOG)

    assert refused.status_code == 403
    assert '<a href="/admin/">Back to the staff site</a>' in refused.content.decode()


def test_pages_have_names_that_a_reader_knows(admin_client):
    for page in ["review_desk", "consultations_question_change", "gone_with_version_2"]:
        make(1, page=page)

    rows = admin_client.get(LOG).context["rows"]

    assert [row["page"] for row in rows[-3:]] == [
        "gone with version 2",
        "Questions: one",
        "Check before publishing",
    ]


def test_pages_go_on_where_the_last_one_ended(admin_client):
    with time_machine.travel("2026-03-02T10:00Z", tick=False):
        made = make(150)
        first = admin_client.get(LOG).context
        second = admin_client.get(LOG + first["older"]).context

    seen = [row["entry"].pk for row in first["rows"] + second["rows"]]
    assert len(first["rows"]) == 100
    # Looking at the log is written too, after it was read.
    assert {entry.pk for entry in made} <= set(seen)
    assert len(seen) == len(set(seen))
    assert second["older"] == ""


def test_the_log_is_for_administrators(client, db):
    sign_in(client, member_of_staff("reader", "view_submission", "review_submission"))

    assert client.get(LOG).status_code == 403


def test_a_page_takes_the_same_number_of_queries(
    admin_client, admin_user, riverside, django_assert_num_queries
):
    about = {"about_type": "submissions.submission", "about_id": str(riverside.pk)}
    make(1, user=admin_user, **about)
    with django_assert_num_queries(8):
        admin_client.get(LOG)
    make(3, user=admin_user, **about)
    with django_assert_num_queries(8):
        admin_client.get(LOG)


def test_every_action_has_words():
    names = {
        value
        for name, value in vars(audit).items()
        if name.isupper() and isinstance(value, str)
    }

    assert names == set(audit.WORDS)
