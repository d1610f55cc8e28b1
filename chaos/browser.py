"""A browser that keeps cookies, sends forms, and asks again when nobody answers."""

import http.client
import json
import re
import threading
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

# A person gives up later than this; a run that needs more has not healed.
PATIENCE = 120
# Longer than any page of ours may take.
TIMEOUT = 60


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str
    seconds: float


class GaveUp(Exception):
    """The portal did not answer a patient person."""


class Browser:
    """One person's cookies; any number of threads may ask with them at once."""

    def __init__(self, site, notebook):
        self.address = urlsplit(site)
        self.notebook = notebook
        self._cookies = {}
        self._lock = threading.Lock()

    def get(self, path):
        return self.patiently(lambda: self.ask("GET", path))

    def post(self, path, fields):
        """Send a form, again and again with the same fields until it is answered."""
        return self.patiently(lambda: self.send_form(path, fields))

    def post_json(self, path, content):
        body = json.dumps(content).encode()
        return self.patiently(
            lambda: self.ask(
                "POST", path, body, "application/json", {"X-CSRFToken": self._token()}
            )
        )

    def upload(self, path, name, content):
        boundary = uuid.uuid4().hex
        kind = f"multipart/form-data; boundary={boundary}"
        return self.patiently(
            lambda: self.ask("POST", path, self._parts(boundary, name, content), kind)
        )

    def patiently(self, ask):
        """Ask until there is an answer that is not about trouble of the portal's."""
        ends_at = time.monotonic() + PATIENCE
        while time.monotonic() < ends_at:
            try:
                answer = ask()
            except (OSError, http.client.HTTPException):
                self.notebook.count("connection broke")
            else:
                if answer.status < 500:
                    return answer
            time.sleep(0.3)
        raise GaveUp

    def send_form(self, path, fields):
        """Send a form once."""
        body = self._encoded(fields)
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def send_part_of_form(self, path, fields, share, port):
        """Send the beginning of a form straight to a web server, and hang up.

        nginx would keep it to itself: it passes on only what is whole.
        """
        body = self._encoded(fields)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        connection.putrequest("POST", path, skip_host=True)
        for name, value in self._headers("application/x-www-form-urlencoded").items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[: int(len(body) * share)])
        connection.close()

    def ask(self, method, path, body=None, kind="", headers=()):
        """Ask once; what goes wrong with the connection is raised."""
        started = time.monotonic()
        connection = self._connect()
        try:
            connection.request(
                method, path, body, self._headers(kind) | dict(headers or {})
            )
            response = connection.getresponse()
            text = response.read().decode()
            self._keep_cookies(response)
        finally:
            connection.close()
        location = urlsplit(response.headers.get("Location", "")).path
        answer = Answer(response.status, text, location, time.monotonic() - started)
        self.notebook.note_answer(method, path, answer)
        return answer

    def _connect(self):
        return http.client.HTTPConnection(
            "127.0.0.1", self.address.port, timeout=TIMEOUT
        )

    def _headers(self, kind):
        with self._lock:
            cookies = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        return {"Host": self.address.netloc, "Cookie": cookies} | (
            {"Content-Type": kind} if kind else {}
        )

    def _keep_cookies(self, response):
        found = re.findall(
            r"^(\w+)=([^;]*)",
            "\n".join(response.headers.get_all("Set-Cookie", [])),
            re.MULTILINE,
        )
        with self._lock:
            self._cookies |= dict(found)

    def _token(self):
        return self._cookies.get("csrf", "")

    def _encoded(self, fields):
        """The body of a form, in the order of our pages: `_end` is its end."""
        token = {"csrfmiddlewaretoken": self._token()}
        return urlencode(token | fields | {"_end": "1"}).encode()

    def _parts(self, boundary, name, content):
        fields = {"csrfmiddlewaretoken": self._token()}
        texts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        file = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        )
        end = (
            f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="_end"\r\n\r\n'
            f"1\r\n--{boundary}--\r\n"
        )
        return "".join(texts).encode() + file.encode() + content + end.encode()
