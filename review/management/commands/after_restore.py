from django.core.management.base import BaseCommand

from review.services import restoring


class Command(BaseCommand):
    help = (
        "Put right what must be after the database has gone back in time, before the "
        "site is opened. `restore_backup` does it by itself; run it after any other way."
    )

    def handle(self, **options):
        for words, count in restoring.put_right().items():
            self.stdout.write(f"{count:,} {words}")
