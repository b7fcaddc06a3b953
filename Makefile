# Two commands do everything: `make run` (or `make demo`, the same without a network) and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Hashes come from the lock files; which index serves the files is the machine's business.
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup setup-dev run demo test check format bench chaos hunt lock clean

setup: $(VENV)/.run-ready
setup-dev: $(VENV)/.dev-ready

$(VENV)/.run-ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("canhbao needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock $(VENV)/.run-ready
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

run: setup
	$(BIN)/canhbao run

demo: setup
	$(BIN)/canhbao demo

test: setup-dev
	$(BIN)/python -m pytest -q

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev
	$(BIN)/python -m bench

# kill -9 at random moments, again and again, for two minutes; the seeded moments are part of `make test`.
chaos: setup-dev
	$(BIN)/python -m pytest -q tests/e2e/chaos.py

# Properties (hypothesis) on new examples, ROUNDS times; `make test` tries the same ones every time.
ROUNDS ?= 10
hunt: setup-dev
	for round in $$(seq $(ROUNDS)); do $(BIN)/python -m pytest -q --hypothesis-profile=hunt $$(grep -rl 'from hypothesis' tests --include='test_*.py') || exit 1; done

# For maintainers, needs uv: pins the whole tree for Python 3.11 and newer, with hashes and without an index address.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
