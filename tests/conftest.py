import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from consultations.models import Consultation
from submissions import services
from tests.fuzz import profiles  # noqa: F401
from tests.objects import (  # noqa: F401
    either_storage,
    kept_as_objects,
    object_store,
)
from tests.smtp import smtp_sink  # noqa: F401
from tests.staff import sign_in

CALL_FILE = Path(__file__).parent.parent / "calls" / "keep-it-local-2018.toml"


@pytest.fixture(scope="session", autouse=True)
def collected_static_files():
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests that commit be cleaned up after: the audit log refuses to be emptied."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE review_auditentry "
            "DISABLE TRIGGER review_auditentry_is_not_emptied"
        )


@pytest.fixture
def consultation(db):
    """The real call, open for another 28 days."""
    call_command("load_call", CALL_FILE, rehearsal=True, verbosity=0)
    return Consultation.objects.get()


@pytest.fixture
def admin_user(db):
    """A superuser. Nobody asks for his password: making one takes a fifth of a second."""
    return get_user_model().objects.create(
        username="admin",
        email="admin@example.com",
        password=make_password(None),
        is_staff=True,
        is_superuser=True,
    )


@pytest.fixture
def admin_client(admin_user):
    """The browser of a superuser who has given password and code."""
    return sign_in(Client(), admin_user)


@pytest.fixture
def close(consultation):
    """Close the call, an hour ago unless told otherwise."""

    def close(minutes=60):
        consultation.closes_at = timezone.now() - dt.timedelta(minutes=minutes)
        consultation.opens_at = consultation.closes_at - dt.timedelta(days=28)
        consultation.save()

    return close


@pytest.fixture
def ada(client, consultation):
    """Ada of Riverside Community Trust, at her browser, with a draft begun."""
    client.post(f"/calls/{consultation.slug}/start/")
    return Respondent(client)


@pytest.fixture
def draft(consultation):
    return services.start(consultation)


class Respondent:
    """A browser that holds one draft."""

    def __init__(self, client):
        self.client = client
        self.submission = Consultation.objects.get().submissions.latest("pk")
        self.url = f"/evidence/{self.submission.key}/"

    def get(self, page=""):
        return self.client.get(self.url + page)

    def post(self, page, **fields):
        """Post as a browser does: dots and dashes of names written as underscores."""
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        return self.client.post(self.url + page, {"_end": "1"} | data)

    def saved(self):
        self.submission.refresh_from_db()
        return self.submission

    def answers(self):
        return dict(self.submission.answers.values_list("question__code", "text"))
