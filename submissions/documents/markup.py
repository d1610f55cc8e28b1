"""The call's Markdown as paragraphs and their pieces, for writers that know no HTML."""

from dataclasses import dataclass

from consultations.markdown import parser


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph; emphasis of any kind is bold, the easier one to read."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, or an item of a list, which has a mark and a depth."""

    pieces: list[Piece]
    is_heading: bool = False
    mark: str = ""
    depth: int = 0


def blocks(text):
    """Return the `Block`s of a Markdown text."""
    found = []
    depth, mark, is_heading = 0, "", False
    for token in parser.parse(text):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                mark = f"{token.info}." if token.info else "•"
            case "heading_open" | "heading_close":
                is_heading = token.type == "heading_open"
            case "inline":
                pieces = list(_pieces(token.children))
                found.append(Block(pieces, is_heading, mark, depth))
                # Further paragraphs of an item stand under the first.
                mark = ""
            case "fence" | "code_block":
                found.append(Block([Piece(token.content.rstrip("\n"))], depth=depth))
    return found


def _pieces(tokens):
    bold, address, linked = 0, "", ""
    for token in tokens:
        match token.type:
            case "strong_open" | "em_open":
                bold += 1
            case "strong_close" | "em_close":
                bold -= 1
            case "link_open":
                address, linked = token.attrs["href"].removeprefix("mailto:"), ""
            case "link_close":
                # On paper nobody can follow a link, so its address is written out.
                if address not in linked:
                    yield Piece(f" ({address})")
            case _:
                words = _BREAKS.get(token.type, token.content)
                linked += words
                if words:
                    yield Piece(words, bold > 0)


_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
