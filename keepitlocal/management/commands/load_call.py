import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from consultations.call_file import CallFileError, read_call_file
from consultations.models import Consultation
from consultations.services import (
    changed,
    end_rehearsal,
    load_consultation,
    load_privacy_notice,
    load_sections,
    lock_calls,
    rehearsal_slug,
)
from consultations.uk_time import wall_clock_to_utc
from principles.services import load_principles
from submissions import reminders

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
            lock_calls()
            kept = load(call, is_rehearsal=rehearsal)
        for question in kept:
            self.stderr.write(
                f"Question {question.code} has answers, so its wording was left as it "
                "is. It can be changed in the admin."
            )
        self.stdout.write(f"The call is loaded: {call.title}")


def load(call, *, is_rehearsal):
    """Write the call; return the questions left alone because they have answers.

    A rehearsal is a call of its own beside the real one: nothing that is sent in it can
    ever be taken for evidence. Loading the real call ends it.
    """
    slug = call.slug
    if is_rehearsal:
        slug = rehearsal_slug(slug)
    else:
        end_rehearsal(slug)
    loaded = Consultation.objects.filter(slug=slug).first()
    before = loaded.loaded_file if loaded else {}
    if is_rehearsal:
        dates = {} if loaded and loaded.is_open else rehearsal_dates()
    else:
        dates = real_dates(call, before)
    consultation = load_consultation(slug, call, before, dates)
    reminders.cancel_outdated(consultation)
    load_privacy_notice(consultation, call, before)
    load_principles(consultation, call, before)
    return load_sections(consultation, call, before)


def real_dates(call, before):
    """Return the dates that the file has changed: staff may have moved the others."""
    file_now = call.model_dump(mode="json")
    names = changed(file_now, before, ["opens", "closes"])
    return {f"{name}_at": getattr(call, name) for name in names}


def rehearsal_dates():
    """Return the dates of a rehearsal: from now to a minute before midnight, UK time."""
    now = timezone.now()
    last_day = timezone.localdate(now) + dt.timedelta(days=REHEARSAL_DAYS)
    closes_at = wall_clock_to_utc(dt.datetime.combine(last_day, dt.time(23, 59)))
    return {"opens_at": now, "closes_at": closes_at, "is_rehearsal": True}
