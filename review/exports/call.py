"""What a call asks, and what staff made its codebook of, for the files of one moment."""

from functools import cached_property

from django.utils.translation import gettext as _

from consultations.models import Question
from principles.models import PrincipleVersion
from review.models import Theme
from submissions import places


class Call:
    """Asked for when a file is begun, and so of the same moment as its rows."""

    def __init__(self, consultation):
        self.consultation = consultation

    @cached_property
    def questions(self):
        questions = Question.objects.filter(section__consultation=self.consultation)
        return list(questions.select_related("section"))

    @cached_property
    def versions(self):
        """Every version that was put out: a comment belongs to the text it was about."""
        return list(
            PrincipleVersion.objects.filter(principle__consultation=self.consultation)
            .order_by("principle__number", "number")
            .select_related("principle")
            .prefetch_related("sentences__version__principle")
        )

    @cached_property
    def sentences(self):
        """Return the sentences of each version, by its id."""
        return {version.pk: list(version.sentences.all()) for version in self.versions}

    @cached_property
    def all_sentences(self):
        return [one for version in self.versions for one in self.sentences[version.pk]]

    @cached_property
    def themes(self):
        """Return the themes of the codebook, with what each is part of."""
        themes = Theme.objects.filter(consultation=self.consultation)
        return list(themes.select_related("parent"))

    @cached_property
    def places(self):
        """Return where something can be said, in the order of the call.

        Each as a row of `places` in relations.py.
        """
        return [
            *map(_of_question, self.questions),
            *(
                place
                for version in self.versions
                for place in (
                    _of_version(version),
                    *map(_of_sentence, self.sentences[version.pk]),
                )
            ),
            _of_them_all(),
        ]


# In the place of a version's id: the principles as a whole.
THEM_ALL = 0


def _of_question(one):
    place, section = f"question-{one.slug}", str(one.section)
    return one.pk, None, None, place, _("answer"), section, one.code, one.wording


def _of_version(one):
    about = _("principle"), _("The draft principles"), code_of(one), title_of(one)
    return None, one.pk, None, place_of(one), *about


def _of_sentence(one):
    place = f"sentence-{places.name_of_sentence(one)}"
    about = _("sentence"), _("The draft principles"), sentence_code(one), one.text
    return None, None, one.pk, place, *about


def _of_them_all():
    section, title = _("The draft principles"), _("The principles as a whole")
    return None, THEM_ALL, None, "principles", _("general"), section, "", title


def code_of(version):
    return f"P{version.principle.number}"


def place_of(version):
    return f"principle-{version.principle.number}-v{version.number}"


def sentence_code(sentence):
    """Return as in "P4v1.2": the second sentence of principle 4 in its first version."""
    version = sentence.version
    return f"{code_of(version)}v{version.number}.{sentence.number}"


def title_of(version):
    """Return as in "Think local first (version 1)": a comment is about one wording."""
    return _("%(title)s (version %(number)s)") % {
        "title": version.principle.title,
        "number": version.number,
    }
