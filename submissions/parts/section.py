from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from submissions import journey, places, reading, services
from submissions.fields import TextAnswerField
from submissions.forms import confidence_field
from submissions.models import Answer
from submissions.typed import typed_text

from .base import PartForm, confidence_name


class SectionForm(PartForm):
    """The questions of one section, each with a box to write in."""

    def __init__(self, *args, section, **kwargs):
        self.section = section
        self.part = journey.section_part(section)
        super().__init__(*args, **kwargs)

    def add_fields(self):
        self.questions = {
            f"answer-{question.slug}": question
            for question in self.section.questions.all()
        }
        for name, question in self.questions.items():
            self.fields[name] = TextAnswerField(
                label=f"{question.code} {question.main_part}",
                help_text=question.follow_up,
            )
            self.fields[confidence_name(name)] = confidence_field()

    def asked(self):
        """Return each question with its two bound fields and its evidence items."""
        items = reading.evidence_items(self.submission)
        return [
            {
                "answer": self[name],
                "confidence": self[confidence_name(name)],
                "place": places.name_of(question),
                "code": question.code,
                "items": [item for item in items if question in item.questions.all()],
            }
            for name, question in self.questions.items()
        ]

    def clean(self):
        """Refuse text under a question that is no longer here, and give it back."""
        gone = {
            name: text
            for name, text in self.data.items()
            if name.startswith("answer-") and name not in self.fields and text.strip()
        }
        if gone:
            self.typed_for_gone = typed_text(gone)
            raise ValidationError(
                _(
                    "A question was taken away while you were writing. Your text is at "
                    "the end of the page: copy it, then save again."
                ),
                code="gone",
            )
        return super().clean()

    def read(self, submission):
        answers = {
            answer.question_id: answer
            for answer in submission.answers.filter(question__section=self.section)
        }
        values = {}
        for name, question in self.questions.items():
            answer = answers.get(question.pk, Answer())
            values[name] = answer.text
            values[confidence_name(name)] = answer.confidence
        return values

    def write(self, draft, values):
        everything = self.read(draft) | values
        answers = {
            question.pk: (everything[name], everything[confidence_name(name)])
            for name, question in self.questions.items()
            if name in values or confidence_name(name) in values
        }
        services.keep_answers(draft, answers)
