"""What staff search for, from words that many use to those of a few, at each size."""

import os
from random import Random
from urllib.parse import quote_plus

import psutil
from django.db import connection, transaction
from django.urls import reverse

from benchmarks.bulk import in_bulk
from benchmarks.comparing import at_most, share_of
from benchmarks.processes import cpu_of
from review import keeping
from review.finding.search import CONFIG
from review.made_up import make_submissions
from submissions.models import Submission

from . import cold, copies, pages_of_staff, sizes

# In how many of a hundred submissions a word stands.
CLASSES = {"rare word": (0.001, 0.1), "medium word": (0.5, 2), "common word": (10, 40)}
PHRASES = ['"smaller lots"', '"trust takes years"', '"local charity"', '"the pilot"']
P95, GROWTH, GROWTH_ROUNDS = 100, 3, 3
COLD_EACH = 10
COLD = {
    "PostgreSQL's buffers empty": cold.empty_buffers,
    "the machine's cache empty too": cold.empty_machine,
}
COUNT = (
    "SELECT count(*) FROM review_searchdocument"
    " WHERE words @@ websearch_to_tsquery(%s, %s)"
)


def measure(report, quick):
    base, large, largest, each = (
        (100, 2_000, 6_000, 4) if quick else (1_000, 100_000, 1_000_000, 20)
    )
    first = sizes.first()
    make_submissions(first.call, base, with_work=True)
    long = grown(first, "long", large)
    with long.in_use():
        queries = chosen(each)
    beside_the_index(report, long, queries, large)
    beginning_cold(report, long, queries, large)
    with first.in_use():
        copies.shorten()
    short, most = grown(first, "short", large), grown(first, "most", largest)
    beside_icontains(report, short, queries)
    at_both_sizes(report, queries, {large: short, largest: most})
    words = f"itself at {large:,}; at {largest:,}"
    pages_of_staff.compare(report, most, {words: short}, rounds=3)


def grown(first, name, count):
    size = first.copy(name)
    with size.in_use():
        copies.copy_to(count)
        keeping.keep_all()
    size.open_staff_site()
    return size


def chosen(each):
    """Return {class: so many searches}, by how many submissions hold them here."""
    words = copies.vocabulary(Random(1))
    ranks = sorted({*range(60), *(int(1.03**power) for power in range(348))})
    standing = Submission.objects.submitted().count()
    shares = {
        words[rank]: 100 * count(words[rank]) / standing
        for rank in ranks
        if rank < len(words)
    }
    queries = {
        name: spread([w for w, share in shares.items() if low <= share <= high], each)
        for name, (low, high) in CLASSES.items()
    }
    pairs = zip(queries["common word"], queries["medium word"], strict=False)
    paragraphs = copies.paragraphs_of(Random(1))
    said = [f'"{" ".join(next(paragraphs).split()[:2])}"' for _ in range(each)]
    return queries | {
        "two words": [f"{common} {medium}" for common, medium in pairs],
        "phrase": (PHRASES + said)[:each],
    }


def spread(words, number):
    """Return so many of these, from the first to the last."""
    return words[:: max(1, len(words) // number)][:number]


def count(words):
    """Count by the index; of very many PostgreSQL would read each vector instead."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(COUNT, [CONFIG, words])
        return cursor.fetchone()[0]


def page(size, words):
    """Return how many milliseconds the first page of a search takes."""
    found = reverse("admin:submissions_submission_changelist")
    return pages_of_staff.ask(size, f"{found}?q={quote_plus(words)}")


def beside_the_index(report, size, queries, submissions):
    everything = []
    for name, searches in queries.items():
        comparison = report.compare(
            f"search, {name}: first page", "the count from the GIN index alone", "ms"
        )
        for words in ["warm", *searches]:
            taken = page(size, words)
            with size.in_use():
                counting = pages_of_staff.timed(lambda words=words: count(words))
            if words != "warm":
                comparison.add(taken, counting)
        pages = [ours for ours, _counting in comparison.rounds]
        everything += pages
        report_p95(report, f"search in {submissions:,}, {name}", pages, at_most(P95))
    report_p95(report, f"search in {submissions:,}, all", everything, at_most(P95))


def beginning_cold(report, size, queries, submissions):
    """Each searched for once, by a new connection, with nothing in PostgreSQL's memory."""
    for what, empty in COLD.items():
        everything = []
        for name, searches in queries.items():
            figure = report.figure(f"search, {name}: {what}", "ms")
            for words in searches[:COLD_EACH]:
                empty(size)
                figure.values.append(page(size, words))
            everything += figure.values
        report_p95(report, f"search in {submissions:,}, all, {what}", everything)


def report_p95(report, work, values, to_reach=None):
    figure = report.figure(f"{work}: p95 of {len(values)}", "ms", to_reach)
    figure.values.append(share_of(values, 0.95))


def beside_icontains(report, size, queries):
    """Both on the shorter texts; `icontains` in the answers alone, which is less work."""
    for name, searches in queries.items():
        comparison = report.compare(
            f"search, {name}: first page", "`icontains`: its count and a page", "ms"
        )
        for words in searches[:2]:
            with size.in_use(), in_bulk():
                plain = words.split()[0] if name == "two words" else words.strip('"')
                counting = pages_of_staff.timed(lambda plain=plain: icontains(plain))
            page(size, words)
            comparison.add(page(size, words), counting)


def icontains(words):
    found = Submission.objects.submitted().filter(answers__text__icontains=words)
    found = found.distinct()
    return found.count(), list(found[:25])


def at_both_sizes(report, queries, sizes):
    """CPU, which other work on the machine does not change, and the time it takes."""
    (large, short), (largest, most) = sizes.items()
    costs, everything = {f"{large:,}": [], f"{largest:,}": []}, []
    for name, searches in queries.items():
        work, itself = f"search, {name}: CPU at {largest:,}", f"itself at {large:,}"
        comparison = report.compare(work, itself, "ms", at_most(GROWTH))
        for number in range(GROWTH_ROUNDS + 1):
            ours, taken = cost_of(most, searches)
            theirs, _taken = cost_of(short, searches)
            # The first fills caches.
            if number:
                comparison.add(ours, theirs)
                everything += taken
        costs[f"{large:,}"].append(comparison.theirs)
        costs[f"{largest:,}"].append(comparison.ours)
    report_p95(report, f"search in {largest:,}, all", everything)
    report.chart("CPU of a search's first page", "ms", list(queries), costs)


def cost_of(size, searches):
    """Return the CPU of one of these, ours and PostgreSQL's, and how long each took."""
    with size.in_use():
        connection.ensure_connection()
        postgres = psutil.Process(connection.connection.info.backend_pid).ppid()
    with cpu_of(os.getpid(), postgres) as used:
        taken = [page(size, words) for words in searches]
    return used.seconds * 1000 / len(searches), taken
