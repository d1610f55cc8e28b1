import http.client
import smtplib
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from keepitlocal.local import portal
from keepitlocal.local.config import Config
from keepitlocal.local.programs import free_port

SITE = "http://localhost:8000"


class Inbox:
    def __init__(self, port, smtp_port):
        self.url = f"http://localhost:{port}"
        self.port = port
        self.smtp_port = smtp_port

    def send(self, subject="Your evidence", text="Thank you.", html=None):
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = "Keep it Local <no-reply@localhost>"
        message["To"] = "Ada O'Brien <ada@example.org>"
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as server:
            server.send_message(message)

    def page(self, path="/"):
        with urlopen(self.url + path) as response:
            return response.read().decode()

    def newest(self):
        """The path of the email that stands first in the list."""
        return self.page().split('<li><a href="')[1].split('"')[0]


@pytest.fixture
def inbox(data_dir, run):
    smtp_port, port = free_port(), free_port()
    config = Config(data_dir, "127.0.0.1", 8000, port, {"SITE_URL": SITE})
    with run(portal.inbox(config, smtp_port)):
        yield Inbox(port, smtp_port)


def test_inbox_is_friendly_when_empty(inbox):
    assert "No emails yet" in inbox.page()


def test_email_is_listed_and_read(inbox):
    inbox.send(subject="Your evidence reached us")
    inbox.send(subject="The second one")

    listed = inbox.page()
    assert "2 emails" in listed
    assert listed.index("The second one") < listed.index("Your evidence reached us")
    assert "Ada O&#x27;Brien &lt;ada@example.org&gt;" in listed
    assert "<pre>Thank you.\n</pre>" in inbox.page(inbox.newest())


def test_what_an_email_says_is_escaped(inbox):
    inbox.send(
        subject="<script>alert(1)</script>",
        text=f"<script>alert(2)</script> {SITE}/a?b=1&c=<b>",
    )

    pages = inbox.page() + inbox.page(inbox.newest())
    pages += inbox.page(inbox.newest() + "/source")

    assert "<script>" not in pages
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in pages
    assert f'<a href="{SITE}/a?b=1&amp;c=">{SITE}/a?b=1&amp;c=</a>&lt;b&gt;' in pages


def test_only_links_to_the_portal_can_be_clicked(inbox):
    inbox.send(
        text=f"Go on: {SITE}/evidence/abc/. Not https://example.org/ or\njavascript:x"
    )

    page = inbox.page(inbox.newest())

    assert f'<a href="{SITE}/evidence/abc/">' in page
    assert "https://example.org/" in page
    assert 'href="https:' not in page
    assert 'href="javascript:' not in page


def test_html_part_can_look_and_not_act(inbox):
    inbox.send(html="<p>Thank <b>you</b><script>alert(1)</script></p>")
    path = inbox.newest()

    assert f'<iframe src="{path}/part.html"' in inbox.page(path + "/html")
    with urlopen(f"{inbox.url}{path}/part.html") as response:
        policy = response.headers["Content-Security-Policy"]
        assert b"<b>you</b>" in response.read()
    assert policy.startswith("sandbox allow-popups ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_page_elsewhere_cannot_read_the_inbox_under_a_name_of_its_own(inbox):
    request = Request(inbox.url, headers={"Host": f"rebound.example:{inbox.port}"})

    with pytest.raises(HTTPError) as refused:
        urlopen(request)

    with refused.value as answer:
        assert answer.code == 421


@pytest.mark.parametrize(
    "path", ["/nothing", "/../run.lock", "/20181101T090000000000-x"]
)
def test_what_is_not_there_is_not_found(inbox, path):
    connection = http.client.HTTPConnection("127.0.0.1", inbox.port)
    connection.request("GET", path)

    with connection.getresponse() as answer:
        assert answer.status == 404
    connection.close()


def test_email_outlives_the_inbox_as_a_file(inbox, data_dir):
    inbox.send(subject="Kept")

    (file,) = (data_dir / "inbox").iterdir()
    assert b"Subject: Kept" in file.read_bytes()
    assert (data_dir / "inbox").stat().st_mode & 0o777 == 0o700
