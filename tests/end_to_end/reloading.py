"""A web server as in production, reloaded and restarted while respondents send."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from urllib.parse import urlencode

from tests.portals import ROOT

CALL = "/calls/keep-it-local-2018-rehearsal"
REFERENCE = re.compile(r'<p class="reference">([^<]+)</p>')
# What systemd does before it starts a service: the socket is the third descriptor.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
# A person waits no longer.
PATIENCE = 60


class Web:
    """gunicorn with sync workers, on a socket that outlives it, as systemd keeps one."""

    def __init__(self, environment):
        self.environment = environment
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = self.socket.getsockname()[1]

    def start(self):
        gunicorn = ["-m", "gunicorn", "keepitlocal.wsgi", "--workers=2"]
        options = ["--timeout=120", "--limit-request-line=0", "--no-control-socket"]
        descriptor = self.socket.fileno()
        self.process = subprocess.Popen(
            [sys.executable, "-c", HAND_OVER, str(descriptor), *gunicorn, *options],
            cwd=ROOT,
            env=os.environ
            | self.environment
            | {"SITE_URL": f"http://localhost:{self.port}"},
            pass_fds=[descriptor],
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def workers(self):
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        )
        return set(found.stdout.split())

    def reload(self):
        """What `systemctl reload` does; until the new workers answer."""
        before = self.workers()
        self.process.send_signal(signal.SIGHUP)
        while before & self.workers():
            time.sleep(0.05)
        self.wait_until_it_answers()

    def restart(self):
        """What `systemctl restart` does, with a socket of systemd's."""
        self.stop()
        self.start()
        self.wait_until_it_answers()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def wait_until_it_answers(self):
        """The socket takes connections already; one that nobody answers would wait."""
        while not self.workers():
            assert self.process.poll() is None, "gunicorn ended"
            time.sleep(0.05)
        Respondent(self.port).ask("GET", "/healthz/")


@contextmanager
def web_server(environment):
    web = Web(environment)
    web.start()
    try:
        web.wait_until_it_answers()
        yield web
    finally:
        web.stop()
        web.socket.close()


class Failed(Exception):
    """An answer that a respondent cannot do anything with, or none."""


class Respondent:
    """A browser behind nginx, which opens a connection for each request and asks once."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self.requests = 0
        self.slowest = 0

    def ask(self, method, path, **fields):
        """Ask once; returns where the answer leads and what it says. Raises Failed."""
        started = time.monotonic()
        try:
            response, text = self._exchange(method, path, fields)
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{method} {path}: {error!r}") from error
        finally:
            self.requests += 1
            self.slowest = max(self.slowest, time.monotonic() - started)
        if response.status not in (200, 302):
            raise Failed(f"{method} {path}: {response.status}")
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.headers.get("Location", ""), text

    def _exchange(self, method, path, fields):
        always = {"csrfmiddlewaretoken": self.cookies.get("csrf", ""), "_end": "1"}
        body = urlencode(fields | always) if method == "POST" else None
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={it}" for name, it in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE)
        with closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response, response.read().decode()

    def respond(self, text, **about_you):
        """Write a response and send it; returns the reference on the receipt."""
        self.ask("GET", f"{CALL}/start/")
        location, _text = self.ask("POST", f"{CALL}/start/")
        url = f"/evidence/{location.rstrip('/').rpartition('/')[2]}/"
        who = {"name": "Ada", "on_behalf": "individual", "publication": "not"}
        self.ask("POST", f"{url}about-you/", **who, **about_you)
        self.ask("POST", f"{url}section/1/", **{"answer-1-1": text})
        self.ask("POST", f"{url}check/")
        _location, page = self.ask("GET", f"{url}sent/")
        if not (found := REFERENCE.search(page)):
            raise Failed("No receipt")
        return found[1]


class Crowd:
    """People who begin to respond at a steady rate, whatever becomes of the others."""

    def __init__(self, port, responses_a_second):
        self.port = port
        self.pause = 1 / responses_a_second
        self.references = []
        self.failures = []
        self.requests = 0
        self.slowest = 0
        self._is_over = threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._begin)
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._is_over.set()
        self._thread.join()

    def _begin(self):
        with ThreadPoolExecutor(100) as people:
            while not self._is_over.wait(self.pause):
                people.submit(self._respond)

    def _respond(self):
        respondent = Respondent(self.port)
        try:
            self.references.append(respondent.respond("Eleven became three."))
        except Failed as failure:
            self.failures.append(str(failure))
        self.requests += respondent.requests
        self.slowest = max(self.slowest, respondent.slowest)
