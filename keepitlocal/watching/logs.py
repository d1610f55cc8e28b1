"""How the log looks, and what is kept out of it. Knows nothing of Django: gunicorn asks too."""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

# Whose request, if anybody's, is being answered by what writes a line.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# The paths that carry a secret: resume and unsubscribe links, and those for a password.
TOKEN_IN_PATH = re.compile(r"(/(?:resume|reminders|login/password/[^/\s]+)/)[^/\s]+")

# What may be somebody's, wherever it stands in a line.
NOT_OURS_TO_KEEP = [
    (TOKEN_IN_PATH, r"\1…"),
    # PostgreSQL quotes rows and statements here.
    (re.compile(r"\n(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", re.DOTALL), ""),
    # gunicorn's, about what was not HTTP.
    (re.compile(r"(Invalid request) from ip=.*", re.DOTALL), r"\1"),
    (re.compile(r"(Error handling request) .*", re.DOTALL), r"\1"),
    (re.compile(r"[^\s@<>\"'(=:]{1,64}@[\w.-]*\w"), "…@…"),
    (re.compile(r"(?<![\w.])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), "(address)"),
    # Of the sixth version: whole, and shortened by a double colon.
    (
        re.compile(
            r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}"
            r"|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6})(?![\w:])",
            re.IGNORECASE,
        ),
        "(address)",
    ),
]

# Errors whose first line is a machine's alone. The text of any other may quote what
# somebody wrote.
SAY_WHY = {
    "OSError",
    "OperationalError",
    "InterfaceError",
    "IntegrityError",
    "UndefinedTable",
    "UndefinedColumn",
}


def release_of(folder: Path) -> str:
    """Return the commit that runs: deploy/update installs each in a folder of its name."""
    return folder.name[:12] if folder.parent.name == "releases" else ""


class WithoutTokens(logging.Formatter):
    """Blacks out the tokens of emailed links, in messages and in tracebacks."""

    def format(self, record):
        return TOKEN_IN_PATH.sub(r"\1…", super().format(record))


class Json(logging.Formatter):
    """One line of JSON an event: no path, no address, and no text of anybody's."""

    def __init__(self, release=""):
        super().__init__()
        self.release = release

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request_id": request_id.get(),
            **getattr(record, "figures", {}),
            "release": self.release,
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = scrubbed(told(record.exc_info[1]))
        kept = {name: value for name, value in line.items() if value not in ("", None)}
        return json.dumps(kept, ensure_ascii=False)


def message_of(record) -> str:
    """Return the message; of an error only what class it was, of a request its route."""
    message = record.getMessage()
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        for text in (repr(error), str(error)):
            if len(text) > 2:
                message = message.replace(text, type(error).__name__)
    request = getattr(record, "request", None)
    if request is not None:
        message = message.replace(request.path, route_of(request))
    return scrubbed(message)


def route_of(request) -> str:
    """Return the name of the page that was asked for, never its address."""
    match = getattr(request, "resolver_match", None)
    return (match and match.view_name) or "none"


def told(error: BaseException) -> str:
    """Return what led to an error, in the order of Python's own tracebacks."""
    parts = []
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.insert(0, f"{frames}{type(error).__qualname__}{why(error)}")
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)
    return "\n\n".join(parts)


def why(error: BaseException) -> str:
    """Return the first line of an error's text if none but a machine wrote it."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    text = str(error).strip()
    return f": {text.splitlines()[0]}" if text and kinds & SAY_WHY else ""


def scrubbed(text: str) -> str:
    """Return a text without what may be somebody's: the last line of defence."""
    for pattern, instead in NOT_OURS_TO_KEEP:
        text = pattern.sub(instead, text)
    return text


class OnlyErrors(logging.Filter):
    """Drops Django's line about an answer, which has one of ours, unless it is an error."""

    def filter(self, record):
        return bool(record.exc_info)


PLAIN = {
    "()": f"{__name__}.WithoutTokens",
    "format": "{levelname} {name}: {message}",
    "style": "{",
}


def configuration(style="plain", level="INFO", release="") -> dict:
    """Return the logging of all our programs, for `logging.config.dictConfig`."""
    console = {"class": "logging.StreamHandler", "formatter": "line"}
    configuration = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": PLAIN},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # One line a request, for machines only.
            "keepitlocal.requests": {"level": "WARNING"},
        },
    }
    if style == "json":
        configuration |= {
            "formatters": {"line": {"()": f"{__name__}.Json", "release": release}},
            "filters": {"errors": {"()": f"{__name__}.OnlyErrors"}},
        }
        configuration["loggers"] |= {
            "django.request": {"filters": ["errors"]},
            "keepitlocal.requests": {"level": level},
            # That there is no .env file, at every start.
            "environ": {"level": "WARNING"},
        }
    return configuration
