"""A change to how emails of a call are worded gives calls another edition too."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER consultations_edition_of_asked
    BEFORE INSERT OR UPDATE OR DELETE ON submissions_emailwording
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_asked_changed();
"""
UNDO = "DROP TRIGGER consultations_edition_of_asked ON submissions_emailwording;"


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_calls_have_editions"),
        ("submissions", "0008_standing_submissions_are_counted_by_their_index"),
    ]

    operations = [migrations.RunSQL(TRIGGER, UNDO)]
