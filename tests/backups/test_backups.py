"""Backups: whole or not at all, for nobody else's eyes, and checked before they are used."""

import datetime as dt
import os
import shutil
import stat
import subprocess
from contextlib import closing

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError

from keepitlocal.backups import Refused, files, making, programs, pruning
from keepitlocal.backups.backup import Backup, all_in
from keepitlocal.backups.folders import SUMS, UNFINISHED, alone_in
from keepitlocal.backups.pruning import chosen, prune
from submissions.services import keep_as_file
from tests.outbox.processes import url_of_the_test_database
from tests.submissions.sent import make_draft


@pytest.fixture
def draft(consultation):
    return make_draft(consultation)


def attach(draft, text):
    stored = keep_as_file(text)
    stored.save()
    draft.attachments.create(stored=stored, name="figures.txt")
    return stored


def texts_in(backup):
    return {path.name: path.read_text() for path in (backup.folder / "files").iterdir()}


def taken(backup, day):
    """Give a backup the name of another day."""
    return Backup(backup.folder.rename(backup.folder.with_name(f"{day}T030000Z")))


def in_database(statement, *values):
    """Run it as another process does: in a transaction of its own."""
    with closing(psycopg2.connect(url_of_the_test_database())) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement, values)


def test_backup_has_rows_files_and_sums_that_anybody_can_check(back_up, draft, capsys):
    stored = attach(draft, "Eleven became three.")

    backup = back_up()

    assert backup.manifest["tables"]["submissions_submission"]["rows"] == 1
    assert texts_in(backup) == {stored.name: "Eleven became three."}
    check = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    assert subprocess.run(check, cwd=backup.folder).returncode == 0
    call_command("check_backup", backup.folder)
    assert "is whole: 3 sums hold" in capsys.readouterr().out


def test_backup_is_for_nobody_elses_eyes(back_up, draft):
    attach(draft, "Eleven became three.")
    umask = os.umask(0)

    backup = back_up()

    os.umask(umask)
    everything = [backup.folder.parent, *backup.folder.parent.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in everything} == {0o700, 0o600}


def test_password_is_on_no_command_line(back_up, draft, monkeypatch, settings):
    password = settings.DATABASES["default"]["PASSWORD"]
    seen = []
    run = subprocess.run

    def look(command, **options):
        seen.append((" ".join(map(str, command)), options.get("env", {})))
        return run(command, **options)

    monkeypatch.setattr(programs.subprocess, "run", look)
    back_up()

    [(command, environment)] = [one for one in seen if "--format=custom" in one[0]]
    assert password not in command
    assert environment["PGPASSWORD"] == password


def test_files_come_back_through_whatever_storage_keeps_them(
    either_storage, back_up, draft
):
    lost, kept = attach(draft, "Lost."), attach(draft, "Kept.")
    backup = back_up()
    default_storage.delete(lost.name)

    assert files.bring(backup) == 2

    with default_storage.open(lost.name) as file:
        assert file.read() == b"Lost."
    # Never over another one.
    default_storage.delete(kept.name)
    default_storage.save(kept.name, ContentFile(b"Another."))
    with pytest.raises(Refused, match=f"another file {kept.name} than in the backup"):
        files.bring(backup)


def test_a_file_that_an_earlier_backup_has_takes_no_space_again(back_up, draft):
    old = attach(draft, "Eleven became three.")
    first = taken(back_up(), "2026-01-01")
    new = attach(draft, "And three became one.")

    second = back_up()

    inodes = [
        (one.folder / "files" / old.name).stat().st_ino for one in (first, second)
    ]
    assert inodes[0] == inodes[1]
    assert set(texts_in(second)) == {old.name, new.name}
    # It needs the first one no more.
    shutil.rmtree(first.folder)
    call_command("check_backup", second.folder)


def test_files_that_come_and_go_meanwhile_are_those_of_the_moment_of_the_dump(
    back_up, draft, monkeypatch
):
    before, during = attach(draft, "Gone before."), attach(draft, "Gone meanwhile.")
    dump, run = making._dump, programs.run

    def forget(stored):
        where = " WHERE stored_id = %s"
        in_database("DELETE FROM submissions_attachment" + where, stored.pk)
        in_database("DELETE FROM submissions_storedfile WHERE id = %s", stored.pk)
        default_storage.delete(stored.name)

    def forget_and_dump(*arguments):
        forget(before)
        attach(draft, "New.")
        return dump(*arguments)

    def forget_and_run(*arguments, **options):
        forget(during)
        return run(*arguments, **options)

    monkeypatch.setattr(making, "_dump", forget_and_dump)
    monkeypatch.setattr(programs, "run", forget_and_run)
    backup = back_up()

    assert sorted(texts_in(backup).values()) == ["Gone meanwhile.", "New."]
    assert backup.manifest["tables"]["submissions_storedfile"]["rows"] == 2


def test_a_file_that_is_lost_or_changed_is_named_and_the_rest_is_backed_up(
    back_up, draft, tmp_path
):
    lost, changed = attach(draft, "Lost."), attach(draft, "Changed.")
    kept = attach(draft, "Kept.")
    for stored in (lost, changed):
        default_storage.delete(stored.name)
    default_storage.save(changed.name, ContentFile(b"Something else."))

    with pytest.raises(CommandError, match="whole but for 2 files") as error:
        back_up()

    assert lost.name in str(error.value)
    [backup] = all_in(tmp_path / "backups")
    assert texts_in(backup) == {kept.name: "Kept."}
    call_command("check_backup", backup.folder)


def test_a_backup_that_fails_leaves_nothing(back_up, draft, monkeypatch, tmp_path):
    def no_space(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_write", no_space)
    with pytest.raises(CommandError, match="No backup was made.*No space left"):
        back_up()

    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


def test_without_a_database_that_is_said(back_up, monkeypatch):
    def refuse():
        raise OperationalError("Connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(programs.connection, "ensure_connection", refuse)
        with pytest.raises(CommandError, match="No backup was made.*does not answer"):
            back_up()


def test_what_a_killed_run_left_is_cleared_away(back_up, draft, tmp_path):
    left = tmp_path / "backups" / UNFINISHED / "files"
    left.mkdir(parents=True)

    backup = back_up()

    assert all_in(tmp_path / "backups") == [backup]
    assert not left.exists()


def test_two_backups_at_once_are_refused(back_up, tmp_path):
    with alone_in(tmp_path / "backups"), pytest.raises(CommandError, match="Another"):
        back_up()


def test_damage_is_found_and_named(back_up, draft):
    stored = attach(draft, "Eleven became three.")
    backup = back_up()
    with backup.dump.open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\0\0\0")
    (backup.folder / "files" / stored.name).unlink()
    (backup.folder / "files" / "another").touch()

    with pytest.raises(CommandError) as error:
        call_command("check_backup", backup.folder)

    assert str(error.value).splitlines()[1:] == [
        "files/another has appeared",
        "database.dump is damaged: its SHA-256 is not what it was",
        f"files/{stored.name} is missing",
    ]


def test_a_folder_that_is_no_backup_is_told_from_one(back_up, draft, tmp_path):
    backup = back_up()

    with pytest.raises(CommandError, match=f"The newest in it is {backup}"):
        call_command("check_backup", tmp_path / "backups")
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("check_backup", tmp_path / "nowhere")


def test_programs_older_than_the_server_are_refused_in_words():
    with pytest.raises(Refused, match="needs pg_dump of PostgreSQL 99 or newer"):
        programs.find("pg_dump", 99)


def test_newest_of_each_day_and_week_are_kept():
    def at(day, hour=3):
        return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)

    # The 2nd, 9th and 16th are Mondays.
    moments = [at(day) for day in range(1, 18)] + [at(17, 15)]

    assert chosen(moments, daily=3, weekly=3) == {
        at(17, 15),
        at(16),
        at(15),
        at(8),
    }
    assert chosen(moments, daily=0, weekly=0) == {at(17, 15)}
    assert chosen([], daily=7, weekly=4) == set()


def test_pruning_deletes_the_others_and_nothing_else(back_up, draft, tmp_path):
    for day in ("2026-01-05", "2026-01-06"):
        taken(back_up(), day)
    (tmp_path / "backups" / "notes.txt").touch()

    back_up("--prune", "--daily=2", "--weekly=1")

    names = [path.name for path in (tmp_path / "backups").iterdir()]
    assert "2026-01-06T030000Z" in names
    assert "2026-01-05T030000Z" not in names
    assert "notes.txt" in names


def test_pruning_finishes_what_was_interrupted(back_up, draft, tmp_path, monkeypatch):
    for day in ("2026-01-05", "2026-01-06"):
        taken(back_up(), day)
    with monkeypatch.context() as power_cut:
        power_cut.setattr(pruning.shutil, "rmtree", interrupt)
        with pytest.raises(InterruptedError):
            prune(tmp_path / "backups", daily=1, weekly=0)

    prune(tmp_path / "backups", daily=1, weekly=0)

    left = sorted(path.name for path in (tmp_path / "backups").glob("*2026-01-*"))
    assert left == ["2026-01-06T030000Z"]


def interrupt(*args, **kwargs):
    raise InterruptedError
