"""Reads the text back from a PDF, letter by letter, as a PDF reader would."""

import re
from io import BytesIO

import pikepdf

NEW_LINE = {"T*", "Td", "TD", "Tm", "ET"}


def words_of(content):
    """Return all the text of a PDF in one line, with single spaces."""
    return " ".join(text_of(content).split())


def text_of(content):
    with pikepdf.open(BytesIO(content)) as pdf:
        return "\n".join(_text_of_page(page) for page in pdf.pages)


def _text_of_page(page):
    fonts = {
        name: _letters(font)
        for name, font in page.Resources.Font.items()
        if "/ToUnicode" in font
    }
    text, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        operator = str(operator)
        if operator == "Tf":
            letters = fonts.get(str(operands[0]), {})
        elif operator == "Tj":
            text.append("".join(letters[code] for code in bytes(operands[0])))
        elif operator in NEW_LINE:
            text.append("\n")
    return "".join(text)


def _letters(font):
    """Return what each code of a font stands for."""
    letters = {}
    table = font.ToUnicode.read_bytes().decode("ascii")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            letters[int(code, 16)] = _letter(letter)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, _last, listed in re.findall(
            r"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", block, re.DOTALL
        ):
            for offset, letter in enumerate(re.findall(r"<(\w+)>", listed)):
                letters[int(first, 16) + offset] = _letter(letter)
    return letters


def _letter(code):
    return bytes.fromhex(code).decode("utf-16-be")
