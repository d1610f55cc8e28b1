"""What migrations make of rows that were there before."""

from importlib import import_module

from django.db import connection

from outbox.models import OutgoingEmail

NAMING = import_module("submissions.migrations.0004_emails_name_their_submission")


def test_emails_from_before_name_their_submission_and_reminders_their_call(draft):
    call = draft.consultation_id
    for number, (kind, key, context) in enumerate(
        (
            (
                "acknowledgement",
                f"acknowledgement:{draft.pk}",
                {"submission": draft.pk},
            ),
            (
                "deadline-reminder",
                f"deadline-reminder:{draft.pk}:20270115T2359:7",
                {"submission": draft.pk, "days": 7},
            ),
            ("resume-link", "resume-link:x", {}),
        )
    ):
        OutgoingEmail.objects.create(
            kind=kind, key=key, context=context, message_id=f"<{number}@x>"
        )

    # Twice: what is named stays as it is.
    for statement in (NAMING.NAME_SUBMISSION, NAMING.NAME_CALL) * 2:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    about = f"submission:{draft.pk}"
    rows = OutgoingEmail.objects.order_by("message_id")
    assert list(rows.values_list("key", "about", "context__closing")) == [
        (f"acknowledgement:{draft.pk}", about, None),
        (
            f"deadline-reminder:{call}:20270115T2359:7:{draft.pk}",
            about,
            "20270115T2359",
        ),
        ("resume-link:x", "", None),
    ]
