# What the scripts share. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON_BIN=.venv/bin/python
# Tests start hundreds of processes; each would compile every module anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }
die() { printf 'vitrine: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# A tool that only some checks need: without it CI fails, a laptop skips with a reason.
need_or_skip() { # tool-or-empty, what it is for, how to get it
  [ -n "$1" ] && return 0
  if [ "${CI:-}" = true ]; then die "$2 cannot run: $3"; fi
  say "SKIPPED $2: $3"
  return 1
}

find_chromium() {
  local name
  for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && have "$name" && command -v "$name" && return 0
  done
  return 0
}

# Run one check, remember a failure, go on: a newcomer wants to see all of them at once.
FAILED=()
run() { # title, command...
  local title=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  if "$@"; then printf '   ok (%ss)\n' $((SECONDS - start)); else FAILED+=("$title"); printf '   FAILED: %s\n' "$title"; fi
}
finish() {
  if [ ${#FAILED[@]} -gt 0 ]; then
    printf '\nFAILED: %s\n' "$(IFS=,; echo "${FAILED[*]}")" >&2
    exit 1
  fi
}
