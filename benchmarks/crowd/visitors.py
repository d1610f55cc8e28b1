"""A browser of few needs, for many people at once: it keeps its connection and its cookies."""

import http.client
import re
import socket
import ssl
import time
import uuid
from collections import defaultdict
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
FORM = "application/x-www-form-urlencoded"
# Longer than nginx waits for the portal.
TIMEOUT = 130
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Failed(Exception):
    """An answer that is not the one that was due."""


class Notes:
    """What all visitors note down; lists and dicts of Python take notes from any thread."""

    def __init__(self):
        # Seconds by kind of request.
        self.taken = defaultdict(list)
        self.failures = []
        # What people were told is kept, and who was promised a link.
        self.responses, self.links = [], []

    @property
    def requests(self):
        return sum(map(len, self.taken.values()))


class Visitor:
    def __init__(self, site, notes, address):
        self._place, self._site = urlsplit(site), site
        self._notes, self._address = notes, address
        self._cookies = {}
        self._loaded = set()
        self._token = ""
        self._connection = http.client.HTTPSConnection(
            "127.0.0.1", self._place.port, timeout=TIMEOUT, context=TLS
        )

    def close(self):
        self._connection.close()

    def open(self, kind, path):
        """Open a page, with the styles and scripts that were not seen before."""
        text = self._ask(kind, "GET", path, 200).decode()
        if found := TOKEN.search(text):
            self._token = found[1]
        for file in set(LOADED.findall(text)) - self._loaded:
            self._loaded.add(file)
            self._ask("style or script", "GET", file, 200)
        return text

    def send(self, kind, path, fields):
        """Send the form of the page; returns the path that it leads to."""
        body = {"csrfmiddlewaretoken": self._token} | fields | {"_end": "1"}
        self._ask(kind, "POST", path, 302, urlencode(body), FORM)
        return self._leads_to

    def send_json(self, kind, path, body):
        return self._ask(kind, "POST", path, 200, body, "application/json")

    def attach(self, kind, path, name, content):
        boundary = uuid.uuid4().hex
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        end = (
            f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="_end"\r\n\r\n'
            f"1\r\n--{boundary}--\r\n"
        )
        body = head.encode() + content + end.encode()
        self._ask(
            kind, "POST", path, 302, body, f"multipart/form-data; boundary={boundary}"
        )
        return self._leads_to

    def _ask(self, kind, method, path, due, body=None, content_type=""):
        if isinstance(body, str):
            body = body.encode()
        began = time.perf_counter()
        try:
            self._connect()
            self._connection.request(method, path, body, self._headers(content_type))
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise self._failure(kind, repr(error)) from error
        self._notes.taken[kind].append(time.perf_counter() - began)
        if response.status != due:
            raise self._failure(kind, f"{response.status} {content[:300]!r}")
        self._keep_cookies(response)
        self._leads_to = urlsplit(response.headers.get("Location", "")).path
        return content

    def _connect(self):
        if self._connection.sock is None:
            self._connection.connect()
            # As browsers do: a form's head and body are two writes.
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _failure(self, kind, what):
        self._notes.failures.append(f"{kind}: {what}")
        return Failed(kind)

    def _headers(self, content_type):
        headers = {
            "Host": self._place.netloc,
            "Origin": self._site,
            "X-Forwarded-For": self._address,
            "Accept-Encoding": "identity",
            "Cookie": "; ".join(f"{name}={it}" for name, it in self._cookies.items()),
            "X-CSRFToken": self._token,
        }
        return headers | ({"Content-Type": content_type} if content_type else {})

    def _keep_cookies(self, response):
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
