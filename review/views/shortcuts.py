from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from review import shortcuts as keys

from .reading import may_read


@require_http_methods(["GET", "HEAD", "POST"])
@may_read
def shortcuts(request):
    """Show the keys of the reading page, and let each person turn them off."""
    if request.method == "POST":
        on = request.POST.get("shortcuts") == "on"
        keys.turn(request.user, on=on)
        words = _("The keys are on.") if on else _("The keys are off.")
        messages.success(request, words)
        return redirect("admin:review_shortcuts")
    context = admin.site.each_context(request) | {
        "title": _("Keyboard shortcuts"),
        "keys": keys.KEYS,
        "has_shortcuts": keys.are_on(request.user),
    }
    return TemplateResponse(request, "review/reading/shortcuts.html", context)
