"""What makes a deploy unnoticed: the release before runs on the tables of this one too.

`released_migrations.txt` names the migrations of the last release. What is written after
it is linted; when there is a release, the new ones are added there.
"""

import json
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Now
from django.test import RequestFactory
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser
from whitenoise.middleware import WhiteNoiseMiddleware

OURS = ["keepitlocal", "consultations", "principles", "submissions", "review", "outbox"]
RELEASED = Path(__file__).with_name("released_migrations.txt")


def released():
    return {tuple(line.split()) for line in RELEASED.read_text().splitlines()}


def test_release_before_runs_on_what_migrations_have_made_since(db, capsys):
    linter = MigrationLinter(no_cache=True)

    for (app, name), migration in linter.migration_loader.disk_migrations.items():
        if app in OURS and (app, name) not in released():
            linter.lint_migration(migration)

    assert not linter.has_errors, capsys.readouterr().out


def test_migrations_that_were_released_are_there():
    assert released() <= set(MigrationLoader(None).disk_migrations)


@pytest.mark.parametrize(
    ("operation", "complaints"),
    [
        # What the release before still reads and writes: a column goes two releases
        # later than the code that needs it.
        (migrations.RemoveField("answer", "text"), {"DROP_COLUMN"}),
        (migrations.RenameField("answer", "text", "words"), {"RENAME_COLUMN"}),
        (migrations.DeleteModel("FinishedPart"), {"DROP_TABLE"}),
        (
            migrations.AlterModelTable("FinishedPart", "parts_that_are_finished"),
            {"RENAME_TABLE"},
        ),
        # What the release before does not write.
        (
            migrations.AddField("answer", "words", models.IntegerField(default=0)),
            {"NOT_NULL"},
        ),
        # What it does not notice.
        (
            migrations.AddField("answer", "words", models.IntegerField(null=True)),
            set(),
        ),
        (
            migrations.AddField("answer", "at", models.DateTimeField(db_default=Now())),
            set(),
        ),
    ],
)
def test_what_the_release_before_cannot_bear_is_found(db, operation, complaints):
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("submissions", after)
    with connection.schema_editor(collect_sql=True) as editor:
        operation.database_forwards("submissions", editor, before, after)

    errors, _ignored, _warnings = analyse_sql_statements(
        PostgresqlAnalyser, editor.collected_sql, []
    )

    assert {error.code for error in errors} == complaints


def test_styles_of_the_release_before_are_served_to_pages_that_are_still_open(
    db, settings, tmp_path
):
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "source").mkdir()
    names = []
    for text in ("body { color: black }", "body { color: navy }"):
        (tmp_path / "source" / "site.css").write_text(text)
        call_command("collectstatic", interactive=False, verbosity=0)
        manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
        names.append(manifest["paths"]["site.css"])

    server = WhiteNoiseMiddleware(lambda request: None)

    def served(name):
        with closing(server(RequestFactory().get(f"/static/{name}"))) as answer:
            return answer.getvalue().decode()

    assert served(names[0]) == "body { color: black }"
    assert served(names[1]) == "body { color: navy }"
