"""Calls have another edition with each change to what they ask, kept by triggers."""

import django.contrib.postgres.functions
from django.db import migrations, models

# Whoever changes what is asked locks all calls first, there are few, and in one order: else
# each of two might wait for the other.
LOCKED = """
CREATE FUNCTION consultations_lock_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM id FROM consultations_consultation ORDER BY id FOR NO KEY UPDATE;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_calls_are_locked BEFORE UPDATE ON consultations_consultation
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_lock_calls();
"""

CHANGED = """
CREATE FUNCTION consultations_call_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.edition = gen_random_uuid();
    RETURN NEW;
END $$;
CREATE TRIGGER consultations_edition_of_call BEFORE UPDATE ON consultations_consultation
    FOR EACH ROW EXECUTE FUNCTION consultations_call_changed();
"""

# Of all calls, before the statement that changes what one of them asks.
ASKED_CHANGED = """
CREATE FUNCTION consultations_asked_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consultations_consultation SET edition = gen_random_uuid();
    RETURN NULL;
END $$;
"""

TABLES = ["consultations_section", "consultations_question"]
TRIGGER = """
CREATE TRIGGER consultations_edition_of_asked BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_asked_changed();
"""

UNDO = """
DROP FUNCTION consultations_asked_changed() CASCADE;
DROP FUNCTION consultations_call_changed() CASCADE;
DROP FUNCTION consultations_lock_calls() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_privacy_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultation",
            name="edition",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                editable=False,
            ),
        ),
        migrations.RunSQL(
            LOCKED
            + CHANGED
            + ASKED_CHANGED
            + "".join(TRIGGER.format(table=table) for table in TABLES),
            UNDO,
        ),
    ]
