"""Members of staff, and how their browsers send a form of the admin back."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission


def member_of_staff(name, *permissions):
    """Make one who may do only this: permissions such as "view_submission"."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def change(client, url, **fields):
    """Open a page of the admin, change these fields, and send it all back."""
    page = client.get(url).context
    forms = [page["adminform"].form]
    for inline in page["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    as_typed = {
        field.html_name: field.value()
        for form in forms
        for field in form
        # A browser leaves out an unticked box.
        if field.value() is not None and field.value() is not False
    }
    return client.post(url, as_typed | fields)


def sign_in(client, user):
    """Sign a member of staff in, all the way: whatever the staff site asks for."""
    client.force_login(user)
    return client
