#!/usr/bin/env bash
# What must hold before a commit: format, lint, types, import rules. Rewrites nothing; `make format` does.
. "$(dirname "$0")/lib.sh"

bin=.venv/bin
run 'Python: format' $bin/ruff format --check .
run 'Python: lint' $bin/ruff check .
run 'Python: types' $bin/mypy
run 'Python: import rules' $bin/lint-imports
run 'Page: format' npm --prefix frontend run --silent format:check
run 'Page: lint' npm --prefix frontend run --silent lint
run 'Page: types' npm --prefix frontend run --silent typecheck
run 'Page: import rules' npm --prefix frontend run --silent deps
run 'Page: types match the OpenAPI file' npm --prefix frontend run --silent api:check
finish
