"""Engines: which sentiment engines this installation has, as the table that the settings name tells.

The rooms above load and ask them; here they are only names, versions and a sentence for people.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from listening.models import Brand


def choices() -> list[tuple[str, str]]:
    """(name, what people should know of it)."""
    return [(name, known.about) for name, known in settings.EARSHOT_ENGINES.items()]


def chosen(brand: Brand) -> str:
    """The name of the engine that reads the brand's mentions."""
    return brand.engine if brand.engine in settings.EARSHOT_ENGINES else str(settings.EARSHOT_ENGINE)


def version_of(name: str) -> str:
    """The version that is stored with findings: "vader-3.3.2+1". Loads no weights."""
    engine = import_string(settings.EARSHOT_ENGINES[name].path)
    return f"{engine.name}-{engine.version}"
