import math

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import trans_real

from . import patience


class KeepItLocalConfig(AppConfig):
    name = "keepitlocal"
    verbose_name = "Keep it Local"

    def ready(self):
        from .watching import listening  # noqa: F401, PLC0415

        forget_empty_catalogues()
        pre_migrate.connect(let_statements_take_long)
        post_migrate.connect(bound_statements_again)


def forget_empty_catalogues():
    """Leave out what gettext would look through for each of our own texts.

    Below English as the British write it stands the English catalogue of each app, which
    holds nothing: what is translated is already English.
    """
    english = trans_real.translation(settings.LANGUAGE_CODE)
    while english._fallback and len(english._fallback._catalog) <= 1:
        english._fallback = english._fallback._fallback


def let_statements_take_long(using, **kwargs):
    """Lift the bound of requests: a migration may rewrite all that was ever sent.

    How long it waits for locks stays bounded: whoever reads the same table meanwhile
    waits behind it.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = '3s'")
    connections[using].connection.patience = math.inf


def bound_statements_again(using, **kwargs):
    with connections[using].cursor() as cursor:
        cursor.execute("RESET statement_timeout")
        cursor.execute("RESET lock_timeout")
    connections[using].connection.patience = patience.SECONDS
