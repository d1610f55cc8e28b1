"""How long the staff site's pages take at 100,000 submissions, beside themselves at 1,000.

Whole pages, through all of the site but its web server. The submissions have 1,650 words on
average, and colleagues have read and themed them. A page that shows more at 100,000, because
more was said there, is dearer for that too: the sentence, and the list by type and channel.
"""

from benchmarks.portals import portal


def measure(report, quick=False):
    small, large = (100, 3_000) if quick else (1_000, 100_000)
    with portal() as made:
        made.did("collectstatic", "--no-input")
        # Models, which can be imported from here on.
        from . import pages_of_staff  # noqa: PLC0415

        pages_of_staff.measure(report, small, large)
