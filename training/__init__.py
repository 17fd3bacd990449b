"""Training: how the shipped weights were made. Not part of the running product."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")
