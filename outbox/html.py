"""The HTML part of an email: one column that needs nothing from elsewhere.

Written without a template, which would take six times as long: most of what an email costs.
"""

from django.utils.html import conditional_escape

PAGE = """<!doctype html>
<html lang="{language}">
    <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light">
        <title>{subject}</title>
    </head>
    <body style="margin:0;padding:0;background-color:#f6f2ea;color:#23211e">
        <div style="max-width:38em;margin:0 auto;padding:1.5em 1em;\
font:18px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
color:#23211e;overflow-wrap:anywhere">
            <p style="margin:0 0 1em;color:#0b5a52;font-weight:700">{sender}</p>
            <div style="padding:1.5em 1.5em 0.5em;border-top:4px solid #0b5a52;\
border-radius:4px;background-color:#ffffff">
                {blocks}
            </div>
        </div>
    </body>
</html>
"""
BUTTON = """<p style="margin:1.5em 0"><a href="{url}" style="display:inline-block;\
padding:0.7em 1.2em;border-radius:4px;background-color:#0b5a52;color:#ffffff;\
font-weight:700;text-decoration:none">{label}</a></p>"""
LIST = """<ul style="margin:0 0 1em;padding-left:1.3em">
                    {points}
                </ul>"""
POINT = '<li style="margin:0 0 0.4em">{}</li>'
PARAGRAPH = '<p style="margin:0 0 1em">{lines}</p>'
LINE_BREAK = "<br>\n                "
INDENT = "\n                "


def page(blocks: list[dict], **said: str) -> str:
    """Return the page that shows these `messages.blocks` below the sender."""
    texts = {name: conditional_escape(text) for name, text in said.items()}
    return PAGE.format(blocks=INDENT.join(map(_block, blocks)), **texts)


def _block(block):
    if "url" in block:
        escaped = {name: conditional_escape(text) for name, text in block.items()}
        return BUTTON.format(**escaped)
    if "points" in block:
        points = map(POINT.format, map(conditional_escape, block["points"]))
        return LIST.format(points=f"{INDENT}    ".join(points))
    lines = LINE_BREAK.join(map(conditional_escape, block["lines"]))
    return PARAGRAPH.format(lines=lines)
