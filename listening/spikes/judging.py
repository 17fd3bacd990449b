"""Judging a series that is at hand as a whole; still one forward pass, each bucket by those before it."""

from collections.abc import Iterator

from listening.spikes.detector import VolumeDetector
from listening.spikes.series import Series


def alerts(series: Series) -> tuple[list[str], VolumeDetector | None]:
    """The timestamps, as written, of the buckets that raise an alert, and the detector after the last of them."""
    if not series.seconds:
        return [], None
    detector = VolumeDetector(series.seconds)
    return list(_alerts(series, detector)), detector


def _alerts(series: Series, detector: VolumeDetector) -> Iterator[str]:
    for point in series.buckets():
        if point is None:
            detector.feed(0, None)
        elif detector.feed(point.moment.weekday() * 24 + point.moment.hour, point.value).alert:
            yield point.told
