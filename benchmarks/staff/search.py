"""Search as staff see it: the first page of what is found, with its count and excerpts.

Beside it PostgreSQL's count of what the same index finds, and Django's `icontains`, which the
admin would search by; and at 1,000,000 submissions beside itself at 100,000. A response has
1,650 words on average where nothing else is said, and 250 where there are a million. Warm is
what was searched for before; cold begins with a new connection and nothing in PostgreSQL's
memory, and then with none of the database's files in the machine's either.
"""

from benchmarks.portals import portal


def measure(report, quick=False):
    with portal() as made:
        made.did("collectstatic", "--no-input")
        # Models, which can be imported from here on.
        from . import searches  # noqa: PLC0415

        searches.measure(report, quick)
