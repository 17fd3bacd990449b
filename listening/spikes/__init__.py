"""Spikes: when does a brand's volume, or the share of complaints in it, stand out from what is usual for the hour?

Pure: no database, no clock, no settings. One forward pass; a detector's state is plain JSON and can be resumed. Both
rooms above may import it, the command `find_spikes` runs on it alone. Method, sources and figures: docs/spikes.md.
"""

from listening.spikes.alarm import Alarm
from listening.spikes.detector import METHOD, ShareDetector, Verdict, VolumeDetector

__all__ = ["METHOD", "Alarm", "ShareDetector", "Verdict", "VolumeDetector"]
