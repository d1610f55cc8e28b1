"""What the page of placing looks up by the name of a place."""

from django import template

register = template.Library()


@register.filter
def fields_of(form, place):
    return form.fields_of(place)


@register.filter
def get(found, name):
    return found.get(name)
