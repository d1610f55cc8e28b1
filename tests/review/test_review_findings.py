"""What a review of the staff site found: lost, leaked, unwritten, or broken down."""

import csv
import io
import uuid
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import OutgoingEmail
from outbox.services import enqueue
from review.exports.work import NoLongerOurs
from review.exports.work import _finish as finish
from review.intake import services as intakes
from review.models import AuditEntry, Export, SavedSelection
from review.said import said_in
from review.services import erasing, exports, publishing, themes, theming
from submissions import services
from submissions.files.kinds import MAX_FILES
from submissions.models import Confidence
from tests.review.exported import attach, content_of, made, mark
from tests.review.intakes import make_intake, moderator
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/admin/consultations/consultation/" + "9" * 300 + "/change/",
        "/admin/consultations/consultation/a%00b/change/",
        "/admin/submissions/submission/" + "9" * 300 + "/change/",
        "/admin/submissions/submission/a%00b/change/",
        "/admin/auth/user/a%00b/change/",
        "/admin/auth/user/" + "x" * 300 + "/history/",
        "/admin/publishing/?state=a%00b",
        "/admin/submissions/submission/?q=%00&assignee=%00&theme=" + "9" * 40,
        "/admin/submissions/submission/?page=" + "9" * 8,
        "/admin/erasures/?submission=" + "9" * 40,
        "/admin/r/9999999999999999999999999/1/",
        "/admin/r/1/a%00/",
        "/admin/audit/?user=" + "9" * 30 + "&about=%00&page=%00",
        "/admin/audit/?until=9999-12-31",
        "/admin/exports/?q=" + "a" * 5000,
        "/admin/reading/99999999999999999999999999999/note/",
        "/admin/intake/99999999999999999999999999999/",
        "/admin/themes/99999999999999999999999999999/",
        "/admin/intake/?state=place&p=%00",
    ],
)
def test_odd_addresses_are_answered(admin_client, consultation, address):
    admin_client.raise_request_exception = False
    assert admin_client.get(address).status_code < 500


def test_publishing_numbers_that_cannot_be_is_answered(admin_client, consultation):
    answer = admin_client.post(
        reverse("admin:review_publish_chosen"), {"chosen": ["9" * 40]}
    )
    assert answer.status_code == 302


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


def test_taking_a_file_away_is_written_down_as_a_download(admin_client, consultation):
    sent = make_sent(consultation)
    stored = services.keep_as_file("A text")
    stored.save()
    file = sent.attachments.create(name="a.txt", stored=stored)
    url = f"/admin/submissions/submission/{sent.key}/files/{file.key}/"
    b"".join(admin_client.get(url))
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.about_type, entry.about_id) == (
        "download",
        "submissions.submission",
        str(sent.pk),
    )


def test_deleting_a_selection_is_written_down_with_its_id(admin_client, admin_user):
    saved = SavedSelection.objects.create(owner=admin_user, name="Mine", query="")
    admin_client.post(f"/admin/selections/{saved.pk}/delete/")
    assert AuditEntry.objects.latest("pk").about_id == str(saved.pk)


@pytest.fixture
def handed_over(consultation):
    mona = moderator("mona")
    intake = make_intake(mona, publication="with-name")
    original = intake.originals.get()
    intakes.put(intake, "question-1-4", [(original.pk, 2)])
    intakes.hand_over(intake, staff=mona)
    intake.refresh_from_db()
    return intake


def test_a_moment_that_cannot_be_is_not_what_was_seen(client, handed_over):
    olu = sign_in(client, moderator("olu"))
    answer = olu.post(
        f"/admin/intake/{handed_over.pk}/check/", {"seen": "2026-02-31T00:00:00"}
    )
    assert answer.status_code == 302


def test_a_text_beyond_the_last_original_is_given_back(client, consultation):
    mona = moderator("mona")
    intake = make_intake(mona)
    for number in range(MAX_FILES - 1):
        intakes.add_text(intake, name=f"{number}", text="A text", staff=mona)
    answer = sign_in(client, mona).post(
        f"/admin/intake/{intake.pk}/originals/",
        {"text": "What was pasted", "_end": "1"},
    )
    assert answer.status_code == 422
    assert "What was pasted" in answer.text


def test_an_intake_goes_out_of_sight_with_what_was_withdrawn(client, handed_over):
    olu = moderator("olu")
    sent = intakes.take_in(handed_over, staff=olu, seen=handed_over.handed_over_at)
    services.withdraw(sent)
    browser = sign_in(client, olu)
    original = handed_over.originals.get()
    statuses = [
        browser.get(f"/admin/intake/{handed_over.pk}/{page}").status_code
        for page in ("check/", "letter/", f"originals/{original.pk}/file/")
    ]
    assert statuses == [404, 404, 404]
    assert str(handed_over) not in browser.get("/admin/intake/?state=done").text


def test_undoing_two_merges_one_after_the_other_loses_no_passage(consultation):
    kim = member_of_staff("kim", "review_submission")
    one, two, three = (
        themes.add(consultation, kim, name=name) for name in ("One", "Two", "Three")
    )
    sent = make_sent(consultation, answers={"1.1": "Eleven contracts"})
    said = said_in(sent)[0]
    theming.put_on(one, sent, said, (0, 6), kim)
    theming.put_on(three, sent, said, (0, 6), kim)
    themes.merge(one, two, kim)
    themes.merge(two, three, kim)
    themes.separate(two, kim)
    themes.separate(one, kim)
    counts = [theme.passages.count() for theme in (one, two, three)]
    assert counts == [1, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_exports_say_of_an_item_and_its_files_what_holds_for_the_public(
    consultation, settings, tmp_path
):
    settings.EXPORTS_ROOT, settings.MEDIA_ROOT = tmp_path / "exports", tmp_path
    sent = make_sent(consultation)
    unquoted = sent.items.create(title="A", details="Letter", may_quote="no")
    kept = sent.items.create(
        title="B", details="Report", confidence=Confidence.LOCALITY_ONLY
    )
    attach(sent, "a.txt", b"a", item=unquoted)
    attach(sent, "b.txt", b"b", item=kept)
    attach(sent, "c.txt", b"c")
    mark(sent, "Scale", f"item-{unquoted.key}", "Letter")

    pack = ZipFile(io.BytesIO(content_of(made(consultation, format="zip", rows=""))))
    items, passages, files = (
        list(csv.DictReader(io.StringIO(pack.read(name).decode("utf-8-sig"))))
        for name in ("evidence.csv", "passages.csv", "files.csv")
    )

    assert [row["May be published"] for row in items] == ["Not", "Not"]
    assert [row["May be published"] for row in passages] == ["Not"]
    assert {row["Name"]: row["May be published"] for row in files} == {
        "a.txt": "Not",
        "b.txt": "Not",
        "c.txt": "With name",
    }


@pytest.fixture
def whole(consultation, settings, tmp_path):
    """An export whose worker has written the file, and has yet to hand it over."""
    settings.EXPORTS_ROOT = tmp_path / "exports"
    settings.EXPORTS_ROOT.mkdir()
    Export.objects.create(
        owner=moderator("mona"), consultation=consultation, format="csv"
    )
    path = tmp_path / "whole.csv"
    path.write_text("Of the first worker")
    return Export.objects.get(), path


def test_an_export_deleted_at_the_last_moment_leaves_no_file(whole, settings):
    export, path = whole
    exports.remove(Export.objects.all())

    with pytest.raises(NoLongerOurs):
        finish(export, path, timezone.now())

    assert not list(settings.EXPORTS_ROOT.iterdir())


def test_a_worker_that_came_too_late_leaves_the_file_of_the_other(whole, settings):
    export, path = whole
    Export.objects.update(
        lease=uuid.uuid4(), lease_expires_at=timezone.now() + timezone.timedelta(1)
    )
    second = settings.EXPORTS_ROOT / f"{export.id}-of-the-second.csv"
    second.write_text("Of the second worker")

    with pytest.raises(NoLongerOurs):
        finish(export, path, timezone.now())

    assert list(settings.EXPORTS_ROOT.iterdir()) == [second]
