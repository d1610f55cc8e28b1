"""The very statements of a request, sent again and again by pgbench."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from keepitlocal.local import binaries

TEXT, SENT, PREPARED = "text", "sent", "prepared"
# pgbench takes this for a variable, even within a text.
VARIABLE = re.compile(r"(?<!:):[A-Za-z_]")
EXECUTED = re.compile(r'EXECUTE "([^"]+)" \(')
PLACE = re.compile(r"\$(\d+)")
# Undone, so that the same can be sent again; what is checked when it is committed is checked.
UNDONE = ["SET CONSTRAINTS ALL IMMEDIATE", "ROLLBACK"]
# What a connection of ours has prepared, pgbench's prepares too, before its first run.
PREPARED_FIRST = """\\if :is_prepared = 0
{prepared}
\\set is_prepared 1
\\endif
"""


@dataclass(frozen=True)
class Statement:
    """One that a request sent; written out, it needs nothing that was prepared before."""

    sent: str
    written_out: str


def statements_of(request):
    """Do a request in this process; return the `Statement`s that PostgreSQL was sent.

    What it writes is taken back, so that it can be sent again.
    """
    noted = []

    def note(execute, sql, values, many, context):
        noted.append(_statement(context["cursor"], sql, values))
        return execute(sql, values, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            request()
        transaction.set_rollback(True)
    return noted


def _statement(cursor, sql, values):
    sent = _alone(cursor.mogrify(sql, values).decode())
    if executed := EXECUTED.search(sql):
        [prepared] = [one for name, one in _prepared() if name == executed[1]]
        plain = prepared.partition(" AS ")[2]
        texts = [cursor.mogrify("%s", [value]).decode() for value in values]
        return Statement(sent, PLACE.sub(lambda at: texts[int(at[1]) - 1], plain))
    return Statement(sent, sent)


def _alone(statement):
    """Return it as it reads when nothing is around its transaction."""
    if statement.startswith("SAVEPOINT"):
        return "BEGIN"
    return "COMMIT" if statement.startswith("RELEASE SAVEPOINT") else statement


def undone(statements):
    """Return the same statements with what they write taken back at the end."""
    commits = [at for at, one in enumerate(statements) if one.sent == "COMMIT"]
    before, after = statements[: commits[-1]], statements[commits[-1] + 1 :]
    return [*before, *(Statement(one, one) for one in UNDONE), *after]


def run(url, scripts, times, mode):
    """Run each script so often, all side by side; return the sorted seconds of each run.

    A script is a list of `Statement`s, and each has a connection of its own. `mode` is TEXT,
    as pgbench sends SQL if nobody tells it otherwise; SENT, as a request sent them, with
    what its connection had prepared; or PREPARED by pgbench, all of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        clients = [
            _start(url, _text(script, mode), times, mode, Path(folder) / str(number))
            for number, script in enumerate(scripts)
        ]
        for client in clients:
            output, _ = client.communicate()
            if client.returncode or "number of failed transactions: 0" not in output:
                raise RuntimeError(output)
        logs = [log.read_text() for log in Path(folder).glob("*/log.*")]
    microseconds = [int(line.split()[2]) for log in logs for line in log.splitlines()]
    return sorted(one / 1_000_000 for one in microseconds)


def _text(script, mode):
    if mode != SENT:
        return _lines(one.written_out for one in script)
    first = _lines(prepared for _, prepared in _prepared())
    return PREPARED_FIRST.format(prepared=first) + _lines(one.sent for one in script)


def _prepared():
    """Return the name and the PREPARE of all that requests in this process prepared."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        return cursor.fetchall()


def _lines(statements):
    text = "".join(f"{statement};\n" for statement in statements)
    if found := VARIABLE.search(text):
        raise ValueError(f"pgbench would not send this as it is: {found.group()}")
    return text


def _start(url, text, times, mode, folder):
    folder.mkdir()
    (folder / "script").write_text(text)
    protocol = "prepared" if mode == PREPARED else "simple"
    options = ["--no-vacuum", f"--protocol={protocol}", f"--transactions={times}"]
    options += ["--define=is_prepared=0"]
    options += ["--log", "--log-prefix=log", "--file=script"]
    return subprocess.Popen(
        [binaries.find() / "bin/pgbench", *options, url],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
