"""What was asked for, made into a writer and a name."""

from django.utils.translation import gettext as _

from consultations.uk_time import in_words
from review.finding.selection import Selection
from review.models import Format, Rows

from .csv_file import CsvWriter
from .json_file import JsonWriter
from .pack import PackWriter
from .tables import TABLES
from .xlsx_file import XlsxWriter


def selection_of(export):
    return Selection.from_string(export.query, export.owner)


def make_table(export, rows):
    return TABLES[rows](
        export.consultation,
        with_email=export.with_email,
        with_review=export.with_review,
    )


def make_writer(export, selection, path, *, moment, open_file, alive):
    """Return what writes an export to a path; see PackWriter."""
    about = about_export(export, selection, moment)
    if export.format == Format.ZIP:
        return PackWriter(
            path,
            lambda rows: make_table(export, rows),
            moment=moment,
            about=about,
            with_bom=export.with_bom,
            open_file=open_file,
            alive=alive,
        )
    table = make_table(export, export.rows or Rows.SUBMISSIONS)
    if export.format == Format.XLSX:
        return XlsxWriter(path, [table], moment=moment, about=about)
    if export.format == Format.JSON:
        return JsonWriter(open_file(path), table, moment=moment, about=about)
    return CsvWriter(open_file(path), table, with_bom=export.with_bom)


def about_export(export, selection, moment):
    """Return what a file says of itself, by name."""
    left_out = [
        *([] if export.with_email else [_("email addresses")]),
        *([] if export.with_review else [_("themes, notes and assignment")]),
    ]
    return {
        _("Call for evidence"): export.consultation.title,
        _("Filter"): "; ".join(selection.in_words()) or _("Everything that was sent"),
        _("Taken at"): in_words(moment),
        _("Left out"): "; ".join(left_out) or _("Nothing"),
    }


def name_of(export, moment):
    """Return the name of a file, which says what is in it and of when it is."""
    selection = selection_of(export)
    parts = [export.consultation.slug, export.rows or "everything", selection.slug]
    # Names of 255 bytes are what file systems take.
    stem = "-".join(part for part in parts if part)[:200].rstrip("-")
    return f"{stem}-{moment:%Y-%m-%dT%H%MZ}.{export.format}"
