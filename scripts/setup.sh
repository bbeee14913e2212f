#!/usr/bin/env bash
# Everything `vitrine serve` needs: .venv with the pinned packages, and the built page.
# With --dev also what the tests and checks need. A step whose inputs did not change is skipped. A step is marked as
# done only after it ended well, so a setup that was interrupted goes on where it stopped.
. "$(dirname "$0")/lib.sh"

TORCH=torch==2.13.0
MARKS=.venv/.setup
STEP=
DEV=false
[ "${1:-}" = --dev ] && DEV=true

stopped() {
  [ -n "$STEP" ] || return 0 # a missing tool was named already
  printf '\nvitrine: setup stopped at: %s. Mend what is said above and run it again; it goes on from there.\n' "$STEP" >&2
  have cc || printf 'vitrine: if a package wanted to be compiled: no C compiler is here (Debian: apt-get install build-essential).\n' >&2
}
set -E
trap 'stopped' ERR
trap 'printf "\n"; stopped; exit 130' INT TERM

# --- what must be there ----------------------------------------------------------------------------------------------

find_python() {
  local name names=(python3 python3.14 python3.13 python3.12 python3.11)
  [ -z "${PYTHON:-}" ] || names=("$PYTHON")
  for name in "${names[@]}"; do
    if have "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  die "Python 3.11 or newer is needed; ${names[0]} is $("${names[0]}" --version 2>/dev/null || echo 'not there'). Install it, or name one: make setup PYTHON=/path/to/python3"
}

check_node() {
  have node || die 'Node.js 20.19 or newer is needed to build the page and was not found: https://nodejs.org'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js $(node --version) is too old; 20.19 or newer is needed to build the page: https://nodejs.org"
  have npm || die 'npm is needed to build the page and was not found; it comes with Node.js (Debian: apt-get install npm)'
}

check_space() {
  local free
  free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1024 / 1024)}')
  [ "$free" -ge 3 ] || say "Note: only $free GiB are free here. PyTorch alone may take 1 to 6 GiB."
}

# --- steps -----------------------------------------------------------------------------------------------------------

digest() { # of files and words: what a step depends on
  local item
  for item in "$@"; do if [ -f "$item" ]; then cat "$item"; else printf '%s\n' "$item"; fi; done | cksum | tr ' ' '-'
}

frontend_digest() {
  find frontend backend/openapi.json -type f \
    -not -path 'frontend/node_modules/*' -not -path 'frontend/dist/*' -not -name '*.tsbuildinfo' -print0 |
    LC_ALL=C sort -z | xargs -0 cksum | cksum | tr ' ' '-'
}

step() { # name, title, digest of the inputs, function
  local name=$1 title=$2 inputs=$3 action=$4 start=$SECONDS
  if [ "$(cat "$MARKS/$name" 2>/dev/null || true)" = "$inputs" ]; then return 0; fi
  STEP=$title
  say "→ $title …"
  rm -f "$MARKS/$name"
  "$action"
  mkdir -p "$MARKS"
  printf '%s' "$inputs" > "$MARKS/$name"
  say "  done in $((SECONDS - start)) s"
}

make_venv() {
  [ ! -L .venv ] || die '.venv is a link to an environment that does not work; remove the link and run this again'
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
    die "$PYTHON cannot make virtual environments (Debian: apt-get install python3-venv)"
  "$PYTHON" -m venv --clear .venv
}

pip_install() {
  local quiet=(--quiet --progress-bar off)
  [ -t 1 ] && quiet=()
  "$PYTHON_BIN" -m pip --disable-pip-version-check --no-input install --prefer-binary "${quiet[@]}" "$@"
}

install_torch() { pip_install "$TORCH"; }
install_runtime() { pip_install -r requirements.txt; }
install_dev() { pip_install -r requirements-dev.txt; }
# Without --no-deps pip would look for newer versions of what was just pinned.
install_vitrine() { pip_install --no-deps --no-build-isolation -e .; }
install_node_modules() { npm --prefix frontend ci --no-audit --no-fund --loglevel=error; }
build_page() { npm --prefix frontend run build; }

# --- all of it -------------------------------------------------------------------------------------------------------

check_node
if have flock; then # two setups at once would trip over each other
  exec 9> .setup-lock
  flock -n 9 || { say 'Another setup is running; waiting for it …'; flock 9; }
fi
# The marks lie in .venv, so a remade environment starts without any.
if ! "$PYTHON_BIN" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  PYTHON=$(find_python)
  check_space
  step venv 'Making .venv' "$SECONDS" make_venv
fi
version=$("$PYTHON_BIN" --version)
step torch "Installing PyTorch ($TORCH; large, this takes the longest)" "$(digest "$TORCH" "$version")" install_torch
step runtime 'Installing the pinned packages' "$(digest requirements.txt "$version")" install_runtime
if $DEV; then
  step dev 'Installing what tests and checks need' "$(digest requirements-dev.txt "$version")" install_dev
fi
step vitrine 'Installing Vitrine itself' "$(digest pyproject.toml "$PWD")" install_vitrine
[ -d frontend/node_modules ] || rm -f "$MARKS/node"
step node 'Installing the packages of the page' "$(digest frontend/package.json frontend/package-lock.json "$(node --version)")" install_node_modules
[ -f frontend/dist/index.html ] || rm -f "$MARKS/page"
step page 'Building the page' "$(frontend_digest)" build_page
