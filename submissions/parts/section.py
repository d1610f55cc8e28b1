from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from submissions import journey, places, reading, services
from submissions.compiled import compiled
from submissions.fields import TextAnswerField
from submissions.forms import confidence_fields
from submissions.models import Answer
from submissions.typed import typed_text

from .base import PartForm, confidence_name


@compiled
def _answers(submission, section):
    return Answer.objects.filter(submission=submission, question__section=section)


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
        confidences = confidence_fields(map(confidence_name, self.questions))
        for name, question in self.questions.items():
            self.fields[name] = TextAnswerField(
                label=f"{question.code} {question.main_part}",
                help_text=question.follow_up,
            )
            self.fields[confidence_name(name)] = confidences[confidence_name(name)]

    def asked(self):
        """Return each question with its two bound fields and its evidence items."""
        has_items = self.there.items > 0
        items = reading.evidence_items(self.submission) if has_items else []
        where = gettext("for question %(code)s")
        return [
            {
                "answer": self[name],
                "confidence": self[confidence_name(name)],
                "place": places.name_of(question),
                "where": where % {"code": question.code},
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
            for answer in _answers(submission.pk, self.section.pk)
        }
        values = {}
        for name, question in self.questions.items():
            answer = answers.get(question.pk, Answer())
            values[name] = answer.text
            values[confidence_name(name)] = answer.confidence
        return values

    def write(self, draft, values, saved):
        everything = saved | values
        answers = {
            question.pk: (everything[name], everything[confidence_name(name)])
            for name, question in self.questions.items()
            if name in values or confidence_name(name) in values
        }
        services.keep_answers(draft, answers)
