"""What people would otherwise install, on equal data: pretalx and django-import-export.

Their packages lie in var/bench/peers, as requirements-peers.txt pins them. All use one
PostgreSQL and one broker; pretalx has a database of its own, with the same submissions.
Files are made in a new process each, so that its memory can be told; pages are asked for in
turn: ours, theirs, ours, theirs. What a page costs is the CPU of the process that answers
and of PostgreSQL together.
"""

from benchmarks.comparing import at_least

from . import environment, pages
from .files import Files
from .sites import IMPORT_EXPORT, PRETALX, sites

# Pages at each. A file at the second, which takes pretalx a minute, and without it beyond.
SIZES, LARGEST = (100, 1_000, 10_000), 100_000
SMALL_SIZES = (20, 40)
# To reach at the largest size that a peer is asked for.
FASTER = at_least(5)


def measure(report, quick=False):
    sizes, rounds = (SMALL_SIZES, 1) if quick else (SIZES, 5)
    growth = []
    with sites() as both:
        versions = environment.versions(PRETALX, IMPORT_EXPORT)
        report.note(f"Beside {' and '.join(versions)}.")
        files = Files(report, both, rounds=min(rounds, 3))
        for size in sizes:
            both.grow(size)
            if size == sizes[0]:
                files.check()
            elif size == sizes[1]:
                files.compare(PRETALX, FASTER)
            if size != sizes[0]:
                files.compare(IMPORT_EXPORT)
            growth.append(pages.compare(report, both, size, rounds))
        if not quick:
            both.grow(LARGEST, alone=True)
            files.compare(IMPORT_EXPORT, FASTER)
    pages.draw(report, sizes, growth)
