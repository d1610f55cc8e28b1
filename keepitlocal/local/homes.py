"""Where a data folder keeps its PostgreSQL cluster."""

import hashlib
import time
from pathlib import Path

from .accounts import Account
from .binaries import READABLE_PLACE, make_folder
from .errors import CannotStart


def home_in(data_dir: Path):
    return data_dir / "postgres"


def make_home(data_dir: Path, account: Account | None, say):
    """A folder for the cluster that its user can enter."""
    home = home_in(data_dir)
    if account is None:
        home.mkdir(mode=0o700, exist_ok=True)
        return home
    if home.is_symlink() or not account.can("-x", data_dir):
        return make_home_outside(data_dir, say)
    make_folder(home)
    return home


def make_home_outside(data_dir: Path, say):
    """A folder outside, and a link to it where it should have been.

    No one's folders are opened to let a server in.
    """
    link = home_in(data_dir)
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    home = READABLE_PLACE / name
    refuse_foreign(link, home)
    if not link.is_symlink():
        # The data folder is new: it must not come up with the rows of one that was deleted.
        set_aside(home, say)
        link.symlink_to(home)
        say("postgres", f"Its user cannot enter {data_dir}: the database is in {home}")
    make_folder(home)
    return home


def refuse_foreign(link: Path, home: Path):
    if link.is_symlink() and link.readlink() != home:
        raise CannotStart(
            f"The folder {link.parent} was moved or copied; its database is still in "
            f"{link.readlink()}. Move that to {home} and point the link {link} at it, or "
            "delete the link to start with an empty database."
        )
    if link.exists() and not link.is_symlink():
        raise CannotStart(
            f"PostgreSQL's user can no longer enter {link.parent}, where the database is."
        )


def set_aside(home: Path, say):
    if home.exists():
        aside = Path(f"{home}.{time.time_ns()}")
        home.rename(aside)
        say("postgres", f"The database of an earlier data folder is now in {aside}")
