"""How long the staff site's pages take at 100,000 submissions, beside themselves at fewer.

Whole pages, through all of the site but its web server. The submissions have 1,650 words on
average, and colleagues have read and themed them. Beside 1,000, whose figures are counted for
each visit, stand kept figures; beside 3,000 both are kept, and pages are nearly as full as at
100,000: at 1,000 one sentence has five comments where a page has room for 25, and the list by
type and channel nine rows of 50. "Worded by all" is a sentence for which everybody suggests a
wording that nobody else does. "A first look" is at a call whose worker has not counted yet, "old
figures" are those that it left for half an hour: both are counted by whoever looks, once.
"""

from benchmarks.portals import portal


def measure(report, quick=False):
    counted, kept, large = (100, 2_100, 3_000) if quick else (1_000, 3_000, 100_000)
    with portal() as made:
        made.did("collectstatic", "--no-input")
        # Models, which can be imported from here on.
        from . import pages_of_staff  # noqa: PLC0415

        pages_of_staff.measure(report, counted, kept, large)
