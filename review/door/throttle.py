"""Failures to sign in, counted by django-axes; wrong codes count like wrong passwords."""

import copy

from axes.handlers.proxy import AxesProxyHandler
from django.http import QueryDict
from django.utils.translation import gettext as _


def locked(request, response, credentials):
    """Answer who is locked out; the page itself has said why."""
    response.status_code = 429
    return response


def is_locked_out(request, user):
    return not AxesProxyHandler.is_allowed(request, _credentials(user))


def count_failure(request, user):
    """Count a wrong code or password of somebody who is known; what was typed is not kept."""
    bare = copy.copy(request)
    bare.GET = bare.POST = QueryDict()
    AxesProxyHandler.user_login_failed(__name__, _credentials(user), bare)


def forget_failures(request, user):
    AxesProxyHandler.update_request(request)
    AxesProxyHandler.reset_attempts(
        username=user.get_username(), ip_address=request.axes_ip_address
    )


def words():
    return _("There were too many failures. Wait 15 minutes, then try again.")


def _credentials(user):
    return {"username": user.get_username()}
