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

    def blow(self, seconds, least, gap, tell):
        """Inject faults for so long, and at least so many; wait for their ends.

        They come `gap` seconds apart in the mean. A slow machine may take three times as
        long for the least.
        """
        started_at = told_at = time.monotonic()
        ends_at = started_at + seconds
        while time.monotonic() < ends_at or self._is_short_of(
            least, started_at + 3 * seconds
        ):
            time.sleep(min(self._choose.expovariate(1 / gap), 4 * gap))
            if self.faults:
                self._inject(self._draw())
            if time.monotonic() > told_at + 10:
                told_at = time.monotonic()
                tell(f"{len(self.episodes)} faults")
        for thread in self._threads:
            thread.join()

    def _is_short_of(self, least, gives_up_at):
        return len(self.episodes) < least and time.monotonic() < gives_up_at

    def _draw(self):
        """Return the next fault of a shuffled deck, so that each has its turn."""
        if not self._deck:
            self._deck = [fault for fault in self.faults for _ in range(fault.weight)]
            self._choose.shuffle(self._deck)
        return self._deck.pop()

    def _inject(self, fault):
        if fault.part and fault.part in self._busy:
            # At the bottom of the deck, so that its turn still comes.
            self._deck.insert(0, fault)
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
