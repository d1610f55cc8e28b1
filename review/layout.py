"""A submission as staff read it: part by part, each text in its place, each part's length.

What nobody said is only listed.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from submissions import reading
from submissions.models import Confidence, EvidenceItem
from submissions.wording import Piece

from .said import SaidText, said_in


@dataclass(frozen=True)
class Block:
    """What stands under one heading."""

    # As in said.py: where a link leads to.
    place: str
    code: str
    heading: str
    follow_up: str = ""
    # The text that it is about: a version of a principle, or a sentence.
    quote: str = ""
    stance: str = ""
    # Of a stance alone, or a text; "" where nothing is kept back.
    kept_back: str = ""
    texts: list[SaidText] = field(default_factory=list)
    # How a suggested wording differs.
    difference: list[Piece] = field(default_factory=list)
    # Evidence that stands beside it, and in full further down.
    items: list[EvidenceItem] = field(default_factory=list)
    # The page of what everybody says there; "" for what has none.
    everybody: str = ""
    # Of a block that is an evidence item itself.
    item: EvidenceItem | None = None

    @property
    def words(self):
        return sum(len(said.text.split()) for said in self.texts)

    @property
    def is_silent(self):
        return not (self.texts or self.stance or self.items or self.item)


@dataclass(frozen=True)
class Part:
    """One part of the call, with what was said in it and what was left out."""

    anchor: str
    title: str
    all_blocks: list[Block]

    @property
    def blocks(self):
        return [block for block in self.all_blocks if not block.is_silent]

    @property
    def silent(self):
        return [block for block in self.all_blocks if block.is_silent]

    @property
    def words(self):
        return sum(block.words for block in self.all_blocks)


def parts_of(submission):
    """Return the `Part`s, and the files that belong to no evidence item."""
    read = reading.whole(submission)
    said = {text.place: text for text in said_in(submission)}
    parts = [
        *(_section(section, said) for section in read.sections),
        _principles(read, said),
    ]
    if read.items:
        items = [_item(item, said) for item in read.items]
        parts.append(Part("part-evidence", _("Evidence"), items))
    return parts, read.attachments


def _section(section, said):
    return Part(
        f"part-{section.section.number}",
        str(section.section),
        [_question(read, said) for read in section.questions],
    )


def _question(read, said):
    question = read.question
    return Block(
        place=f"question-{question.slug}",
        code=question.code,
        heading=question.main_part,
        follow_up=question.follow_up,
        kept_back=_kept_back(read.answer),
        texts=_texts(said, f"question-{question.slug}"),
        items=read.items,
        everybody=reverse("admin:review_question", args=[question.pk]),
    )


def _principles(read, said):
    blocks = []
    for principle in read.principles:
        blocks.append(_principle(principle, said))
        blocks += [_sentence(one, said) for one in principle.sentences if one.said]
    whole = Block(
        place="principles",
        code="",
        heading=_("The principles as a whole"),
        kept_back=_kept_back(read.general),
        texts=_texts(said, "principles"),
    )
    return Part("part-principles", _("The draft principles"), [*blocks, whole])


def _principle(read, said):
    version, comment = read.version, read.comment
    place = f"principle-{version.principle.number}-v{version.number}"
    all_of_it = reverse("admin:review_principle", args=[version.principle_id])
    return Block(
        place=place,
        code="",
        heading=str(version.principle),
        quote=version.text,
        stance=comment.get_stance_display() if comment and comment.stance else "",
        kept_back=_kept_back(comment),
        texts=_texts(said, place),
        items=read.items,
        everybody=f"{all_of_it}?version={version.number}",
    )


def _sentence(read, said):
    number, place = read.sentence.number, f"sentence-{read.name}"
    return Block(
        place=place,
        code="",
        heading=_("Sentence %(number)s") % {"number": number},
        quote=read.sentence.text,
        kept_back=_kept_back(read.said),
        texts=_texts(said, place, f"{place}-wording"),
        difference=read.difference,
        everybody=reverse("admin:review_sentence", args=[read.sentence.pk]),
    )


def _item(item, said):
    return Block(
        place=f"item-{item.key}",
        code="",
        heading=str(item),
        kept_back=_kept_back(item),
        texts=_texts(said, f"item-{item.key}"),
        item=item,
    )


def _texts(said, *places):
    return [said[place] for place in places if place in said]


def _kept_back(thing):
    if thing is None or thing.confidence == Confidence.PUBLISH:
        return ""
    return thing.get_confidence_display()
