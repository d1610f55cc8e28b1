import re

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outbox import kinds, services
from outbox.models import OutgoingEmail

LOOKUPS = {"state__exact", "kind__exact", "created_at__month", "created_at__day"}


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(admin.ModelAdmin):
    """What was sent to whom and what became of it; staff read, and may send again.

    Of a private kind they see no address: that somebody has an unsent draft is nobody's
    business.
    """

    actions = ["send_again"]
    date_hierarchy = "created_at"
    fields = [
        "kind",
        "to",
        "state",
        "attempts",
        "ambiguous",
        "last_answer",
        "relay_id",
        "message_id",
        "created_at",
        "next_attempt_at",
        "expires_at",
        "sent_at",
    ]
    list_display = [
        "created_at",
        "kind",
        "to",
        "state",
        "sent_at",
        "attempts",
        "last_answer",
    ]
    list_filter = ["state", "kind"]
    ordering = ["-created_at"]
    # Any; get_search_results looks at addresses.
    search_fields = ["to_email"]

    def get_search_results(self, request, queryset, search_term):
        if search_term:
            queryset = queryset.exclude(kind__in=kinds.private())
        return super().get_search_results(request, queryset, search_term)

    def lookup_allowed(self, lookup, value, request):
        """Only what the page offers: a regular expression could hold up the database."""
        if lookup == "created_at__year":
            return re.fullmatch(r"20\d\d", value) is not None
        return lookup in LOOKUPS

    @admin.display(description=gettext_lazy("to"))
    def to(self, email):
        return "…" if email.kind in kinds.private() else email.to_email

    @admin.display(description=gettext_lazy("last answer"))
    def last_answer(self, email):
        return email.last_error or email.last_code

    @admin.action(
        description=gettext_lazy("Send again what was not delivered"),
        permissions=["send_again"],
    )
    def send_again(self, request, queryset):
        chosen = list(queryset.undelivered())
        count = services.send_again(queryset)
        for email in chosen:
            self.log_change(request, email, _("Sent again"))
        self.message_user(
            request,
            ngettext(
                "%d email will be sent again.", "%d emails will be sent again.", count
            )
            % count,
            messages.SUCCESS if count else messages.WARNING,
        )

    def has_send_again_permission(self, request):
        return super().has_change_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
