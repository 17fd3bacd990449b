"""The web process's entry: `uvicorn listening.asgi:application`."""

import os

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

from listening.collecting import OF_A_REQUEST, spare_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")
application = get_asgi_application()
_ = get_resolver().url_patterns  # all views, now: the first visitor does not wait for them
spare_what_is_loaded(OF_A_REQUEST)
