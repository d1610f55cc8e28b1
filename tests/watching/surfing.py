"""A browser without a screen, for a real web server."""

import re
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode


class Surfer:
    """Keeps cookies and follows redirects; answers have their text in `page`."""

    def __init__(self, site):
        self.site = site
        self.headers = {}
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path, **headers):
        return self._ask(urllib.request.Request(self.site + path, headers=headers))

    def post(self, path, **fields):
        """Post what a browser would: with the token of the last page, and whole."""
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        body = urlencode({"csrfmiddlewaretoken": self.token, "_end": "1"} | data)
        return self._ask(urllib.request.Request(self.site + path, body.encode()))

    def upload(self, path, field, name, content):
        """Post one file, and nothing else of a form."""
        boundary = "0123456789abcdef"
        fields = {"csrfmiddlewaretoken": self.token, "_end": "1"}
        parts = [(f'name="{key}"', text.encode()) for key, text in fields.items()]
        parts.append((f'name="{field}"; filename="{name}"', content))
        body = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
            + text
            + b"\r\n"
            for head, text in parts
        )
        request = urllib.request.Request(
            self.site + path, body + f"--{boundary}--\r\n".encode()
        )
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        return self._ask(request)

    token = ""

    def _ask(self, request):
        for name, value in self.headers.items():
            request.add_header(name, value)
        try:
            response = self.opener.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            response = error
        response.page = response.read().decode()
        response.path = response.url.removeprefix(self.site)
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', response.page)
        self.token = found[1] if found else self.token
        return response


def link_in(email, site):
    """Return the path of the first link to the site that an email holds."""
    text = email.get_body(("plain",)).get_content()
    return re.search(re.escape(site) + r"(/[^\s?]+)", text)[1]
