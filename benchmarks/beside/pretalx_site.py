"""pretalx, asked as its visitors and organisers ask it: over the addresses of its pages.

Runs with the packages of `environment`, and PRETALX_… as pretalx's own documents say.
"""

import datetime as dt
from functools import cache
from itertools import count

import django

django.setup()

from django.test import Client  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx.event.models import Event  # noqa: E402
from pretalx.event.utils import create_organiser_with_team  # noqa: E402
from pretalx.person.models import User  # noqa: E402
from pretalx.submission.models import Question, Submission  # noqa: E402

from benchmarks.beside.answering import answer, page  # noqa: E402

EVENT = "call"
ORGANISER = "organiser@example.org"
numbers = count(1)


@scopes_disabled()
def prepare(wordings):
    """Make an organiser and an event that asks these questions; return their ids."""
    event = make_event()
    with scope(event=event):
        event.build_initial_data()
        event.organiser.teams.get().limit_events.add(event)
        # A response is its answers; a talk would have an abstract too.
        event.cfp.fields["abstract"] = {"visibility": "do_not_ask"}
        event.cfp.save()
        made = [
            Question.objects.create(
                event=event, question=wording, variant="text", position=place
            )
            for place, wording in enumerate(wordings)
        ]
        kind = event.cfp.default_type_id
    return {
        "event": event.pk,
        "submission_type": kind,
        "questions": [question.pk for question in made],
    }


def make_event():
    user = User.objects.create_user(
        email=ORGANISER, name="Organiser", is_administrator=True
    )
    organiser, _team = create_organiser_with_team(
        name="Locality", slug="locality", users=[user]
    )
    today = now().date()
    return Event.objects.create(
        name="Call for evidence",
        slug=EVENT,
        organiser=organiser,
        is_public=True,
        date_from=today + dt.timedelta(days=60),
        date_to=today + dt.timedelta(days=61),
        email=ORGANISER,
        locale_array="en",
        locale="en",
    )


class Visitor:
    """A browser, signed in or not."""

    def __init__(self, email=None):
        self.client = Client(headers={"host": "localhost"})
        if email:
            user = User.objects.get(email=email)
            self.name = user.name
            self.client.force_login(
                user, backend="django.contrib.auth.backends.ModelBackend"
            )

    def export(self, to=None):
        """Ask for the CSV file of all proposals with all answers, as the page offers it."""
        address = f"/orga/event/{EVENT}/schedule/export/"
        fields = ["title", "state", "created", "speaker_ids", "speaker_names"]
        ticked = dict.fromkeys(
            fields + [f"question_{one}" for one in questions()], "on"
        )
        typed = {"export_format": "csv", "data_delimiter": "newline", "target": "all"}
        response = self.client.post(address, typed | ticked)
        if to:
            with open(to, "wb") as file:
                file.write(response.content)
        return page(response)

    def listed(self, query=""):
        return page(self.client.get(f"/orga/event/{EVENT}/submissions/{query}"))

    def read(self):
        """Read one submission with its answers."""
        return page(self.client.get(f"/orga/event/{EVENT}/submissions/{newest()}/"))

    def begin(self):
        """Open the form, and say what the first step needs."""
        response = self.client.get(f"/{EVENT}/submit/")
        self.step = response.headers["Location"]
        read = page(self.client.get(self.step))
        return read + self.send({"title": f"Trust {next(numbers)}"})

    def questions(self):
        return page(self.client.get(self.step))

    def send(self, fields):
        """Send a step; the next one is where the answer leads."""
        response = self.client.post(self.step, fields | {"action": "submit"})
        read = page(response, status=302)
        self.step = response.headers["Location"]
        return read

    def respond(self, text):
        """Write in every box, and send it: from the first page to the receipt."""
        read = self.begin()
        read += self.questions()
        read += self.send({f"question_{one}": text for one in questions()})
        read += page(self.client.get(self.step))
        read += self.send({"name": self.name, "biography": "A trust"})
        return read + page(self.client.get(self.step))


@cache
@scopes_disabled()
def questions():
    return list(Question.objects.values_list("pk", flat=True))


@scopes_disabled()
def newest():
    return Submission.objects.latest("pk").code


@cache
def signed_in():
    """Browsers of people who have an account: more than one run asks for."""
    users = User.objects.filter(submissions__isnull=False).order_by("-pk").distinct()
    emails = list(users.values_list("email", flat=True)[:20])
    return iter([Visitor(email) for email in emails])


visitor = cache(Visitor)


@cache
def asked_to_write():
    """A visitor at the page with all the boxes."""
    found = Visitor()
    found.begin()
    return found


WORKS = {
    "prepare": prepare,
    "warm up": lambda: visitor(ORGANISER).listed("?q=Warm"),
    "export": lambda to=None: visitor(ORGANISER).export(to),
    "list": lambda: visitor(ORGANISER).listed(),
    "search who": lambda word: visitor(ORGANISER).listed(f"?q={word}"),
    "read": lambda: visitor(ORGANISER).read(),
    "boxes": lambda: asked_to_write().questions(),
    "respond": lambda text: next(signed_in()).respond(text),
}

if __name__ == "__main__":
    answer(WORKS)
