"""Everybody who may ask, and one of everything that an address may name."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from principles.models import PrincipleVersion
from submissions.models import LateRequest
from tests.conftest import Respondent
from tests.review.intakes import make_intake
from tests.staff import sign_in
from tests.submissions.guests import invited
from tests.submissions.sent import make_draft, make_sent

ROLES = ["Reviewer", "Moderator", "Exporter", "Administrator"]


def in_role(name):
    user = User.objects.create_user(name.lower(), is_staff=True)
    user.groups.set(Group.objects.filter(name=name))
    return sign_in(Client(), user)


@pytest.fixture
def people(ada, admin_client):
    """The browsers that ask, by whose they are."""
    guest = invited(ada, "section-1", "principles")
    staff = {role: in_role(role) for role in ROLES}
    return staff | {
        "superuser": admin_client,
        "owner": ada.client,
        "guest": guest.client,
        "nobody": Client(),
    }


@pytest.fixture
def known(ada, consultation):
    """Good values of what addresses name: one of everything."""
    done = sent_before(ada)
    ada.post("about-you/", name="Ada", publication="with-name")
    ada.post("section/1/", answer__1__1="Eleven became three.")
    item = ada.submission.items.create(title="A report")
    sent = make_sent(consultation, answers={"1.1": "Eleven became three."})
    late = LateRequest.objects.create(
        submission=make_draft(consultation), reason="The post was late."
    )
    version = PrincipleVersion.objects.current(consultation)[0]
    question = consultation.sections.first().questions.first()
    intake = make_intake(User.objects.first())
    pks = [sent, late, version.principle, question, intake, version.sentences.first()]
    pks += [
        consultation,
        consultation.themes.create(name="Scale"),
        User.objects.first(),
    ]
    return {
        "slug": [consultation.slug],
        "key": [ada.submission.key, done.key],
        "item": [item.key],
        "number": [1, 2],
        "name": ["1-v1-1", "questions.pdf", "questions.docx"],
        "part": ["section-1", "principles", "about-you", f"item-{item.key.hex}"],
        "pk": [one.pk for one in pks],
        "object_id": [one.pk for one in pks],
        "original": [intake.originals.first().pk],
        "invitation": [ada.submission.invitations.values_list("pk", flat=True)[0]],
        "about": ["question-1-1"],
        "letter": ["acknowledgement", "deadline-reminder"],
        "half": ["with-name", "said"],
        "app_label": ["submissions"],
    }


def sent_before(ada):
    """Send another response from Ada's browser, and return it."""
    call = ada.submission.consultation
    ada.client.post(f"/calls/{call.slug}/start/")
    other = Respondent(ada.client)
    other.post("about-you/", name="Ada", publication="with-name")
    other.post("section/1/", answer__1__1="Eleven became three.")
    other.post("check/")
    return other.saved()
