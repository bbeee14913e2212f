#!/usr/bin/env bash
# All tests: the page's, then Python's. Arguments go to pytest.
. "$(dirname "$0")/lib.sh"

# One torch thread per test process: two cores are shared by everything that runs.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
[ $# -gt 0 ] || run 'Page: unit tests' npm --prefix frontend run test
run 'Python tests' "$PYTHON_BIN" -m pytest "$@"
finish
