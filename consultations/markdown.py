"""The Markdown that the texts of a call are written in."""

from markdown_it import MarkdownIt

# Raw HTML stays text and javascript: links stay text, so what staff type is safe.
parser = MarkdownIt("commonmark", {"html": False})
