import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from keepitlocal.backups import Refused
from keepitlocal.backups.making import back_up
from keepitlocal.backups.pruning import prune
from keepitlocal.watching import duties


class Command(BaseCommand):
    help = (
        "Write a backup, of the database and of respondents' files, into a new folder in "
        "this one. Files that an earlier backup has take no space again."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="Where the backups are kept.")
        parser.add_argument(
            "--prune",
            action="store_true",
            help="Delete older ones afterwards, but for the newest of each day and week.",
        )
        parser.add_argument("--daily", type=int, default=7, metavar="DAYS")
        parser.add_argument("--weekly", type=int, default=4, metavar="WEEKS")

    def handle(self, *, folder, daily, weekly, **options):
        began_at = time.monotonic()
        try:
            backup = back_up(folder)
        except (Refused, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        # So that somebody hears of it when there is none for a day.
        duties.note("back_up", time.monotonic() - began_at)
        self.say(backup)
        if options["prune"]:
            self.prune(folder, daily, weekly)
        if lost := backup.manifest["files"]["lost"]:
            raise CommandError(
                f"The backup is whole but for {len(lost)} files that the database knows "
                f"and the storage does not have, as they were: {', '.join(lost)}"
            )

    def say(self, backup):
        files = backup.manifest["files"]
        self.stdout.write(
            f"{backup}: {len(backup.manifest['tables'])} tables, {backup.rows:,} rows, "
            f"{files['count']:,} files, {files['bytes']:,} bytes in files"
        )

    def prune(self, folder, daily, weekly):
        try:
            gone = prune(folder, daily=daily, weekly=weekly)
        except (Refused, OSError) as error:
            raise CommandError(f"Older backups were not deleted. {error}") from error
        self.stdout.write(f"{gone} older deleted")
