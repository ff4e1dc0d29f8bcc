# The commands of the house. `make` alone lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test system system-test venv venv-test check lint format types imports tests lock image-check clean

BIN := .venv/bin
# A file's tests stay together. Integration and acceptance run one after the other: side by side they take twelve minutes
# instead of thirty, and once in two runs one of 1,834 failed.
SIDE_BY_SIDE := -n $(shell echo $$(($$(nproc) + 1))) --dist loadfile

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: system venv ## Install what is missing, file samples/, and show the result
	@$(BIN)/python -m bench.demo

test: system-test venv-test check ## Install what is missing, then run every check and test

check: lint types imports tests ## Every check and test, stopping at the first that fails (after `make venv-test`)

lint: venv-test ## ruff: style and format
	@echo "== ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: venv-test ## mypy --strict
	@echo "== mypy"
	@$(BIN)/mypy

imports: venv-test ## import-linter: the layers of the house
	@echo "== import-linter"
	@$(BIN)/lint-imports

tests: venv-test ## pytest: house rules, unit, quality, integration, acceptance
	@echo "== pytest"
	@$(BIN)/pytest tests/house
	@$(BIN)/pytest tests/unit $(SIDE_BY_SIDE)
	@$(BIN)/pytest tests/quality $(SIDE_BY_SIDE)
	@$(BIN)/pytest --ignore=tests/house --ignore=tests/unit --ignore=tests/quality

format: venv-test ## Bring the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: venv-test ## Write both locks from pyproject.toml again
	@scripts/lock

image-check: venv ## Carry out the Dockerfile in a bare Debian and run the result (root, four minutes, no Docker)
	@scripts/image-check

system:
	@scripts/install-system-packages

system-test:
	@scripts/install-system-packages --test

venv:
	@scripts/make-venv

venv-test:
	@scripts/make-venv --test

clean: ## Remove the environment and what tools and the demo left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
