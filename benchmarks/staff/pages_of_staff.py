"""The staff site's pages, each asked for at several sizes in turn."""

import time

from django.urls import reverse
from django.utils import timezone

from benchmarks.comparing import at_most
from consultations.models import Question
from principles.models import PrincipleVersion, Sentence
from review import keeping, kept
from review.made_up import make_submissions
from review.models import KeptFigure, Theme
from submissions.models import Submission

from . import copies, sizes

ROUNDS, FIRST_LOOKS = 9, 3
RATIO = 1.5
WITH_FIGURES = (
    "home",
    "list",
    "one question",
    "theme counts, by question",
    "charts, all",
    "publishing",
)


def measure(report, counted, above, large):
    first = sizes.first()
    make_submissions(first.call, counted, with_work=True)
    middle, grown = first.copy("middle"), first.copy("grown")
    for size, number in ((middle, above), (grown, large)):
        with size.in_use():
            copies.copy_to(number)
    for size in (first, middle, grown):
        with size.in_use():
            copies.have_everybody_word(sentence_of_all(size.call))
            keeping.keep_all()
        size.open_staff_site()
    compare(
        report,
        grown,
        {f"itself at {counted:,}": first, f"itself at {above:,}": middle},
        at_most(RATIO),
        asked=all_pages,
    )
    look_first(report, grown, first, f"itself at {counted:,}, always counted")
    with grown.in_use():
        recount(report, large)


def recount(report, large):
    forget()
    words = f"the worker counts all that is kept of {large:,} submissions"
    report.figure(words, "ms").values.append(timed(keeping.keep_all))


def compare(report, grown, beside, to_reach=None, rounds=ROUNDS, asked=None):
    """Report each page of a grown size beside itself at others, {words: size}.

    Searches find more where there is more, and have targets of their own.
    """
    asked = asked or pages
    addresses = {}
    for size in (grown, *beside.values()):
        with size.in_use():
            addresses[size] = asked(size.call)
    for name in addresses[grown]:
        comparisons = {
            size: report.compare(
                name, words, "ms", None if "search" in name else to_reach
            )
            for words, size in beside.items()
        }
        for number in range(rounds + 1):
            taken = {size: ask(size, every[name]) for size, every in addresses.items()}
            # The first fills caches.
            if number:
                for size, comparison in comparisons.items():
                    comparison.add(taken[grown], taken[size])


def look_first(report, grown, small, words):
    """Report pages of which nothing is kept that is fresh."""
    with grown.in_use():
        addresses = pages(grown.call)
    with small.in_use():
        beside = pages(small.call)
    for name in WITH_FIGURES:
        for what, age in AGED.items():
            comparison = report.compare(f"{name}: {what}", words, "ms")
            for _round in range(FIRST_LOOKS):
                with grown.in_use():
                    age()
                comparison.add(ask(grown, addresses[name]), ask(small, beside[name]))


def forget():
    KeptFigure.objects.all().delete()


def grow_old():
    KeptFigure.objects.update(counted_at=timezone.now() - 2 * kept.KEPT_FOR)


AGED = {"a first look": forget, "old figures": grow_old}


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
            "charts, all": reverse("admin:review_charts"),
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


def all_pages(call):
    """Return the same, and the sentence for which everybody suggests another wording."""
    sentence = reverse("admin:review_sentence", args=[sentence_of_all(call).pk])
    return pages(call) | {"one sentence, worded by all": sentence}


def sentence_of_all(call):
    return Sentence.objects.filter(version__principle__consultation=call).last()


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
        "search, less common word": "?q=Ashbourne",
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
