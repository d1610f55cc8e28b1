"""The inbox's pages. Whatever comes out of an email is escaped."""

import re
from html import escape

from .letterbox import Letter

SHOWN = 100

PAGE = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p><a href="/">Local inbox</a></p>
<p>Every email of the portal on this computer ends here. None is sent to anyone.</p></header>
<main>
{body}
</main>
</body>
</html>
"""


def page(title, body):
    return PAGE.format(title=f"{escape(title)} – Local inbox", body=body)


def letters(found: list[Letter], total: int, older: str | None):
    if not found:
        return page(
            "No emails",
            "<h1>No emails yet</h1><p>When the portal sends one, it is here a few "
            'seconds later. <a href="/">Look again</a></p>',
        )
    count = "1 email" if total == 1 else f"{total} emails"
    rows = "\n".join(row(letter) for letter in found)
    more = f'<p><a href="/?before={older}">Older emails</a></p>' if older else ""
    return page(count, f'<h1>{count}</h1>\n<ol class="letters">\n{rows}\n</ol>\n{more}')


def row(letter: Letter):
    return (
        f'<li><a href="/{letter.name}">{subject(letter)}</a>'
        f"<p>to {escape(letter.header('To'))}</p>{time(letter)}</li>"
    )


def letter(found: Letter, view: str, site: str):
    """One email: its "text", its "html" or its "source"."""
    body = (
        f"<h1>{subject(found)}</h1>\n"
        f"<dl><div><dt>To</dt><dd>{escape(found.header('To'))}</dd></div>"
        f"<div><dt>From</dt><dd>{escape(found.header('From'))}</dd></div>"
        f"<div><dt>Came</dt><dd>{time(found)}</dd></div></dl>\n"
        f"{views(found, view)}\n{VIEWS[view](found, site)}"
    )
    return page(found.header("Subject") or "No subject", body)


def views(found: Letter, current: str):
    """Links to the other ways of looking at an email."""
    links = []
    for view, name in {"text": "Text", "html": "HTML", "source": "Source"}.items():
        if view == "html" and found.body("html") is None:
            continue
        address = f"/{found.name}" if view == "text" else f"/{found.name}/{view}"
        here = ' aria-current="page"' if view == current else ""
        links.append(f'<a href="{address}"{here}>{name}</a>')
    return f'<nav aria-label="Parts of this email">{" ".join(links)}</nav>'


def text_view(found: Letter, site: str):
    text = found.body("plain")
    if text is None:
        return "<p>This email has no text part.</p>"
    return f"<pre>{with_links(text, site)}</pre>"


def html_view(found: Letter, site: str):
    return (
        f'<iframe src="/{found.name}/part.html" title="The HTML part" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def source_view(found: Letter, site: str):
    headers = "\n".join(f"{name}: {value}" for name, value in found.message.raw_items())
    return (
        f"<h2>Headers</h2><pre>{escape(headers)}</pre>"
        f'<p><a href="/{found.name}.eml">The whole email as a file</a></p>'
    )


VIEWS = {"text": text_view, "html": html_view, "source": source_view}


def with_links(text, site):
    """The text, escaped, in which addresses on our own site can be clicked."""
    ours = re.compile(rf"(?:{re.escape(site)}|http://localhost(?::\d+)?)/[^\s<>\"']*")
    parts, end = [], 0
    for match in ours.finditer(text):
        address = match[0].rstrip(".,;:!?)]")
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(address)}">{escape(address)}</a>')
        end = match.start() + len(address)
    return "".join(parts) + escape(text[end:])


def subject(found: Letter):
    return escape(found.header("Subject") or "(no subject)")


def time(found: Letter):
    here = found.arrived_at.astimezone()
    return (
        f'<time datetime="{here.isoformat(timespec="seconds")}">'
        f"{here:%-d %B %Y, %H:%M:%S}</time>"
    )
