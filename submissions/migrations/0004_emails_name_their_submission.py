"""Emails that are there already: what they are about, and the calls of reminders.

Both are found by index from now on, and no reminder of a closing date goes out twice.
"""

from django.db import migrations

NAME_SUBMISSION = """
UPDATE outbox_outgoingemail
   SET about = 'submission:' || (context ->> 'submission')
 WHERE context ? 'submission' AND about = ''
"""

# deadline-reminder:<submission>:<closing>:<days> becomes
# deadline-reminder:<call>:<closing>:<days>:<submission>.
NAME_CALL = """
UPDATE outbox_outgoingemail AS email
   SET key = concat_ws(
           ':', 'deadline-reminder', submission.consultation_id,
           split_part(email.key, ':', 3), split_part(email.key, ':', 4), submission.id
       ),
       context = email.context
           || jsonb_build_object('closing', split_part(email.key, ':', 3))
  FROM submissions_submission AS submission
 WHERE email.kind = 'deadline-reminder'
   AND submission.id = (email.context ->> 'submission')::bigint
   AND split_part(email.key, ':', 5) = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0003_email_wordings_and_reminder_ladders"),
        ("outbox", "0002_about_and_undelivered"),
    ]

    operations = [
        migrations.RunSQL(NAME_SUBMISSION, migrations.RunSQL.noop),
        migrations.RunSQL(NAME_CALL, migrations.RunSQL.noop),
    ]
