"""A call's themes in the order of their tree."""

from dataclasses import dataclass

from consultations.models import Consultation
from review.models import Theme


@dataclass(frozen=True)
class Entry:
    """A theme, and how many themes it is part of, one in another."""

    theme: Theme
    depth: int

    @property
    def name_with_depth(self):
        """The name as it stands in a list that cannot indent."""
        return "\N{EN SPACE}\N{EN SPACE}" * self.depth + self.theme.name


def tree(consultation):
    """Return an `Entry` for each theme that stands, each followed by its parts."""
    parts = {}
    for theme in consultation.themes.standing().order_by("name", "pk"):
        parts.setdefault(theme.parent_id, []).append(theme)
    return list(_entries(parts, None, 0))


def _entries(parts, parent, depth):
    for theme in parts.get(parent, []):
        yield Entry(theme, depth)
        yield from _entries(parts, theme.pk, depth + 1)


def chosen_call(request):
    """Return the call that an address asks for by `?call=`, else the newest; or None."""
    calls = Consultation.objects.all()
    asked = calls.filter(slug__in=request.GET.getlist("call")).first()
    return asked or calls.first()
