"""What `manage.py check --deploy` says of the call."""

from django.core import checks
from django.db import DatabaseError
from django.utils.translation import gettext as _

from .models import Consultation, PrivacyNotice, Question, Section


@checks.register(deploy=True)
def wording_is_confirmed(app_configs, **kwargs):
    """Name each section and question whose wording waits for confirmation."""
    try:
        sections = list(Section.objects.filter(is_provisional=True))
        questions = list(Question.objects.provisional().select_related("section"))
    except DatabaseError:
        # No database to ask, or no tables yet: Django has its own words for that.
        return []
    if not sections and not questions:
        return []
    return [
        checks.Warning(
            _("The wording of %(what)s waits for confirmation.")
            % {"what": _in_words(sections, questions)},
            hint=_(
                "In the admin, edit it where needed, then use the action "
                '"Confirm wording".'
            ),
            id="consultations.W001",
        )
    ]


@checks.register(deploy=True)
def privacy_notice_is_confirmed(app_configs, **kwargs):
    """Name each call without a privacy notice, or with one that says DRAFT."""
    try:
        notices = {
            notice.consultation_id: notice for notice in PrivacyNotice.objects.current()
        }
        waiting = [
            consultation
            for consultation in Consultation.objects.all()
            if consultation.pk not in notices or notices[consultation.pk].is_draft
        ]
    except DatabaseError:
        return []
    return [
        checks.Warning(
            _("The privacy notice of “%(call)s” is missing or still says DRAFT.")
            % {"call": consultation},
            hint=_("In the admin, publish a new version of it without that word."),
            id="consultations.W002",
        )
        for consultation in waiting
    ]


def _in_words(sections, questions):
    """Return as in "sections 4, 5; questions 4.1, 4.2"."""
    parts = []
    if sections:
        numbers = ", ".join(str(section.number) for section in sections)
        parts.append(_("sections %(numbers)s") % {"numbers": numbers})
    if questions:
        codes = ", ".join(question.code for question in questions)
        parts.append(_("questions %(codes)s") % {"codes": codes})
    return "; ".join(parts)
