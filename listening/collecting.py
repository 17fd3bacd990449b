"""Collecting: what a long-lived process loads once is never garbage, so its collector need not look at it again.

Django and its apps are some 400,000 objects; a full collection that walks them all stops a request for as long as the
page itself takes. And a page of a thousand posts makes a few hundred thousand objects on its way into the database,
none of them in circles: looking at them every 700 objects, as Python does by itself, is an eighth of the work.
"""

import gc

YOUNG = 100_000
"""Objects that may be added before the collector looks for circles among them."""


def spare_what_is_loaded() -> None:
    """Call once, when everything is imported, and before the first request, task or fork."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
