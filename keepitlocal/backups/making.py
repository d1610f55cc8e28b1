"""Makes a backup: a dump and the files of one moment, whole or not at all."""

import json
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from . import contents, erased, files, programs
from .backup import DUMP, FORMAT, MANIFEST, NAME, Backup, all_in
from .folders import alone_in, finish, new_file, new_folder, sum_of, write_sums

# Milliseconds that a migration which runs just now may hold it up.
PATIENCE = 60_000


def back_up(root):
    """Write a backup into a new folder of `root` and return it."""
    root = Path(root).resolve()
    pg_dump = programs.find("pg_dump", programs.server_version())
    with alone_in(root), new_folder(root) as folder:
        earlier = next(reversed(all_in(root)), None)
        # Before the dump, and what is new once more after it: nothing that is deleted or
        # added meanwhile is missing.
        files.copy(files.known(), folder, earlier)
        moment, manifest, wanted = _dump(folder, pg_dump)
        files.copy(wanted, folder, earlier)
        files.keep_only(wanted, folder)
        manifest["files"] = files.figures(wanted, folder)
        _write(folder, manifest, wanted)
        erased.keep_list(root)
        return Backup(finish(folder, moment.strftime(NAME)))


def _dump(folder, pg_dump):
    """Dump the database; return the moment that it shows, what was in it, its files."""
    with contents.snapshot() as cursor:
        cursor.execute("SELECT now(), pg_export_snapshot()")
        moment, snapshot = cursor.fetchone()
        with new_file(folder / DUMP) as out:
            programs.run(
                pg_dump,
                "--format=custom",
                f"--snapshot={snapshot}",
                f"--lock-wait-timeout={PATIENCE}",
                stdout=out,
            )
        manifest = {
            "format": FORMAT,
            "taken_at": moment.isoformat(),
            "code": code_version(),
            "postgresql": programs.server_version(),
            "pg_dump": programs.major_version(pg_dump),
            "migrations": applied_migrations(),
            "tables": contents.tables(cursor),
        }
        return moment, manifest, files.known()


def _write(folder, manifest, wanted):
    """Write the manifest, and the sums of everything."""
    with new_file(folder / MANIFEST) as file:
        file.write(json.dumps(manifest, indent=1).encode())
    sums = {name: sum_of(folder / name) for name in (DUMP, MANIFEST)}
    sums |= {f"{files.FOLDER}/{name}": wanted[name] for name in files.names_in(folder)}
    write_sums(folder, sums)


def applied_migrations():
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def code_version():
    """Return the commit that runs here; "" where that cannot be told."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
