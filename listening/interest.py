"""The record of legitimate interest: a good text to begin with, adopting it, and whether a brand may be collected."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from listening.models import Brand, Interest, User

EVER = datetime.min.replace(tzinfo=UTC)
NOT_YET = (
    "Not collected: nobody has adopted the record of why {brand} may be listened for (legitimate interest). "
    "An admin reads and adopts it under Settings, Legitimate interest."
)
"""For people, wherever something was not collected for want of a record."""


@dataclass(frozen=True, slots=True)
class Text:
    """The three questions of a legitimate interest assessment (GDPR, article 6(1)(f)), answered."""

    purpose: str
    necessity: str
    balancing: str


DRAFT = Text(
    purpose=(
        "We read public posts that speak of us or to us, in order to learn what goes wrong with our products and "
        "service and make it better, to see how that changes over time, and to answer people who turn to us. We "
        "make no profiles of people, score and follow nobody, sell nothing, and use nothing for advertising."
    ),
    necessity=(
        "Most complaints never reach us: people write them in public. Surveys and our own inbox show a part of "
        "them, and late. We keep only posts that match a narrow search or turn to our own accounts. Texts go after "
        "the time set for each network; then only counts stay. Names are hidden behind pseudonyms, shown for a day "
        "to whoever works on a case, and deleted 30 days after they were last read."
    ),
    balancing=(
        "People who write in public expect readers, but not all of them expect a company: in a survey of 2012 (J.D. "
        "Power for NetBase, 1,062 US adults) 43 % called such listening intrusive, and 58 % wanted complaints "
        "answered. So everybody is heard, and only those are approached whom our published line allows. Health, "
        "politics, religion and sex life are no themes; people are not joined across networks; deletions are "
        "followed. Anybody can object before their posts are stored, without an account and without a reason. With "
        "this our interest does not outweigh the rights of the people we read. We look at it again when purposes, "
        "networks or the line change, and every year."
    ),
)
"""What most brands could say; somebody has to read it and make it true for theirs."""


def may_collect(brand: Brand) -> bool:
    return Interest.objects.filter(brand=brand).exists()


def not_yet(brand: Brand) -> str:
    """Why nothing is collected for want of a record, in a sentence; "" where there is one."""
    return "" if may_collect(brand) else NOT_YET.format(brand=brand.name)


@transaction.atomic
def adopt(brand: Brand, user: User | None, text: Text, now: datetime) -> Interest:
    """A new version of the brand's record; the same words by somebody who had not adopted them yet are one, too."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    last = Interest.objects.of(brand)
    return Interest.objects.create(
        brand=brand,
        version=last.version + 1 if last else 1,
        purpose=text.purpose,
        necessity=text.necessity,
        balancing=text.balancing,
        author=user,
        created_at=now,
    )


def text_of(record: Interest) -> Text:
    return Text(record.purpose, record.necessity, record.balancing)


def collecting_since(brand: Brand) -> datetime | None:
    """From when on sources may have collected for the brand: when its first record was adopted.

    A record that was carried over stands for all the time before it (EVER). None: nothing may be collected yet.
    """
    first = Interest.objects.filter(brand=brand).order_by("version").first()
    if first is None:
        return None
    return first.created_at if first.adopted else EVER
