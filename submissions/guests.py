"""Who is let in to which page of a draft: the one rule about colleagues who write along.

The owner may open every page. A guest may open the pages of the parts that he is invited
to, and the evidence that stands beside them. A page that names no part is the owner's
alone: docs/decisions/0012-guests-write-in-named-parts.md.
"""

from . import held, places, reading, services
from .journey import EVIDENCE, PRINCIPLES
from .parts import key_of_item_part

# What a page asks for, besides the code of a part.
ANY_PART = "any-part"
NEW_EVIDENCE = "new-evidence"


def find(request, key, part=None):
    """Return the submission for this browser, with its `guest`; None if it is not let in.

    Raises InvitationWithdrawn.
    """
    submission = held.find(request, key)
    if submission or part is None:
        return submission
    guest = held.invitation(request, key)
    if guest is None:
        return None
    if guest.withdrawn_at:
        raise services.InvitationWithdrawn
    submission = guest.submission
    submission.guest = guest
    place_name = request.GET.get("for", "")
    return submission if _is_let_in(submission, part, place_name) else None


def _is_let_in(submission, part, place_name):
    if part == ANY_PART:
        return True
    if part == NEW_EVIDENCE:
        return _may_add(submission, place_name)
    key = key_of_item_part(part)
    if key is None:
        # A sentence is a part of its own, and stands in the principles.
        is_sentence = part.startswith("sentence-")
        return submission.may_write(PRINCIPLES if is_sentence else part)
    if submission.items.filter(key=key).exists():
        return reading.items_in_reach(submission).filter(key=key).exists()
    return _may_add(submission, place_name)


def _may_add(submission, place_name):
    """Whether he may add evidence at a place: it stands in one of his parts."""
    place = places.find(submission, place_name)
    return submission.may_write(EVIDENCE) or submission.may_write(places.part_of(place))
