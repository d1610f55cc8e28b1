import re

from django.contrib import admin, messages
from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outbox import kinds, services
from outbox.models import OutgoingEmail
from outbox.words import masked, what_happened

LOOKUPS = {"state__exact", "kind", "created_at__month", "created_at__day"}


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("email")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return sorted(
            ((name, kinds.label(name)) for name in kinds.names()),
            key=lambda choice: choice[1],
        )

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(admin.ModelAdmin):
    """What was sent to whom and what became of it; staff read, and may send again.

    Addresses are whole for those alone who may send again, and never of a private kind:
    that somebody has an unsent draft is nobody's business.
    """

    actions = ["send_again"]
    date_hierarchy = "created_at"
    fields = [
        "email",
        "to",
        "state",
        "outcome",
        "created_at",
        "sent_at",
        "next_attempt_at",
        "expires_at",
        "attempts",
        "ambiguous",
        "last_answer",
        "relay_id",
        "message_id",
    ]
    list_display = ["email", "to", "state", "outcome", "created_at", "sent_at"]
    list_filter = ["state", KindFilter]
    list_per_page = 50
    ordering = ["-created_at"]
    # Any; get_search_results looks at addresses.
    search_fields = ["to_email"]
    search_help_text = gettext_lazy(
        "An email address, whole. Emails about responses that are not sent are not found."
    )
    show_full_result_count = False

    def get_queryset(self, request):
        # For `to`, which is not told who asks.
        is_whole = Value(self.has_send_again_permission(request))
        return super().get_queryset(request).annotate(shows_address=is_whole)

    def get_search_fields(self, request):
        return self.search_fields if self.has_send_again_permission(request) else []

    def get_search_results(self, request, queryset, search_term):
        """Find an address; an index leads to it, and a piece of one leads nowhere."""
        if not search_term or not self.has_send_again_permission(request):
            return queryset, False
        found = queryset.exclude(kind__in=kinds.private())
        return found.filter(to_email__iexact=search_term.strip()), False

    def lookup_allowed(self, lookup, value, request):
        """Only what the page offers: a regular expression could hold up the database."""
        if lookup == "created_at__year":
            return re.fullmatch(r"20\d\d", value) is not None
        return lookup in LOOKUPS

    @admin.display(description=gettext_lazy("email"), ordering="kind")
    def email(self, email):
        return kinds.label(email.kind)

    @admin.display(description=gettext_lazy("to"))
    def to(self, email):
        if email.kind in kinds.private():
            return "…"
        return email.to_email if email.shows_address else masked(email.to_email)

    @admin.display(description=gettext_lazy("what happened"))
    def outcome(self, email):
        return what_happened(email)

    @admin.display(description=gettext_lazy("last answer of the mail server"))
    def last_answer(self, email):
        # A mail server likes to repeat the address that it refuses.
        if email.kind in kinds.private() or not email.shows_address:
            return email.last_code
        return email.last_error or email.last_code

    @admin.action(
        description=gettext_lazy("Send again what was not delivered"),
        permissions=["send_again"],
    )
    def send_again(self, request, queryset):
        chosen = list(queryset.undelivered())
        count = services.send_again(
            OutgoingEmail.objects.filter(pk__in=[email.pk for email in chosen])
        )
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
