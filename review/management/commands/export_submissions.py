import os
import sys
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consultations.models import Consultation
from review.exports import TABLES, as_csv
from submissions.models import Submission

STDOUT = "-"


class Command(BaseCommand):
    help = "Write the submissions of a call as CSV. Drafts are never in it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--consultation",
            metavar="SLUG",
            help="Which call; needed when there are several.",
        )
        parser.add_argument(
            "--rows",
            choices=TABLES,
            default="submissions",
            help="One row a submission, or one row an answer or comment.",
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

    def handle(self, *, consultation, rows, output, no_bom, with_email, **options):
        table = TABLES[rows](the_call(consultation), with_email=with_email)
        chunks = as_csv(Submission.objects.all(), table, with_bom=not no_bom)
        with opened(output) as file:
            file.writelines(chunks)


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
