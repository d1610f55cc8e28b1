"""A change to principles gives calls another edition too."""

from django.db import migrations

TABLES = [
    "principles_principle",
    "principles_principleversion",
    "principles_sentence",
]
TRIGGER = """
CREATE TRIGGER consultations_edition_of_asked BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_asked_changed();
"""
UNDO = "DROP TRIGGER consultations_edition_of_asked ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_calls_have_editions"),
        ("principles", "0001_principles_and_their_versions"),
    ]

    operations = [
        migrations.RunSQL(TRIGGER.format(table=table), UNDO.format(table=table))
        for table in TABLES
    ]
