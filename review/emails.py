"""What the portal writes to staff about their work, and to people about being forgotten."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from outbox.kinds import Kind, register
from outbox.messages import render
from review.exports.work import READY
from review.models import Export
from review.retention import DRAFT_DELETION, NOTICE
from review.services.erasing import ERASURE_DONE
from submissions.emails import to_respondent
from submissions.models import Submission


def export_ready(email):
    export = Export.objects.get(pk=email.context["export"])
    url = settings.SITE_URL + reverse("admin:review_exports")
    with override(settings.LANGUAGE_CODE):
        return render(
            "review/emails/export_ready.txt", {"export": export, "exports_url": url}
        )


def is_export_standing(email):
    return Export.objects.standing().filter(pk=email.context["export"]).exists()


register(
    Kind(
        READY,
        export_ready,
        is_export_standing,
        when_unsure="resend",
        label=gettext_lazy("An export is ready, to staff"),
    )
)


def erasure_done(email):
    return render("review/emails/erasure_done.txt", {"site_url": settings.SITE_URL})


@to_respondent
def draft_deletion(email, submission):
    return render(
        "review/emails/draft_deletion.txt",
        {
            "consultation": submission.consultation,
            "days": NOTICE.days,
            "link_page": settings.SITE_URL + reverse("submissions:request_link"),
        },
    )


def is_draft_standing(email):
    return Submission.objects.drafts().filter(pk=email.context["submission"]).exists()


register(
    Kind(
        ERASURE_DONE,
        erasure_done,
        lambda email: True,
        when_unsure="resend",
        label=gettext_lazy("Erased, to the person"),
        is_private=True,
    )
)
# About a draft: whose it is, is nobody's business.
register(
    Kind(
        DRAFT_DELETION,
        draft_deletion,
        is_draft_standing,
        label=gettext_lazy("A draft will be deleted"),
        when_unsure="hold",
        is_private=True,
        is_bulk=True,
    )
)
