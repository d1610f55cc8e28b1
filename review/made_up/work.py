"""What made-up staff have done with made-up submissions."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from review.models import Assignment, Flag, Note, Reading, Theme, ThemedPassage
from review.said import said_by

COLLEAGUES = ("amina", "bryn", "carys", "dev")
THEMES = (
    ("Size of contracts", "How large contracts are, and what that leads to."),
    ("Cost", "What things cost, and what is saved or wasted."),
    ("Trust", "Whether people trust those who serve them."),
    ("Prevention", "Help that comes early enough."),
    ("Access", "How far away help is, and who cannot reach it."),
    ("Volunteers", "What unpaid people do."),
    ("Measures", "What is counted, and what is not."),
    ("Paperwork", "Forms, tenders and reports."),
)


def _colleague(name):
    nobody_knows = {"is_staff": True, "password": make_password(None)}
    users = get_user_model().objects
    return users.get_or_create(username=name, defaults=nobody_knows)[0]


class Colleagues:
    """Four people who cannot sign in, and the rows of what they did."""

    def __init__(self, consultation, random):
        self.random = random
        self.people = [_colleague(name) for name in COLLEAGUES]
        self.themes = [
            Theme.objects.get_or_create(
                consultation=consultation,
                name=name,
                merged_into=None,
                defaults={"meaning": meaning, "colour": number},
            )[0]
            for number, (name, meaning) in enumerate(THEMES, start=1)
        ]

    def work_on(self, submissions):
        """Write rows for these: some read, some assigned, noted, flagged and themed."""
        said = said_by([submission.pk for submission in submissions])
        rows = {model: [] for model in (Reading, Assignment, Flag, Note, ThemedPassage)}
        for submission in submissions:
            for row in self._done_with(submission, said[submission.pk]):
                rows[type(row)].append(row)
        for model, made in rows.items():
            model.objects.bulk_create(made)

    def _done_with(self, submission, said):
        person = self.random.choice(self.people)
        if self._chance(0.4):
            yield Reading(user=person, submission=submission)
        if self._chance(0.3):
            yield Assignment(user=person, submission=submission)
        if self._chance(0.02):
            yield Flag(user=person, submission=submission)
        if self._chance(0.05):
            words = "Ask for the figures behind this."
            yield Note(author=person, submission=submission, text=words)
        for text in said:
            if self._chance(0.15):
                yield self._passage(submission, text, person)

    def _passage(self, submission, text, person):
        """Put a theme on the first sentence of a text."""
        end = text.text.find(".") + 1 or len(text.text)
        return ThemedPassage(
            theme=self.random.choice(self.themes),
            submission=submission,
            place=text.place,
            question_id=text.question,
            version_id=text.version,
            start=0,
            end=end,
            quote=text.text[:end],
            added_by=person,
        )

    def _chance(self, probability):
        return self.random.random() < probability
