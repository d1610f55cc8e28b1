"""The very statements of a request, sent again and again by pgbench."""

import re
import subprocess
import tempfile
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from keepitlocal.local import binaries

# pgbench takes this for a variable, even within a text.
VARIABLE = re.compile(r"(?<!:):[A-Za-z_]")
# Undone, so that the same can be sent again; what is checked when it is committed is checked.
UNDONE = ["SET CONSTRAINTS ALL IMMEDIATE", "ROLLBACK"]
# What a connection of ours has prepared, pgbench's prepares too, before its first run.
PREPARED_FIRST = """\\if :is_prepared = 0
{prepared}
\\set is_prepared 1
\\endif
"""


def statements_of(request):
    """Do a request in this process; return its SQL as PostgreSQL is sent it.

    What it writes is taken back, so that it can be sent again.
    """
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            request()
        transaction.set_rollback(True)
    # That a kept connection is still there is asked of no cursor of Django's.
    return ["SELECT 1", *(_alone(query["sql"]) for query in queries.captured_queries)]


def _alone(statement):
    """Return it as it reads when nothing is around its transaction."""
    if statement.startswith("SAVEPOINT"):
        return "BEGIN"
    return "COMMIT" if statement.startswith("RELEASE SAVEPOINT") else statement


def undone(statements):
    """Return the same statements with what they write taken back at the end."""
    at = len(statements) - statements[::-1].index("COMMIT") - 1
    return [*statements[:at], *UNDONE, *statements[at + 1 :]]


def run(url, scripts, times, mode):
    """Run each script so often, all side by side; return the sorted seconds of each run.

    A script is a list of statements, and `mode` is pgbench's protocol. Each has a
    connection of its own, as a worker of the web server has.
    """
    with tempfile.TemporaryDirectory() as folder:
        clients = [
            _start(url, script, times, mode, Path(folder) / str(number))
            for number, script in enumerate(scripts)
        ]
        for client in clients:
            output, _ = client.communicate()
            if client.returncode or "number of failed transactions: 0" not in output:
                raise RuntimeError(output)
        logs = [log.read_text() for log in Path(folder).glob("*/log.*")]
    microseconds = [int(line.split()[2]) for log in logs for line in log.splitlines()]
    return sorted(one / 1_000_000 for one in microseconds)


def _prepared():
    """Return the PREPARE of all that requests in this process have prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor]


def _as_text(statements):
    text = "".join(f"{statement};\n" for statement in statements)
    if found := VARIABLE.search(text):
        raise ValueError(f"pgbench would not send this as it is: {found.group()}")
    return text


def _start(url, script, times, mode, folder):
    folder.mkdir()
    first = PREPARED_FIRST.format(prepared=_as_text(_prepared()))
    (folder / "script").write_text(first + _as_text(script))
    options = ["--no-vacuum", f"--protocol={mode}", f"--transactions={times}"]
    options += ["--define=is_prepared=0"]
    options += ["--log", "--log-prefix=log", "--file=script"]
    return subprocess.Popen(
        [binaries.find() / "bin/pgbench", *options, url],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
