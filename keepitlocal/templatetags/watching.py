from django import template

from keepitlocal.watching.logs import request_id

register = template.Library()


@register.simple_tag
def request_number():
    """Return the number under which the log knows this request."""
    return request_id.get()
