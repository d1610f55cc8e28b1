"""Where evidence stands: beside a question or a principle, named in addresses.

"question-1-4" is question 1.4, "principle-2" the second draft principle, "check" the page
to check answers on. Any other name stands for the list of all items.
"""

import re

from django.urls import reverse

from consultations.models import Question
from principles.models import Sentence

from . import calls, journey


def find(submission, name):
    """Return the Question or Principle of this name, or None."""
    what, _dash, code = name.partition("-")
    if what == "question":
        return calls.questions_of(submission).get(code)
    if what == "principle":
        principles = calls.of(submission).principles.all()
        return next((one for one in principles if str(one.number) == code), None)
    return None


def name_of(place):
    """Return the name of a Question or Principle."""
    if isinstance(place, Question):
        return f"question-{place.slug}"
    return f"principle-{place.number}"


def part_of(place):
    """Return the code of the part where a Question, a Principle or None stands."""
    if place is None:
        return journey.EVIDENCE
    if isinstance(place, Question):
        return journey.section_part(place.section)
    return journey.PRINCIPLES


def of(item):
    """Return the names of the places where an item is used."""
    return [name_of(place) for place in (*item.questions.all(), *item.principles.all())]


def url_of(submission, place, query=""):
    """Return the address of a Question or Principle among a draft's pages."""
    if isinstance(place, Question):
        args = [submission.key, place.section.number]
        page = reverse("submissions:section", args=args)
        return f"{page}{query}#id_answer-{place.slug}"
    page = reverse("submissions:principles", args=[submission.key])
    return f"{page}{query}#principle-{place.number}"


def name_of_sentence(sentence):
    """Return as in "4-v1-2": principle 4 in its first version, second sentence."""
    version = sentence.version
    return f"{version.principle.number}-v{version.number}-{sentence.number}"


def find_sentence(submission, name):
    """Return the Sentence that `name_of_sentence` named, or None."""
    found = re.fullmatch(r"(\d{1,4})-v(\d{1,4})-(\d{1,4})", name)
    if found is None:
        return None
    principle, version, number = map(int, found.groups())
    sentences = Sentence.objects.select_related("version__principle")
    return sentences.filter(
        version__principle__consultation=submission.consultation_id,
        version__principle__number=principle,
        version__number=version,
        number=number,
    ).first()


def url_of_sentence(submission, sentence, query=""):
    """Return the address of the page on one sentence of a principle."""
    args = [submission.key, name_of_sentence(sentence)]
    return reverse("submissions:sentence", args=args) + query


def url_back(submission, name):
    """Return the address that a name in `?for=` leads back to."""
    if name == "check":
        return reverse("submissions:check_answers", args=[submission.key])
    if place := find(submission, name):
        return url_of(submission, place)
    return reverse("submissions:items", args=[submission.key])


def url_of_item(submission, key, name=""):
    """Return the address of an item's page, which leads back to a place."""
    page = reverse("submissions:item", args=[submission.key, key])
    return f"{page}?for={name}" if name else page


def url_to_add(submission, name):
    """Return the address where evidence is added to a place."""
    return reverse("submissions:add_item", args=[submission.key]) + f"?for={name}"
