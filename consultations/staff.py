"""What every staff list and staff form keeps to."""

import re

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db import models
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from .addresses import AddressFormField
from .forms import LinesField, SmallNumberField, UKMomentField


class WithinPages(Paginator):
    """Takes a page that there is not for the last one."""

    def validate_number(self, number):
        try:
            return super().validate_number(number)
        except PageNotAnInteger:
            return 1
        except EmptyPage:
            return self.num_pages


class StaffList(ChangeList):
    def get_filters_params(self, params=None):
        """Return the filters of an address; "page" is none, whoever types it means "p"."""
        params = super().get_filters_params(params)
        params.pop("page", None)
        return params


class StaffAdmin(admin.ModelAdmin):
    """Filters only by what its list offers, and deletes only what nothing refers to."""

    formfield_overrides = {
        models.DateTimeField: {"form_class": UKMomentField},
        models.EmailField: {"form_class": AddressFormField},
        models.PositiveSmallIntegerField: {"form_class": SmallNumberField},
        models.TextField: {"form_class": LinesField},
    }
    list_per_page = 50
    paginator = WithinPages
    show_full_result_count = False

    def changeform_view(self, request, *args, **kwargs):
        """Answer 422 to what is refused, as the rest of the portal does."""
        response = super().changeform_view(request, *args, **kwargs)
        if getattr(response, "context_data", None) and response.context_data["errors"]:
            response.status_code = 422
        return response

    def get_changelist(self, request, **kwargs):
        return StaffList

    def lookup_allowed(self, lookup, value, request):
        """Whether an address may filter by this.

        Django allows any lookup on the model's own columns: a regular expression made
        for it would hold up the database.
        """
        if lookup == f"{self.date_hierarchy}__year":
            # Django's own arithmetic breaks in the year 9999.
            return re.fullmatch(r"20\d\d", value) is not None
        return lookup in self._offered_lookups(request)

    def _offered_lookups(self, request):
        offered = {f"{self.date_hierarchy}__{part}" for part in ("month", "day")}
        for list_filter in self.get_list_filter(request):
            if isinstance(list_filter, str):
                offered |= {f"{list_filter}__exact", f"{list_filter}__id__exact"}
            else:
                offered.add(list_filter.parameter_name)
        return offered

    def has_delete_permission(self, request, obj=None):
        # Nothing in bulk, and nothing that is referred to: the page on which Django
        # explains what stands in the way would show staff the texts of drafts.
        return (
            obj is not None
            and super().has_delete_permission(request, obj)
            and not is_referred_to(obj)
        )


def is_referred_to(obj):
    """Whether a row of any app protects the object from being deleted."""
    return any(
        rows.filter(**{name: obj}).exists() for rows, name in _protectors(obj._meta)
    )


def with_references(queryset):
    """Annotate `references`: how many rows, of any app, protect each object."""
    counts = Value(0)
    for rows, name in _protectors(queryset.model._meta):
        own = rows.filter(**{name: OuterRef("pk")}).order_by().values(name)
        counts += Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
    return queryset.annotate(references=counts)


def _protectors(opts):
    """Yield all rows of each model that refers to this one, and by which field.

    The model registry is asked, because this app must not know who refers to it.
    """
    for relation in opts.related_objects:
        if relation.on_delete is models.PROTECT:
            yield relation.related_model._base_manager.all(), relation.field.name


class ReadOnlyInline(admin.TabularInline):
    """Rows to look at and to go on from."""

    can_delete = False
    classes = ["rows-to-read"]
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def link_to(obj):
    """Return the object's name as a link to its own page of the staff site."""
    opts = obj._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
    return format_html('<a href="{}">{}</a>', url, obj)
