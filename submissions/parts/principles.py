import re

from django.utils.translation import gettext_lazy as _

from submissions import journey, places, reading, services
from submissions.fields import TextAnswerField
from submissions.forms import choice_field, confidence_field
from submissions.models import PrincipleComment, Stance

from .base import PartForm, confidence_name


class PrinciplesForm(PartForm):
    """A stance and a comment on each draft principle, and a comment on them all."""

    part = journey.PRINCIPLES

    def add_fields(self):
        self.versions = {
            principle.version.principle.number: self._read_version(principle.version)
            for principle in self._principles()
        }
        for number, version in self.versions.items():
            self.fields[stance_name(version)] = choice_field(
                Stance,
                label=_("How far do you agree with principle %(number)s?")
                % {"number": number},
            )
            self.fields[comment_name(version)] = TextAnswerField(
                label=_("What would you say about principle %(number)s?")
                % {"number": number},
            )
            self.fields[confidence_name(comment_name(version))] = confidence_field()
        self.fields["comment"] = TextAnswerField(
            label=_("Anything to say about the principles as a whole?")
        )
        self.fields[confidence_name("comment")] = confidence_field()

    def _principles(self):
        comments = reading.comments_of(self.submission)
        said = reading.said_of_sentences(self.submission)
        return reading.principles(self.submission, comments, said)

    def general_confidence(self):
        return self[confidence_name("comment")]

    def _read_version(self, version):
        """Return the version that the page showed: a newer one may be out since."""
        number = version.principle.number
        pattern = re.compile(rf"(?:stance|comment)-{number}-v(\d{{1,4}})")
        for found in filter(None, map(pattern.fullmatch, self.data)):
            if int(found[1]) != version.number:
                versions = version.principle.versions.prefetch_related("sentences")
                return versions.filter(number=found[1]).first() or version
        return version

    def principles(self):
        """Return each version with its sentences, bound fields and evidence items."""
        has_items = self.there.items > 0
        items = reading.evidence_items(self.submission) if has_items else []
        said = reading.said_of_sentences(self.submission)
        return [
            {
                "version": version,
                "sentences": reading.sentences(version, said),
                "stance": self[stance_name(version)],
                "comment": self[comment_name(version)],
                "confidence": self[confidence_name(comment_name(version))],
                "place": places.name_of(version.principle),
                "items": [
                    item for item in items if version.principle in item.principles.all()
                ],
            }
            for version in self.versions.values()
        ]

    def read(self, submission):
        kept = {
            comment.version_id: comment
            for comment in submission.principle_comments.all()
        }
        values = self._read_comment("comment", kept.get(None))
        for version in self.versions.values():
            comment = kept.get(version.pk)
            values |= self._read_comment(comment_name(version), comment)
            values[stance_name(version)] = comment.stance if comment else ""
        return values

    def _read_comment(self, name, comment):
        comment = comment or PrincipleComment()
        return {name: comment.comment, confidence_name(name): comment.confidence}

    def write(self, draft, values, saved):
        everything = saved | values
        comments = {
            version.pk: (
                everything[stance_name(version)],
                everything[comment_name(version)],
                everything[confidence_name(comment_name(version))],
            )
            for version in self.versions.values()
        }
        comments[None] = (
            "",
            everything["comment"],
            everything[confidence_name("comment")],
        )
        services.keep_principle_comments(draft, comments)


def stance_name(version):
    """Return the name of a field, such as stance-4-v1: it says what was read."""
    return f"stance-{version.principle.number}-v{version.number}"


def comment_name(version):
    return f"comment-{version.principle.number}-v{version.number}"
