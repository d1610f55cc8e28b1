import datetime as dt
import hashlib

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from consultations.call_file import CallFileError, read_call_file
from consultations.models import Consultation
from consultations.services import load_consultation, load_sections
from consultations.uk_time import wall_clock_to_utc
from principles.services import load_principles

REHEARSAL_DAYS = 28


class Command(BaseCommand):
    help = "Load a call for evidence from a TOML file. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "--rehearsal",
            action="store_true",
            help=f"Open it now, for {REHEARSAL_DAYS} days, marked as a rehearsal.",
        )

    def handle(self, *, file, rehearsal, **options):
        try:
            call = read_call_file(file)
        except CallFileError as error:
            raise CommandError(
                f"{file} was not loaded:\n"
                + "\n".join(f"  {problem}" for problem in error.problems)
            ) from error
        with transaction.atomic():
            kept = load(call, is_rehearsal=rehearsal)
        for question in kept:
            self.stderr.write(
                f"Question {question.code} has answers, so its wording was left as it "
                "is. It can be changed in the admin."
            )
        self.stdout.write(f"The call is loaded: {call.title}")


def load(call, *, is_rehearsal):
    """Write the call; return the questions left alone because they have answers.

    A file that was loaded before changes nothing but, where they differ, the dates:
    what staff have edited since stays.
    """
    digest = hashlib.sha256(call.model_dump_json().encode()).hexdigest()
    loaded = Consultation.objects.filter(slug=call.slug, file_digest=digest).first()
    if loaded and loaded.is_rehearsal == is_rehearsal:
        if is_rehearsal and not loaded.is_open:
            loaded.opens_at, loaded.closes_at = rehearsal_dates()
            loaded.save(update_fields=["opens_at", "closes_at"])
        return []
    opens_at, closes_at = call.opens, call.closes
    if is_rehearsal:
        opens_at, closes_at = rehearsal_dates()
    consultation = load_consultation(
        call,
        digest=digest,
        opens_at=opens_at,
        closes_at=closes_at,
        is_rehearsal=is_rehearsal,
    )
    load_principles(consultation, call.principles)
    return load_sections(consultation, call.sections)


def rehearsal_dates():
    """Return now, and a minute before midnight 28 days from now, in UK time."""
    now = timezone.now()
    last_day = timezone.localdate(now) + dt.timedelta(days=REHEARSAL_DAYS)
    return now, wall_clock_to_utc(dt.datetime.combine(last_day, dt.time(23, 59)))
