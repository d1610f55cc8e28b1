from django.core.management.base import BaseCommand, CommandError

from consultations.models import Consultation
from review.made_up import make_submissions


class Command(BaseCommand):
    help = (
        "Put made-up submissions into the rehearsal, to try the staff site on and to "
        "measure it with. Nobody is written to."
    )

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, help="How many.")
        parser.add_argument(
            "--seed", type=int, default=1, help="The same seed makes the same evidence."
        )

        parser.add_argument(
            "--with-work",
            action="store_true",
            help="Made-up colleagues have read, noted and themed some of them.",
        )

    def handle(self, *, count, seed, with_work=False, **options):
        rehearsal = Consultation.objects.filter(is_rehearsal=True).first()
        if rehearsal is None:
            raise CommandError(
                "There is no rehearsal, and made-up evidence has no place in a call. "
                "Load one: manage.py load_call FILE --rehearsal"
            )
        make_submissions(
            rehearsal, count, seed=seed, with_work=with_work, tell=self.tell
        )

    def tell(self, made):
        self.stdout.write(f"{made:,} made")
