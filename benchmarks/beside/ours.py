"""The portal, asked as its respondents and staff ask it: over the addresses of its pages."""

import os
from functools import cache
from itertools import count

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import bulk  # noqa: E402
from benchmarks.beside.answering import answer, page  # noqa: E402
from consultations.models import Consultation  # noqa: E402
from principles.models import PrincipleVersion  # noqa: E402
from review.exports import work  # noqa: E402
from review.models import Export, Format, Rows, SearchDocument  # noqa: E402
from submissions.models import Submission  # noqa: E402
from tests.staff import sign_in  # noqa: E402

HOST = {"host": "localhost"}
COLUMNS = ", ".join(field.column for field in SearchDocument._meta.fields)
# What the trigger writes of each that is sent.
DOCUMENTS = f"""
    INSERT INTO review_searchdocument ({COLUMNS}) SELECT {COLUMNS} FROM review_document
    WHERE submission_id NOT IN (SELECT submission_id FROM review_searchdocument)
"""
numbers = count(1)


@cache
def call():
    return Consultation.objects.get()


@cache
def staff():
    """The browser of a superuser who has given password and code."""
    user, _made = get_user_model().objects.get_or_create(
        username="measuring", defaults={"is_staff": True, "is_superuser": True}
    )
    return sign_in(Client(headers=HOST), user)


def grow(size, searchable):
    """Have so many made-up submissions; staff find them if they are to be `searchable`."""
    made = Submission.objects.filter(reference__startswith="MADE-").count()
    if size > made:
        bulk.fill(call(), size - made)
    if searchable:
        with bulk.in_bulk() as cursor:
            cursor.execute(DOCUMENTS)
            cursor.execute("VACUUM ANALYZE")


def export(to=None):
    """Ask for the CSV file on its page; a large one is made by the worker's code."""
    asked = {"consultation": call().pk, "format": Format.CSV, "rows": Rows.SUBMISSIONS}
    response = staff().post(reverse("admin:review_exports"), asked)
    if response.status_code == 200:
        return kept(response, to)
    export = Export.objects.latest("pk")
    work.make(work.claim())
    export.refresh_from_db()
    with storages["exports"].open(export.file) as file:
        return kept(file, to)


def kept(pieces, to):
    """Return how many bytes a file has, as its reader gets them; write it if asked to."""
    size = 0
    with open(to or os.devnull, "wb") as file:
        for piece in pieces:
            size += file.write(piece)
    return size


def listed(query=""):
    address = reverse("admin:submissions_submission_changelist")
    return page(staff().get(address + query))


def read():
    newest = Submission.objects.submitted().latest("pk")
    return page(
        staff().get(reverse("admin:submissions_submission_change", args=[newest.pk]))
    )


class Respondent:
    """A browser with a draft, or one that begins one."""

    def __init__(self):
        self.client = Client(headers=HOST)

    def get(self, name):
        return page(self.client.get(self.url + name))

    def post(self, name, fields):
        sent = {"_end": "1"} | fields
        return page(self.client.post(self.url + name, sent), status=302)

    def begin(self):
        """Begin at the call's page, and say who writes."""
        start = f"/calls/{call().slug}/start/"
        bytes_read = page(self.client.get(start))
        response = self.client.post(start)
        key = response.headers["Location"].rstrip("/").rpartition("/")[2]
        self.url = f"/evidence/{key}/"
        bytes_read += self.get("about-you/")
        organisation = f"Trust {next(numbers)}"
        who = {
            "on_behalf": "organisation",
            "name": "Ada",
            "organisation": organisation,
            "respondent_type": "community-organisation",
            "publication": "with-name",
            "email": "ada@example.org",
        }
        return bytes_read + self.post("about-you/", who)

    def boxes(self):
        """Open each page that has boxes to write in."""
        return sum(self.get(name) for name in pages())

    def respond(self, text):
        """Write in every box, and send it: from the first page to the receipt."""
        bytes_read = self.begin()
        for name, boxes in pages().items():
            bytes_read += self.get(name)
            bytes_read += self.post(name, dict.fromkeys(boxes, text))
        bytes_read += self.get("check/")
        bytes_read += self.post("check/", {})
        return bytes_read + self.get("sent/")


@cache
def pages():
    """Return the boxes of each page: as many as `bulk.fill` fills."""
    found = {
        f"section/{section.number}/": [
            f"answer-{question.slug}" for question in section.questions.all()
        ]
        for section in call().sections.prefetch_related("questions")
    }
    left = bulk.TEXTS - sum(map(len, found.values()))
    versions = PrincipleVersion.objects.current(call())[:left]
    found["principles/"] = [
        f"comment-{one.principle.number}-v{one.number}" for one in versions
    ]
    return found


@cache
def asked_to_write():
    respondent = Respondent()
    respondent.begin()
    return respondent


WORKS = {
    "grow": grow,
    "warm up": lambda: listed("?q=Warm"),
    "export": export,
    "list": listed,
    "search who": lambda word: listed(f"?q={word}"),
    "search texts": lambda word: listed(f"?q={word}"),
    "read": read,
    "boxes": lambda: asked_to_write().boxes(),
    "respond": lambda text: Respondent().respond(text),
}

if __name__ == "__main__":
    answer(WORKS)
