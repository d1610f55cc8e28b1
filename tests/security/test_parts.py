"""What the portal is built of."""

import re

import pytest

from .conftest import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_its_hash(name):
    lines = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and not line.lstrip().startswith("#")]

    loose = [
        line
        for line in packages
        if not re.search(r"^[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]

    assert packages
    assert loose == []
    # No index stands beside the public one, so that no name can come from another.
    assert "index-url" not in (ROOT / name).read_text()
