"""Fixtures: an object storage, and tests that run on a folder and on that."""

import uuid

import pytest
from django.conf import settings as django_settings

from chaos.objects import ObjectStore


@pytest.fixture(scope="session")
def object_store():
    with ObjectStore() as store:
        yield store


@pytest.fixture
def kept_as_objects(object_store, settings):
    """Files are kept in folders of the bucket that no other test uses."""
    mark = uuid.uuid4().hex
    settings.STORAGES = django_settings.STORAGES | {
        name: {
            "BACKEND": "submissions.files.objects.ObjectStorage",
            "OPTIONS": {"url": object_store.url, "folder": f"{mark}-{name}"},
        }
        for name in ("default", "exports", "erased")
    }
    return object_store


@pytest.fixture(params=["folder", "objects"])
def either_storage(request):
    """Run a test on the folder, and again on the object storage; says which it is."""
    if request.param == "objects":
        request.getfixturevalue("kept_as_objects")
    return request.param
