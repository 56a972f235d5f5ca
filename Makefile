# Kindmark: set up and use a checkout. "make help" lists what there is.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check words clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

run: ## set up on first use, then mark the example class set
	@$(PYTHON) -m runtime.bootstrap
	@$(BIN)/kindmark demo

test: ## set up with the test tools, then run every test
	@$(PYTHON) -m runtime.bootstrap --dev
	@$(BIN)/python -m pytest

check: ## lint, format, types and the arrows between packages
	@$(PYTHON) -m runtime.bootstrap --dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

words: ## find texts in the code and compile their translations
	@$(PYTHON) -m runtime.bootstrap --dev
	@$(BIN)/python -m tests.catalogues --missing

clean: ## remove the virtual environment and all caches of this checkout
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
