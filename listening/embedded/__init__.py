"""Postgres and Valkey from wheels, for one machine: where they are, and how to start and stop them."""

from listening.embedded.places import Places, urls
from listening.embedded.servers import Servers, ensure, needs_servers, start

__all__ = ["Places", "Servers", "ensure", "needs_servers", "start", "urls"]
