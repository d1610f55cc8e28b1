"""A pretalx beside the portal: on its PostgreSQL and broker, with the same submissions."""

from contextlib import closing

import psycopg2
from psycopg2.extensions import parse_dsn

from . import copied, environment
from .asking import beside

DATABASE = "pretalx"
# As many as `bulk.fill` answers.
BOXES = 30
QUESTIONS = "SELECT id, wording FROM consultations_question ORDER BY id"
PRINCIPLES = """
    SELECT v.id, 'Comment on principle ' || p.number FROM principles_principleversion v
    JOIN principles_principle p ON p.id = v.principle_id ORDER BY p.number
"""


class Pretalx:
    """One event that asks as much as `bulk.fill` answers of ours."""

    def __init__(self, portal, redis_url):
        self.portal = portal
        self._url = f"{portal.database_url.rpartition('/')[0]}/{DATABASE}"
        own = settings(portal.database_url, redis_url)
        self.environment = environment.PRETALX | own
        self._create_database()
        self._places = self._ask()

    def _create_database(self):
        with closing(psycopg2.connect(self.portal.database_url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {DATABASE}")
        migrate = [environment.PYTHON, "-m", "pretalx", "migrate"]
        environment.run(migrate, self.environment)
        copied.leave_room(self._url)

    def _ask(self):
        """Make the event and its questions; return which of them stands for which of ours."""
        questions = self.portal.rows(QUESTIONS)
        versions = self.portal.rows(PRINCIPLES)[: BOXES - len(questions)]
        with self.process() as process:
            wordings = [wording for _, wording in questions + versions]
            made = process.ask("prepare", wordings=wordings).value
        theirs = made.pop("questions")
        return made | {
            "questions": [pk for pk, _ in questions],
            "of_questions": theirs[: len(questions)],
            "versions": [pk for pk, _ in versions],
            "of_versions": theirs[len(questions) :],
        }

    def copy(self):
        """Give it what was sent to us since this was done last."""
        copied.copy(self.portal.database_url, self._url, self._places)

    def process(self):
        log = self.portal.data_dir / "pretalx.log"
        return beside("pretalx_site", self.environment, log, environment.PYTHON)


def settings(database_url, redis_url):
    """Return what its documents recommend: PostgreSQL, and Redis for cache and Celery."""
    parts = parse_dsn(database_url)
    redis = redis_url.rpartition("/")[0]
    return {
        "PRETALX_DB_TYPE": "postgresql",
        "PRETALX_DB_NAME": DATABASE,
        "PRETALX_DB_USER": parts["user"],
        "PRETALX_DB_PASS": parts["password"],
        "PRETALX_DB_HOST": parts["host"],
        "PRETALX_DB_PORT": parts["port"],
        "PRETALX_REDIS": f"{redis}/1",
        "PRETALX_CELERY_BROKER": f"{redis}/2",
        "PRETALX_CELERY_BACKEND": f"{redis}/3",
    }
