from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0007_requests_are_counted"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                name="submissions_standing",
                fields=["-submitted_at", "-id"],
                include=[
                    "consultation",
                    "respondent_type",
                    "on_behalf",
                    "publication",
                    "channel",
                    "is_late",
                ],
                condition=Q(submitted_at__isnull=False, withdrawn_at=None),
            ),
        ),
        # All that it answered, the other answers too.
        migrations.RemoveIndex(
            model_name="submission", name="submissions_newest_first"
        ),
    ]
