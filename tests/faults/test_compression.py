"""Decision 37: a page that holds secrets does not tell them by its length."""

import http.client
from urllib.parse import urlsplit

from chaos import nginx

from .conftest import SYNC, gunicorn
from .respondents import START, Writer


def test_only_pages_for_everybody_are_compressed(
    environment, consultation, tmp_path, nginx_program
):
    with (
        gunicorn(environment, *SYNC) as web,
        nginx.before(urlsplit(web.url).port, tmp_path) as port,
    ):
        writer = Writer(f"http://localhost:{port}")
        private = ["/", writer.page, "/resume/", "/admin/login/?q=a+guess"]

        found = {path: encoding(writer, path) for path in [START, *private]}

    assert found == {START: "gzip"} | dict.fromkeys(private)


def encoding(writer, path):
    """Return how a page that was found is encoded, None for not at all."""
    connection = http.client.HTTPConnection(writer.address.netloc, timeout=20)
    cookies = "; ".join(f"{name}={value}" for name, value in writer.cookies.items())
    headers = {"Accept-Encoding": "gzip", "Cookie": cookies}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    assert response.status == 200
    connection.close()
    return response.headers["Content-Encoding"]
