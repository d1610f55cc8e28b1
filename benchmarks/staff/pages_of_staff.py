"""The staff site's pages, each asked for at two sizes in turn."""

import time

from django.urls import reverse

from benchmarks.comparing import at_most
from consultations.models import Question
from principles.models import PrincipleVersion
from review import keeping
from review.made_up import make_submissions
from review.models import Theme
from submissions.models import Submission

from . import copies, sizes

ROUNDS = 9
RATIO = 1.5


def measure(report, small, large):
    first = sizes.first()
    make_submissions(first.call, small, with_work=True)
    grown = first.copy("grown")
    with grown.in_use():
        copies.copy_to(large)
        counted = report.figure(
            f"the worker counts all that is kept of {large:,} submissions", "ms"
        )
        counted.values.append(timed(keeping.keep_all))
    compare(report, first, grown, f"itself at {small:,}", at_most(RATIO))


def compare(report, first, grown, words, to_reach=None, rounds=ROUNDS):
    """Report each page of a grown size beside itself at the first."""
    addresses = {}
    for size in (first, grown):
        size.open_staff_site()
        with size.in_use():
            addresses[size] = pages(size.call)
    for name in addresses[first]:
        comparison = report.compare(name, words, "ms", to_reach)
        for number in range(rounds + 1):
            taken = [ask(size, addresses[size][name]) for size in (grown, first)]
            # The first fills caches.
            if number:
                comparison.add(*taken)


def ask(size, address):
    """Return how many milliseconds a page takes."""
    with size.in_use():
        begun = time.perf_counter()
        answer = size.client.get(address)
        b"".join(answer)
        taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return taken


def timed(work):
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


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
