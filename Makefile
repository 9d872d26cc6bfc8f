# Everything runs from .venv, which this file makes and keeps in step with the two lock files.
# Works with GNU make 4 and with the 3.81 that macOS ships.

PYTHON ?= python3
UV     ?= uv

VENV := .venv
PY   := $(VENV)/bin/python
PIP  := $(PY) -m pip --disable-pip-version-check --no-input --quiet

# Stamps: newer than their lock means installed.
RUNTIME := $(VENV)/.installed-runtime
DEV     := $(VENV)/.installed-dev

# Tests start hundreds of processes, and without this each of them compiles every module of ours again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run demo test test-sqlite test-postgresql check format bench kills screenshots lock clean

help:
	@echo "make setup   install everything into $(VENV)"
	@echo "make run     serve the board on http://127.0.0.1:8000"
	@echo "make demo    a team at work on a board of its own, thrown away at the end"
	@echo "make test    the whole suite, on SQLite and on PostgreSQL (TESTS=path -k …  narrows it)"
	@echo "make check   format, lint, types, import rules, missing migrations"
	@echo "make format  rewrite the files as make check wants them"
	@echo "make bench   the measurements"
	@echo "make kills   kill every job of the scheduler 50 times, on SQLite and on PostgreSQL"
	@echo "make screenshots  take the pictures of the README again, of the demo (needs Chromium)"
	@echo "make lock    recompute the lock files from pyproject.toml (needs uv; UPGRADE=--upgrade for newer versions)"
	@echo "make clean   remove $(VENV) and everything the tools wrote"

setup: $(DEV)

run: $(RUNTIME)
	exec $(VENV)/bin/agentboard up

demo: $(RUNTIME)
	exec $(VENV)/bin/agentboard demo

# One process more than there are cores, because some tests wait for real seconds; more than four would only fight over
# PostgreSQL's connections. Tests of a group share what takes long to make, and go to one process.
PARALLEL ?= -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 4 --dist loadgroup

test: test-sqlite test-postgresql

test-sqlite: $(DEV)
	@echo "== the suite on SQLite"
	AGENTBOARD_TEST_DATABASE=sqlite $(PY) -m pytest $(PARALLEL) $(TESTS)

test-postgresql: $(DEV)
	@echo "== the suite on PostgreSQL"
	AGENTBOARD_TEST_DATABASE=postgresql $(PY) -m pytest -m "not once" $(PARALLEL) $(TESTS)

# Checks load the settings; they must neither meet the developer's database nor leave one behind.
check: export AGENTBOARD_DATABASE_URL =
check: export AGENTBOARD_DATA_DIR = $(CURDIR)/$(VENV)/.check
check: $(DEV)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run

format: $(DEV)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: $(DEV)
	$(PY) tests/benchmarks/run.py $(BENCH)

KILLS ?= 50

kills: $(DEV)
	KILLS=$(KILLS) AGENTBOARD_TEST_DATABASE=sqlite $(PY) -m pytest -q -s -n 0 tests/journeys/test_killed_jobs.py tests/journeys/test_killed_deliveries.py
	KILLS=$(KILLS) AGENTBOARD_TEST_DATABASE=postgresql $(PY) -m pytest -q -s -n 0 tests/journeys/test_killed_jobs.py tests/journeys/test_killed_deliveries.py

screenshots: $(DEV)
	$(PY) -m tests.screenshots

# No host name, no date and no machine path gets into a lock: any index serves it, and the hashes decide.
LOCK := $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
        --no-config --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet $(UPGRADE)

lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) agentboard.egg-info build .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --clear: a Python that was upgraded away leaves a link to nothing, which must not be built upon.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "AgentBoard needs Python 3.11 or newer, and '$(PYTHON)' is not: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name one that is: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNTIME): requirements.lock pyproject.toml | $(PY)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# The development lock holds all of the runtime lock, so it satisfies both stamps.
$(DEV): requirements-dev.lock pyproject.toml | $(PY)
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(RUNTIME) $@
