import re

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from consultations.staff import StaffAdmin
from review import audit
from review.views import finding, reading
from submissions.files.download import as_download
from submissions.models import Submission

DATABASE_ID = re.compile("[0-9]{1,18}")


@admin.register(Submission)
class SubmissionAdmin(StaffAdmin):
    """What was sent, at the addresses of Django's admin. Drafts are nobody's to see."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).submitted()

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        """Show the list: see review/views/finding.py."""
        return finding.submissions(request)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a submission whole: see review/views/reading.py."""
        if not DATABASE_ID.fullmatch(object_id):
            raise Http404
        return reading.submission(request, pk=int(object_id))

    def get_urls(self):
        file = self.admin_site.admin_view(require_safe(self.file))
        return [
            path(
                "<uuid:key>/files/<uuid:file>/",
                file,
                name="submissions_submission_file",
            ),
            *super().get_urls(),
        ]

    def file(self, request, key, file):
        """Give staff a file of what was sent; those of drafts are nobody's to see."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = get_object_or_404(self.get_queryset(request), key=key)
        attachments = submission.attachments.select_related("stored")
        found = get_object_or_404(attachments, key=file)
        audit.note(request, audit.DOWNLOAD, about=submission, file=str(file))
        return as_download(found)
