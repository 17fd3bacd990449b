#!/bin/sh
# Make .venv where it is missing and install one file of pinned, hashed requirements into it.
# Usage: tools/setup.sh requirements.txt
set -eu
cd "$(dirname "$0")/.."
wanted=$1
installed=.venv/installed-$wanted

works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if works "$name"; then echo "$name"; return; fi
    done
    echo "Earshot needs Python 3.11 or newer, and none was found. Install one, or name it: make run PYTHON=/path/to/python3" >&2
    exit 1
}

if works .venv/bin/python; then
    if cmp -s "$wanted" "$installed"; then exit 0; fi
elif command -v uv >/dev/null 2>&1; then
    echo "Making .venv (with uv) ..."
    uv venv --quiet --clear --python '>=3.11' .venv
else
    python=$(find_python)
    echo "Making .venv (with $python) ..."
    if ! "$python" -m venv --clear .venv; then
        echo "Python could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing $wanted ..."
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "$wanted"
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$wanted"
fi
cp "$wanted" "$installed"
