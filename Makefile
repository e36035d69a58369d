# What one types to work on the portal; `make` alone lists it. Nothing is needed beforehand but Python 3.11+ and make.

# Lambda's Python when there is one, else any from 3.11 on: only the bundle needs 3.13.
PYTHON ?= $(shell for one in python3.13 "$(HOME)"/.pyenv/versions/3.13*/bin/python3.13 python3 python3.12 python3.11; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header
STAGE ?= prod
TOWN ?= saint-aubin-les-pins
ARCHITECTURE ?= x86_64
REHEARSED := deployment/requirements-rehearsal.txt
# The rest waits for an emulated AWS, processes or, for the test of provisioning, cfn-lint.
FAST := tests/domain tests/contact tests/importing tests/payment tests/wording tests/captcha tests/services tests/mail tests/test_*.py \
	$(filter-out %/test_provisioning.py,$(wildcard tests/infrastructure/test_*.py))
COVERED := --cov=chalicelib --cov=guichet --cov-branch --cov-report=
CACHES := build .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The second start reads the bytecode that the first one wrote.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run cloud check cover fast fast-tests test lint bench costs package rehearse lock clean
.DEFAULT_GOAL := help

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run ## start everything on 127.0.0.1, the demo town included (PORT=9000 make run: on other ports)
	@$(BIN)/python -m local run

cloud: .venv/.run ## start everything but the portal, for `chalice local --port 8000` beside it
	@$(BIN)/python -m local cloud

check: lint fast-tests ## check the source and run the fast tests, in under a minute: before each commit

fast:
	@echo $(FAST)

fast-tests: .venv/.test
	$(BIN)/python -m pytest -q -n auto $(FAST)

test: lint ## check the source, then run every test, under the floors of coverage
	$(BIN)/python -m pytest -n auto --dist loadgroup $(COVERED)
	@$(BIN)/python -m tools.coverage_floors

cover: .venv/.test ## say what the tests do not reach, file by file, into build/coverage
	$(BIN)/python -m pytest -q -n auto --dist loadgroup $(COVERED) --cov-report=html:build/coverage --cov-report=term
	@$(BIN)/python -m tools.coverage_floors

lint: .venv/.test ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.test ## measure, each figure beside its peer or its floor
	$(BIN)/python -m bench

costs: .venv/.run ## count what the portal consumes again, and make the tables of docs/couts.md
	$(BIN)/python -m bench.costs

package: .venv/.run ## build what AWS runs, into build/package (make package STAGE=test TOWN=… ARCHITECTURE=arm64)
	$(BIN)/python -m deployment package --stage $(STAGE) --town $(TOWN) --architecture $(ARCHITECTURE)

rehearse: .venv/.run .rehearsal/.ready ## deploy the bundle to an emulated AWS and visit it (ports 8040 to 8042, or PORT=…)
	$(BIN)/python -m deployment.rehearsal

lock: .venv/.test ## make the requirements files again from pyproject.toml, keeping the pins that still hold
	$(LOCK) --extra desk --output-file requirements.txt pyproject.toml
	$(LOCK:3.11=3.13) --generate-hashes --output-file requirements-lambda.txt pyproject.toml
	$(LOCK) --no-annotate --output-file $(REHEARSED) $(REHEARSED:.txt=.in)
	@mkdir -p build
	$(LOCK) --no-annotate --extra desk --extra dev --constraint requirements.txt \
		--output-file build/all.txt pyproject.toml
	@grep -v '^ ' requirements.txt > build/desk.txt
	@echo '# Lint, types, browser and oracle, on top of what running needs. Made by `make lock`.' > requirements-dev.txt
	@echo '-r requirements.txt' >> requirements-dev.txt
	@grep -vxFf build/desk.txt build/all.txt >> requirements-dev.txt

clean: ## remove what was built and cached; the environment and the desk's secrets stay
	rm -rf $(CACHES)
	find . \( -path ./.venv -o -path ./.rehearsal \) -prune -o -name __pycache__ -type d -exec rm -rf {} +

.venv/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (once, a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/.test: requirements-dev.txt .venv/.run
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

.rehearsal/.ready: $(REHEARSED)
	@echo "Setting up .rehearsal (once, a minute)"
	@$(PYTHON) -m venv .rehearsal
	@.rehearsal/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	@touch $@
