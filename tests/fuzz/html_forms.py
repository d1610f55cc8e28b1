"""The forms of a page as a browser sees them, and what it would send of each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# What somebody types into, by its type; all others are chosen, pressed or hidden.
TYPED = {"text", "email", "url", "search", "date", "time", "number", "tel", ""}
PRESSED = {"submit", "button", "image", "reset", "file"}


@dataclass
class HtmlForm:
    method: str
    action: str
    # What the browser sends when nothing is changed: name to value, or to several.
    fields: dict = field(default_factory=dict)
    # The names of boxes to type into.
    boxes: list = field(default_factory=list)

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)

    @property
    def key(self):
        """What stays the same when the page is loaded again."""
        return self.action, tuple(self.boxes)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.form = [], None
        self.textarea = self.select = None

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = attrs.get("method", "get").lower()
            self.form = HtmlForm(method, attrs.get("action", ""))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input":
            self._read_input(attrs)
        elif tag == "textarea":
            self.textarea = attrs.get("name"), []
        elif tag == "select":
            self.select = attrs.get("name"), []
        elif tag == "option" and self.select:
            self.select[1].append((attrs.get("value", ""), "selected" in attrs))

    def _read_input(self, attrs):
        kind, name = attrs.get("type", "").lower(), attrs.get("name")
        is_unticked = kind in ("checkbox", "radio") and "checked" not in attrs
        if name is None or kind in PRESSED or is_unticked:
            return
        self.form.add(name, attrs.get("value", "on" if kind == "checkbox" else ""))
        if kind in TYPED:
            self.form.boxes.append(name)

    def handle_data(self, data):
        if self.textarea:
            self.textarea[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.textarea and self.form:
            name, texts = self.textarea
            # The first line end behind the tag is none of the text.
            text = "".join(texts)
            self.form.add(name, text.removeprefix("\r").removeprefix("\n"))
            self.form.boxes.append(name)
            self.textarea = None
        elif tag == "select" and self.select and self.form:
            name, options = self.select
            chosen = [value for value, is_chosen in options if is_chosen]
            for value in chosen or [value for value, _chosen in options[:1]]:
                self.form.add(name, value)
            self.select = None


def forms_in(response):
    """Return each form of a page."""
    if response.streaming or "html" not in response.get("Content-Type", ""):
        return []
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms
