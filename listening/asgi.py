"""The web process's entry: `uvicorn listening.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "listening.settings")
application = get_asgi_application()
