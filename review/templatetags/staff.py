"""What the frame of every staff page asks for."""

from django import template
from django.forms import BaseForm
from django.urls import reverse

from consultations.models import Consultation
from review.navigation import entries_for

register = template.Library()


@register.simple_tag
def rehearsal_is_on():
    return Consultation.objects.published().filter(is_rehearsal=True).exists()


@register.simple_tag(takes_context=True)
def staff_pages(context):
    """Return (words, address, whether the page shown is that one or below it)."""
    request, home = context["request"], reverse("admin:index")
    return [
        (
            words,
            url,
            request.path == url or url != home and request.path.startswith(url),
        )
        for words, url in entries_for(request.user)
    ]


@register.simple_tag(takes_context=True)
def has_refused(context):
    """Whether the page shows any form again because it was refused."""
    return any(
        isinstance(one, BaseForm) and one.is_bound and one.errors
        for one in context.flatten().values()
    )
