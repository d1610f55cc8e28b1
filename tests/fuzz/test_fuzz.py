"""A short run of what `make fuzz` does for longer."""

import os
import random

from .fuzzer import Fuzzer

SECONDS = float(os.environ.get("FUZZ_SECONDS", "10"))
AT_MOST = None if "FUZZ_SECONDS" in os.environ else 500
SEED = os.environ.get("FUZZ_SEED", "2018")


def test_nothing_that_is_asked_breaks_or_loses_anything(people, known, capsys):
    fuzzer = Fuzzer(people, known, random.Random(SEED))

    fuzzer.run(SECONDS, AT_MOST)

    if AT_MOST is None:
        with capsys.disabled():
            print(
                f"\n{fuzzer.count} requests to {len(fuzzer.routes)} addresses, "
                f"seed {SEED}: {len(fuzzer.faults)} faults"
            )
    assert fuzzer.faults == [], "\n".join(fuzzer.faults)
