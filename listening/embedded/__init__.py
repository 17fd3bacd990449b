"""Postgres and Valkey from wheels, for one machine; `servers` starts and stops them.

Every process reads the addresses through here, so this stays light: no psutil, no Django.
"""

from listening.embedded.places import Places, data_folder, urls

__all__ = ["Places", "data_folder", "urls"]
