from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from review import audit
from review.door import second_factor


class Command(BaseCommand):
    help = (
        "Forget the authenticator app and the recovery codes of a member of staff, who "
        "sets up new ones at the next sign-in. For an administrator who lost a phone."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account with the name {username}.")
        second_factor.reset(user)
        audit.write_by_command(audit.SECOND_FACTOR_RESET, user)
        self.stdout.write(f"{username} sets up a new app at the next sign-in.")
