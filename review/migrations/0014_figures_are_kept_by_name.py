import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_privacy_notices"),
        ("review", "0013_audit_log_by_person_and_action"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("rows", models.JSONField()),
                ("counted_at", models.DateTimeField()),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "name"),
                        name="review_keptfigure_once_per_call",
                    )
                ],
            },
        ),
        # The release before still writes this table: the next one drops it. Nothing else of
        # ours knows of it, and so it may not hold on to a call.
        migrations.AlterField(
            model_name="tally",
            name="consultation",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="consultations.consultation",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Tally")]
        ),
    ]
