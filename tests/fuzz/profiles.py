"""How much hypothesis makes up: a little and always the same in the suite.

HYPOTHESIS_PROFILE=thorough makes up much more, and something else each time.
"""

import os

from hypothesis import HealthCheck, Phase, settings

# A fixture stands for all examples of a test: each undoes what it did.
SHARED = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
]

settings.register_profile(
    "suite",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    # To find the shortest takes long: HYPOTHESIS_PROFILE=thorough does.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=SHARED,
)
settings.register_profile(
    "thorough",
    max_examples=2_000,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=SHARED,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
