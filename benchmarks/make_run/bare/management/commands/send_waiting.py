import time

from django.core.management.base import BaseCommand

from benchmarks.make_run.bare.tasks import send_waiting


class Command(BaseCommand):
    help = "Send what waits, every three seconds, until stopped."

    def handle(self, **options):
        while True:
            send_waiting()
            time.sleep(3)
