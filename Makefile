# Python 3.11 or newer and make are all this needs: `make run`, then http://localhost:8000.

PYTHONS = python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON = $(shell for python in $(PYTHONS); do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)

VENV = .venv
IN_VENV = $(VENV)/bin/python
# Also when its Python has gone: after an upgrade the link to it leads nowhere.
NEW_VENV := $(shell test -x $(IN_VENV) || echo venv)
# An environment that was interrupted while it was made, or that uv made, has no pip.
ENSURE_PIP = $(IN_VENV) -m pip --version >/dev/null 2>&1 || $(IN_VENV) -m ensurepip
INSTALL = $(IN_VENV) -m pip install --disable-pip-version-check --require-hashes
TO_RUN = requirements.txt requirements-local.txt
TO_TEST = $(TO_RUN) requirements-dev.txt
# Each process has PostgreSQL, Valkey and a browser of its own: four are enough for a laptop.
SIDE_BY_SIDE = --numprocesses logical --maxprocesses 4 --dist worksteal
TEMPLATES = find . -path './$(VENV)' -prune -o -path './var' -prune -o -name '*.html' -type f
LOCK = $(IN_VENV) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# Each asks an advisory service; one that does not answer, or does not know a package, fails.
AUDIT = $(VENV)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off
LOCKED = requirements.txt requirements-local.txt requirements-dev.txt requirements-audit.txt

.PHONY: help run test coverage chaos drill bench fuzz cluster audit lint format lock venv

help: ## List what there is to do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

run: $(VENV)/can-run ## Run the portal here, with servers of its own: no setup
	@$(IN_VENV) manage.py up

test: lint ## Check style, then run every test
	@$(IN_VENV) -m tests.browser --install
	@$(IN_VENV) -m chaos.nginx --install
	$(IN_VENV) -m pytest $(SIDE_BY_SIDE)

drill: $(VENV)/can-test ## Back up made-up evidence, and restore it on an empty machine
	@$(IN_VENV) -m benchmarks.by_hand.restore_drill 2000

bench: $(VENV)/can-test ## Measure speed and memory beside others'; some: make bench ONLY="exports search"
	@$(IN_VENV) -m tests.browser --install
	@$(IN_VENV) -m chaos.nginx --install
	@$(IN_VENV) -m benchmarks $(ONLY)

coverage: $(VENV)/can-test ## Say which lines no test runs; a third slower than the tests
	$(IN_VENV) -m coverage run -m pytest
	@$(IN_VENV) -m coverage report

chaos: $(VENV)/can-test ## Break a portal 500 times, and check that nothing was lost
	$(IN_VENV) -m chaos --seconds 330 --least 500

cluster: $(VENV)/can-test ## Lose two of three machines, and check that nothing was lost
	$(IN_VENV) -m chaos.cluster

lint: $(VENV)/can-test ## Check style and structure
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(TEMPLATES) -exec $(VENV)/bin/djade --target-version 5.2 --check {} +
	$(TEMPLATES) -exec $(IN_VENV) -m djhtml --check {} +

format: $(VENV)/can-test ## Put code and templates in shape
	$(IN_VENV) -m ruff check --fix .
	$(IN_VENV) -m ruff format .
	$(TEMPLATES) -exec $(VENV)/bin/djade --target-version 5.2 {} +
	$(TEMPLATES) -exec $(IN_VENV) -m djhtml {} +

fuzz: $(VENV)/can-test ## Ask every address for what no page asks; longer: make fuzz SECONDS=600
	$(IN_VENV) -m tests.fuzz --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

audit: $(VENV)/can-audit ## Ask for known holes in what we use, look for secrets in the history
	$(IN_VENV) -m tests.secrets_in_history
	@mkdir -p var
	$(VENV)/bin/cyclonedx-py requirements requirements.txt -o var/sbom.json
	@$(AUDIT) $(LOCKED:%=-r %) || { echo "Either a package above has a known hole, or the \
	advisory service could not be asked about it: then nothing is known, good or bad."; exit 1; }

lock: $(VENV)/can-test ## Pin what requirements*.in name; newer: make lock UPGRADE=--upgrade
	$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(LOCK) $(UPGRADE) requirements-local.in -o requirements-local.txt
	$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(UPGRADE) requirements-audit.in -o requirements-audit.txt
	$(LOCK) $(UPGRADE) requirements-peers.in -o requirements-peers.txt

# A stamp is written last, so that an installation that was interrupted is done again.

$(VENV)/can-run: $(TO_RUN) $(NEW_VENV)
	@echo "Installing what the portal needs to run into $(VENV)"
	@$(ENSURE_PIP)
	@$(INSTALL) $(TO_RUN:%=-r %)
	@touch $@

$(VENV)/can-test: $(TO_TEST) $(NEW_VENV)
	@echo "Installing what the tests need into $(VENV)"
	@$(ENSURE_PIP)
	@$(INSTALL) $(TO_TEST:%=-r %)
	@touch $@

$(VENV)/can-audit: requirements-audit.txt $(NEW_VENV)
	@echo "Installing what the audit needs into $(VENV)"
	@$(ENSURE_PIP)
	@$(INSTALL) -r requirements-audit.txt
	@touch $@

venv:
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or newer, and found none."; \
		echo "If it is somewhere else: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { \
		echo "$(PYTHON) is too old: this needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments."; \
		echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
