"""The files of deploy/, which the docs use as they are."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from keepitlocal.watching.figures import FAMILIES

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
ALERTS = ROOT / "deploy" / "alerts.yml"
RULES = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
INSTALLED_IN = "/srv/keepitlocal/app"

COUNTED = {
    "keepitlocal_requests_total",
    "keepitlocal_request_seconds_bucket",
    "keepitlocal_errors_total",
}


def read(unit):
    # systemd may name one setting several times.
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    return parser


# Elsewhere than under systemd nobody would use them.
if shutil.which("systemd-analyze"):

    def test_systemd_takes_the_units(tmp_path):
        shutil.copytree(ROOT / "deploy" / "systemd", tmp_path, dirs_exist_ok=True)
        for unit in [*tmp_path.glob("*.*"), *tmp_path.glob("*/*.conf")]:
            if unit.is_file():
                # Where this is not installed its programs are this environment's.
                text = unit.read_text().replace(INSTALLED_IN, str(ROOT))
                unit.write_text(text.replace("/etc/keepitlocal.env", "/dev/null"))

        checked = subprocess.run(
            ["systemd-analyze", "verify", *(tmp_path / unit.name for unit in SERVICES)],
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
            capture_output=True,
            text=True,
        )

        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_runs_what_there_is(unit):
    command = read(unit)["Service"]["ExecStart"].split()
    program, *arguments = command

    assert program.startswith(f"{INSTALLED_IN}/.venv/bin/")
    assert (ROOT / ".venv" / "bin" / Path(program).name).exists()
    if arguments[0] == "manage.py":
        assert arguments[1] in get_commands()
    if "--config" in arguments:
        assert (ROOT / arguments[arguments.index("--config") + 1]).exists()


def test_what_is_to_run_for_ever_comes_back():
    always = [read(unit)["Service"].get("Restart") for unit in SERVICES
              if read(unit)["Service"].get("Type") != "oneshot"]  # fmt: skip

    assert set(always) == {"always"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_figures_that_there_are(rule):
    asked = set(re.findall(r"keepitlocal_\w+", rule["expr"]))

    told = {
        f"keepitlocal_{family.name}" + ("_total" if family.is_counter else "")
        for family in FAMILIES
    }
    assert asked <= told | COUNTED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_to_do(rule):
    page, anchor = rule["annotations"]["todo"].split("#")

    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in [heading.lower() for heading in headings]
    assert rule["labels"]["severity"] in ("page", "look")
