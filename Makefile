# `make run` is all that is needed to use Vitrine; the rest is for those who work on it.
# The work is done by scripts/; CI runs the same ones.

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run dev test check format e2e openapi pins

help:      ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:     ## Install and build everything, without starting it
	@PYTHON='$(PYTHON)' scripts/setup.sh

setup-dev:
	@PYTHON='$(PYTHON)' scripts/setup.sh --dev

run: setup ## Set up and start; prints the address to open
	@.venv/bin/vitrine serve

dev: setup-dev ## Start with reload: server and page
	@scripts/dev.sh

test: setup-dev ## Set up and run all tests
	@scripts/test.sh

check: setup-dev ## Format, lint, types, import rules, tests; changes nothing
	@scripts/check.sh
	@scripts/test.sh

format: setup-dev ## Rewrite the code in the one format
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .
	@npm --prefix frontend run --silent format

e2e: setup-dev ## The journey through the page in a real browser
	@scripts/e2e.sh

openapi: setup-dev ## Write the OpenAPI file and the page's types anew
	@.venv/bin/python -m backend.openapi > backend/openapi.json
	@npm --prefix frontend run --silent api:generate

pins: setup-dev ## Pin the dependencies anew
	@scripts/pins.sh
