from functools import cached_property

from django.utils.translation import gettext as _

from review.exports import gathering
from submissions.models import Confidence, Stance

from .base import Column, Row, Table, code_of, sentence_code, title_of

# Nothing was said, and so there is nothing to keep back: no stance and no comment on a
# principle, no comment and no wording for a sentence.
NOTHING = ("", "", "")


class OneRowASubmission(Table):
    """Wide: a column for each question, two for each version and each sentence of one."""

    name = "submissions"
    own_needs = (gathering.said, gathering.files)

    @property
    def title(self):
        return _("Submissions")

    @cached_property
    def all_sentences(self):
        return [one for version in self.versions for one in self.sentences[version.pk]]

    def own_columns(self):
        wording = _("Another wording that was suggested for the whole sentence.")
        answer, comment = _("The answer, as it was written."), _("The comment.")
        yield from (Column(str(question), answer) for question in self.questions)
        for version in self.versions:
            name = f"{code_of(version)} {title_of(version)}"
            yield Column(f"{name}: {_('stance')}", _("As the respondent chose."))
            yield Column(f"{name}: {_('comment')}", comment)
        for sentence in self.all_sentences:
            name = f"{sentence_code(sentence)} {sentence}"
            yield Column(f"{name}: {_('comment')}", comment)
            yield Column(f"{name}: {_('suggested wording')}", wording)
        yield Column(_("The principles as a whole: comment"), comment)
        yield Column(_("Files"), _("The names of all files, as they were attached."))
        yield Column(
            _("Kept back"),
            _("What is not to be published like the rest, and how instead."),
        )

    def own_rows(self, submission, evidence):
        yield Row(
            [
                *(evidence.texts.get(one.pk, ("", ""))[0] for one in self.questions),
                *(
                    cell
                    for version in self.versions
                    for cell in self._on(version, evidence)
                ),
                *(
                    cell
                    for sentence in self.all_sentences
                    for cell in evidence.sentences.get(sentence.pk, NOTHING)[:2]
                ),
                evidence.comments.get(None, NOTHING)[1],
                "; ".join(file.name for file in evidence.files),
                "; ".join(self._kept_back(evidence)),
            ]
        )

    def _on(self, version, evidence):
        stance, comment, _confidence = evidence.comments.get(version.pk, NOTHING)
        return [self.in_words.label(Stance, stance), comment]

    def _kept_back(self, evidence):
        """Yield as in "1.4: For Locality only" what is not published like the rest."""
        said = [
            *((one.code, evidence.texts.get(one.pk)) for one in self.questions),
            *((code_of(one), evidence.comments.get(one.pk)) for one in self.versions),
            *(
                (sentence_code(one), evidence.sentences.get(one.pk))
                for one in self.all_sentences
            ),
            (_("The principles as a whole"), evidence.comments.get(None)),
            *((file.name, (file.public_confidence,)) for file in evidence.files),
        ]
        for what, cells in said:
            if cells and cells[-1] != Confidence.PUBLISH:
                yield f"{what}: {Confidence(cells[-1]).label}"
