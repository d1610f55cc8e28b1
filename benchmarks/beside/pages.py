"""The pages of the portal and of pretalx, in turn: CPU, queries and bytes."""

from dataclasses import dataclass

from benchmarks.processes import cpu_seconds

from .asking import Process
from .sites import PRETALX

TEXT = ("Eleven agreements became three. " * 9)[:270]
# By name: what is asked for, and how often in a round.
PAGES = {
    "All boxes to write in": ("boxes", 4),
    "A whole response": ("respond", 2),
    "Staff: the list's first page": ("list", 4),
    "Staff: search for an organisation": ("search who", 4),
    "Staff: read one submission": ("read", 4),
}
DRAWN = ("A whole response", "Staff: the list's first page")
# pretalx looks into titles, names and codes.
SEARCH = "Staff: search in all texts, which pretalx has not"
HEAD = "| page, {size:,} sent | queries, ours | pretalx's | KB, ours | pretalx's |"


@dataclass
class Side:
    """A process that answers, and the PostgreSQL that it asks."""

    process: Process
    postgres: int
    word: str

    def ask(self, work, times=1):
        """Return what one time cost; `ms` counts the CPU of both."""
        fields = {
            "search who": {"word": self.word},
            "search texts": {"word": "contracts"},
            "respond": {"text": TEXT},
        }
        before = cpu_seconds(self.postgres)
        cost = self.process.ask(work, times=times, **fields.get(work, {}))
        in_postgres = (cpu_seconds(self.postgres) - before) / times
        cost.ms = (cost.cpu + in_postgres) * 1000
        return cost


def compare(report, both, size, rounds):
    """Compare every page at a size; return what each cost: {name: (ours, theirs)}."""
    found, lines = {}, [HEAD.format(size=size), "|---" * 5 + "|"]
    with both.ours() as ours, both.pretalx() as theirs:
        sides = [Side(one, both.postgres, both.a_name()) for one in (ours, theirs)]
        for name, (work, times) in PAGES.items():
            compared = report.compare(f"{name}; {size:,} sent", PRETALX, "ms of CPU")
            # The first one imports and loads, whoever asks.
            for side in sides:
                side.ask(work)
            lines.append(sizes_of(name, [side.ask(work) for side in sides]))
            for _ in range(rounds):
                compared.add(*[side.ask(work, times).ms for side in sides])
            found[name] = compared.ours, compared.theirs
        beyond(report, *sides, size, rounds)
    report.note("\n".join(lines))
    return found


def beyond(report, ours, theirs, size, rounds):
    """Say what finding a word in all that was sent costs, and what both have in memory."""
    search = report.figure(f"{SEARCH}; {size:,} sent", "ms of CPU")
    found = [ours.ask("search texts") for _ in range(rounds)]
    search.values = [cost.ms for cost in found]
    memory = report.compare(f"Memory after all this; {size:,} sent", PRETALX, "MB")
    memory.add(found[-1].peak_mb, theirs.ask("list").peak_mb)


def sizes_of(name, costs):
    cells = [f"{cost.queries:.0f}" for cost in costs]
    cells += [f"{cost.value / 1000:.0f}" for cost in costs]
    return f"| {name} | {' | '.join(cells)} |"


def draw(report, sizes, growth):
    """Draw how what it costs grows with the number of submissions."""
    for name in DRAWN:
        ours, theirs = zip(*(found[name] for found in growth), strict=True)
        labels = [f"{size:,}" for size in sizes]
        series = {"ours": ours, PRETALX: theirs}
        report.chart(f"{name}, by submissions", "ms of CPU", labels, series)
