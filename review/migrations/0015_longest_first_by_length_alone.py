from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0014_figures_are_kept_by_name"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(name="review_search_by_length", fields=["-word_count"]),
        ),
        # It holds ids as well, and since PostgreSQL 18 is taken for an index of them.
        migrations.RemoveIndex(
            model_name="searchdocument", name="review_search_longest"
        ),
    ]
