"""What hardware so many respondents on the last evening need, on paper.

It reckons with what `costs` measured last, and with the habits below: change them, and run
`python -m benchmarks model` again. For each part of the portal

    cores = responses a second × Σ (times somebody does a thing × its CPU) / share in use
    responses a second = respondents × share in the busiest hour / 3600 × burst

and as many are there at once as come in a second of that hour, times the seconds that they
stay.
"""

import math
from dataclasses import dataclass

from benchmarks.comparing import as_number, kept

from .costs import GROUPS, STEPS

SIZES = [1_000, 10_000, 100_000, 1_000_000]
# How often somebody does each thing of costs.STEPS that evening. Most of what they write
# they write there, for 25 minutes all in all, and it is saved every ten seconds.
TIMES = dict(zip(STEPS, [1, 1, 6, 150, 6, 2, 0.5, 0.3, 1], strict=True))
SAVES = sum(times for step, times in TIMES.items() if step.name.startswith("save"))
EMAILS = 1.3
MINUTES_THERE = 90

# Of the evening's responses this share is sent within its busiest hour,
BUSIEST_HOUR = 0.35
# and in its busiest minutes they come so much faster than on average.
BURST = 2
# A processor that is busier than this has people wait for one another.
IN_USE = 0.5

# What is taken for one machine.
CORES = 8
WORKERS_A_CORE = 2
# As RELAY_CONNECTIONS has it.
CONNECTIONS_A_SENDER = 2
# Measured with `load`: three and their master held 240.
MEGABYTES_A_PROCESS = 80


@dataclass(frozen=True)
class Costs:
    """Of one response: milliseconds of CPU by group of parts, and kilobytes."""

    cpu: dict
    log: float
    disk: float


@dataclass(frozen=True)
class Needs:
    """At the busiest moment of an evening, but for `disk` and `log`: those are its sum."""

    respondents: int
    rate: float
    cores: dict
    log: float
    disk: float

    @property
    def there_at_once(self):
        return self.rate / BURST * MINUTES_THERE * 60

    @property
    def processes(self):
        """Those of gunicorn, as deploy/gunicorn.conf.py has it."""
        return max(math.ceil(self.cores["web"]), 2)

    @property
    def connections(self):
        """Those to PostgreSQL while many emails wait, with the loop's and the beat's."""
        senders = WORKERS_A_CORE * math.ceil(self.cores["worker"]) + 1
        return self.processes + CONNECTIONS_A_SENDER * senders + 1


def measure(report, quick=False):
    costs = costs_of_a_response()
    needs = [needs_of(size, costs) for size in SIZES]
    for group, milliseconds in costs.cpu.items():
        report.figure(f"CPU of {group}, a response", "ms").values.append(milliseconds)
    report.figure("log of PostgreSQL, a response", "KB").values.append(costs.log)
    for cores in (2, CORES):
        most = report.figure(
            f"respondents an evening, {cores} cores for everything", ""
        )
        most.values.append(most_on(cores, costs))
    report.note(table(needs))
    report.note(first_to_break(needs))


def costs_of_a_response():
    found = kept("costs")
    if found is None:
        raise SystemExit("Measure first what things cost: python -m benchmarks costs")
    figures = {figure.work: figure.value for figure in found[0].figures}

    def together(what):
        return sum(
            times * figures[f"{step.name}: {what}"] for step, times in TIMES.items()
        )

    return Costs(
        cpu={group: together(f"CPU of {group}") for group in GROUPS},
        log=together("log of PostgreSQL"),
        disk=figures["disk of PostgreSQL, a response"],
    )


def rate_of(respondents):
    return respondents * BUSIEST_HOUR / 3600 * BURST


def needs_of(respondents, costs):
    rate = rate_of(respondents)
    return Needs(
        respondents=respondents,
        rate=rate,
        cores={group: rate * it / 1000 / IN_USE for group, it in costs.cpu.items()},
        log=respondents * costs.log / 1e6,
        disk=respondents * costs.disk / 1e6,
    )


def most_on(cores, costs):
    """Return how many respondents one machine with everything on it takes an evening."""
    a_second = cores * IN_USE / (sum(costs.cpu.values()) / 1000)
    return a_second / rate_of(1)


def table(needs):
    rows = {
        "responses a second, busiest minutes": lambda one: one.rate,
        "people there at once": lambda one: one.there_at_once,
        "cores of web servers": lambda one: one.cores["web"],
        f"machines of {CORES} cores for them": machines,
        "their memory, GB": lambda one: one.processes * MEGABYTES_A_PROCESS / 1000,
        "cores of PostgreSQL": lambda one: one.cores["PostgreSQL"],
        "cores of workers": lambda one: one.cores["worker"],
        "connections to PostgreSQL": lambda one: one.connections,
        "saved a second": lambda one: one.rate * SAVES,
        "emails a second": lambda one: one.rate * EMAILS,
        "log of PostgreSQL that evening, GB": lambda one: one.log,
        "disk of PostgreSQL for it, GB": lambda one: one.disk,
    }
    head = " | ".join(f"{one.respondents:,}" for one in needs)
    lines = [f"| respondents on the last evening | {head} |", "|---" * 5 + "|"]
    for name, of in rows.items():
        cells = " | ".join(shown(of(one)) for one in needs)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


def machines(needs):
    if sum(needs.cores.values()) <= CORES:
        return "one for everything"
    return math.ceil(needs.cores["web"] / CORES)


def shown(value):
    return value if isinstance(value, str) else as_number(value)


def first_to_break(needs):
    largest = needs[-1]
    database = largest.cores["PostgreSQL"]
    return (
        "Machines for the web and for workers are added side by side. PostgreSQL is one"
        f" machine: with {largest.respondents:,} respondents it wants"
        f" {as_number(database)} cores, so it is what breaks first. One of 64 cores"
        f" carries {as_number(64 / database * largest.respondents)}."
    )
