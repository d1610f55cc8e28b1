"""The same portal at several sizes: a database each, on one server."""

from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from consultations.models import Consultation
from tests.staff import sign_in


class Size:
    """One database, and a browser of staff's that is signed in to it."""

    def __init__(self, name, wrapper):
        self.name, self.wrapper = name, wrapper
        self.client = None

    @contextmanager
    def in_use(self):
        """Have everything here ask this database, as the portal would."""
        before = connections["default"]
        connections["default"] = self.wrapper
        try:
            yield self
        finally:
            connections["default"] = before

    def copy(self, name):
        """Return a copy of this database, for the next size."""
        self.wrapper.close()
        copied = Size(name, connections.create_connection("default"))
        copied.wrapper.settings_dict = self.wrapper.settings_dict | {"NAME": name}
        with self.wrapper._nodb_cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            source = self.wrapper.settings_dict["NAME"]
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        return copied

    def open_staff_site(self):
        """Sign somebody in who may do everything, with cookies of this database's."""
        with self.in_use():
            staff, _made = get_user_model().objects.get_or_create(
                username="staff", is_staff=True, is_superuser=True
            )
            self.client = sign_in(Client(headers={"host": "localhost"}), staff)

    @property
    def call(self):
        return Consultation.objects.get(is_rehearsal=True)


def first():
    """Return the database that the portal has begun with."""
    return Size("first", connections["default"])
