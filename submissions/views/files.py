"""Files: attached, taken away again, and given to those who may have them."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from submissions import held, journey, services
from submissions.files.download import as_download
from submissions.files.names import NAMELESS
from submissions.files.refusals import WORDS, Unacceptable
from submissions.forms import UploadForm
from submissions.parts import AttachedForm

from .pages import draft_page, for_submission, show, status_of


@draft_page(part=journey.EVIDENCE)
def add_files(request, submission):
    """Attach files: those that are acceptable are kept, the others are named."""
    files_url = reverse("submissions:items", args=[submission.key]) + "#files"
    if request.method != "POST":
        return redirect(files_url)
    upload = UploadForm(request.POST, request.FILES)
    is_late = keep_files(upload, submission)
    if not upload.errors:
        if is_late:
            raise services.KeptAfterClosing
        return redirect(files_url)
    form = AttachedForm(submission=submission)
    context = for_submission(submission) | {
        "form": form,
        "items": form.items,
        "upload": upload,
        "has_all": True,
    }
    status = status_of(upload)
    return render(request, "submissions/items.html", context, status=status)


def keep_files(form, submission, item=None, place=None):
    """Keep each file of a form that arrived whole; tell the form which are refused.

    Other fields may be refused: a page that is shown again cannot give a file back.
    Returns whether any came after closing.
    """
    if form.has_error(NON_FIELD_ERRORS, "interrupted"):
        return False
    is_late = False
    chosen = form.cleaned_data.get("files", [])
    for upload in chosen:
        try:
            services.keep_file(submission, upload, item, place)
        except services.KeptAfterClosing:
            is_late = True
        except Unacceptable as refusal:
            words = str(WORDS[refusal.code])
            if len(chosen) > 1 and upload.name != NAMELESS:
                words = _("%(name)s: %(words)s") % {
                    "name": upload.name,
                    "words": words,
                }
            form.add_error("files", ValidationError(words, code=refusal.code))
    return is_late


@require_safe
def file(request, key, file):
    """Give a respondent a file of theirs, also after it was sent."""
    submission = held.get_or_404(request, key)
    attachments = submission.attachments.select_related("stored")
    return as_download(get_object_or_404(attachments, key=file))


@draft_page(part=journey.EVIDENCE)
def remove_file(request, submission, file):
    """Ask, then take a file away."""
    if request.method == "POST":
        with services.open_draft(submission) as draft:
            services.remove_file(draft, file)
        return redirect(reverse("submissions:items", args=[submission.key]) + "#files")
    attachments = submission.attachments.select_related("stored")
    context = for_submission(submission) | {
        "file": get_object_or_404(attachments, key=file)
    }
    return show(request, "submissions/remove_file.html", context)
