#!/bin/sh
# Run the tests: `tools/test.sh tests -k word`. Brings a Chromium where none is installed.
set -eu
cd "$(dirname "$0")/.."

chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

if [ -z "${EARSHOT_CHROMIUM:-}" ] && ! chromium >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "No Chromium found: installing it with apt ..."
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium
    fi
    chromium >/dev/null || .venv/bin/python -m playwright install chromium
fi

exec .venv/bin/python -m pytest -n auto --dist worksteal "$@"
