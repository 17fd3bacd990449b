#!/bin/sh
# Test against a real Bluesky network, brought by npm into a folder of its own; skipped where node or npm is missing.
set -eu
cd "$(dirname "$0")/.."

for program in node npm; do
    if ! command -v "$program" >/dev/null; then
        echo "test-networks: skipped, for $program is not installed (the network is a Node program)"
        exit 0
    fi
done

exec .venv/bin/python -m pytest -n0 -m networks tests/networks "$@"
