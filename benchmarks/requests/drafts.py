"""Drafts that are written to the end, each held by a browser, made by SQL."""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from consultations.models import Consultation, Question, Section
from keepitlocal.sessions import SessionStore
from principles.models import PrincipleVersion
from review.made_up.words import Words
from submissions import held
from submissions.models import Answer, PrincipleComment, Submission
from submissions.parts import fingerprint

from . import pgbench

# With 30 of them a response has 1,400 words, as many as in the other benchmarks.
LENGTH = 270
COMMENTS = 3
CSRF = "a" * 32


@dataclass(frozen=True)
class Draft:
    submission: Submission
    # As a Cookie header has them.
    cookies: str

    def url(self, name, *args):
        return reverse(f"submissions:{name}", args=[self.submission.key, *args])


def text(seed):
    words = Words(Random(seed))
    pieces = ""
    while len(pieces) < LENGTH:
        pieces += words.text() + " "
    return pieces[:LENGTH].strip()


BEFORE, AFTER = text("before"), text("after")


def make(count):
    """Make so many drafts with an answer to each question and comments on principles."""
    [call] = Consultation.objects.all()
    submissions = Submission.objects.bulk_create(
        Submission(
            consultation=call,
            on_behalf="organisation",
            name="Ada",
            organisation="Riverside",
            respondent_type="community-organisation",
            holds_contracts="yes",
            publication="with-name",
            email="ada@riverside.example",
        )
        for _ in range(count)
    )
    questions = Question.objects.filter(section__consultation=call)
    Answer.objects.bulk_create(
        Answer(submission=submission, question=question, text=BEFORE)
        for submission in submissions
        for question in questions
    )
    versions = PrincipleVersion.objects.current(call)[:COMMENTS]
    PrincipleComment.objects.bulk_create(
        PrincipleComment(
            submission=submission, version=version, stance="agree", comment=BEFORE
        )
        for submission in submissions
        for version in versions
    )
    return [Draft(submission, cookies_for(submission)) for submission in submissions]


def cookies_for(submission):
    session = SessionStore()
    session[held.SESSION_KEY] = [str(submission.key)]
    session.create()
    return (
        f"{settings.SESSION_COOKIE_NAME}={session.session_key};"
        f" {settings.CSRF_COOKIE_NAME}={CSRF}"
    )


def two_forms(number):
    """Return the bodies that change each answer of a section, and change it back."""
    [section] = Section.objects.filter(number=number)
    return [
        urlencode(form(section, before, after))
        for before, after in ((BEFORE, AFTER), (AFTER, BEFORE))
    ]


def form(section, before, after):
    """Return what a browser posts of a section in which each answer was changed."""
    posted = sending() | {"go": "onward"}
    for question in section.questions.all():
        name = f"answer-{question.slug}"
        posted |= {
            f"was-{name}": fingerprint(before),
            name: after,
            f"was-confidence-{name}": fingerprint("publish"),
            f"confidence-{name}": "publish",
        }
    return posted


def sending():
    return {"csrfmiddlewaretoken": CSRF, "_end": "1"}


def statements_of_saving(draft, number):
    """Return the statements of a third save in a row."""
    first, second = two_forms(number)
    post = browser(draft, "section", number)
    post(first)
    post(second)
    return pgbench.statements_of(lambda: post(first))


def statements_of_sending(draft):
    """Return the statements that send a draft, and then take it back."""
    post = browser(draft, "check_answers")
    return pgbench.undone(pgbench.statements_of(lambda: post(urlencode(sending()))))


def browser(draft, page, *args):
    """Return what posts a body to a page, in this process."""
    client = Client(headers={"host": "localhost", "cookie": draft.cookies})

    def post(body):
        kind = "application/x-www-form-urlencoded"
        response = client.post(draft.url(page, *args), body, content_type=kind)
        if response.status_code != 302:
            raise RuntimeError(f"Not kept: {response.status_code}")

    return post
