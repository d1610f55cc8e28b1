"""`python -m tests.fuzz --seconds 60 --seed 7`: ask for what is not asked, for longer.

A fault is printed with the request that made it; the same seed makes it again.
"""

import argparse
import os
import subprocess
import sys
import time

parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--seed", default=str(int(time.time())))
asked = parser.parse_args()

sys.exit(
    subprocess.call(
        [
            *(sys.executable, "-m", "pytest", "tests/fuzz", "-q", "-vv"),
            *("-p", "no:cacheprovider", "--show-capture=no", "--tb=short"),
            f"--timeout={asked.seconds + 120:.0f}",
        ],
        env=os.environ | {"FUZZ_SECONDS": str(asked.seconds), "FUZZ_SEED": asked.seed},
    )
)
