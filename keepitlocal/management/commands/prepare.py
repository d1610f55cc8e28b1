import hashlib
import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

CALL = settings.BASE_DIR / "calls" / "keep-it-local-2018.toml"
STAFF = "staff"

# Without those that are read as one another: 0 and o, 1 and l and i.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = (
        "Make the portal ready to serve: tables, the call, the first staff account, "
        "styles. Safe to repeat, and quick when nothing is to be done."
    )

    def handle(self, **options):
        self.make_tables()
        call_command("load_call", CALL, rehearsal=os.environ.get("REHEARSAL") != "no")
        self.collect_static_files()
        self.make_staff_account()

    def make_tables(self):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Making tables: {len(plan)} migrations")
            call_command("migrate", interactive=False, verbosity=0)

    def collect_static_files(self):
        """Collect styles and scripts, unless the same ones are there already."""
        stamp = settings.DATA_DIR / "static-files-state"
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        state = state_of_static_files()
        if manifest.exists() and stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("Collecting styles and scripts")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)

    def make_staff_account(self):
        users = get_user_model().objects
        if first := users.filter(is_superuser=True).order_by("pk").first():
            self.stdout.write(f"Staff account: {first.get_username()}")
            return
        password = readable_password()
        users.create_superuser(STAFF, f"{STAFF}@localhost.example", password)
        self.stdout.write(
            f"Staff account: {STAFF}, password {password} (shown only this once)"
        )


def state_of_static_files():
    """Changes whenever a file is added, taken away or written."""
    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            written_at = storage.get_modified_time(path).timestamp()
            state.update(f"{path} {storage.size(path)} {written_at}\n".encode())
    return state.hexdigest()


def readable_password():
    """Four groups of four: 79 bits."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
