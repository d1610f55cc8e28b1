"""Who works here: accounts, their roles, and a way back in."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import admin as django_s_own
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.staff import StaffAdmin
from review import audit, roles
from review.door import second_factor
from review.door.again import confirmed_recently

# Django's own pages give single permissions to single people: ours give roles.
admin.site.unregister([django_s_own.User, django_s_own.Group])


class PersonForm(forms.ModelForm):
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Roles"),
        queryset=Group.objects.filter(name__in=roles.ROLES),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Without a role somebody can sign in and see nothing."),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]
        help_texts = {
            "is_active": gettext_lazy(
                "Untick it when somebody leaves: it signs them out at once. Accounts are "
                "not deleted, so that the audit log keeps its names."
            )
        }


@admin.register(User)
class PersonAdmin(StaffAdmin):
    """Accounts of staff. None is deleted, and none has a permission of its own."""

    actions = None
    form = PersonForm
    fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]
    list_display = [
        "username",
        "name",
        "email",
        "roles",
        "is_active",
        "app",
        "last_login",
    ]
    list_filter = ["groups", "is_active"]
    ordering = ["username"]
    search_fields = ["username", "first_name", "last_name", "email"]

    def get_queryset(self, request):
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        people = super().get_queryset(request).annotate(has_app=Exists(apps))
        return people.prefetch_related("groups")

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def name(self, user):
        return user.get_full_name()

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user):
        names = [group.name for group in user.groups.all()]
        return ", ".join([*names, *([_("superuser")] if user.is_superuser else [])])

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def app(self, user):
        return user.has_app

    def has_change_permission(self, request, obj=None):
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        # Nobody locks himself out, or gives himself what he lacks.
        return ["groups", "is_active"] if obj == request.user else []

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        # As the form has it, without the button to add a group.
        return PersonForm.base_fields[db_field.name]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Ask for both factors again before a change."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if not super().has_change_permission(request):
            raise PermissionDenied
        return self._change(request, object_id, form_url, extra_context)

    @method_decorator(confirmed_recently)
    def _change(self, request, *args):
        return super().changeform_view(request, *args)

    def save_model(self, request, obj, form, change):
        obj.is_staff = True
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        audit.note(
            request,
            audit.PERMISSIONS_CHANGED,
            about=obj,
            fields=form.changed_data,
            roles=sorted(group.name for group in form.cleaned_data.get("groups", [])),
        )

    def response_add(self, request, obj, post_url_continue=None):
        words = _("The account is made. Give %(name)s a link to choose a password.")
        self.message_user(request, words % {"name": obj}, messages.SUCCESS)
        return redirect("admin:auth_user_password_link", obj.pk)

    def get_urls(self):
        link = self.admin_site.admin_view(self.password_link)
        reset = self.admin_site.admin_view(self.reset_second_factor)
        return [
            path("<int:pk>/password-link/", link, name="auth_user_password_link"),
            path("<int:pk>/second-factor/", reset, name="auth_user_second_factor"),
            *super().get_urls(),
        ]

    def password_link(self, request, pk):
        """Give a link with which this person, and nobody else, chooses a password."""
        person = self._changeable(request, pk)
        if request.method == "POST":
            return self._show_link(request, person)
        return self._page(request, person, _("A link to choose a password"), "link")

    @method_decorator(confirmed_recently)
    def _show_link(self, request, person):
        audit.note(request, audit.PASSWORD_LINK_MADE, about=person)
        uid = urlsafe_base64_encode(force_bytes(person.pk))
        token = default_token_generator.make_token(person)
        path_of = reverse("admin:review_choose_password", args=[uid, token])
        title = _("A link to choose a password")
        return self._page(
            request, person, title, "link", url=settings.SITE_URL + path_of
        )

    def reset_second_factor(self, request, pk):
        """Forget the app and the recovery codes of somebody who lost them."""
        person = self._changeable(request, pk)
        if request.method == "POST":
            return self._reset(request, person)
        return self._page(request, person, _("Reset the second factor"), "reset")

    @method_decorator(confirmed_recently)
    def _reset(self, request, person):
        second_factor.reset(person)
        audit.note(request, audit.SECOND_FACTOR_RESET, about=person)
        words = _("Done. %(name)s sets up a new app at the next sign-in.")
        self.message_user(request, words % {"name": person}, messages.SUCCESS)
        return redirect("admin:auth_user_change", person.pk)

    def _changeable(self, request, pk):
        person = self.get_object(request, str(pk))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        return person

    def _page(self, request, person, title, template, **more):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": title,
            "subtitle": str(person),
            "person": person,
            "url": "",
        }
        template = f"review/people/{template}.html"
        return TemplateResponse(request, template, context | more)
