"""The page of exports: who may, what is given at once, what is made, what is written down."""

import csv
import io
import json
import re

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from consultations.models import Consultation
from review.exports.work import make_waiting
from review.models import AuditEntry, Export
from review.views import exports as views
from tests.review.exported import content_of, made
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent, minutes_ago

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/exports/"
MOMENT = r"\d{4}-\d\d-\d\dT\d{4}Z"


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


@pytest.fixture
def grace(db):
    return member_of_staff("grace", "view_submission", "export_submission")


@pytest.fixture
def client(client, grace):
    return sign_in(client, grace)


def ask(client, query="", **fields):
    consultation = Consultation.objects.first()
    fields = {"consultation": consultation.pk, "format": "csv"} | fields
    return client.post(PAGE + query, {"rows": "submissions"} | fields)


def read(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_page_says_how_many_and_which(client, consultation):
    make_sent(consultation, respondent_type="councillor")
    make_sent(consultation, respondent_type="academic")
    make_draft(consultation)

    everything = text_of(client.get(PAGE))
    chosen = text_of(client.get(f"{PAGE}?type=councillor"))

    assert "2 submissions Everything that was sent and stands" in everything
    assert "1 submission Type: Elected councillor" in chosen


def test_page_of_nothing_says_so_and_offers_nothing(client, consultation):
    page = client.get(f"{PAGE}?type=councillor")

    assert "There is nothing to put in a file" in text_of(page)
    assert 'name="format"' not in page.content.decode()


def test_a_small_csv_is_given_at_once(client, consultation):
    make_sent(consultation, name="One", email="one@x.example", channel="post")
    make_sent(consultation, name="Two", channel="online")

    response = ask(client, "?channel=post", with_bom="on", with_email="on")

    [row] = read(response)
    assert (row["Name"], row["Email address"]) == ("One", "one@x.example")
    assert "Notes" not in row
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        f'attachment; filename="{consultation.slug}-submissions-channel-post-{MOMENT}'
        r'\.csv"',
        response["Content-Disposition"],
    )
    assert not Export.objects.exists()


def test_a_file_given_at_once_stays_on_no_disk(client, consultation, settings):
    make_sent(consultation)

    response = ask(client, format="json")

    assert int(response["Content-Length"]) == len(response.getvalue())
    assert list(settings.EXPORTS_ROOT.iterdir()) == []


def test_json_holds_all_rows_whatever_is_chosen(client, consultation):
    make_sent(consultation)

    response = ask(client, format="json", rows="answers")

    assert json.loads(response.getvalue())["count"] == 1
    assert "-everything-all-" in response["Content-Disposition"]


@pytest.mark.parametrize("format", ["xlsx", "zip"])
@pytest.mark.usefixtures("either_storage")
def test_what_takes_time_is_made_by_a_worker_and_stands_on_the_page(
    client, consultation, format
):
    make_sent(consultation, respondent_type="councillor")

    response = ask(client, "?type=councillor", format=format, with_review="on")
    waiting = text_of(client.get(PAGE))
    make_waiting()
    ready = client.get(f"{PAGE}progress/")

    export = Export.objects.get()
    assert response.url == f"{PAGE}?type=councillor#mine"
    assert "Waits for its turn" in waiting
    assert "data-waiting" not in ready.content.decode()
    assert f"{PAGE}{export.pk}/" in ready.content.decode()
    download = client.get(f"{PAGE}{export.pk}/")
    assert download.getvalue() == content_of(export)
    assert download["Content-Type"] == views.CONTENT_TYPES[format]
    assert export.name in download["Content-Disposition"]


def test_a_large_csv_is_made_by_a_worker(client, consultation, monkeypatch):
    monkeypatch.setattr(views, "MADE_AT_ONCE", 1)
    for _number in range(2):
        make_sent(consultation)

    response = ask(client)

    assert response.status_code == 302
    assert Export.objects.get().format == "csv"


def test_a_file_holds_one_call_and_several_are_to_choose_from(client, consultation):
    other = Consultation.objects.create(
        slug="other", title="Other", opens_at=minutes_ago(2), closes_at=minutes_ago(1)
    )
    make_sent(consultation, name="One")
    make_sent(other, name="Another call")

    page = client.get(PAGE)
    response = ask(client, consultation=other.pk)

    assert "Another" not in page.content.decode()
    assert page.content.decode().count("<option") == 2
    assert [row["Name"] for row in read(response)] == ["Another call"]


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "pdf"},
        {"format": ""},
        {"rows": "everything"},
        {"consultation": "0"},
        {"consultation": "9" * 30},
        {"consultation": "x"},
    ],
)
def test_what_there_is_not_is_refused_and_what_was_chosen_stays(
    client, consultation, fields
):
    make_sent(consultation)

    response = ask(client, with_email="on", **fields)

    assert response.status_code == 422
    assert response.context["form"]["with_email"].value() is True
    assert not Export.objects.exists()


def test_exporting_and_downloading_are_written_down(client, consultation, grace):
    make_sent(consultation, organisation="Riverside", respondent_type="councillor")

    ask(client, "?type=councillor&q=Riverside", format="xlsx", with_email="on")
    make_waiting()
    export = Export.objects.get()
    client.get(f"{PAGE}{export.pk}/").getvalue()

    exported, downloaded = AuditEntry.objects.filter(
        action__in=["export", "download"]
    ).order_by("pk")
    assert (exported.user, exported.action) == (grace, "export")
    assert exported.details == {
        "format": "xlsx",
        "rows": "submissions",
        "filter": {"type": ["councillor"], "q": 1},
        "submissions": 1,
        "with_email": True,
        "with_review": False,
    }
    assert (downloaded.about_type, downloaded.about_id) == (
        "review.export",
        str(export.pk),
    )
    assert downloaded.details["submissions"] == 1
    assert downloaded.details["sha256"] == export.sha256


def test_a_file_is_its_owners_and_administrators_alone(client, consultation):
    make_sent(consultation)
    export = made(consultation, owner=member_of_staff("other"))
    url = f"{PAGE}{export.pk}/"

    assert client.get(url).status_code == 404
    assert client.post(f"{url}remove/").status_code == 404
    assert str(export.pk) not in client.get(PAGE).content.decode()
    administrator = member_of_staff("root", "export_submission", "view_export")
    assert sign_in(client, administrator).get(url).getvalue()
    reader = member_of_staff("reader", "view_submission", "review_submission")
    sign_in(client, reader)
    for address in (PAGE, f"{PAGE}progress/", url):
        assert client.get(address).status_code == 403
    assert ask(client).status_code == 403
    assert storages["exports"].exists(export.file)


@pytest.mark.usefixtures("either_storage")
def test_a_file_that_is_deleted_is_asked_for_again(client, consultation, grace):
    make_sent(consultation)
    export = made(consultation, owner=grace)

    client.post(f"{PAGE}{export.pk}/remove/")
    page = client.get(f"{PAGE}{export.pk}/", follow=True)

    assert not storages["exports"].exists(export.file)
    assert "That file is deleted. Export it again." in text_of(page)
    assert client.get(f"{PAGE}{export.pk}/remove/").status_code == 405


def test_an_expired_file_is_not_given_though_it_is_still_there(
    client, consultation, grace
):
    export = made(consultation, owner=grace)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())

    response = client.get(f"{PAGE}{export.pk}/")

    assert storages["exports"].exists(export.file)
    assert response.url == PAGE


def test_page_takes_the_same_number_of_queries(
    client, consultation, grace, django_assert_num_queries
):
    # What the call asks is in memory from then on.
    client.get(PAGE)
    for count in (1, 3):
        while Export.objects.count() < count:
            make_sent(consultation)
            made(consultation, owner=grace)
        # Session, user with the second factor and permissions, kept counts, all calls, counts
        # by call, calls, those of the form, exports, rehearsal, audit.
        with django_assert_num_queries(14):
            client.get(PAGE)
