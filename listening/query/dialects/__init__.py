"""Dialects: queries written for other tools, translated, with a list of what could not be.

Every function takes the other tool's text and gives an `Imported`. What keeps its meaning is translated; what has no
counterpart is left out of the text only where leaving it out is said in `lost`, with its place.
"""

from listening.query.dialects.brandwatch import from_brandwatch
from listening.query.dialects.imported import Imported, Lost
from listening.query.dialects.meltwater import from_meltwater
from listening.query.dialects.talkwalker import from_talkwalker
from listening.query.dialects.x import from_x

DIALECTS = {
    "brandwatch": from_brandwatch,
    "talkwalker": from_talkwalker,
    "meltwater": from_meltwater,
    "x": from_x,
}

__all__ = ["DIALECTS", "Imported", "Lost", "from_brandwatch", "from_meltwater", "from_talkwalker", "from_x"]
