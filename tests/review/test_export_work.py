"""A worker makes exports: once, whole, whatever ends it half-way."""

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from review.exports import CsvWriter, reading
from review.exports.making import selection_of
from review.exports.work import (
    NoLongerOurs,
    Progress,
    _finish,
    claim,
    make,
    make_waiting,
    written,
)
from review.models import Export
from review.services import exports
from review.services.exports import remove, request_export, sweep
from review.tasks import make_exports
from submissions.models import Submission
from tests.review.exported import content_of, elsewhere, made, staff
from tests.submissions.sent import make_draft, make_sent, minutes_ago

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


@pytest.fixture
def grace():
    return staff("grace", email="grace@locality.example")


def asked(consultation, owner, **details):
    details = {"format": "csv", "rows": "submissions"} | details
    return Export.objects.create(owner=owner, consultation=consultation, **details)


def reloaded(export):
    return Export.objects.get(pk=export.pk)


def test_an_export_is_made_whole_and_described(consultation, grace, exports_root):
    make_sent(consultation, respondent_type="councillor", channel="email")
    make_sent(consultation, respondent_type="academic")
    make_draft(consultation, respondent_type="councillor")

    export = made(consultation, owner=grace, query="channel=email&type=councillor")

    content = content_of(export)
    moment = f"{export.taken_at:%Y-%m-%dT%H%MZ}"
    assert (export.done, export.total) == (1, 1)
    assert export.name == (
        f"{consultation.slug}-submissions-type-councillor-channel-email-{moment}.xlsx"
    )
    assert (export.size, export.sha256) == (len(content), sha256(content).hexdigest())
    assert export.expires_at - export.finished_at == dt.timedelta(days=7)
    assert [path.name for path in exports_root.iterdir()] == [export.file]
    assert (exports_root / export.file).stat().st_mode & 0o777 == 0o600
    assert exports_root.stat().st_mode & 0o777 == 0o700


def test_its_owner_is_told_by_email_without_any_data(
    consultation, grace, smtp_sink, settings
):
    make_sent(consultation, name="Ada", organisation="Riverside")
    made(consultation, owner=grace, query="type=councillor")

    deliver_due()

    [mail] = smtp_sink.journal
    text = mail.get_body(["plain"]).get_content()
    assert (mail["To"], mail["Subject"]) == (grace.email, "Your export is ready")
    assert f"{settings.SITE_URL}/admin/exports/" in text
    assert not [word for word in ("Ada", "Riverside", "councillor") if word in text]


def test_nobody_is_told_of_a_file_that_is_deleted_again(consultation, grace, smtp_sink):
    make_sent(consultation)
    remove(Export.objects.filter(pk=made(consultation, owner=grace).pk))

    deliver_due()

    assert smtp_sink.journal == []


def test_an_owner_without_an_address_is_not_written_to(consultation):
    made(consultation, owner=staff("anon"))

    assert not OutgoingEmail.objects.exists()


def test_two_workers_make_an_export_once(consultation, grace):
    asked(consultation, grace)

    first, second = claim(), claim()

    assert (first.attempts, second) == (1, None)


def test_a_worker_is_given_one_export_after_the_other(consultation, grace):
    exports = [asked(consultation, grace), asked(consultation, grace, format="json")]

    make_exports()

    assert [reloaded(export).finished_at is None for export in exports] == [False] * 2


def break_down(times, monkeypatch):
    """Have writing a page fail so many times."""
    add_page, left = CsvWriter.add, [times]

    def add(self, page):
        left[0] -= 1
        if left[0] >= 0:
            raise ZeroDivisionError
        add_page(self, page)

    monkeypatch.setattr(CsvWriter, "add", add)


def after_the_pause():
    Export.objects.exclude(lease=None).update(lease_expires_at=Now())


def test_one_that_breaks_down_is_tried_again(consultation, grace, monkeypatch):
    make_sent(consultation)
    export = asked(consultation, grace)
    break_down(2, monkeypatch)

    for _attempt in range(3):
        make_waiting()
        after_the_pause()

    assert reloaded(export).finished_at is not None
    assert reloaded(export).attempts == 3


def test_one_that_breaks_down_every_time_is_given_up(
    consultation, grace, monkeypatch, exports_root
):
    make_sent(consultation)
    export = asked(consultation, grace)
    break_down(9, monkeypatch)

    for _attempt in range(4):
        make_waiting()
        after_the_pause()

    assert reloaded(export).failed_at is not None
    assert list(exports_root.iterdir()) == []


def test_one_whose_workers_all_died_is_given_up(consultation, grace):
    export = asked(consultation, grace, attempts=3)

    assert claim() is None
    assert reloaded(export).failed_at is not None


KILLED_HALF_WAY = """
import os, django
django.setup()
from django.conf import settings
from pathlib import Path
settings.EXPORTS_ROOT = Path(os.environ["EXPORTS"])
from review.exports import reading, work
reading.PAGE = 25
pages = work.pages
def half(*args):
    yield next(pages(*args))
    print("half", flush=True)
    os.kill(os.getpid(), 9)
work.pages = half
work.make_waiting()
"""


def killed_half_way(exports_root):
    """Run a worker of its own that is killed after 25 of 60 rows."""
    return worker(KILLED_HALF_WAY, exports_root)


def worker(program, exports_root):
    """Run a program as a worker of its own, on the database of this test."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {
        "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "keepitlocal.settings",
        "EXPORTS": str(exports_root),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


OUT_OF_MEMORY = """
import os, resource, django
django.setup()
from django.conf import settings
from pathlib import Path
settings.EXPORTS_ROOT = Path(os.environ["EXPORTS"])
from review.exports.work import make_waiting
from review.models import Export
Export.objects.count()
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + 6_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
make_waiting()
print("went on", flush=True)
"""


def test_f30_one_that_runs_out_of_memory_fails_alone(
    consultation, grace, exports_root, client
):
    for number in range(12):
        make_sent(
            consultation,
            submitted_at=minutes_ago(number),
            answers={"1.1": "🏡" * 200_000, "1.2": "🏡" * 200_000},
        )
    export = asked(consultation, grace, format="xlsx")

    ended = worker(OUT_OF_MEMORY, exports_root)

    export.refresh_from_db()
    # The last is what psycopg says when libpq found no room for a row.
    said = ("out of memory", "MemoryError", "PGRES_COPY_OUT and no message")
    assert any(one in ended.stderr for one in said)
    assert ended.stdout == "went on\n"
    assert (export.finished_at, export.attempts) == (None, 1)
    assert list(exports_root.iterdir()) == []
    assert client.get("/").status_code == 200
    after_the_pause()
    make_waiting()
    assert reloaded(export).done == 12


@pytest.mark.parametrize("format", ["csv", "xlsx", "zip"])
def test_one_that_was_killed_half_way_is_made_anew_and_is_the_same(
    consultation, grace, exports_root, format, time_machine
):
    for number in range(60):
        make_sent(consultation, name=str(number), submitted_at=minutes_ago(number))
    export = asked(consultation, grace, format=format)

    killed = killed_half_way(exports_root)
    left = [path.name for path in exports_root.iterdir()]
    waiting_for_its_lease = claim()
    after_the_pause()
    time_machine.move_to(timezone.now(), tick=False)
    make_waiting()
    other = made(consultation, owner=grace, format=format)

    export.refresh_from_db()
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "half\n")
    assert [name.startswith("partial-") for name in left] == [True]
    assert waiting_for_its_lease is None
    assert (export.done, export.attempts) == (60, 2)
    assert export.sha256 == other.sha256
    assert sha256(content_of(export)).hexdigest() == export.sha256


def test_progress_is_seen_while_a_file_is_made(consultation, grace, monkeypatch):
    monkeypatch.setattr(Progress, "EVERY_SECONDS", 0)
    monkeypatch.setattr(reading, "PAGE", 25)
    for number in range(60):
        make_sent(consultation, submitted_at=minutes_ago(number))
    export = asked(consultation, grace)
    seen = []
    say = Progress.say

    def watched(self):
        say(self)
        seen.append((self.done, self.total))

    monkeypatch.setattr(Progress, "say", watched)

    make(claim())

    assert seen[0] == (0, 60)
    assert {(25, 60), (50, 60), (60, 60)} <= set(seen)
    assert (reloaded(export).done, reloaded(export).percent) == (60, 100)


def test_one_that_is_stopped_half_way_leaves_nothing(
    consultation, grace, monkeypatch, exports_root
):
    monkeypatch.setattr(Progress, "EVERY_SECONDS", 0)
    for number in range(60):
        make_sent(consultation, submitted_at=minutes_ago(number))
    export = asked(consultation, grace)
    claimed = claim()
    remove(Export.objects.all())

    make(claimed)

    assert reloaded(export).removed_at is not None
    assert reloaded(export).finished_at is None
    assert list(exports_root.iterdir()) == []


@pytest.mark.usefixtures("either_storage")
def test_one_whose_lease_another_has_taken_does_not_finish(consultation, grace):
    asked(consultation, grace)
    first = claim()
    after_the_pause()
    second = claim()

    make(first)
    assert reloaded(first).finished_at is None
    make(second)

    assert reloaded(second).finished_at is not None


@pytest.mark.usefixtures("either_storage")
def test_one_that_finishes_too_late_leaves_the_file_of_the_other(consultation, grace):
    make_sent(consultation)
    asked(consultation, grace)
    first = claim()
    after_the_pause()
    second = claim()
    make(second)

    # It was held up after its last sign of life: before it hands over the same bytes.
    with TemporaryDirectory() as folder:
        path, moment = written(first, selection_of(first), Path(folder))
        with pytest.raises(NoLongerOurs):
            _finish(first, path, moment)

    kept = reloaded(second)
    assert sha256(content_of(kept)).hexdigest() == kept.sha256


def test_a_file_is_deleted_after_a_week(consultation, grace, exports_root):
    export, other = made(consultation, owner=grace), made(consultation, owner=grace)
    Export.objects.filter(pk=export.pk).update(expires_at=Now())

    sweep()

    assert reloaded(export).removed_at is not None
    assert reloaded(other).removed_at is None
    assert [path.name for path in exports_root.iterdir()] == [other.file]


def test_what_dead_workers_left_is_deleted_in_the_end(
    consultation, grace, exports_root
):
    export = made(consultation, owner=grace)
    old, new = exports_root / "partial-old", exports_root / "partial-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "whole.csv").write_text("half")
    long_ago = time.time() - 25 * 60 * 60
    os.utime(old, (long_ago, long_ago))
    os.utime(exports_root / export.file, (long_ago, long_ago))

    sweep()

    assert set(exports_root.iterdir()) == {new, exports_root / export.file}


def test_asking_rings_the_bell_and_outlives_a_bell_that_is_broken(
    consultation, grace, monkeypatch
):
    rung = []

    def ring(task):
        rung.append((task, Export.objects.count()))
        raise OSError

    monkeypatch.setattr(exports, "ring", ring)

    request_export(Export(owner=grace, consultation=consultation, format="zip"))

    assert rung == [("review.tasks.make_exports", 1)]
    assert Export.objects.waiting().count() == 1


def test_the_database_keeps_a_finished_export_from_lacking_its_file(
    consultation, grace
):
    export = asked(consultation, grace)

    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(finished_at=Now())


def test_what_is_withdrawn_or_erased_meanwhile_is_of_the_moment_it_began(
    consultation, grace, monkeypatch
):
    """X08."""
    sent = [
        make_sent(consultation, name=str(number), submitted_at=minutes_ago(99 - number))
        for number in range(60)
    ]
    export = asked(consultation, grace, format="zip", rows="")
    begin = Progress.begin

    def meanwhile(self, total):
        begin(self, total)
        elsewhere(sent[59].delete)
        withdrawn = Submission.objects.filter(pk=sent[58].pk)
        elsewhere(lambda: withdrawn.update(withdrawn_at=Now()))

    monkeypatch.setattr(Progress, "begin", meanwhile)

    make_waiting()
    monkeypatch.setattr(Progress, "begin", begin)
    later = made(consultation, owner=grace, format="json", rows="")

    with zipfile.ZipFile(io.BytesIO(content_of(reloaded(export)))) as pack:
        document = json.loads(pack.read("submissions.json"))
        wide = io.StringIO(pack.read("submissions.csv").decode("utf-8-sig"))
        lines = wide.read().count("\r\n")
    assert [one["name"] for one in document["submissions"]] == [
        str(number) for number in range(60)
    ]
    assert lines == 61
    assert json.loads(content_of(later))["count"] == 58
