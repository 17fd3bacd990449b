"""The sample market's outages are found as they happen, and little else is."""

from collections import Counter
from datetime import date, datetime, timedelta

from ingest.sources.sample.market import MARKET
from ingest.sources.sample.posts import hour_posts
from ingest.sources.sample.rhythm import LAUNCH, OUTAGE, event_hours
from listening.spikes import VolumeDetector
from tests.builders import at

OWN = MARKET.brands[0]
OPENED = date(2026, 11, 25)
HOURS = [at("2026-08-27 00:00") + timedelta(hours=n) for n in range(90 * 24)]


def _per_hour() -> Counter[datetime]:
    found: Counter[datetime] = Counter()
    for hour in HOURS:
        for post in hour_posts("seed", OPENED, hour):
            if OWN.slug in f"{post.record.title} {post.record.text}".lower():
                found[post.record.published_at.replace(minute=0, second=0, microsecond=0)] += 1
    return found


def test_every_outage_of_the_sample_market_is_found_within_two_hours() -> None:
    found, detector = _per_hour(), VolumeDetector(3600)
    alerts = [hour for hour in HOURS if detector.feed(hour.weekday() * 24 + hour.hour, found[hour]).alert]
    outages = [hour for hour in HOURS[14 * 24 :] if event_hours(OWN, hour, OPENED, OUTAGE) == 0]
    assert len(outages) == 3
    assert [any(outage <= hour <= outage + timedelta(hours=2) for hour in alerts) for outage in outages] == [True] * 3
    others = [hour for hour in alerts if not 0 <= event_hours(OWN, hour, OPENED, OUTAGE) < 50]
    assert len([hour for hour in others if not 0 <= event_hours(OWN, hour, OPENED, LAUNCH) < 72]) <= 1
