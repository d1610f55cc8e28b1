"""Whether a backup can be read, and is what was written."""

import subprocess

from . import Refused, programs


def check(backup):
    """Raise Refused with what is wrong."""
    pg_restore = programs.find("pg_restore", backup.manifest["pg_dump"])
    if damage := damage_of(backup, pg_restore):
        raise Refused(f"{backup} is damaged:\n" + "\n".join(damage))


def damage_of(backup, pg_restore):
    """Return a sentence for each thing that is wrong; an empty list when nothing is."""
    return backup.damage() or _unreadable(backup, pg_restore)


def _unreadable(backup, pg_restore):
    done = subprocess.run(
        [pg_restore, "--list", backup.dump], capture_output=True, text=True
    )
    return [done.stderr.strip()] if done.returncode else []
