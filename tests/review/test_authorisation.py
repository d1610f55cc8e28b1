"""Who gets what at every address of the staff site: a new one must be put into the table."""

import re
import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from principles.models import PrincipleVersion
from review.models import AuditEntry
from submissions.models import LateRequest
from tests.staff import sign_in
from tests.submissions.sent import make_draft, make_sent

from .authorisation import OPEN, ROLES, TABLE

# Not staff, or not all the way: each gets the page to sign in, and nothing else.
OUTSIDERS = ["stranger", "respondent", "without second factor", "deactivated"]


def routes(patterns, before=""):
    """Yield the name and the whole pattern of each address; the pattern for the unnamed."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith("admin/"):
            yield pattern.name or route, route


ROUTES = dict(routes(get_resolver().url_patterns))


@pytest.fixture
def world(consultation, ada):
    """One of everything that an address may name, by the name of the parameter."""
    sent = make_sent(consultation, answers={"1.1": "Eleven became three."})
    late = LateRequest.objects.create(
        submission=make_draft(consultation), reason="The post was late."
    )
    robin = User.objects.create_user("robin", is_staff=True)
    question = consultation.sections.first().questions.first()
    version = PrincipleVersion.objects.current(consultation)[0]
    return {
        "consultations_section": question.section.pk,
        "consultations_question": question.pk,
        "consultations_privacynotice": consultation.privacy_notices.first().pk,
        "consultations_consultation": consultation.pk,
        "principles_principle": consultation.principles.first().pk,
        "submissions_laterequest": late.pk,
        "submissions_submission": sent.pk,
        "auth_user": robin.pk,
        "themes": consultation.themes.create(name="Scale").pk,
        "questions": question.pk,
        "principles": version.principle.pk,
        "sentences": version.sentences.first().pk,
        "slug": consultation.slug,
        "key": sent.key,
        "pk": sent.pk,
    }


# What an address of ours names by its id, when that is no submission.
KINDS = ["themes", "questions", "principles", "sentences"]
OTHERS = {
    "object_id": 0,
    "note": 0,
    "redaction": 0,
    "original": 0,
    "number": 1,
    "since": 1,
    "half": "said",
    "letter": "acknowledgement",
    "rows": "submissions",
    "file": uuid.UUID(int=1),
    "content_type_id": 0,
    "app_label": "submissions",
    "uidb64": "MQ",
    "token": "a-b",
    "url": "nowhere/",
}


def address(name, world):
    """Return an address of this name in the world, or of a page that has none."""
    route = ROUTES[name]
    models = [name for name in world if "_" in name]
    model = next((model for model in models if route_of(model) in route), None)
    values = OTHERS | world
    if model:
        values |= {"object_id": world[model], "pk": world[model]}
    kind = next((kind for kind in KINDS if f"/{kind}/<int:pk>/" in route), None)
    if kind:
        values |= {"pk": world[kind]}
    if "<uuid:pk>" in route:
        values |= {"pk": uuid.UUID(int=1)}
    if route == name:
        filled = re.sub(r"\(\?P<(\w+)>.*?\)|<(?:\w+:)?(\w+)>", r"<\1\2>", route)
        filled = re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), filled)
        return "/" + filled.replace("^", "").replace("$", "")
    asked = re.findall(r"<(?:\w+:)?(\w+)>", route)
    return reverse(f"admin:{name}", kwargs={one: values[one] for one in asked})


def route_of(model):
    return f"/{model.replace('_', '/', 1)}/"


def answer(client, method, url):
    """Return the answer; whatever the request did is undone, signing out too."""
    client.raise_request_exception = False
    cookies = client.cookies.output()
    with transaction.atomic():
        response = getattr(client, method)(url)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return response


def in_role(name):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name=name))
    return sign_in(Client(), user)


def test_every_address_stands_in_the_table():
    assert set(ROUTES) == set(TABLE) | set(OPEN)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(world, role, method):
    client = in_role(role)

    got = {
        name: answer(client, method, address(name, world)).status_code for name in TABLE
    }

    column, half = ROLES.index(role), ["get", "post"].index(method)
    assert got == {name: row[half][column] for name, row in TABLE.items()}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_others_are_sent_to_the_page_to_sign_in(world, ada, who, method):
    clients = {
        "stranger": Client(),
        "respondent": ada.client,
        "without second factor": half_signed_in(),
        "deactivated": signed_in_and_out_of_work(),
    }

    answers = {
        name: answer(clients[who], method, address(name, world)) for name in TABLE
    }

    elsewhere = [
        name
        for name, response in answers.items()
        if not response.headers.get("Location", "").startswith("/admin/login/?next=")
    ]
    assert elsewhere == []
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_pages_before_the_door_let_nobody_through(world, ada, who):
    clients = {
        "stranger": Client(),
        "respondent": ada.client,
        "without second factor": half_signed_in(),
        "deactivated": signed_in_and_out_of_work(),
    }

    statuses = {
        name: tuple(
            answer(clients[who], method, address(name, world)).status_code
            for method in ["get", "post"]
        )
        for name in OPEN
    }

    assert statuses == OPEN


def half_signed_in():
    """Somebody whom another program signed in with a password alone."""
    user = User.objects.create_superuser("half")
    TOTPDevice.objects.create(user=user, name="app")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def signed_in_and_out_of_work():
    user = User.objects.create_superuser("gone")
    client = sign_in(Client(), user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return client
