"""What staff do with the draft principles."""

import pytest
from django.urls import reverse

from principles.services import publish
from submissions import services
from tests.staff import change, member_of_staff, sign_in


@pytest.fixture
def principle(consultation):
    return consultation.principles.get(number=2)


@pytest.fixture
def url(principle):
    return reverse("admin:principles_principle_change", args=[principle.pk])


def versions(principle):
    return [
        (version.number, [sentence.text for sentence in version.sentences.all()])
        for version in principle.versions.all()
    ]


def test_a_changed_text_is_a_new_version(admin_client, principle, url, draft):
    first = principle.versions.get()
    services.keep_principle_comments(
        draft, {first.pk: ("agree", "As it stands.", "publish")}
    )
    before = versions(principle)

    change(admin_client, url, sentences="Think local first.\r\n\r\n  Then act. \r\n")

    assert versions(principle) == [*before, (2, ["Think local first.", "Then act."])]
    assert draft.principle_comments.get().version == first


def test_a_changed_title_makes_no_version(admin_client, principle, url):
    before = versions(principle)

    change(admin_client, url, title="Work together")

    principle.refresh_from_db()
    assert principle.title == "Work together"
    assert versions(principle) == before


def test_a_text_written_over_an_older_version_is_refused(admin_client, principle, url):
    publish(principle, ["Published meanwhile."])

    page = change(admin_client, url, sentences="Mine.", version_read="1")

    assert "Somebody published version 2 while you were writing" in (
        page.content.decode()
    )
    assert "Mine." in page.content.decode()
    assert len(versions(principle)) == 2


def test_a_text_without_sentences_is_refused(admin_client, principle, url):
    page = change(admin_client, url, sentences=" \r\n ")

    assert "This field is required" in page.content.decode()
    assert len(versions(principle)) == 1


def test_a_new_principle_has_its_first_version(admin_client, consultation):
    change(
        admin_client,
        reverse("admin:principles_principle_add"),
        consultation=consultation.pk,
        number="6",
        title="Be kind",
        sentences="Be kind.",
    )

    assert versions(consultation.principles.get(number=6)) == [(1, ["Be kind."])]


def test_every_version_is_shown_with_its_comments(admin_client, principle, url, draft):
    first = principle.versions.get()
    services.keep_principle_comments(
        draft, {first.pk: ("agree", "Only in a draft", "publish")}
    )
    publish(principle, ["Think local first."])

    page = admin_client.get(url)

    shown = page.context["inline_admin_formsets"][0].formset.queryset
    assert [(version.number, version.references) for version in shown] == [
        (2, 0),
        (1, 1),
    ]
    assert "Think local first." in page.content.decode()
    assert "Only in a draft" not in page.content.decode()


def test_a_principle_with_versions_cannot_be_deleted(admin_client, principle):
    url = reverse("admin:principles_principle_delete", args=[principle.pk])

    assert admin_client.get(url).status_code == 403


def test_those_who_may_only_look_see_no_box_to_write_in(client, principle, url):
    sign_in(
        client, member_of_staff("reader", "view_principle", "view_principleversion")
    )

    page = client.get(url)

    [(_title, shown)] = page.context["adminform"].fieldsets
    assert shown["fields"] == ["consultation", "number", "title"]
    assert str(principle.versions.get().sentences.first()) in page.content.decode()
