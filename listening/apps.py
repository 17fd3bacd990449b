"""The ground: tables, query language, the line, the network door, wiring."""

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "listening"
    verbose_name = "Earshot"
