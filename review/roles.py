"""The four roles of staff, as groups of permissions: docs/decisions says why these.

A page asks for a permission, never for a role. Each migration brings the groups into step
with this file.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

READ = "submissions.view_submission"
# Notes, themes, assignment: what readers make of what they read.
REVIEW = "review.review_submission"
# Evidence that arrives by email or on paper, late requests, redaction and publication.
MODERATE = "review.moderate_submission"
EXPORT = "review.export_submission"
# To download what others have exported.
EVERY_EXPORT = "review.view_export"
ERASE = "review.erase_submission"

# Requests to be accepted after closing, beside MODERATE.
LATE = ["submissions.view_laterequest", "submissions.change_laterequest"]
SEE_EMAILS = "outbox.view_outgoingemail"
SEE_AUDIT_LOG = "review.view_auditentry"
CHANGE_PEOPLE = "auth.change_user"

ROLES = {
    "Reviewer": [READ, REVIEW],
    "Moderator": [READ, REVIEW, MODERATE, *LATE, SEE_EMAILS],
    "Exporter": [READ, EXPORT],
    "Administrator": [
        *[READ, REVIEW, MODERATE, EXPORT, EVERY_EXPORT, ERASE, *LATE, SEE_AUDIT_LOG],
        *["auth.view_user", "auth.add_user", CHANGE_PEOPLE],
        # All there is to do with what these apps keep: calls, principles, emails.
        *["consultations.*", "principles.*", "outbox.*"],
    ],
}


def keep_groups(**kwargs):
    """Make the groups of these names, or give those there are exactly these permissions."""
    for config in apps.get_app_configs():
        # After a migration each app makes its own in turn; here all are needed.
        create_permissions(config, verbosity=0)
    for name, permissions in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(_found(permissions))


def _found(names):
    wanted = Q()
    for name in names:
        app, codename = name.split(".")
        one = Q(content_type__app_label=app)
        wanted |= one if codename == "*" else one & Q(codename=codename)
    return Permission.objects.filter(wanted)
