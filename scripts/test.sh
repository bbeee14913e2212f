#!/usr/bin/env bash
# All tests: the page's, then Python's. Arguments go to pytest.
. "$(dirname "$0")/lib.sh"

# One torch thread per test process: two cores are shared by everything that runs.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
[ $# -gt 0 ] || run 'Page: unit tests' npm --prefix frontend run test
# Two processes, a file at a time: what a file's tests share (a server, a trained model) is made once.
# The slowest are named at the end: all of it is to stay within half an hour.
run 'Python tests' "$PYTHON_BIN" -m pytest -n "${TEST_PROCESSES:-2}" --dist loadfile --durations=25 --durations-min=5 "$@"
finish
