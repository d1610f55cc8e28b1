import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consultations.models import Consultation
from review.exports import TABLES
from review.exports.work import written
from review.finding.selection import Selection
from review.models import Export, Format

STDOUT = "-"


class Command(BaseCommand):
    help = "Write the submissions of a call to a file. Drafts are never in it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--consultation",
            metavar="SLUG",
            help="Which call; needed when there are several.",
        )
        parser.add_argument(
            "--format",
            choices=Format.values,
            default=Format.CSV,
            help="CSV, an Excel workbook, JSON, or a ZIP pack with all of it.",
        )
        parser.add_argument(
            "--rows",
            choices=TABLES,
            default="submissions",
            help="What one row of CSV or a workbook is.",
        )
        parser.add_argument(
            "--filter",
            metavar="QUERY",
            default="",
            help="As the address of the list has it: 'type=councillor&channel=email'.",
        )
        parser.add_argument(
            "--output",
            metavar="FILE",
            default=STDOUT,
            help="Where to; - is standard output. An existing file is replaced.",
        )
        parser.add_argument(
            "--no-bom",
            action="store_true",
            help="Leave out the byte order mark that Excel needs, and others trip over.",
        )
        parser.add_argument(
            "--with-email",
            action="store_true",
            help="Add a column of email addresses.",
        )
        parser.add_argument(
            "--without-review",
            action="store_true",
            help="Leave out themes, notes and who reads it.",
        )

    def handle(self, *, consultation, format, rows, output, **options):
        export = Export(
            consultation=the_call(consultation),
            format=format,
            rows=rows if format in (Format.CSV, Format.XLSX) else "",
            query=options["filter"],
            with_bom=not options["no_bom"],
            with_email=options["with_email"],
            with_review=not options["without_review"],
        )
        selection = Selection.from_string(export.query)
        if selection.refused:
            raise CommandError(" ".join(selection.refused))
        with tempfile.TemporaryDirectory(dir=folder_of(output)) as folder:
            path, _moment = written(export, selection, Path(folder))
            with opened(output) as file, open(path, "rb") as whole:
                shutil.copyfileobj(whole, file)


def folder_of(output):
    """Return where there is room for the file while it is written; None: anywhere."""
    if output == STDOUT:
        return None
    folder = Path(output).parent
    if not folder.is_dir():
        raise CommandError(f"{output} was not written: No such file or directory")
    return folder


def the_call(slug):
    """Return the call of this slug, or the only one that there is."""
    calls = Consultation.objects.all()
    if slug:
        calls = calls.filter(slug=slug)
    if len(calls) != 1:
        slugs = ", ".join(Consultation.objects.values_list("slug", flat=True))
        raise CommandError(f"Choose a call with --consultation: {slugs or 'none yet'}")
    return calls[0]


@contextmanager
def opened(output):
    """Open for writing bytes: what goes wrong half-way leaves no file, or the old one.

    Only this account may read the new one: it holds what people sent in confidence.
    """
    if output == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=_for_this_account_only) as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise CommandError(f"{path} was not written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _for_this_account_only(path, flags):
    return os.open(path, flags, mode=0o600)
