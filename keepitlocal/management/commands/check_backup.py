from django.core.management.base import BaseCommand, CommandError

from keepitlocal.backups import Refused
from keepitlocal.backups.backup import open_backup
from keepitlocal.backups.checking import check


class Command(BaseCommand):
    help = "Read a backup from end to end: all sums, and whether its dump can be read."

    def add_arguments(self, parser):
        parser.add_argument("backup", help="The folder of one backup.")

    def handle(self, *, backup, **options):
        try:
            opened = open_backup(backup)
            check(opened)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{opened} is whole: {len(opened.sums)} sums hold, the dump can be read. "
            f"It shows {opened.taken_at:%d %B %Y, %H:%M:%S} UTC."
        )
