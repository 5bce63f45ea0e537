# Every target first creates or updates .venv, if needed. `make PYTHON=/path/to/python3.12 generate` uses
# that interpreter. `make CONSTRAINTS= check` uses the newest versions of all packages instead of those in
# constraints.txt.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# Applies to every pip that runs from here, including in tests and builds. It is a URL because pip splits
# the variable at spaces.
CONSTRAINTS ?= constraints.txt
empty :=
export PIP_CONSTRAINT := $(if $(CONSTRAINTS),file://$(subst $(empty) $(empty),%20,$(CURDIR))/$(CONSTRAINTS))
export PIP_BUILD_CONSTRAINT := $(PIP_CONSTRAINT)

BIN := .venv/bin

# One worker per core; idle workers take tests from busy ones.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Virtual environments contain their own path, so a moved or copied checkout gets a new one. Different
# constraints get a new one too.
ENVIRONMENT := .venv/.created-$(shell { pwd; echo '$(CONSTRAINTS)'; } | cksum | cut -d ' ' -f 1)
PROJECT     := .venv/.project
CHECKERS    := .venv/.checkers
TOOLCHAINS  := .venv/.toolchains
BENCH       := .venv/.bench

.PHONY: help generate test check lint bench lock clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

generate: $(PROJECT) ## Generate the models in specs/ into generated/, in every language.
	@$(BIN)/modelsync generate

test: lint $(TOOLCHAINS) ## Run all tests, and compile and run the generated code.
	@$(PYTEST)

check: lint ## Run the fast tests that need no other compilers.
	@$(PYTEST) -m 'not toolchain and not slow' --hypothesis-profile quick

lint: $(CHECKERS) ## Check formatting, types and imports.
	@$(BIN)/ruff format --check --quiet . || { echo 'help: .venv/bin/ruff format'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(BENCH) ## Measure the speed of the generator and the generated code.
	@$(BIN)/python benchmarks
	@$(BIN)/python benchmarks/codecs
	@$(BIN)/python benchmarks/limits

lock: $(ENVIRONMENT) ## Update constraints.txt to the newest versions.
	@PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --upgrade --group lock
	@$(call compile,constraints.txt,--universal --upgrade $(addprefix --group=,bench examples lock setup toolchains))

# The oldest versions that pyproject.toml allows, as constraints.
build/oldest.txt: $(ENVIRONMENT) pyproject.toml
	@PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --group lock
	@mkdir -p $(@D)
	@$(call compile,$@,--resolution=lowest-direct)

compile = $(BIN)/uv --quiet pip compile --python-version 3.11 --all-extras --group=lint --group=test $(2) \
	--no-annotate --custom-compile-command='make lock' --output-file $(1) pyproject.toml > /dev/null

clean: ## Remove the environments and caches.
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache {benchmarks,tests/toolchains}/node_modules
	find generator tests examples -name __pycache__ -prune -exec rm -rf {} +

$(ENVIRONMENT):
	@echo 'Setting up .venv'
	@set -- python3 python3.14 python3.13 python3.12 python3.11 python; \
	[ -z "$${PYTHON:-}" ] || set -- "$$PYTHON"; \
	for python in "$$@"; do \
	    if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	        exec "$$python" -m venv --clear .venv; \
	    fi; \
	done; \
	echo "error: no Python 3.11 or later with the modules venv and ensurepip; tried: $$*" >&2; \
	echo 'help: install one (Debian, Ubuntu: apt-get install python3 python3-venv), or run: make PYTHON=/path/to/python3' >&2; \
	exit 1
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.3' # the first version with --group and PIP_BUILD_CONSTRAINT
	@touch $@

$(PROJECT): $(ENVIRONMENT) pyproject.toml $(CONSTRAINTS)
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q generator # so that the first run is fast
	@touch $@

$(CHECKERS): $(PROJECT)
	@echo 'Installing linters and test tools'
	@$(BIN)/python -m pip install --quiet --group lint --group test
	@touch $@

$(TOOLCHAINS): $(CHECKERS) $(addprefix tests/toolchains/,install.py tools.py package.json package-lock.json go/go.mod)
	@$(BIN)/python -m pip install --quiet --group examples
	@PYTHONPATH=tests $(BIN)/python -m toolchains.install
	@touch $@

$(BENCH): $(TOOLCHAINS) $(addprefix benchmarks/,package.json package-lock.json)
	@echo 'Installing the packages that the benchmarks compare with'
	@$(BIN)/python -m pip install --quiet --group bench
	@npm=$$(PYTHONPATH=tests $(BIN)/python -c 'from toolchains.tools import find_npm; print(*find_npm().argv)'); \
	$$npm ci --silent --prefix benchmarks
	@touch $@
