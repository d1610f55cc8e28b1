"""`make run` as a whole: the real program, with everything it starts."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.request import urlopen

import psutil
import pytest

from keepitlocal.local import config, leftovers
from keepitlocal.local.programs import free_port
from tests.portals import make_data_dir

READY_WITHIN = 60


class Run:
    """The supervisor, as a person starts it in a terminal."""

    def __init__(self, data_dir, command=("-m", "keepitlocal.local"), **settings):
        self.data_dir = data_dir
        self.port, self.inbox_port = free_port(), free_port()
        # Empty is the same as not set, and .env has no say.
        nothing = dict.fromkeys([*config.SHARED, "BIND"], "")
        ports = {"PORT": str(self.port), "INBOX_PORT": str(self.inbox_port)}
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=config.BASE_DIR,
            env=os.environ | nothing | ports | {"DATA_DIR": str(data_dir)} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        with self._process.stdout as lines:
            for line in lines:
                self.lines.append(line)

    @property
    def output(self):
        return "".join(self.lines)

    @property
    def local_env(self):
        return self.data_dir / "local.env"

    def wait_until_ready(self):
        wait_for(lambda: "Ctrl-C stops it." in self.output or self.has_ended())
        assert not self.has_ended(), self.output

    def has_ended(self):
        return self._process.poll() is not None

    def send(self, number):
        self._process.send_signal(number)

    def exit_code(self):
        code = self._process.wait(READY_WITHIN)
        self._reader.join()
        return code

    def guardian(self):
        for child in psutil.Process(self._process.pid).children():
            with contextlib.suppress(psutil.Error):
                if any(part.endswith("guardian.py") for part in child.cmdline()):
                    return child
        return None

    def programs(self):
        folders = [self.data_dir / "postgres" / "cluster", self.data_dir / "valkey"]
        return leftovers.of(self.data_dir, folders)


def wait_for(condition):
    deadline = time.monotonic() + READY_WITHIN
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextlib.contextmanager
def portal(data_dir):
    """A portal that runs until the block is left."""
    run = Run(data_dir)
    try:
        run.wait_until_ready()
        yield run
    finally:
        run.send(signal.SIGTERM)
        run.exit_code()
        leftovers.end(run.programs())


@pytest.fixture(scope="module")
def running():
    """One portal for all tests that need no other; the last of them kills it."""
    data_dir = make_data_dir()
    with contextlib.ExitStack() as at_the_end:
        at_the_end.callback(shutil.rmtree, data_dir)
        yield at_the_end.enter_context(portal(data_dir))


def test_site_and_inbox_answer(running):
    with urlopen(f"http://localhost:{running.port}/healthz") as response:
        assert response.status == 200
    with urlopen(f"http://localhost:{running.inbox_port}/") as response:
        assert response.status == 200


def test_first_staff_account_is_shown_with_its_password(running):
    assert "staff, password " in running.output.split("Keep it Local is running")[1]


def test_local_env_is_private_and_names_the_servers(running):
    values = config.values_in(running.local_env)

    assert running.local_env.stat().st_mode & 0o777 == 0o600
    assert set(config.SHARED) <= set(values)
    assert values["SITE_URL"] == f"http://localhost:{running.port}"


def test_command_in_another_terminal_finds_the_database(running):
    environment = dict(os.environ, DATA_DIR=str(running.data_dir))
    for name in config.SHARED:
        del environment[name]

    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=config.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_second_run_on_the_same_folder_is_refused(running):
    second = Run(running.data_dir)

    assert second.exit_code() == 1
    assert f"already running on {running.data_dir}" in second.output
    assert "Traceback" not in second.output


def test_program_that_dies_is_started_again(running):
    (smtp_server,) = [
        process
        for process in running.programs()
        if "keepitlocal.local.inbox" in process.cmdline()
    ]

    smtp_server.kill()

    wait_for(lambda: "ended by itself (code -9): starting it again" in running.output)
    wait_for(lambda: answers(running.inbox_port))


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_guardian_that_dies_is_replaced(running):
    killed = running.guardian()

    killed.kill()

    wait_for(lambda: running.guardian() not in (None, killed))


def test_guardian_ends_everything_when_the_supervisor_is_killed(running):
    programs = running.programs()
    running.send(signal.SIGKILL)

    gone, left = psutil.wait_procs(programs, timeout=20)

    assert left == []
    assert {process.info["name"] for process in gone} >= {"postgres", "valkey-server"}
    wait_for(lambda: not running.local_env.exists())


def test_run_starts_when_an_earlier_one_was_killed_with_its_guardian(data_dir):
    with portal(data_dir) as killed:
        killed.send(signal.SIGSTOP)
        killed.guardian().kill()
        killed.send(signal.SIGKILL)
        killed.exit_code()
        left = killed.programs()
        assert left

        with portal(data_dir) as run:
            assert not any(process.is_running() for process in left)
            check_that_ctrl_c_leaves_nothing(run)


def check_that_ctrl_c_leaves_nothing(run):
    run.send(signal.SIGINT)

    assert run.exit_code() == 0
    assert "Stopped." in run.output
    assert "Traceback" not in run.output
    assert run.programs() == []
    assert not run.local_env.exists()


def test_command_becomes_the_supervisor(data_dir):
    given = {name: os.environ[name] for name in config.SHARED}
    run = Run(data_dir, command=["manage.py", "up"], PORT="none", **given)

    assert run.exit_code() == 1
    assert run.output == (
        "\nThe portal did not start. "
        "PORT=none is not a port: give a number below 65536.\n"
    )


def test_port_that_is_taken_is_named_before_anything_starts(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = Run(data_dir, PORT=str(port))

        assert run.exit_code() == 1
    assert f"Port {port} is taken by another program." in run.output
    assert "PORT=" in run.output
    assert "Traceback" not in run.output
    assert not (data_dir / "postgres").exists()
