"""Evidence items: what stands beside the answers."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from submissions import guests, journey, places, reading, services
from submissions.forms import UploadForm
from submissions.parts import AttachedForm, ItemForm

from .files import keep_files
from .pages import draft_page, for_submission, posted, posted_files, show
from .writing import part_page


@draft_page(part=guests.ANY_PART)
def items(request, submission):
    """List all evidence items and files; to a guest the items of his parts."""
    form = AttachedForm(posted(request), submission=submission)
    context = {
        "items": form.items,
        "upload": UploadForm(),
        "has_all": submission.may_write(journey.EVIDENCE),
    }
    here = reverse("submissions:items", args=[submission.key])
    return part_page(
        request, submission, form, "submissions/items.html", context, url=here
    )


@draft_page(part=guests.NEW_EVIDENCE)
def add_item(request, submission):
    """Offer the items that are there already for this place, or go on to a new one."""
    place = places.find(submission, request.GET.get("for", ""))
    name = places.name_of(place) if place else ""
    if request.method == "POST" and place:
        chosen = key_or_404(request.POST.get("use"))
        get_object_or_404(reading.items_in_reach(submission), key=chosen)
        with services.open_draft(submission) as draft:
            services.use_item(draft, chosen, place)
        return redirect(places.url_back(submission, name))
    others = [
        item
        for item in reading.evidence_items(submission)
        if name not in places.of(item)
    ]
    new_url = places.url_of_item(submission, uuid.uuid4(), name)
    if not (place and others):
        return redirect(new_url)
    context = for_submission(submission) | {
        "place": place,
        "others": others,
        "back_url": places.url_back(submission, name),
        "new_url": new_url,
    }
    return show(request, "submissions/add_item.html", context)


@draft_page(part="item-{item.hex}")
def item(request, submission, item):
    """Write one item; `?for=` says where the person came from and goes back to."""
    name = request.GET.get("for", "")
    form = ItemForm(
        posted(request),
        posted_files(request),
        submission=submission,
        key=item,
        beside=name,
    )
    if form.is_bound:
        keep_files(form, submission, item, places.find(submission, name))
    back_url = places.url_back(submission, name)
    context = {
        "item": reading.evidence_item(submission, item),
        "back_url": back_url,
        "has_all": submission.may_write(journey.EVIDENCE),
    }
    return part_page(
        request, submission, form, "submissions/item.html", context, url=back_url
    )


@draft_page(part=journey.EVIDENCE)
def remove_item(request, submission, item):
    """Ask, then take an item away."""
    if request.method == "POST":
        with services.open_draft(submission) as draft:
            services.remove_item(draft, item)
        return redirect("submissions:items", submission.key)
    found = get_object_or_404(submission.items, key=item)
    context = for_submission(submission) | {"item": found}
    return show(request, "submissions/remove_item.html", context)


def key_or_404(text):
    """Return the key that a form of ours sent; anything else is not found."""
    try:
        return uuid.UUID(text or "")
    except ValueError as error:
        raise Http404 from error
