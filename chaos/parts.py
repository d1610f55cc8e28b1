"""All parts of a throw-away portal: started on free ports, kept running, broken on purpose."""

import contextlib
import dataclasses
import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg2

from keepitlocal.local import portal, postgres, valkey
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import Process, free_port

from . import programs
from .smtp import SmtpSink

SECRET = "only-for-chaos-and-long-enough-for-every-check-that-django-has"
# What a service manager waits before it starts again what died.
RESTART_AFTER = 0.2


class Parts:
    """Use it as a context manager: the parts run, and are ended with the block."""

    def __init__(self):
        self.sink = SmtpSink()
        self._running = {}
        self._held_down = set()
        self._lock = threading.RLock()
        self._is_over = threading.Event()
        self.restarts = 0

    # Life

    def __enter__(self):
        self.folder = make_folder()
        self.guardian = Guardian(remove=[self.folder])
        self.log = (self.folder / "log").open("w")
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        self._is_over.set()
        with contextlib.suppress(AttributeError):
            self._keeper.join()
        # Nothing of it is wanted any more.
        for process in reversed(self._running.values()):
            kill_tree(process.pid)
            process.clear_up()
        self.sink.__exit__()
        self.guardian.dismiss()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        self.sink.__enter__()
        self._programs = self._servers()
        self.place = self._place()
        os.environ |= self._environment()
        self._start_all(*self._programs)
        self._run_to_its_end(portal.prepare())
        parts = self._portal()
        self._programs |= parts
        self._start_all(*parts)
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)
        self._keeper.start()

    def _servers(self):
        cluster = postgres.made_ready(self.folder, self.say)
        broker = valkey.made_ready(self.folder, is_throw_away=True)
        self.database_url, self.broker_url = cluster.url, broker.url
        return {"postgres": cluster.program(), "valkey": broker.program()}

    def _place(self):
        web_port = free_port()
        port = free_port() if programs.site.find() else web_port
        return programs.Place(self.folder, port, web_port)

    def _environment(self):
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "SITE_URL": self.place.url,
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(self.folder),
            "LOG_LEVEL": "WARNING",
        }

    def _portal(self):
        parts = {
            "web": programs.web(self.place),
            "worker": programs.worker(),
            "beat": programs.beat(),
            "outbox": programs.outbox(),
        }
        if self.place.port != self.place.web_port:
            parts["nginx"] = programs.nginx(self.place)
        return parts

    def _start_all(self, *names):
        for name in names:
            self._running[name] = self.run(self._programs[name])
        for name in names:
            self._running[name].wait_until_it_answers(self._is_over)

    def _run_to_its_end(self, program):
        process = self.run(program)
        while (code := process.exit_code) is None:
            time.sleep(0.05)
        process.clear_up()
        if code:
            raise RuntimeError("\n".join(process.last_lines))

    def run(self, program):
        patient = dataclasses.replace(program, answers_within=120)
        return Process(patient, self.guardian, self.say)

    def say(self, name, text):
        with contextlib.suppress(ValueError):
            print(f"{name}: {text}", file=self.log, flush=True)

    # Kept running, as a service manager would

    def _keep_running(self):
        while not self._is_over.wait(RESTART_AFTER):
            for name in self._programs:
                self._look_at(name)

    def _look_at(self, name):
        with self._lock:
            process = self._running[name]
            if name in self._held_down or process.exit_code is None:
                return
            process.clear_up()
            self._running[name] = self.run(self._programs[name])
            self.restarts += 1

    def pid(self, name):
        return self._running[name].pid

    # Ways to break them

    def kill(self, name):
        """Kill a part and all of its children at once."""
        with self._lock:
            kill_tree(self.pid(name))

    def kill_a_child(self, name, choose):
        """Raises LookupError when there is none, because the part has just been killed."""
        send(choose.choice(children_of(self.pid(name))), signal.SIGKILL)

    def signal(self, name, number):
        send(self.pid(name), number)

    @contextlib.contextmanager
    def held_down(self, *names):
        """Kill parts, and let nobody start them again until the block ends."""
        self._held_down.update(names)
        for name in names:
            self.kill(name)
        try:
            yield
        finally:
            self._held_down.difference_update(names)

    @contextlib.contextmanager
    def frozen(self, pids):
        for pid in pids:
            send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                send(pid, signal.SIGCONT)

    def sql(self, statement, *values):
        """Run one statement on a connection of its own; returns the rows it gives."""
        with contextlib.closing(psycopg2.connect(self.database_url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def kept_files(self):
        """Return {name: bytes} of the files that are kept."""
        folder = self.folder / "files"
        return {path.name: path.read_bytes() for path in folder.glob("*")}

    def answers(self):
        port = self.place.port
        return portal.answers_http("127.0.0.1", port, "/healthz/")


def make_folder():
    """A new folder that PostgreSQL's user can enter too."""
    folder = Path(tempfile.mkdtemp(prefix="keepitlocal-chaos-", dir="/tmp"))
    folder.chmod(0o711)
    return folder.resolve()


def children_of(pid):
    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.NoSuchProcess:
        return []


def kill_tree(pid):
    try:
        process = psutil.Process(pid)
        everyone = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in everyone:
        send(one.pid, signal.SIGKILL)


def send(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
