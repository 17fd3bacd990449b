"""Collecting: what a long-lived process loads once is never garbage, so its collector need not look at it again.

Django, its apps and their templates are some 400,000 objects; a full collection that walks them all stops a request
for as long as the page itself takes.
"""

import gc

YOUNG = 20_000
"""Objects made before the collector looks: a page makes a few thousand, nearly all of them gone by themselves."""


def spare_what_is_loaded() -> None:
    """Call once, when everything is imported and before the first request or task."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
