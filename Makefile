# Debrief: `make run` shows it, `make test` proves it. Needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Two more than there are processors: many tests wait for a server, a lease or a clock.
TEST_WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 2 )))

.DEFAULT_GOAL := help
.PHONY: help install run cloud test coverage lint lock bench quality worker clean

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp holds the hash of the lock: a changed lock installs again, an unchanged one costs nothing.
$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Debrief needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install: $(VENV)/.installed  ## Make the virtual environment

run: $(VENV)/.installed  ## Start the server and load the sample workspace
	@cd backend && exec $(BIN)/python -m app.cli demo --host $(HOST) --port $(PORT)

cloud: $(VENV)/.installed  ## The same with stand-ins for R2, Deepgram and OpenAI: upload, callback, debrief
	@cd backend && exec $(BIN)/python -m tests.standins.cloud

worker: $(VENV)/.installed  ## Run a worker process of its own
	@cd backend && exec $(BIN)/python -m app.worker

test: $(VENV)/.installed  ## Run all tests
	@cd backend && $(BIN)/python -m pytest tests/ -q -n $(TEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

coverage:  ## The same, and which lines no test runs; takes twice as long
	@$(MAKE) test PYTEST_ARGS="--cov=app --cov-report=term:skip-covered $(PYTEST_ARGS)"

lint: $(VENV)/.installed-dev  ## Formatting, lint, types, import contracts
	@cd backend && $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

lock: $(VENV)/.installed-dev  ## Compile the lock files from backend/pyproject.toml
	@cd backend && CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--no-emit-index-url --group test pyproject.toml -o ../requirements.txt
	@cd backend && CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--no-emit-index-url --group dev -c ../requirements.txt pyproject.toml -o ../requirements-dev.txt

bench: $(VENV)/.installed  ## Print ratios measured in one run
	@cd backend && $(BIN)/python -m bench

quality: $(VENV)/.installed  ## Score the analysis on labelled interviews (QUALITY_ARGS="--engine openai")
	@cd backend && $(BIN)/python -m bench.quality $(or $(QUALITY_ARGS),--engine baseline --runs 2 --check)

clean:  ## Remove the virtual environment and caches, never the data
	@rm -rf $(VENV) backend/.pytest_cache backend/.mypy_cache backend/.ruff_cache
