"""The staff site: Django's admin with pages of our own, and a record of what was done."""

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from . import audit
from .door import sessions

# Shorter values are choices and names of buttons.
SHORT = 20


class StaffSite(AdminSite):
    site_header = _("Keep it Local: staff")
    site_title = _("Keep it Local: staff")
    index_title = _("Overview")
    # Lists and long texts need the width, and the overview is one click away.
    enable_nav_sidebar = False

    def get_urls(self):
        # The pages' views know the admin site, which is made before they can be imported.
        from .urls import signing_in_pages, staff_pages  # noqa: PLC0415

        return [
            *signing_in_pages(),
            *staff_pages(self.admin_view),
            *super().get_urls(),
        ]

    def has_permission(self, request):
        """Whether this is staff who gave password and code, and was here a moment ago."""
        return (
            super().has_permission(request)
            and getattr(request.user, "otp_device", None) is not None
            and sessions.is_fresh(request)
        )

    def index(self, request, extra_context=None):
        # Known only once the apps are loaded, like the pages above.
        from .views import home  # noqa: PLC0415

        return super().index(request, home.context_of(request))

    def admin_view(self, view, cacheable=False):
        """Let only staff in, and write down who did what."""
        guarded = super().admin_view(view, cacheable)

        def recorded(request, *args, **kwargs) -> HttpResponse:
            if sessions.keep(request) and (typed := _typed(request)):
                return self._give_back(request, typed)
            if not self.has_permission(request):
                return guarded(request, *args, **kwargs)
            # A page may sign its user out.
            user = request.user
            try:
                _refuse_ids_that_are_none(request)
                response = guarded(request, *args, **kwargs)
            except Exception as error:
                audit.write(request, user, _status_of(error))
                raise
            audit.write(request, user, response.status_code)
            return response

        return recorded

    def _give_back(self, request, typed):
        """Show what somebody wrote for longer than a session lasts, to be copied."""
        context = self.each_context(request) | {
            "title": _("You were signed out"),
            "subtitle": None,
            "typed": typed,
        }
        return render(request, "review/signing_in/signed_out.html", context, status=403)

    @method_decorator([never_cache, csrf_protect])
    def login(self, request, extra_context=None):
        """Ask for the password; the pages after it ask for the code."""
        from .views.signing_in import sign_in  # noqa: PLC0415

        return sign_in(request)

    @method_decorator(require_POST)
    def logout(self, request, extra_context=None):
        """Sign out; a respondent's drafts in this browser stay."""
        audit.note(request, audit.SIGNED_OUT)
        sessions.end(request)
        return redirect("admin:login")


def _typed(request):
    return [
        text
        for name, text in request.POST.items()
        if len(text) > SHORT
        and name != "csrfmiddlewaretoken"
        and "password" not in name
    ]


def _refuse_ids_that_are_none(request):
    """Raise BadRequest when a row was chosen in a list by what cannot be its id."""
    model_admin = getattr(request.resolver_match.func, "model_admin", None)
    if model_admin is None:
        return
    for chosen in request.POST.getlist("_selected_action"):
        try:
            model_admin.opts.pk.to_python(chosen)
        except ValidationError as error:
            raise BadRequest("A row that there cannot be") from error


def _status_of(error):
    if isinstance(error, BadRequest):
        return 400
    if isinstance(error, Http404):
        return 404
    return 403 if isinstance(error, PermissionDenied) else 500
