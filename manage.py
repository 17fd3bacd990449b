#!/usr/bin/env python3
"""Earshot's command line: `manage.py help` lists the commands."""

import os
import sys
from contextlib import nullcontext

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from listening.embedded.places import ROOT, Places, data_folder, up
from listening.embedded.process import ChildFailed
from listening.embedded.servers import ensure, needs_servers
from listening.environment import load_env_file


def _know_the_address() -> None:
    """What a command writes, such as a mail, leads to the Earshot that runs, whatever port it found free."""
    if not {"EARSHOT_URL", "PORT"} & set(os.environ) and (running := up(Places(data_folder()))):
        os.environ["EARSHOT_URL"] = running.url


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")
    load_env_file(ROOT / ".env")
    try:
        with ensure(data_folder()) if needs_servers(sys.argv) else nullcontext():
            _know_the_address()
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Earshot did not start: {error}")
    except ChildFailed as failure:
        sys.exit(f"The database and the broker could not be started: {failure}")


if __name__ == "__main__":
    main()
