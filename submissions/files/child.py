"""Has a process of its own read a file: whatever the file is, it can hurt nobody else."""

import json
import logging
import subprocess
import sys

from django.conf import settings

from .refusals import Unacceptable

logger = logging.getLogger(__name__)

# By the clock on the wall; the child has a shorter bound on its own work.
SECONDS = 30


def ask(module, *arguments):
    """Return what a module of ours prints as JSON; raises Unacceptable.

    The child gets no settings, so that it has no secret to give away.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(child.stdout)
    except (subprocess.TimeoutExpired, OSError) as error:
        logger.error("A file could not be read: %s", type(error).__name__)
        raise Unacceptable("unchecked") from error
    except (subprocess.CalledProcessError, ValueError) as error:
        # The file drove it beyond its bounds, or made it crash.
        logger.warning("Reading a file ended with %s", type(error).__name__)
        raise Unacceptable("damaged") from error
