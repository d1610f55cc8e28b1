import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run the portal with its servers on this machine, until Ctrl-C."
    requires_system_checks = []

    def handle(self, **options):
        os.chdir(settings.BASE_DIR)
        # In the place of this process: what supervises the others needs no Django.
        os.execv(sys.executable, [sys.executable, "-m", "keepitlocal.local"])  # noqa: S606
