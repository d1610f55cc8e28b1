"""Every page of staff's for everyone: assistive technology and two widths."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from principles.models import Sentence
from review.models import Intake, Theme
from review.services import erasing, publishing
from submissions.models import LateRequest, Submission
from tests.submissions.sent import make_draft

from .pages import staff_sign_in
from .test_for_everyone import axe, sideways

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
WIDTHS = (1280, 768)
# What Django's lists and tables of rows bring: a picture names the search box, and the
# column that holds no fields has no heading.
DJANGOS_OWN = ("label-title-only", "empty-table-header")


@pytest.fixture
def grace(db):
    return get_user_model().objects.create_superuser("grace", "", PASSWORD)


@pytest.fixture
def pages(site, consultation, grace):
    """Return the address of every page of staff's, with something on it."""
    call_command("make_submissions", 12, with_work=True, verbosity=0)
    newest = Submission.objects.submitted().exclude(publication="not").first()
    publishing.redact(newest, said_of(newest), staff=grace, reason="personal-data")
    publishing.approve(newest, staff=grace, revision=1)
    publishing.publish(newest, staff=grace)
    intake = Intake.objects.create(
        consultation=consultation,
        channel="post",
        received_at=timezone.now(),
        name="Ada O'Brien",
        started_by=grace,
    )
    late = LateRequest.objects.create(
        submission=make_draft(consultation), reason="A flood."
    )
    erasure = erasing.request_erasure(staff=grace, reason="asked", submission=newest)
    theme = Theme.objects.filter(passages__isnull=False).first()
    sentence = Sentence.objects.filter(comments__isnull=False).first()
    question = newest.answers.first().question
    of_one = {
        "submissions_submission_change": newest.pk,
        "review_question": question.pk,
        "review_principle": consultation.principles.first().pk,
        "review_sentence": (sentence or Sentence.objects.first()).pk,
        "review_theme": theme.pk,
        "review_theme_passages": theme.pk,
        "review_desk": newest.pk,
        "review_intake_place": intake.pk,
        "review_intake_details": intake.pk,
        "review_intake_add": intake.pk,
        "submissions_laterequest_change": late.pk,
        "review_erasure": erasure.pk,
        "review_reminders": consultation.slug,
        "review_emails_of_call": consultation.slug,
        "auth_user_change": grace.pk,
        "consultations_consultation_change": consultation.pk,
    }
    names = [
        "index",
        "submissions_submission_changelist",
        "review_charts",
        "review_selections",
        "review_shortcuts",
        "review_across",
        "review_themes",
        "review_add_theme",
        "review_themes_counts",
        "review_intake",
        "review_intake_start",
        "review_publishing",
        "review_exports",
        "review_erasures",
        "review_audit_log",
        "review_recovery_codes",
        "outbox_outgoingemail_changelist",
        "submissions_laterequest_changelist",
        "auth_user_changelist",
        "password_change",
    ]
    wording = [consultation.slug, "acknowledgement"]
    return [
        *(reverse(f"admin:{name}") for name in names),
        *(reverse(f"admin:{name}", args=[one]) for name, one in of_one.items()),
        reverse("admin:review_email_wording", args=wording),
        reverse("admin:submissions_submission_changelist") + "?q=contracts&type=other",
        reverse("published:responses", args=[consultation.slug]),
    ]


def said_of(submission):
    question = submission.answers.first().question
    return f"question-{question.slug}"


@pytest.mark.timeout(400)
def test_every_page_of_staff_is_for_everyone(browser, site, pages):
    def look(page):
        staff_sign_in(page, site, "grace", PASSWORD)
        faults = []
        for path in pages:
            assert page.goto(site + path).status == 200, path
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                faults += [
                    f"{path} at {width}: {fault}"
                    for fault in (*axe(page), *sideways(page))
                    if not fault.startswith(DJANGOS_OWN)
                ]
        return faults

    assert browser.visit(look, is_probed=True) == []
