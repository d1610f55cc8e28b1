"""The privacy notice: loaded, published in versions, and kept with what is sent."""

import re

import pytest
from django.core.checks import run_checks
from django.urls import reverse

from consultations.models import Consultation, PrivacyNotice
from consultations.services import publish_privacy_notice
from tests.staff import change, member_of_staff, sign_in
from tests.submissions.test_journey import send

from .test_call_file import CALL_FILE, edited, load  # noqa: F401

ADD = "/admin/consultations/privacynotice/add/"


def numbers():
    return list(
        PrivacyNotice.objects.order_by("number").values_list("number", flat=True)
    )


def test_loading_a_call_publishes_version_one_and_again_nothing(db):
    load(CALL_FILE)
    load(CALL_FILE)

    notice = PrivacyNotice.objects.get()
    assert notice.number == 1
    assert notice.text.startswith("**DRAFT")


def test_a_changed_text_in_the_file_is_a_new_version(db, edited):  # noqa: F811
    load(CALL_FILE)

    path = edited(("Every reminder has a link", "Each reminder has a link"))
    load(path)
    load(path)

    assert numbers() == [1, 2]
    assert "Each reminder" in Consultation.objects.get().privacy_notice.text


def test_another_change_of_the_file_leaves_what_staff_published(db, edited):  # noqa: F811
    load(CALL_FILE)
    publish_privacy_notice(Consultation.objects.get(), "Staff's own.")

    load(edited(("Conversely, are you aware", "Are you aware")))

    assert Consultation.objects.get().privacy_notice.text == "Staff's own."
    assert numbers() == [1, 2]


def test_a_call_file_needs_no_notice(db, tmp_path, client):
    without = re.sub(
        r'privacy_notice = """.*?"""', "", CALL_FILE.read_text(), flags=re.S
    )
    path = tmp_path / "call.toml"
    path.write_text(without)

    load(path)

    page = client.get("/calls/keep-it-local-2018/privacy/").content.decode()
    assert "No privacy notice has been published yet" in page
    assert not PrivacyNotice.objects.exists()


def test_the_page_shows_the_version_that_holds_now(client, consultation):
    publish_privacy_notice(consultation, "We keep **little**. <script>no</script>")

    page = client.get(f"/calls/{consultation.slug}/privacy/").content.decode()

    assert "Version 2, published at" in page
    assert "<strong>little</strong>" in page
    assert "<script>no" not in page
    assert "DRAFT" not in page


def test_the_version_that_held_is_kept_with_what_is_sent(ada, consultation):
    second = publish_privacy_notice(consultation, "As it was when Ada sent it.")

    send(ada)
    publish_privacy_notice(consultation, "Later.")

    assert ada.saved().privacy_notice == second


def test_the_notice_is_linked_where_people_give_their_data(ada, consultation):
    link = f'href="/calls/{consultation.slug}/privacy/"'

    counts = {
        page: ada.get(page).content.decode().count(link) for page in ("", "check/")
    }
    counts["about-you/"] = ada.get("about-you/").content.decode().count(link)
    start = ada.client.get(f"/calls/{consultation.slug}/start/").content.decode()

    # In the footer of each, and once more where it matters.
    assert counts == {"": 1, "check/": 1, "about-you/": 2}
    assert start.count(link) == 2


def test_staff_publish_a_new_version_that_starts_from_the_current_one(
    admin_client, consultation
):
    first = consultation.privacy_notice

    shown = admin_client.get(ADD).content.decode()
    change(admin_client, ADD, text="Confirmed.\r\n\r\nBy Locality.")

    assert first.text[:40] in shown
    assert numbers() == [1, 2]
    assert consultation.privacy_notice.text == "Confirmed.\n\nBy Locality."
    assert PrivacyNotice.objects.get(number=1).text == first.text


def test_a_version_that_says_the_same_is_not_published(admin_client, consultation):
    page = change(admin_client, ADD)

    assert "Version 1 says the same" in page.content.decode()
    assert numbers() == [1]


def test_no_version_can_be_changed_or_deleted(admin_client, consultation):
    notice = consultation.privacy_notice
    url = reverse("admin:consultations_privacynotice_change", args=[notice.pk])

    shown = admin_client.get(url)
    changed = admin_client.post(url, {"text": "Other"})
    deleted = admin_client.post(url.replace("change", "delete"), {"post": "yes"})

    assert notice.text[:40] in shown.content.decode()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert consultation.privacy_notice == notice


def test_only_those_who_may_publish_do(client, consultation):
    sign_in(client, member_of_staff("reader", "view_privacynotice"))

    response = client.post(ADD, {"consultation": consultation.pk, "text": "Mine"})

    assert response.status_code == 403
    assert numbers() == [1]


def test_the_list_shows_every_version_in_the_same_number_of_queries(
    admin_client, consultation, django_assert_num_queries
):
    url = reverse("admin:consultations_privacynotice_changelist")

    for number in (1, 3):
        with django_assert_num_queries(8):
            page = admin_client.get(url)
        assert page.context["cl"].result_count == number
        publish_privacy_notice(consultation, f"After {number}")
        publish_privacy_notice(consultation, f"And after {number}")


def what_the_check_says():
    found = run_checks(include_deployment_checks=True)
    return [message.msg for message in found if message.id == "consultations.W002"]


def test_check_names_a_call_whose_notice_says_draft_or_is_missing(consultation):
    said = f"The privacy notice of “{consultation}” is missing or still says DRAFT."

    while_a_draft = what_the_check_says()
    publish_privacy_notice(consultation, "Confirmed.")
    confirmed = what_the_check_says()
    PrivacyNotice.objects.all().delete()

    assert (while_a_draft, confirmed) == ([said], [])
    assert what_the_check_says() == [said]


@pytest.mark.parametrize("page", ["/", "/resume/", "/nowhere/", "/accessibility/"])
def test_the_accessibility_statement_is_linked_on_every_page(
    client, consultation, page
):
    text = client.get(page).content.decode()

    assert 'href="/accessibility/"' in text


def test_the_accessibility_statement_names_whom_to_write_to(client, consultation):
    while_open = client.get("/accessibility/").content.decode()
    Consultation.objects.update(
        opens_at="2018-06-01T08:00Z", closes_at="2018-07-27T22:59Z"
    )

    closed = client.get("/accessibility/").content.decode()

    assert f"mailto:{consultation.contact_email}" in while_open
    assert "mailto:" not in closed
    assert "https://locality.org.uk" in closed
