from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from submissions import places, services, wording
from submissions.fields import TextAnswerField
from submissions.forms import confidence_field
from submissions.models import SentenceComment

from .base import PartForm, confidence_name

MAX_SUGGESTION_CHARACTERS = 5_000


class SentenceForm(PartForm):
    """A comment on one sentence of a draft principle, and another wording for it.

    The box for the wording opens on the sentence as it is; left so, it suggests nothing.
    """

    can_be_finished = False

    def __init__(self, *args, sentence, **kwargs):
        self.sentence = sentence
        self.name = places.name_of_sentence(sentence)
        self.part = f"sentence-{self.name}"
        super().__init__(*args, **kwargs)

    def add_fields(self):
        # Named by the sentence, because earlier texts are kept by the name of their field.
        self.said = f"said-{self.name}"
        self.suggested = f"suggestion-{self.name}"
        self.confidence = confidence_name(self.said)
        self.fields[self.said] = TextAnswerField(
            label=_("What would you say about this sentence?"),
            subject=_("Your comment"),
        )
        self.fields[self.suggested] = TextAnswerField(
            label=_("How should it read instead?"),
            help_text=_(
                "The box holds the sentence as it is: change what you would change, or "
                "leave it if you only want to comment."
            ),
            subject=_("Your wording"),
            max_characters=MAX_SUGGESTION_CHARACTERS,
        )
        self.fields[self.confidence] = confidence_field()

    @property
    def url(self):
        return reverse("submissions:sentence", args=[self.submission.key, self.name])

    def comment(self):
        return self[self.said]

    def suggestion(self):
        return self[self.suggested]

    def how_confident(self):
        return self[self.confidence]

    def difference(self):
        """Return the pieces of the wording in the box, or [] when it is the same."""
        text = self.suggestion().value() or ""
        if len(text) > MAX_SUGGESTION_CHARACTERS:
            return []
        return difference_from(self.sentence, text)

    def read(self, submission):
        said = submission.sentence_comments.filter(sentence=self.sentence).first()
        said = said or SentenceComment()
        return {
            self.said: said.comment,
            self.suggested: said.suggestion or self.sentence.text,
            self.confidence: said.confidence,
        }

    def write(self, draft, values, saved):
        everything = saved | values
        suggestion = everything[self.suggested]
        if not difference_from(self.sentence, suggestion):
            suggestion = ""
        services.keep_sentence_comment(
            draft,
            self.sentence,
            everything[self.said],
            suggestion,
            everything[self.confidence],
        )


def difference_from(sentence, suggestion):
    """Return the pieces of a suggestion that suggests something, else []."""
    pieces = wording.difference(sentence.text, suggestion)
    is_another = suggestion and any(piece.kind != "same" for piece in pieces)
    return pieces if is_another else []
