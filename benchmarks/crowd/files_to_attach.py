"""Files such as respondents attach: each a function that gives its name and its bytes."""

import io
from functools import cache

import docx
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

PARAGRAPH = (
    "Eleven local agreements became three large contracts, and two of us closed. "
)


def text():
    return "figures.txt", (PARAGRAPH * 50).encode()


@cache
def pdf():
    """A report of ten pages."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(10):
        for line in range(40):
            canvas.drawString(60, 780 - 17 * line, PARAGRAPH)
        canvas.showPage()
    canvas.save()
    return "report.pdf", out.getvalue()


@cache
def word():
    out = io.BytesIO()
    document = docx.Document()
    for _ in range(100):
        document.add_paragraph(PARAGRAPH * 5)
    document.save(out)
    return "notes.docx", out.getvalue()


@cache
def photograph():
    """One of a megabyte and four million points, as a telephone takes."""
    out = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(out, "JPEG", quality=70)
    return "hall.jpg", out.getvalue()


FILES = [text, pdf, word, photograph]
