"""The child process that reads an uploaded file: `-m submissions.files.check EXTENSION
PATH CLEANED`.

Prints one line of JSON: what was found, or why the file is refused. A copy to keep in place
of the file, when there is one, is written to CLEANED. Whatever goes wrong is a refusal.
"""

import json
import resource
import sys
from importlib import import_module
from pathlib import Path

from .checks import Refused
from .kinds import KINDS, MEGABYTE

MEMORY = 1024 * MEGABYTE
CPU_SECONDS = 20
WRITTEN = 200 * MEGABYTE


def main(extension, path, cleaned):
    keep_within_bounds()
    try:
        found = look_inside(extension, Path(path), Path(cleaned))
    except Refused as refusal:
        found = {"refused": refusal.code}
    except Exception as error:
        found = {"refused": "damaged", "error": type(error).__name__}
    print(json.dumps(found))


def keep_within_bounds():
    """Bound what this process may use from now on."""
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CPU, CPU_SECONDS)
    limit(resource.RLIMIT_FSIZE, WRITTEN)
    limit(resource.RLIMIT_CORE, 0)


def limit(what, most):
    resource.setrlimit(what, (most, most))


def look_inside(extension, path, cleaned):
    if extension:
        is_active = read(extension, path, cleaned)
    else:
        extension, is_active = guess(path, cleaned)
    return {
        "extension": extension,
        "is_active": is_active,
        "is_cleaned": cleaned.stat().st_size > 0,
    }


def read(extension, path, cleaned):
    """Return whether it can run or load something when opened; raises Refused."""
    module = import_module(f"submissions.files.checks.{KINDS[extension].checked_by}")
    return module.check(path, extension, cleaned)


def guess(path, cleaned):
    """Return the extension that a file without one should have, and what `read` does."""
    for extension in KINDS:
        try:
            return extension, read(extension, path, cleaned)
        except Refused as refusal:
            if refusal.code != "type":
                raise
    raise Refused("type")


if __name__ == "__main__":
    main(*sys.argv[1:])
