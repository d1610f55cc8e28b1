"""What the portal writes to staff about their own work, composed when it is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from outbox.kinds import Kind, register
from outbox.messages import render
from review.exports.work import READY
from review.models import Export


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
