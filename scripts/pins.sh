#!/usr/bin/env bash
# Pin what pyproject.toml and requirements-dev.in ask for. torch stays out: it is installed first and on its own, so
# that the build for the machine at hand (CPU or CUDA) is kept and no CUDA packages are pinned. Arguments go to
# pip-compile, such as --upgrade.
. "$(dirname "$0")/lib.sh"

compile() {
  .venv/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-options \
    --unsafe-package torch "$@"
}
export CUSTOM_COMPILE_COMMAND='make pins'
compile --build-deps-for editable --output-file requirements.txt "$@" pyproject.toml
compile --output-file requirements-dev.txt "$@" requirements-dev.in
