"""What the portal of a restore drill holds, and what happens to it after its backup.

python -m benchmarks.by_hand.drilled fill 2000
python -m benchmarks.by_hand.drilled go-on
"""

import math
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from consultations.models import Consultation  # noqa: E402
from outbox.delivery import deliver_due  # noqa: E402
from review.made_up import make_submissions  # noqa: E402
from review.services import erasing  # noqa: E402
from submissions import emails  # noqa: E402
from submissions.models import Submission  # noqa: E402
from submissions.services import keep_as_file  # noqa: E402
from submissions.services.sent import tell  # noqa: E402

CALL_FILE = settings.BASE_DIR / "calls/keep-it-local-2018.toml"
ONE_IN = 10
FILE = "Eleven agreements became three. " * 3000


def fill(count):
    """Make the evidence, with files, and emails that wait."""
    call_command("migrate", verbosity=0)
    call_command("load_call", CALL_FILE, rehearsal=True, verbosity=0)
    # On a busy machine one batch takes longer than a page may.
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        connection.connection.patience = math.inf
        make_submissions(Consultation.objects.get(), count, with_work=True)
    for submission in Submission.objects.order_by("pk")[::ONE_IN]:
        stored = keep_as_file(f"{submission.pk} {FILE}")
        stored.save()
        submission.attachments.create(stored=stored, name="figures.txt")
        tell(submission, emails.ACKNOWLEDGEMENT)


def go_on():
    """Send the emails, and erase one of those who attached a file."""
    while deliver_due():
        pass
    erasing.erase(erasing.of_response(Submission.objects.order_by("pk").first()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fill", count]:
            fill(int(count))
        case ["go-on"]:
            go_on()
