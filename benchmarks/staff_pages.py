"""How long the staff site's pages take, and how many queries, as a call grows.

    DATA_DIR=var-bench PORT=8009 make run            # in one window: servers of its own
    DATA_DIR=var-bench .venv/bin/python -m benchmarks.staff_pages 1000 100000

Makes submissions up to each size, asks for each page nine times in this process, through
all of the site but its web server, and prints a table in Markdown: the median and the
slowest at each size, their ratio to the first size, and the number of queries, which must
not grow. The rehearsal in DATA_DIR is to be a new one.
"""

import argparse
import math
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from consultations.models import Consultation, Question  # noqa: E402
from principles.models import PrincipleVersion  # noqa: E402
from review import figures  # noqa: E402
from review.made_up import make_submissions  # noqa: E402
from review.models import Theme  # noqa: E402
from submissions.models import Submission  # noqa: E402
from tests.staff import sign_in  # noqa: E402

TIMES = 9


def pages(call):
    """Return {name: address} of what is measured."""
    return (
        lists()
        | pages_of_one(call)
        | {
            "home": reverse("admin:index"),
            "across": reverse("admin:review_across"),
            "codebook": reverse("admin:review_themes"),
            "theme counts, by question": reverse("admin:review_themes_counts"),
            "theme counts, by type": reverse("admin:review_themes_counts") + "?by=type",
            "charts of a selection": reverse("admin:review_charts") + "?type=academic",
            "publishing": reverse("admin:review_publishing"),
            "intake": reverse("admin:review_intake"),
            "exports": reverse("admin:review_exports"),
            "people": reverse("admin:auth_user_changelist"),
            "late requests": reverse("admin:submissions_laterequest_changelist"),
            "erasures": reverse("admin:review_erasures"),
            "audit log": reverse("admin:review_audit_log"),
            "emails": reverse("admin:outbox_outgoingemail_changelist"),
        }
    )


def lists():
    found = reverse("admin:submissions_submission_changelist")
    theme = Theme.objects.order_by("pk").first()
    asked = {
        "list": "",
        "list, type and channel": "?type=academic&type=think-tank&channel=email",
        "list, theme": f"?theme={theme.pk}",
        "list, unread by me": "?read=not-by-me",
        "list, nobody's": "?assignee=nobody",
        "list, page 100": "?page=100",
        "search, common word": "?q=contracts",
        "search, rare word": "?q=Ashbourne",
        "search, phrase": "?q=%22smaller+lots%22",
        "search and filter": "?q=library&type=councillor",
    }
    return {name: found + query for name, query in asked.items()}


def pages_of_one(call):
    question = Question.objects.order_by("pk").first()
    version = PrincipleVersion.objects.order_by("pk").first()
    newest = Submission.objects.submitted().first()
    theme = Theme.objects.order_by("pk").first()
    of = {
        "reading": ("admin:submissions_submission_change", newest.pk),
        "one question": ("admin:review_question", question.pk),
        "one principle": ("admin:review_principle", version.principle_id),
        "one sentence": ("admin:review_sentence", version.sentences.first().pk),
        "passages of a theme": ("admin:review_theme_passages", theme.pk),
        "reminders": ("admin:review_reminders", call.slug),
        "public responses": ("published:responses", call.slug),
    }
    return {name: reverse(page, args=[one]) for name, (page, one) in of.items()}


def measure(client, address):
    """Return (median, slowest) in milliseconds and the number of queries."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    # Now: the next request forgets them.
    asked = len(queries)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        b"".join(client.get(address))
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), max(taken), asked


def grow(call, size):
    more = size - call.submissions.submitted().count()
    if more > 0:
        make_submissions(call, more, with_work=True)
        with connection.cursor() as cursor:
            # As autovacuum does in the minutes that follow.
            cursor.execute("SET statement_timeout = 0")
            connection.connection.patience = math.inf
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("RESET statement_timeout")
            del connection.connection.patience
        figures.keep(call)


def main(sizes):
    call = Consultation.objects.get(is_rehearsal=True)
    staff = get_user_model().objects.filter(is_superuser=True).first()
    client = sign_in(Client(headers={"host": "localhost"}), staff)
    measured = {}
    for size in sizes:
        print(f"Making {size:,} ...", file=sys.stderr)
        grow(call, size)
        for name, address in pages(call).items():
            measured.setdefault(name, []).append(measure(client, address))
    print(table(sizes, measured))


def table(sizes, measured):
    heads = [f"{size:,}: median (slowest), ms | queries" for size in sizes]
    lines = [
        f"| page | {' | '.join(heads)} | ratio |",
        "|---" * (2 + 2 * len(sizes)) + "|",
    ]
    for name, figures_of_page in measured.items():
        cells = [
            f"{median:.0f} ({slowest:.0f}) | {queries}"
            for median, slowest, queries in figures_of_page
        ]
        ratio = figures_of_page[-1][0] / figures_of_page[0][0]
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="+", help="as in 1000 100000")
    main(parser.parse_args().sizes)
