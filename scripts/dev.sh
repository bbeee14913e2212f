#!/usr/bin/env bash
# The server with reload, and the page with hot reload in front of it. Ctrl+C ends both.
. "$(dirname "$0")/lib.sh"

.venv/bin/vitrine serve --reload &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true' EXIT
# A port in use or a setting that cannot work ends the server within moments; its own words are above then.
for _ in $(seq 20); do
  kill -0 $server 2>/dev/null || exit 1
  sleep 0.1
done
say 'The page with hot reload is at the address that vite prints below; it passes /api on to the server.'
npm --prefix frontend run dev
