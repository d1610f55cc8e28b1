"""How long a backup takes, and a restore on an empty machine; and whether all is there.

    .venv/bin/python -m benchmarks.by_hand.restore_drill 2000      # or: make drill

Starts a portal of its own with so many made-up submissions, a file and an email that waits
for every tenth, and backs it up twice. Then, as before a fire, the emails go out and one
response is erased. A second portal begins with an empty PostgreSQL and an empty data
folder: the code, the backup and the list of what was erased are all it has. Ends with 1 when
anything differs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.end_to_end.reloading import web_server
from tests.portals import ROOT, empty_portal
from tests.smtp import SmtpSink

# Seconds in which the outbox loop of the restored portal may find something to send.
LISTEN = 6


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("submissions", type=int, nargs="?", default=2000)
    count = parser.parse_args().submissions
    report = Report()
    os.environ |= {
        "SECRET_KEY": "only-for-drills-and-long-enough-for-every-check-that-django-has",
        "LOG_LEVEL": "ERROR",
    }
    with TemporaryDirectory(prefix="keepitlocal-drill-") as root, SmtpSink() as sink:
        Drill(Path(root), sink, report).run(count)
    sys.exit(report.has_failed)


class Report:
    has_failed = False

    def say(self, name, value):
        print(f"{name:45} {value}", flush=True)

    def expect(self, name, value, wanted):
        if value != wanted:
            self.has_failed = True
            value = f"{value}, and not {wanted}: FAILED"
        self.say(name, value)


class Drill:
    def __init__(self, root, sink, report):
        self.root, self.sink, self.report = root, sink, report
        self.relay = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}

    def run(self, count):
        with empty_portal() as portal:
            backup = self.back_up(portal, count)
            python(portal, "benchmarks.by_hand.drilled", "go-on", **self.relay)
            erased_list = shutil.copy(
                portal.data_dir / "erased.txt", self.root / "list"
            )
            there = state_of(portal)
        self.report.say("Emails sent after the backup", len(self.sink.journal))
        started = time.monotonic()
        with empty_portal() as restored:
            shutil.copy(erased_list, restored.data_dir / "erased.txt")
            said = restored.did("restore_backup", backup)
            restored.did("collectstatic", "--no-input")
            with web_server(restored.environment):
                self.report.say("RTO: from nothing to web server", since(started))
            self.compare(said, there, restored)
        self.report.say("RPO", "all since the last backup; 5 min with WAL archiving")

    def back_up(self, portal, count):
        python(portal, "benchmarks.by_hand.drilled", "fill", count)
        for name in ("First backup", "Second backup, its files linked"):
            started = time.monotonic()
            portal.did("back_up", self.root)
            self.report.say(name, since(started))
            # They are called by the second.
            time.sleep(1)
        backup = max(self.root.glob("2*"))
        size = (backup / "database.dump").stat().st_size
        self.report.say("Bytes of its dump", f"{size:,}")
        return backup

    def compare(self, said, there, restored):
        expect = self.report.expect
        expect("Rows and sums as in the backup", "as the backup says" in said, True)
        expect("Submissions, files", state_of(restored), there)
        sent = len(self.sink.journal)
        listen(restored, self.relay)
        expect("Emails sent by the restored portal", len(self.sink.journal) - sent, 0)


def since(started):
    return f"{time.monotonic() - started:.1f} s"


def python(portal, *arguments, **environment):
    subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=ROOT,
        env=portal.environment | environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def state_of(portal):
    """Return how many submissions there are, and how many files."""
    [(submissions,)] = portal.rows("SELECT count(*) FROM submissions_submission")
    return submissions, len(list((portal.data_dir / "files").iterdir()))


def listen(portal, relay):
    """Run the loop that plans and sends for a while."""
    loop = subprocess.Popen(
        [sys.executable, "manage.py", "run_outbox", "--loop", "--every=1"],
        cwd=ROOT,
        env=portal.environment | relay,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(LISTEN)
    loop.terminate()
    loop.wait(30)


if __name__ == "__main__":
    main()
