from django.core.management.base import BaseCommand, CommandError

from keepitlocal.backups import Refused
from keepitlocal.backups.backup import open_backup
from keepitlocal.backups.restoring import restore

NO_LIST = (
    "There is no list of what was erased, neither at ERASED_LIST nor beside the backup. "
    "If anybody was erased after it was taken, bring that list and run "
    "`manage.py after_restore`."
)


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database, and make it safe to open: what was "
        "erased is erased again, and no email goes out a second time."
    )

    def add_arguments(self, parser):
        parser.add_argument("backup", help="The folder of one backup.")

    def handle(self, *, backup, **options):
        try:
            opened = open_backup(backup)
            restored = restore(opened)
        except (Refused, OSError) as error:
            raise CommandError(f"Not restored. {error}") from error
        self.stdout.write(
            f"Restored {opened}: {restored.rows:,} rows of "
            f"{len(opened.manifest['tables'])} tables and {restored.files:,} files, "
            "counts and sums as the backup says."
        )
        if restored.erased_list is None:
            self.stderr.write(NO_LIST)
        for words, count in restored.put_right.items():
            self.stdout.write(f"{count:,} {words}")
        self.stdout.write(
            f"The portal is as it was on {opened.taken_at:%d %B %Y at %H:%M:%S} UTC: "
            "what came after that is lost. docs/operations.md says whom to tell, and "
            "what else to look at before it is opened."
        )
