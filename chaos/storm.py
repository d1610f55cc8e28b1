"""Faults at random moments, seeded: each is mended after a while, and several overlap."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass

import psycopg2

# What follows from a fault may show this much later.
AFTERMATH = 5


@dataclass(frozen=True)
class Episode:
    """One fault that happened, by the monotonic clock."""

    name: str
    started_at: float
    ended_at: float

    def covers(self, start, end):
        return start <= self.ended_at + AFTERMATH and end >= self.started_at


class Storm:
    def __init__(self, world, faults, seed):
        self.world, self.faults = world, faults
        self.episodes = []
        # Those that found nothing to break: it was broken already.
        self.missed = Counter()
        self._choose = random.Random(seed)
        self._deck = []
        self._busy = set()
        self._threads = []

    def blow(self, seconds, gap, tell):
        """Inject faults for so long, `gap` seconds apart in the mean; wait for their ends."""
        ends_at = time.monotonic() + seconds
        told_at = time.monotonic()
        while time.monotonic() < ends_at:
            time.sleep(min(self._choose.expovariate(1 / gap), 4 * gap))
            self._inject(self._draw())
            if time.monotonic() > told_at + 10:
                told_at = time.monotonic()
                tell(f"{ends_at - told_at:.0f} s left, {len(self.episodes)} faults")
        for thread in self._threads:
            thread.join()

    def _draw(self):
        """Return the next fault of a shuffled deck, so that each has its turn."""
        if not self._deck:
            self._deck = [fault for fault in self.faults for _ in range(fault.weight)]
            self._choose.shuffle(self._deck)
        return self._deck.pop()

    def _inject(self, fault):
        if fault.part and fault.part in self._busy:
            self.missed[fault.name] += 1
            return
        self._busy.add(fault.part)
        lasts = self._choose.uniform(*fault.lasts)
        thread = threading.Thread(target=self._happen, args=[fault, lasts], daemon=True)
        self._threads.append(thread)
        thread.start()

    def _happen(self, fault, lasts):
        started_at = time.monotonic()
        try:
            with fault.happen(self.world):
                time.sleep(lasts)
        except (psycopg2.Error, LookupError):
            self.missed[fault.name] += 1
        else:
            episode = Episode(fault.name, started_at, time.monotonic())
            self.episodes.append(episode)
        finally:
            self._busy.discard(fault.part)
