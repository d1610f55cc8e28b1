"""One way in for staff, and no other."""

import ast
from pathlib import Path

from django.contrib import admin
from django.test import Client

from review.site import StaffSite

from .conftest import ROOT
from .test_headers import addresses

# Not the outbox: what it signs in to are mail relays.
OUR_CODE = ["keepitlocal", "review", "submissions", "principles", "consultations"]
# What makes a session somebody's.
SIGNS_IN = {"login", "force_login", "alogin"}


def calls(path):
    """Yield the name of each function that a file calls."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_somebody_is_signed_in_at_one_place():
    places = [
        str(path.relative_to(ROOT))
        for folder in OUR_CODE
        for path in Path(ROOT / folder).rglob("*.py")
        for name in calls(path)
        if name in SIGNS_IN
    ]

    assert places == ["review/door/sessions.py"]


def test_one_address_asks_strangers_for_a_password(consultation):
    client = Client(raise_request_exception=False)

    asking = [
        address
        for address in addresses()
        if b'type="password"' in client.get(address).content
    ]

    assert asking == ["/admin/login/"]


def test_the_admin_is_ours_and_holds_no_list_to_type_into():
    assert type(admin.site._wrapped) is StaffSite
    editable = [
        model.__name__
        for model, model_admin in admin.site._registry.items()
        if model_admin.list_editable
    ]
    assert editable == []


def test_pages_of_persons_are_not_for_search_engines(ada):
    private = [ada.url, "/resume/", "/admin/login/", "/resume/x/"]

    tags = [ada.client.get(address).get("X-Robots-Tag") for address in private]

    assert tags == ["noindex"] * 4
    assert "X-Robots-Tag" not in ada.client.get("/").headers
