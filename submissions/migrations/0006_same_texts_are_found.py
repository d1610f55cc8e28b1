from django.db import migrations, models
from django.db.models.functions import MD5


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0005_files_are_found_by_their_sum"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                "question", MD5("text"), name="submissions_answer_same_text"
            ),
        ),
        migrations.AddIndex(
            model_name="principlecomment",
            index=models.Index(
                "version", MD5("comment"), name="submissions_comment_same_text"
            ),
        ),
    ]
