"""A message is made from one plain-text template."""

from html.parser import HTMLParser

import pytest

from outbox import messages

TEMPLATE = """Subject: We have received your evidence, {{ name }}

Dear {{ name }},
thank you.

{% if points %}
You told us about:
{% for point in points %}- {{ point }}
{% endfor %}{% endif %}


Go back to your answers:
{{ url }}

{{ text }}
"""

EMAILS = {"note.txt": TEMPLATE, "bare.txt": "Dear Ann,"}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://keepitlocal.example"
    settings.DEFAULT_FROM_EMAIL = "Keep it Local <no-reply@keepitlocal.example>"
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "APP_DIRS": False,
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", EMAILS),
                    "django.template.loaders.filesystem.Loader",
                ]
            },
        }
    ]


def render(**context):
    defaults = {"name": "Ann", "points": [], "url": "", "text": ""}
    return messages.render("note.txt", defaults | context)


class Seen(HTMLParser):
    """The links and the elements of a page, and its text as a reader sees it."""

    def __init__(self, html):
        super().__init__()
        self.links, self.elements, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_data(self, data):
        self.text += data


def test_text_is_what_the_template_says():
    message = render(
        name="O'Brien & Sons",
        points=["trust <now>", "time"],
        url="https://keepitlocal.example/resume/x",
    )

    assert message.subject == "We have received your evidence, O'Brien & Sons"
    assert message.text == (
        "Dear O'Brien & Sons,\nthank you.\n\n"
        "You told us about:\n- trust <now>\n- time\n\n"
        "Go back to your answers:\nhttps://keepitlocal.example/resume/x\n"
    )


def test_html_is_made_from_the_text():
    page = Seen(
        render(
            points=["trust", "time"], url="https://keepitlocal.example/resume/x?a=1&b=2"
        ).html
    )

    assert page.elements.count("li") == 2
    assert page.elements.count("br") == 1
    assert page.links == ["https://keepitlocal.example/resume/x?a=1&b=2"]
    assert "Go back to your answers\n" in page.text
    assert "Keep it Local" in page.text


def test_html_has_a_language_and_needs_nothing_from_elsewhere():
    html = render().html

    assert '<html lang="en-gb">' in html
    assert not {"img", "link", "script", "style"} & set(Seen(html).elements)


def test_address_alone_in_its_paragraph_is_its_own_button():
    html = render(text="https://keepitlocal.example/resume/x").html

    assert Seen(html).links == ["https://keepitlocal.example/resume/x"]
    assert ">https://keepitlocal.example/resume/x</a>" in html


def test_address_after_several_lines_is_no_button():
    page = Seen(render(text="One\nTwo\nhttps://keepitlocal.example/x").html)

    assert page.links == ["https://keepitlocal.example/x"]
    assert "One\nTwo\nhttps://keepitlocal.example/x" in page.text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "[x](http://evil.example) <b>bold</b>",
        '"><a href="http://evil.example">',
        "evil.example",
        "http://evil.example",
        "https://keepitlocal.example.evil.example/x",
        "https://keepitlocal.example@evil.example/",
        "https://keepitlocal.example:8443/",
        "https://keepitlocal.example\\@evil.example",
        "https://evil.example/?https://keepitlocal.example/x",
        "javascript:alert(1)//https://keepitlocal.example/",
        "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    ],
)
def test_what_people_write_is_neither_link_nor_markup(text):
    for context in ({"text": text}, {"points": [text]}, {"name": text}):
        message = render(**context)

        page = Seen(message.html)
        assert page.links == []
        assert "b" not in page.elements
        assert text in page.text
        assert text in message.text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Look at https://keepitlocal.example/a?b=c.", ["/a?b=c"]),
        ("Look (https://keepitlocal.example/a).", ["/a"]),
        ("Look at https://keepitlocal.example!", [""]),
        ("https://keepitlocal.example/a, https://keepitlocal.example/b", ["/a", "/b"]),
        ("https://keepitlocal.example/\"onclick='x'", ["/\"onclick='x'"]),
    ],
)
def test_own_address_in_a_sentence_is_a_link(text, links):
    page = Seen(render(text=text).html)

    assert page.links == [f"https://keepitlocal.example{link}" for link in links]
    assert text in page.text


def test_long_text_without_a_space_is_read_in_time():
    text = "https://keepitlocal.example/" + "." * 100_000 + "(https://" * 10_000

    assert text in Seen(render(text=text).html).text


def test_line_breaks_in_a_name_stay_out_of_the_headers():
    message = render(name="Ann\r\nBcc: eve@example.org\r\n\r\nHa")

    assert message.subject.startswith("We have received your evidence, Ann\nBcc:")
    assert message.headers == {}


def test_template_without_a_subject_is_refused():
    with pytest.raises(ValueError, match="does not begin with a subject"):
        messages.render("bare.txt", {})
