# Each command sets up what it needs in .venv, and again when its requirements change.
# `make PYTHON=/path/to/python3.12 generate` selects the interpreter. `make CONSTRAINTS= check` installs
# the newest versions instead of those in constraints.txt.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# For every pip that make runs, including those of tests and package builds. It is a URL, because pip
# splits the variable at spaces.
CONSTRAINTS ?= constraints.txt
empty :=
export PIP_CONSTRAINT := $(if $(CONSTRAINTS),file://$(subst $(empty) $(empty),%20,$(CURDIR))/$(CONSTRAINTS))
export PIP_BUILD_CONSTRAINT := $(PIP_CONSTRAINT)

BIN := .venv/bin

# One worker per core. A worker that is done takes over tests of another one.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

# A copied or moved checkout gets a new environment, because a .venv contains its own path. So does
# another value of CONSTRAINTS.
ENVIRONMENT := .venv/.created-$(shell { pwd; echo '$(CONSTRAINTS)'; } | cksum | cut -d ' ' -f 1)
PROJECT     := .venv/.project
CHECKERS    := .venv/.checkers
TOOLCHAINS  := .venv/.toolchains
BENCH       := .venv/.bench

.PHONY: help generate test check lint bench lock clean

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

generate: $(PROJECT) ## Generate the models in specs/, in every language, into generated/.
	@$(BIN)/modelsync generate

test: lint $(TOOLCHAINS) ## Run all tests, and the generated code through its real compilers.
	@$(PYTEST)

check: lint ## Run the linters and the fast tests.
	@$(PYTEST) -m 'not toolchain and not slow' --hypothesis-profile quick

lint: $(CHECKERS) ## Check formatting, types and imports.
	@$(BIN)/ruff format --check --quiet . || { echo 'help: .venv/bin/ruff format'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(BENCH) ## Measure the speed of the generator and of generated code.
	@$(BIN)/python benchmarks
	@$(BIN)/python benchmarks/codecs.py

lock: $(ENVIRONMENT) ## Update constraints.txt to the newest versions.
	@PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --upgrade --group lock
	@$(call compile,constraints.txt,--universal --upgrade $(addprefix --group=,bench lock setup toolchains))

# The oldest versions that pyproject.toml allows, as constraints.
build/oldest.txt: $(ENVIRONMENT) pyproject.toml
	@PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --group lock
	@mkdir -p $(@D)
	@$(call compile,$@,--resolution=lowest-direct)

compile = $(BIN)/uv --quiet pip compile --python-version 3.11 --all-extras --group=lint --group=test $(2) \
	--no-annotate --custom-compile-command='make lock' --output-file $(1) pyproject.toml > /dev/null

clean: ## Remove everything that make installed or cached.
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache {benchmarks,tests/toolchains}/node_modules
	find generator tests -name __pycache__ -prune -exec rm -rf {} +

$(ENVIRONMENT):
	@echo 'Creating .venv'
	@set -- python3 python3.14 python3.13 python3.12 python3.11 python; \
	[ -z "$${PYTHON:-}" ] || set -- "$$PYTHON"; \
	for python in "$$@"; do \
	    if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	        exec "$$python" -m venv --clear .venv; \
	    fi; \
	done; \
	echo "error: Python 3.11 or later with venv and ensurepip not found; looked for: $$*" >&2; \
	echo 'help: install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3' >&2; \
	exit 1
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.3' # has --group and PIP_BUILD_CONSTRAINT
	@touch $@

$(PROJECT): $(ENVIRONMENT) pyproject.toml $(CONSTRAINTS)
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q generator # so that the first run is not slower
	@touch $@

$(CHECKERS): $(PROJECT)
	@echo 'Installing linters and test tools'
	@$(BIN)/python -m pip install --quiet --group lint --group test
	@touch $@

$(TOOLCHAINS): $(CHECKERS) $(addprefix tests/toolchains/,install.py tools.py package.json package-lock.json)
	@PYTHONPATH=tests $(BIN)/python -m toolchains.install
	@touch $@

$(BENCH): $(TOOLCHAINS) $(addprefix benchmarks/,package.json package-lock.json)
	@echo 'Installing the libraries for benchmarks'
	@$(BIN)/python -m pip install --quiet --group bench
	@npm=$$(PYTHONPATH=tests $(BIN)/python -c 'from toolchains.tools import find_npm; print(*find_npm().argv)'); \
	$$npm ci --silent --prefix benchmarks
	@touch $@
