"""What the frame of every staff page asks for."""

from django import template

from consultations.models import Consultation
from review.navigation import entries_for

register = template.Library()


@register.simple_tag
def rehearsal_is_on():
    return Consultation.objects.published().filter(is_rehearsal=True).exists()


@register.simple_tag(takes_context=True)
def staff_pages(context):
    return entries_for(context["request"].user)
