# Needs Python 3.11 or newer with venv, and make. `make` alone prints the targets.

PYTHON = python3
BIN = .venv/bin
STAMP = .venv/.up-to-date

# Bytecode is kept, whatever the environment says: without it every worker of the tests
# and every command that they start compile all modules again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help
help: ## print the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

.PHONY: demo
demo: $(STAMP) ## set up, then show what invitelab does
	@$(BIN)/invitelab demo

.PHONY: test
test: $(STAMP) ## set up, then run the default suite
	@$(BIN)/python -m pytest --numprocesses auto

.PHONY: lint
lint: $(STAMP) ## check style, format and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-logo

.PHONY: types
types: $(STAMP) ## check the types with mypy and pyright, for each platform
	@$(BIN)/mypy
	@for platform in darwin win32; do \
	  $(BIN)/mypy --platform $$platform --cache-dir .mypy_cache/$$platform model || exit; \
	done
	@$(BIN)/pyright
	@for platform in Darwin Windows; do \
	  $(BIN)/pyright --pythonplatform $$platform model || exit; \
	done

.PHONY: examples
examples: $(STAMP) ## make the published reports again, in reports/examples
	@$(BIN)/invitelab simulate support_desk --quiet --output reports/examples/support_desk
	@$(BIN)/invitelab simulate flash_crowd --replications 2 --quiet \
	  --output reports/examples/flash_crowd || test $$? -eq 1 # missed, as it should
	@$(BIN)/invitelab simulate exhausted_relay --quiet \
	  --output reports/examples/exhausted_relay || test $$? -eq 1 # missed, as it should
	@$(BIN)/invitelab sweep support_desk --set relay.servers=1..4 \
	  --set arrivals.rate=40/s --set duration=5min --replications 3 --quiet \
	  --output reports/examples/relay_sizes
	@$(BIN)/invitelab learn reference --complete 1 --quiet \
	  --output reports/examples/reference_machine

.PHONY: proof
proof: $(STAMP) ## prove the suite and publish the result in reports/proof
	@$(BIN)/invitelab prove --output reports/proof

.PHONY: bench
bench: $(STAMP) ## compare the speed of the engines with peers
	@$(BIN)/uv pip install --quiet --group bench || \
	  echo "bench: some peers could not be installed, and are left out" >&2
	@$(BIN)/python benchmarks/scale.py

.PHONY: lock
lock: $(STAMP) ## pin the newest versions in requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
	  --group dev --output-file requirements-dev.txt pyproject.toml

.PHONY: clean
clean: ## remove what the other targets made
	@rm -rf .venv .nox .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@rm -rf .hypothesis .coverage .coverage.* build dist
	@find model tests -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "invitelab needs Python 3.11 or newer: make PYTHON=path/to/python3.11")'
	@echo "Setting up .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
	  --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	@touch $@
