"""Run the portal on three machines, take two of them away, and check that nothing was lost.

    make cluster                                   # two minutes; Linux, root, nginx

While people respond, one machine is killed and another cut off the network, so that the
third is alone for a while; then both come back. Prints a table in Markdown; the status is
1 when an invariant is broken, and 2 when this computer cannot make machines.
"""

import argparse
import http.client
import re
import sys
import time
from contextlib import contextmanager

from . import invariants, network
from .__main__ import ALL, SPEED, keep_log, tell, wait_until, waiting
from .browser import Browser
from .machines import WEB_PORT, Machines
from .notebook import Notebook
from .outbox_clock import OutboxClock
from .report import figures, row, tally
from .respondents import CALL, Crowd
from .storm import Episode

MACHINES = 3
RESPONDENTS = 6
FILE = re.compile(r'href="(/evidence/[^"]+/files/[^"/]+/)"')


def main():
    options = read_options()
    try:
        network.enter()
    except network.CannotMakeMachines as problem:
        tell(f"No machines: {problem}")
        return 2
    tell("Starting three machines ...")
    with Machines(MACHINES) as machines:
        notebook = Notebook()
        witnesses = [
            Witness(machine, machines, notebook) for machine in machines.machines
        ]
        crowd = Crowd(machines.place, notebook, machines.sink, options.seed)
        story = Story()
        with OutboxClock(machines, SPEED):
            crowd.start(RESPONDENTS)
            tell_the_story(machines, story, options.seconds)
            evidence = heal(machines, crowd, notebook, machines.sweep_files)
        read = files_read(witnesses, machines)
        problems = report(evidence, story, read)
        if problems:
            keep_log(machines)
    return int(problems)


def read_options():
    parser = argparse.ArgumentParser(
        prog="python -m chaos.cluster", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=8, help="of each episode")
    parser.add_argument("--seed", type=int, default=20261128)
    return parser.parse_args()


class Story:
    """What happened one after the other, as the episodes of a storm."""

    def __init__(self):
        self.episodes = []

    @contextmanager
    def episode(self, name):
        tell(f"{name} ...")
        started_at = time.monotonic()
        yield
        self.episodes.append(Episode(name, started_at, time.monotonic()))


def tell_the_story(machines, story, seconds):
    first, second, _third = machines.machines
    with story.episode("All three machines work"):
        time.sleep(seconds)
    with machines.dead(first):
        with story.episode("Machine 1 is killed"):
            time.sleep(seconds)
        alone = story.episode("Machine 2 is cut off too, machine 3 is alone")
        with machines.cut_off(second), alone:
            time.sleep(2 * seconds)
    with story.episode("Both come back"):
        wait_until(machines.answers_everywhere, 60)
        time.sleep(seconds)


def heal(parts, crowd, notebook, sweep_files):
    """Wait until all is well again, and return the evidence."""
    tell("Healing ...")
    stuck = crowd.finish(150)
    healed_at = time.monotonic()
    wait_until(lambda: not waiting(parts, ALL), 2 * invariants.LONGEST_WAIT)
    seconds = time.monotonic() - healed_at
    sweep_files()
    return invariants.gather(parts, notebook, seconds, stuck)


class BrowserAtMachine(Browser):
    """A browser that goes past the balancer."""

    machine = None

    def _connect(self):
        return http.client.HTTPConnection(self.machine.address, WEB_PORT, timeout=60)


class Witness:
    """Somebody whose file was uploaded through one machine before anything happened."""

    def __init__(self, machine, machines, notebook):
        self.content = f"Through {machine.name}".encode()
        self.browser = BrowserAtMachine(machines.place.url, notebook)
        self.browser.machine = machine
        self.browser.get(f"{CALL}/start/")
        self.url = self.browser.post(f"{CALL}/start/", {}).location
        notebook.begin(self.url.rstrip("/").rpartition("/")[2], "")
        self.browser.upload(f"{self.url}files/", "witness.txt", self.content)

    def reads(self, machine):
        """Whether the file comes back whole from a machine."""
        self.browser.machine = machine
        found = FILE.search(self.browser.get(f"{self.url}items/").text)
        answer = self.browser.get(found[1]) if found else None
        return bool(answer) and answer.text.encode() == self.content


def files_read(witnesses, machines):
    return [
        witness.reads(machine) for witness in witnesses for machine in machines.machines
    ]


def report(evidence, story, read=()):
    """Print what was found; whether anything is broken."""
    print(
        "| what happened | s | receipts | slowest receipt | lost | doubled | unflagged |"
    )
    print("|---|---|---|---|---|---|---|")
    for episode in story.episodes:
        seconds = round(episode.ended_at - episode.started_at)
        receipts, *rest = tally(evidence, [episode])
        slowest = f"{slowest_during(evidence, episode):.1f} s"
        print(row(episode.name, seconds, receipts, slowest, *rest))
    print()
    print("\n".join(figures(evidence, story)))
    if read:
        print(
            f"{sum(read)} of {len(read)} files were read whole, through each machine."
        )
    print()
    broken = invariants.broken(evidence)
    for name, found in broken.items():
        print(f"- {'BROKEN' if found else 'holds'}: {name}")
        print("".join(f"    - {what}\n" for what in found[:5]), end="")
    return any(broken.values()) or not all(read)


def slowest_during(evidence, episode):
    return max(
        (
            receipt.seconds
            for receipt in evidence.notebook.receipts
            if episode.covers(receipt.asked_at, receipt.asked_at + receipt.seconds)
        ),
        default=0,
    )


if __name__ == "__main__":
    sys.exit(main())
