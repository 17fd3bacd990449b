"""Collecting: what a long-lived process loads once is never garbage, so its collector need not look at it again.

Django and its apps are some 400,000 objects; a full collection that walks them all stops a request for as long as the
page itself takes. And a page of a thousand posts makes a few hundred thousand objects on its way into the database,
none of them in circles: looking at them every 700 objects, as Python does by itself, is an eighth of the work. A web
process looks more often, so that each look is short: of 100,000 objects it takes as long as a page.
"""

import gc

OF_A_PAGE_OF_POSTS, OF_A_REQUEST = 100_000, 10_000
"""Objects that may be added before the collector looks for circles among them, in a worker and in a web process."""


def spare_what_is_loaded(young: int = OF_A_PAGE_OF_POSTS) -> None:
    """Call once, when everything is imported, and before the first request, task or fork."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(young, 10, 10)
