from django.core.management.base import BaseCommand

from review.services import erasing


class Command(BaseCommand):
    help = (
        "Erase again what was erased before and has come back from an older backup. "
        "Run it after every restore, before the site is opened."
    )

    def handle(self, **options):
        count = erasing.erase_again()
        self.stdout.write(f"{count} erased again")
