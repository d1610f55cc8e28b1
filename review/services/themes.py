"""What staff do with the codebook: each change is written down beside it."""

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from review.models import Colour, Theme, ThemeChange, What
from review.theme_counts import forget_counts

KEPT = ["name", "meaning", "parent", "colour"]


class Refused(ValueError):
    """Says to the person why the codebook stays as it is."""


@transaction.atomic
def add(consultation, staff, *, name, meaning="", parent=None, colour=None):
    """Add a theme, in the colour least used so far unless another is asked for."""
    theme = Theme(
        consultation=consultation,
        name=name,
        meaning=meaning,
        parent=parent,
        colour=colour or next_colour(consultation),
    )
    _save_named(theme)
    _note(theme, What.ADDED, staff)
    return theme


def next_colour(consultation):
    """Return the first colour of the palette among those used least."""
    themes = consultation.themes.standing().order_by()
    used = dict(themes.values_list("colour").annotate(Count("pk")))
    return min(Colour.values, key=lambda colour: (used.get(colour, 0), colour))


@transaction.atomic
def change(theme, staff, **values):
    """Give a theme another name, meaning, parent or colour."""
    codebook = _locked(theme.consultation)
    theme = codebook[theme.pk]
    parent = values.get("parent")
    if parent and theme.pk in _with_ancestors(parent.pk, codebook):
        raise Refused(_("A theme cannot be part of itself or of one of its own parts"))
    before = _values(theme)
    for name in KEPT:
        if name in values:
            setattr(theme, name, values[name])
    after = _values(theme)
    changed = [name for name in KEPT if before[name] != after[name]]
    if changed:
        _save_named(theme)
        details = {name: [before[name], after[name]] for name in changed}
        _note(theme, What.CHANGED, staff, **details)
    return theme


@transaction.atomic
def delete(theme):
    """Delete a theme that was never used, and with it what its history says."""
    theme = _locked(theme.consultation)[theme.pk]
    if reason := reason_to_keep(theme):
        raise Refused(reason)
    theme.changes.all().delete()
    theme.delete()


def reason_to_keep(theme):
    """Return why a theme cannot be deleted, "" when it can."""
    if theme.passages.exists():
        return _("It stands on passages. Merge it into another theme instead")
    if theme.children.exists():
        return _("It has parts. Move or delete these first")
    if ThemeChange.objects.filter(other=theme).exists():
        return _("Its history is part of another theme's: they were merged or split")
    merged = theme.changes.filter(other__isnull=False)
    if merged.exists():
        return _("It was merged or split before: its history is kept")
    return ""


@transaction.atomic
def merge(theme, into, staff):
    """Put all passages of a theme, and its parts, under another.

    Where both stood on the same words one is left. The history holds what `separate`
    needs to undo it.
    """
    codebook = _locked(theme.consultation)
    theme, into = codebook[theme.pk], codebook.get(into.pk)
    if into is None or theme == into or theme.merged_into or into.merged_into:
        raise Refused(_("Choose another theme of this codebook"))
    if theme.pk in _with_ancestors(into.pk, codebook):
        words = _("“%(into)s” is part of “%(theme)s”: merge them the other way round")
        raise Refused(words % {"into": into, "theme": theme})
    twins = _twins(theme, into)
    theme.passages.filter(pk__in=twins).delete()
    moved = list(theme.passages.values_list("pk", flat=True))
    theme.passages.update(theme=into)
    children = list(theme.children.values_list("pk", flat=True))
    theme.children.update(parent=into)
    theme.merged_into = into
    theme.save(update_fields=["merged_into"])
    forget_counts(theme.consultation)
    return _note(
        theme,
        What.MERGED,
        staff,
        other=into,
        moved=moved,
        same=list(twins.items()),
        children=children,
    )


@transaction.atomic
def separate(theme, staff):
    """Undo the merge of a theme: its passages and parts go back to it."""
    codebook = _locked(theme.consultation)
    theme = codebook[theme.pk]
    if theme.merged_into is None:
        raise Refused(_("This theme stands on its own already"))
    into, made = theme.merged_into, theme.changes.filter(what=What.MERGED).first()
    if into.merged_into_id:
        words = _("“%(into)s” was merged after it: separate that one first")
        raise Refused(words % {"into": into})
    theme.merged_into = None
    _save_named(theme)
    # What was moved on from there meanwhile, or taken off, stays as it is.
    into.passages.filter(pk__in=made.details["moved"]).update(theme=theme)
    # By its own id again: an earlier merge, undone next, knows it by that.
    left = {of_into: pk for pk, of_into in made.details["same"]}
    for twin in into.passages.filter(pk__in=left):
        twin.pk, twin.theme, twin._state.adding = left[twin.pk], theme, True
        twin.save()
    parts = into.children.filter(pk__in=made.details["children"])
    # One that it has become part of since cannot be its part again.
    parts.exclude(pk__in=_with_ancestors(theme.pk, codebook)).update(parent=theme)
    forget_counts(theme.consultation)
    _note(theme, What.SEPARATED, staff, other=into)
    return theme


@transaction.atomic
def split(theme, passages, staff, *, name, meaning=""):
    """Make a part of a theme a theme of its own: the passages of these ids move to it."""
    theme = _locked(theme.consultation)[theme.pk]
    found = theme.passages.filter(pk__in=passages)
    moved = list(found.values_list("pk", flat=True))
    if not moved:
        raise Refused(_("Choose the passages that move to the new theme"))
    new = Theme(
        consultation=theme.consultation,
        name=name,
        meaning=meaning,
        parent=theme.parent,
        colour=next_colour(theme.consultation),
    )
    _save_named(new)
    found.update(theme=new)
    forget_counts(theme.consultation)
    _note(theme, What.SPLIT, staff, other=new, moved=moved)
    return new


def _twins(theme, into):
    """Return {id: id} of the passages of `theme` whose words `into` stands on too."""
    place = ["submission_id", "place", "start", "end"]
    of_into = {
        tuple(where): pk for pk, *where in into.passages.values_list("pk", *place)
    }
    return {
        pk: of_into[tuple(where)]
        for pk, *where in theme.passages.values_list("pk", *place)
        if tuple(where) in of_into
    }


def _locked(consultation):
    """Return all themes of a call by id, locked: two people's changes wait in line."""
    themes = Theme.objects.filter(consultation=consultation).select_related(
        "merged_into"
    )
    locked = themes.order_by("pk").select_for_update(of=["self"])
    return {theme.pk: theme for theme in locked}


def _with_ancestors(pk, codebook):
    """Return the ids of a theme and of all that it is part of."""
    found = []
    while pk is not None and pk not in found:
        found.append(pk)
        pk = codebook[pk].parent_id
    return found


def _values(theme):
    return {
        "name": theme.name,
        "meaning": theme.meaning,
        "parent": theme.parent.name if theme.parent else "",
        "colour": theme.colour,
    }


def _save_named(theme):
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError as error:
        if "review_theme_name_once_per_call" not in str(error):
            raise
        words = _("There is a theme “%(name)s” already") % {"name": theme.name}
        raise Refused(words) from error


def _note(theme, what, staff, other=None, **details):
    return ThemeChange.objects.create(
        theme=theme, what=what, other=other, changed_by=staff, details=details
    )
