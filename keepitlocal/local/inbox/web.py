"""The inbox's small web server, for the browser on this computer and for nobody else."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from . import pages
from .letterbox import NAME

STYLE = Path(__file__).with_name("style.css")

# A page elsewhere can point a name of its own at this computer, but not choose this header.
HOSTS = {"localhost", "127.0.0.1"}

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What an email may do: look like something, and open a link in a new tab.
PART_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; frame-ancestors 'self'"
)

LETTER = re.compile(rf"/({NAME.pattern})(?:/(html|source))?")
PART = re.compile(rf"/({NAME.pattern})/part\.html")
SOURCE = re.compile(rf"/({NAME.pattern})\.eml")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, letterbox, site):
        super().__init__(address, Handler)
        self.letterbox = letterbox
        self.site = site


class Handler(BaseHTTPRequestHandler):
    server_version = "inbox"
    sys_version = ""
    timeout = 20

    def do_GET(self):
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        asked = urlsplit(self.path)
        if not self.answer(asked):
            self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def answer(self, asked):
        """Send what was asked for; false if there is no such thing."""
        if asked.path == "/":
            return self.list_letters(parse_qs(asked.query).get("before", [""])[0])
        if asked.path == "/style.css":
            return self.send(STYLE.read_text(), "text/css")
        if match := LETTER.fullmatch(asked.path):
            return self.show_letter(match[1], match[2] or "text")
        if match := PART.fullmatch(asked.path):
            return self.show_part(match[1])
        if match := SOURCE.fullmatch(asked.path):
            return self.give_source(match[1])
        return False

    def list_letters(self, before):
        names = self.server.letterbox.names()
        wanted = [name for name in names if not before or name < before]
        shown = wanted[: pages.SHOWN]
        letters = [self.server.letterbox.headers_of(name) for name in shown]
        older = shown[-1] if len(wanted) > len(shown) else None
        return self.send(pages.letters(letters, len(names), older))

    def show_letter(self, name, view):
        letter = self.server.letterbox.read(name)
        return letter and self.send(pages.letter(letter, view, self.server.site))

    def show_part(self, name):
        letter = self.server.letterbox.read(name)
        html = letter and letter.body("html")
        # Links in it open beside the inbox, not inside its frame.
        return html and self.send(f'<base target="_blank">{html}', policy=PART_POLICY)

    def give_source(self, name):
        source = self.server.letterbox.source(name)
        return source and self.send(source, "message/rfc822")

    def send(self, content, kind="text/html", policy=PAGE_POLICY):
        if isinstance(content, str):
            content = content.encode("utf-8", errors="replace")
            kind = f"{kind}; charset=utf-8"
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)
        return True

    def log_message(self, format, *args):
        """Addresses of emails are nobody's business, and lines of them nobody's reading."""
