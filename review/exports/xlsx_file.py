"""Tables as an Excel file: texts only, nothing cut without saying so, memory constant.

A sheet for each table, further ones when its rows are more than a sheet holds; "About"
says what is in the file. A text that is longer than a cell may be is begun in its cell,
and stands whole on the sheet "Long texts": its parts, joined, are the text.
"""

import re

from django.utils.translation import gettext as _

from .reading import Each, copy, json_copied

# Excel's own limits; a character beyond the first 65,536 of Unicode counts twice.
ROWS_A_SHEET = 1_048_576
UNITS_A_CELL = 32_767
# What is left in the cell of a long text for saying that it goes on.
UNITS_SHOWN = 32_000

# No XML may hold them. Other controls are escaped as the format has it.
NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
WIDTH, WIDE = 18, 60


class XlsxWriter:
    """Writes tables to a path; `about` is what the file says of itself, by name."""

    def __init__(self, path, tables, *, moment, about):
        # For whoever makes a workbook: every process of the portal loads this module.
        from xlsxwriter import Workbook  # noqa: PLC0415

        self.tables = tables
        self.about = about
        self.count = 0
        self.workbook = Workbook(
            path,
            {
                "constant_memory": True,
                # Beside the file: what is sent in confidence stays in its folder.
                "tmpdir": str(path.parent),
                "use_zip64": True,
                # Of all cells: asked of each, it would cost a seventh of the time.
                "default_format_properties": {"valign": "top"},
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        # Excel has no time zones: it is UTC.
        self.workbook.set_properties({"created": moment.replace(tzinfo=None)})

    def begin(self):
        self.bold = self.workbook.add_format({"bold": True})
        self.text = self.workbook.add_format({"text_wrap": True})
        self.plain = self.workbook.add_format()
        # The first sheet, though its counts are written last.
        self.about_sheet = self.workbook.add_worksheet(_("About"))
        self.sheets = [
            _Sheets(self, table.title, table.header, json_copied(table.query_as_json))
            for table in self.tables
        ]
        self.long_texts = None

    def add(self, page):
        self.count += len(page)
        for sheets in self.sheets:
            copy(sheets.query, Each(sheets.write))

    def end(self):
        for sheets in self.sheets:
            sheets.end()
        if self.long_texts:
            self.long_texts.end()
        self._write_about()
        self.workbook.close()

    def keep_long(self, sheet, cell, heading, reference, text):
        """Write a text whole on the sheet for long ones; returns what stands in its cell."""
        if self.long_texts is None:
            self.long_texts = _Sheets(self, _("Long texts"), long_text_header())
        parts = list(in_parts(text, UNITS_A_CELL))
        for number, part in enumerate(parts, start=1):
            place = [reference, sheet, cell, heading]
            self.long_texts.write([*place, str(number), str(len(parts)), part])
        return next(in_parts(text, UNITS_SHOWN)) + pointer(reference, cell, len(parts))

    def _write_about(self):
        lines = [*self.about.items(), (_("Submissions"), str(self.count))]
        for sheets in [*self.sheets, *([self.long_texts] if self.long_texts else [])]:
            counted = _("Rows on “%(sheet)s”") % {"sheet": sheets.title}
            lines.append((counted, str(sheets.count)))
        lines += [("", ""), (_("Columns"), _("What they mean"))]
        for table in self.tables:
            for column in table.columns:
                lines.append((f"{table.title}: {column.heading}", column.meaning))
        self.about_sheet.set_column(0, 1, WIDE)
        for number, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                cell = next(in_parts(in_xml(cell), UNITS_A_CELL), "")
                write_text(self.about_sheet, number, column, cell, self.text)


class _Sheets:
    """One table's sheet, and the further ones that its rows need."""

    def __init__(self, writer, title, header, query=None):
        self.writer = writer
        self.title = title
        self.header = [next(in_parts(in_xml(cell), UNITS_A_CELL)) for cell in header]
        self.query = query
        self.number = self.count = 0
        self._begin()

    def _begin(self):
        self.number += 1
        self.name = f"{self.title} {self.number}" if self.number > 1 else self.title
        self.sheet = self.writer.workbook.add_worksheet(self.name)
        self.sheet.set_column(0, len(self.header) - 1, WIDTH)
        self.sheet.set_row(0, None, self.writer.bold)
        self.sheet.freeze_panes(1, 1)
        for column, cell in enumerate(self.header):
            write_text(self.sheet, 0, column, cell, self.writer.bold)
        self.row = 1

    def write(self, cells):
        if self.row == ROWS_A_SHEET:
            self.end()
            self._begin()
        row, write = self.row, self.sheet.write_string
        for column, text in enumerate(cells):
            # Nearly every text is plain: the rest costs a closer look.
            if text.isascii() and text[:1] != "<" and len(text) <= UNITS_A_CELL:
                if text:
                    write(row, column, text)
            else:
                text = self._fitting(cells[0], column, in_xml(text))
                write_text(self.sheet, row, column, text, self.writer.plain)
        self.row += 1
        self.count += 1

    def _fitting(self, reference, column, text):
        if units(text) <= UNITS_A_CELL:
            return text
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

        cell = xl_rowcol_to_cell(self.row, column)
        return self.writer.keep_long(
            self.name, cell, self.header[column], reference, text
        )

    def end(self):
        self.sheet.autofilter(0, 0, self.row - 1, len(self.header) - 1)


def long_text_header():
    return [
        _("Reference"),
        _("Sheet"),
        _("Cell"),
        _("Column"),
        _("Part"),
        _("Parts"),
        _("Text"),
    ]


def pointer(reference, cell, parts):
    """Say, at the end of what a cell shows, where the rest is."""
    words = _(
        "[Excel holds no more in a cell. The whole text is on the sheet “Long texts”: "
        "%(reference)s, %(cell)s, %(parts)s parts.]"
    )
    said = words % {"reference": reference, "cell": cell, "parts": parts}
    return f"\n\n{said}"


def write_text(sheet, row, column, text, how):
    """Write a cell that is text and nothing else."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for markup of its own, and write it as it is.
        sheet.write_rich_string(row, column, text[:1], how, text[1:], how)
    else:
        sheet.write_string(row, column, text, how)


def in_xml(text):
    return NOT_IN_XML.sub("\ufffd", text)


def units(text):
    """Return the length of a text as Excel counts it."""
    if len(text) * 2 <= UNITS_A_CELL:
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def in_parts(text, limit):
    """Yield the pieces of a text, each no longer than Excel's limit; no character is cut."""
    while text:
        # As many code points fit at most; the last ones may count twice.
        part = text[:limit]
        if (surplus := len(part.encode("utf-16-le")) // 2 - limit) > 0:
            encoded = part.encode("utf-16-le")[: -2 * surplus]
            part = encoded.decode("utf-16-le", errors="ignore")
        yield part
        text = text[len(part) :]
