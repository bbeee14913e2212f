#!/usr/bin/env bash
# The journey through the page in a real browser, against a real server.
. "$(dirname "$0")/lib.sh"

CHROMIUM_PATH=$(find_chromium)
need_or_skip "$CHROMIUM_PATH" 'the journey in the browser' \
  'no Chromium found (Debian: apt-get install chromium), or set CHROMIUM_PATH' || exit 0
export CHROMIUM_PATH
npm --prefix frontend run e2e
