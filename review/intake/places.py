"""Where a passage may be put: under the questions and principles of a call."""

from dataclasses import dataclass
from functools import cached_property

from consultations.models import Question
from principles.models import PrincipleVersion
from review.models import ASIDE


@dataclass(frozen=True)
class Place:
    # As in review/said.py.
    name: str
    # As in "1.4" or "P2"; "" for the principles as a whole.
    code: str
    question: Question | None = None
    version: PrincipleVersion | None = None


class Places:
    """The places of one call, in its order; three queries."""

    def __init__(self, consultation, versions=()):
        """Take the ids of versions that were commented on, though there are newer."""
        self.consultation = consultation
        self.versions = versions

    @cached_property
    def sections(self):
        """Return pairs of a section and its places."""
        sections = self.consultation.sections.prefetch_related("questions")
        return [
            (
                section,
                [
                    Place(f"question-{question.slug}", question.code, question=question)
                    for question in section.questions.all()
                ],
            )
            for section in sections
        ]

    @cached_property
    def principles(self):
        current = list(PrincipleVersion.objects.current(self.consultation))
        older = PrincipleVersion.objects.filter(pk__in=self.versions)
        older = older.exclude(pk__in=[version.pk for version in current])
        found = (
            [*current, *older.select_related("principle")] if self.versions else current
        )
        return [_of_version(version) for version in found]

    @cached_property
    def general(self):
        return Place("principles", "")

    @cached_property
    def by_name(self):
        questions = [place for _section, places in self.sections for place in places]
        every = [*questions, *self.principles, self.general]
        return {place.name: place for place in every}

    def knows(self, name):
        return name == ASIDE or name in self.by_name


def _of_version(version):
    number = version.principle.number
    name = f"principle-{number}-v{version.number}"
    return Place(name, f"P{number}", version=version)
