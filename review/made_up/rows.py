"""The rows of made-up submissions, written in bulk."""

import datetime as dt
from collections import defaultdict
from random import Random

from django.db import transaction
from django.utils import timezone

from consultations.models import Question
from principles.models import PrincipleVersion
from submissions.data import DETAILS
from submissions.models import (
    Answer,
    Channel,
    Confidence,
    EvidenceItem,
    EvidenceKind,
    HoldsContracts,
    MayQuote,
    OnBehalf,
    PrincipleComment,
    Publication,
    RespondentType,
    Revision,
    SentenceComment,
    Shows,
    Stance,
    Submission,
)
from submissions.references import DIGITS, LETTERS

from .words import Words
from .work import Colleagues

BATCH = 500
# As many as there are, and a number that shares no factor with it.
REFERENCES = len(LETTERS) ** 6 * len(DIGITS) ** 2
SCATTER = 2_654_435_761
DAYS = 24
TYPE_WEIGHTS = (40, 10, 12, 6, 8, 9, 15)
PUBLICATION_WEIGHTS = (50, 30, 20)
CONFIDENCE_WEIGHTS = (90, 6, 4)
STANCE_WEIGHTS = (50, 25, 15, 10)


class Maker:
    """Makes one batch after the other; the same seed makes the same evidence."""

    def __init__(self, consultation, seed, *, with_work=False):
        self.random = Random(seed)  # noqa: S311
        self.words = Words(self.random)
        self.consultation = consultation
        self.made = consultation.submissions.count()
        self.until = min(timezone.now(), consultation.closes_at)
        self.questions = list(
            Question.objects.filter(section__consultation=consultation)
        )
        # Some questions draw more people than others.
        self.appeal = {one: self.random.uniform(0.3, 1) for one in self.questions}
        current = PrincipleVersion.objects.current(consultation)
        self.versions = list(current.prefetch_related("sentences"))
        self.notice = consultation.privacy_notice
        self.colleagues = Colleagues(consultation, self.random) if with_work else None

    def batch(self, size):
        """Write so many submissions with all that they say, in one transaction."""
        submissions = [self.submission() for _ in range(size)]
        sent = [(self.reference(), self.moment()) for _ in submissions]
        rows = defaultdict(list)
        for submission in submissions:
            for row in self.said(submission):
                rows[type(row)].append(row)
        with transaction.atomic():
            Submission.objects.bulk_create(submissions)
            for model, made in rows.items():
                for row in made:
                    row.submission_id = row.submission.pk
                model.objects.bulk_create(made)
            self.use_items(rows[EvidenceItem])
            # Sent once they are whole, as respondents do: the search documents are
            # made then, once.
            for submission, (reference, moment) in zip(submissions, sent, strict=True):
                submission.reference, submission.submitted_at = reference, moment
            Submission.objects.bulk_update(submissions, ["reference", "submitted_at"])
            Revision.objects.bulk_create(
                [self.revision(submission) for submission in submissions]
            )
            if self.colleagues:
                self.colleagues.work_on(submissions)

    def submission(self):
        is_organisation = self.chance(0.7)
        person, organisation = self.words.person(), self.words.organisation()
        at = organisation.lower().replace(" ", "-")
        return Submission(
            consultation=self.consultation,
            channel=self.weighted(Channel, (92, 6, 2)),
            on_behalf=OnBehalf.ORGANISATION if is_organisation else OnBehalf.INDIVIDUAL,
            name=person,
            organisation=organisation if is_organisation else "",
            respondent_type=self.weighted(RespondentType, TYPE_WEIGHTS),
            holds_contracts=self.weighted(HoldsContracts, (45, 55)),
            publication=self.weighted(Publication, PUBLICATION_WEIGHTS),
            email=f"{person.split()[0].lower()}@{at}.example",
            privacy_notice=self.notice,
            is_late=self.chance(0.02),
        )

    def said(self, submission):
        """Yield what one submission says, not yet tied to its row's id."""
        keenness = self.random.betavariate(2, 2)
        for question in self.questions:
            if self.chance(keenness * self.appeal[question]):
                yield Answer(
                    submission=submission,
                    question=question,
                    text=self.words.text(),
                    confidence=self.weighted(Confidence, CONFIDENCE_WEIGHTS),
                )
        for version in self.versions:
            yield from self.comments(submission, version, keenness)
        for _ in range(int(self.random.expovariate(3))):
            yield self.item(submission)

    def comments(self, submission, version, keenness):
        if self.chance(keenness):
            yield PrincipleComment(
                submission=submission,
                version=version,
                stance=self.weighted(Stance, STANCE_WEIGHTS),
                comment=self.words.text(60) if self.chance(0.5) else "",
            )
        for sentence in version.sentences.all():
            if self.chance(0.04 * keenness):
                is_wording = self.chance(0.7)
                yield SentenceComment(
                    submission=submission,
                    sentence=sentence,
                    comment="" if is_wording else self.words.text(30),
                    suggestion=self.words.wording(sentence.text) if is_wording else "",
                )

    def item(self, submission):
        return EvidenceItem(
            submission=submission,
            title=f"{self.words.place()}: {self.random.choice(EvidenceKind.labels)}",
            kind=self.weighted(EvidenceKind),
            details=self.words.text(80),
            place=self.words.place(),
            shows=self.weighted(Shows),
            may_quote=self.weighted(MayQuote),
            confidence=self.weighted(Confidence, CONFIDENCE_WEIGHTS),
        )

    def use_items(self, items):
        """Put each item under one question."""
        used = EvidenceItem.questions.through
        used.objects.bulk_create(
            used(evidenceitem=item, question=self.random.choice(self.questions))
            for item in items
        )

    def revision(self, submission):
        # Only that it was sent, and when: nobody looks up how made-up evidence once was.
        return Revision(
            submission=submission,
            number=1,
            sent_at=submission.submitted_at,
            sent_from=submission.key,
            contents=dict.fromkeys(DETAILS, "")
            | dict.fromkeys(["answers", "principles", "evidence_items", "files"], [])
            | {"principles_as_a_whole": None},
        )

    def reference(self):
        """Return one that none before had: each number leads to another."""
        number, characters = self.made * SCATTER % REFERENCES, []
        self.made += 1
        for place in range(1, 9):
            alphabet = DIGITS if place % 3 == 0 else LETTERS
            number, character = divmod(number, len(alphabet))
            characters.append(alphabet[character])
        return f"MADE-{''.join(characters)}"

    def moment(self):
        """Return when it was sent: more and more of them as time goes on."""
        share = self.random.betavariate(2.5, 1.2)
        return self.until - dt.timedelta(days=DAYS) * (1 - share)

    def chance(self, probability):
        return self.random.random() < probability

    def weighted(self, choices, weights=None):
        return self.random.choices(choices.values, weights)[0]


def make_submissions(
    consultation, count, *, seed=1, with_work=False, tell=lambda made: None
):
    """Write so many made-up submissions into a rehearsal; `tell` hears how many so far.

    `with_work`: made-up colleagues have read, noted and themed some of them.

    Its opening moves back as far as the oldest of them needs.
    """
    opening = timezone.now() - dt.timedelta(days=DAYS + 1)
    if consultation.opens_at > opening:
        consultation.opens_at = opening
        consultation.save(update_fields=["opens_at"])
    # Another seed for a second helping: references are unique.
    seed = f"{seed}-{consultation.submissions.count()}"
    maker = Maker(consultation, seed, with_work=with_work)
    for begun in range(0, count, BATCH):
        maker.batch(min(BATCH, count - begun))
        tell(min(count, begun + BATCH))
