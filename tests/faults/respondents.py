"""A respondent without a browser: every byte that goes to the server is the test's own."""

import re
import socket
from urllib.parse import urlencode, urlsplit
from uuid import UUID

START = "/calls/keep-it-local-2018-rehearsal/start/"
ABOUT = {
    "on_behalf": "organisation",
    "name": "Ada",
    "organisation": "Riverside Community Trust",
    "respondent_type": "community-organisation",
    "publication": "with-name",
    "_end": "1",
}
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
SAVED = "The whole answer, as it was saved before."


class Writer:
    """Writes in section 1, with `SAVED` under its first question to begin with."""

    def __init__(self, site):
        self.address = urlsplit(site)
        self.cookies = {}
        self.ask("GET", START)
        begun = self.ask("POST", START, self.form())
        self.key = UUID(re.search(r"^Location: /evidence/([^/]+)/", begun, re.M)[1])
        self.page = f"/evidence/{self.key}/section/1/"
        self.autosave = f"/evidence/{self.key}/autosave/section-1/"
        self.save(SAVED)

    def save(self, text):
        return self.ask("POST", self.page, self.form({"answer-1-1": text, "_end": "1"}))

    def ask_for_link(self, email):
        fields = {"email": email, "_end": "1"}
        return self.ask("POST", f"/evidence/{self.key}/save/", self.form(fields))

    def say_who(self, email):
        about = ABOUT | {"email": email}
        return self.ask("POST", f"/evidence/{self.key}/about-you/", self.form(about))

    def submit(self):
        """Return the answer to the last button, which leads to the receipt."""
        fields = self.form({"_end": "1"})
        return self.ask("POST", f"/evidence/{self.key}/check/", fields)

    def form(self, fields=None):
        return urlencode({"csrfmiddlewaretoken": self.cookies["csrf"]} | (fields or {}))

    def request(self, method, path, body="", kind=URLENCODED):
        return self.head(
            method, path, kind, f"Content-Length: {len(body.encode())}"
        ) + (body.encode())

    def head(self, method, path, kind, *headers):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.address.netloc}",
            f"Cookie: {cookies}",
            f"Content-Type: {kind}",
            f"X-CSRFToken: {self.cookies.get('csrf', '')}",
            "Connection: close",
            *headers,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def connect(self):
        return socket.create_connection((self.address.hostname, self.address.port), 20)

    def ask(self, *request):
        return self.send(self.request(*request))

    def send(self, request):
        """Return the whole answer, head and all, as text."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        found = re.findall(r"^Set-Cookie: (\w+)=([^;]*)", answer, re.MULTILINE)
        self.cookies |= dict(found)
        return answer


def multipart(fields):
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    return "".join(parts) + "--b--\r\n"


def status(answer):
    return int(answer.split(" ", 2)[1]) if answer else 0
