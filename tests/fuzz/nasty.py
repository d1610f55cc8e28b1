"""Values and bodies that no page of ours would send."""

import json
from urllib.parse import quote_from_bytes, urlencode

TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x0b\x1b\x85",
    "\u200b",
    "\ufffd",
    "é語🏡",
    "\u202eabc",
    "a" * 201,
    "a" * 10_000,
    "🏡" * 3_000,
    "=1+1",
    "{{7*7}}{% debug %}",
    "%s%n{0.__class__}",
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    "../../etc/passwd",
    "a\r\nBcc: eve@x.example",
    "null",
    "None",
    "[]",
    "{}",
]
NUMBERS = [
    "0",
    "-1",
    "1",
    "2",
    "1.5",
    "1e3",
    "1e999999",
    "NaN",
    "Infinity",
    "１２",
    "1_000",
    "32768",
    "2147483648",
    "9223372036854775808",
    "9" * 40,
    "9" * 5_000,
    "0x10",
]
DATES = [
    "2027-02-29",
    "0001-01-01",
    "9999-12-31",
    "27/07/27",
    "31/12/9999",
    "2026-10-25",
    "01:30",
    "24:00",
    "2027-07-27",
]
ADDRESSES = [
    "a@b",
    "a@[127.0.0.1]",
    "ada@x.example",
    "a\n@x.example",
    "@",
    "KIL-AAAA2222",
]
VALUES = [*TEXTS, *NUMBERS, *DATES, *ADDRESSES]

# In an address these are percent-encoded; the last ones are no UTF-8.
BYTES = [b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"%00", b"\x7f", b"a b", b"..", b"//"]

# A web server refuses a length that is no number before anybody else sees it.
HEADERS = [
    {},
    {},
    {},
    {"HTTP_ACCEPT_LANGUAGE": "x" * 3_000},
    {"HTTP_ACCEPT_LANGUAGE": "cy;q=9e999,*;q=-1,\xff"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "a b\x01"},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4, \x00, ::1"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_REFERER": "http://evil.example/\xff"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_RANGE": "bytes=9-1,-5"},
    {"HTTP_IF_MODIFIED_SINCE": "Thu, 99 Xxx 99999 99:99:99 GMT"},
    {"HTTP_IF_NONE_MATCH": '"' * 300},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    {"HTTP_CONTENT_ENCODING": "gzip"},
    {"HTTP_COOKIE": "session=\xff; csrftoken=a; a=b=c; ;;"},
    {"HTTP_COOKIE": "session=" + "x" * 5_000},
]

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def urlencoded(fields):
    return urlencode(fields, doseq=True).encode(), URLENCODED


def multipart(fields, content=b"Evidence"):
    """Return the fields, and a file for a field of files."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, values in fields.items()
        for value in values
    ]
    parts.append(
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        + content
        + b"\r\n"
    )
    return b"".join(parts) + b"--b--\r\n", MULTIPART


def as_json(fields):
    texts = {
        name: {"text": text, "was": "", "length": len(text)}
        for name, values in fields.items()
        for text in values
        if not name.startswith(("_end", "csrfmiddlewaretoken", "was-"))
    }
    return json.dumps({"fields": texts}).encode(), "application/json"


def broken(rng, fields):
    """Return a body that is not what it says it is."""
    whole, kind = rng.choice([urlencoded, multipart, as_json])(fields)
    return rng.choice(
        [
            (whole[: rng.randrange(len(whole) + 1)], kind),
            (whole, "text/plain"),
            (whole, "application/xml"),
            (whole, "multipart/form-data"),
            (whole, "multipart/form-data; boundary=" + "b" * 300),
            (whole, "multipart/form-data; boundary=\xff"),
            (whole, f"{kind}; charset=utf-16"),
            (whole, f"{kind}; charset=hex"),
            (whole, "application/json"),
            (whole, ""),
            (rng.randbytes(300), kind),
            (b"[" * 5_000, "application/json"),
            (b'{"fields": {"a": ' + b"9" * 5_000 + b"}}", "application/json"),
            (b'{"fields": {"answer-1-1": NaN}}', "application/json"),
            (urlencode({f"f{n}": n for n in range(1_001)}).encode(), URLENCODED),
            (b"&".join([b"a=b"] * 900), URLENCODED),
            (b"answer-1-1=%ED%A0%80%00%&_end=1", URLENCODED),
        ]
    )


def in_address(rng, value):
    """Return a value percent-encoded, or bytes that are none."""
    if rng.random() < 0.2:
        return quote_from_bytes(rng.choice(BYTES), safe="%/.")
    return quote_from_bytes(str(value)[:500].encode())
