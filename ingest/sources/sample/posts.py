"""Posts: what is said, answered, repeated, edited and taken back in one hour of the sample market.

An hour and a seed decide everything that grows from it, replies of the next days included; so any stretch of time
can be made again, whoever asks for it and however often.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from ingest.record import Account, Author, PostRef, Record
from ingest.sources.sample import people, wording
from ingest.sources.sample.market import MARKET, SampleBrand, SampleHandle
from ingest.sources.sample.rhythm import LAUNCH, OUTAGE, TONES, Mood, event_hours, mood

ADDRESSED_SHARE = {"complaint": 0.55, "question": 0.6, "praise": 0.35, "neutral": 0.08}
LINGERS = timedelta(hours=72)
"""How long after its hour something can still happen to a post."""

FEELING = {"outage": 0.8, "launch": 0.6, "talk": 0.2}
"""How many say in so many words how they feel; half where nothing is said."""

SAD, GLAD = ("😡", "🙄", "😤", "😩", "👎", "🤦"), ("😍", "❤️", "☕", "🙌", "👏", "😊")


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its fate: when it was taken back, and when and how it was edited."""

    record: Record
    deleted_at: datetime | None = None
    edited: Record | None = None


def hour_posts(seed: str, opened: date, hour: datetime) -> Iterator[Post]:
    """Everything that grows from the hour that begins at `hour` (aware UTC)."""
    for brand in MARKET.brands:
        chance = Random(f"{seed} {brand.slug} {hour:%Y%m%d%H}")  # noqa: S311  a repeatable story, keeps no secret
        yield from _Hour(chance, brand, hour, opened).posts()


class _Hour:
    """One brand's hour."""

    def __init__(self, chance: Random, brand: SampleBrand, hour: datetime, opened: date) -> None:
        self.chance, self.brand, self.hour, self.opened = chance, brand, hour, opened
        self.prefix = f"sample:{brand.slug}:{hour:%Y%m%d%H}"
        self.made = 0

    def posts(self) -> Iterator[Post]:
        now = mood(self.brand, self.hour, self.opened)
        news = list(self._news())
        yield from news
        for _ in range(_poisson(self.chance, now.expected)):
            yield from self._story(now, news)

    def _story(self, now: Mood, news: list[Post]) -> Iterator[Post]:
        """A post and what follows from it."""
        chance = self.chance
        theme = chance.choices(list(now.themes), list(now.themes.values()))[0]
        tone = chance.choices(TONES, now.tones.get(theme, self.brand.temper))[0]
        number = people.pick(chance)
        record = self._article(tone, number) if people.network_of(number) == "web" else None
        record = record or self._post(theme, tone, number, news)
        if record is None:
            return
        yield self._fate(record)
        if record.mentions or record.in_reply_to:
            yield from self._conversation(record, tone, number)
        if tone != "question" and chance.random() < 0.06:
            yield from self._reposts(record)

    def _post(self, theme: str, tone: str, number: int, news: list[Post]) -> Record | None:
        chance, language, network = self.chance, people.language_of(number), people.network_of(number)
        if network == "web":
            network = "hackernews"
            language = "en"
        addressed = network != "hackernews" and chance.random() < ADDRESSED_SHARE[tone]
        handle = self._handle(network)
        named = f"@{handle.handle}" if addressed and handle else self._name()
        text = wording.say(chance, language, theme, tone, self._slots(named, people.first_name(number)))
        if text is None:
            return None
        mentions = (Account(handle.id, handle.handle),) if addressed and handle else ()
        words = self._dressed(text, theme, tone, language)
        record = self._blank(network, number, self._moment(), text=words, language=language, mentions=mentions)
        return self._hung_on(record, news) if news and chance.random() < 0.5 else record

    def _hung_on(self, record: Record, news: list[Post]) -> Record:
        """Some react to what the brand just posted, by reply or quote."""
        same = [post.record for post in news if post.record.network == record.network]
        if not same or record.published_at <= same[0].published_at:
            return record
        ref = PostRef(same[0].external_id, self._own_account(record.network))
        if self.chance.random() < 0.6:
            return replace(record, in_reply_to=ref, thread_root=ref)
        return replace(record, quotes=ref)

    def _article(self, tone: str, number: int) -> Record | None:
        """Reviews and articles from the web, seldom."""
        kind = "review" if self.chance.random() < 0.75 else "article"
        if people.language_of(number) != "en" or self.chance.random() < 0.4:
            return None
        text = wording.say(self.chance, "en", kind, tone, self._slots(self.brand.name, ""))
        if text is None:
            return None
        title, _, body = text.partition(" || ")
        rating = {"praise": (4, 5), "complaint": (1, 1, 2), "neutral": (3, 4)}.get(tone, (3,))
        place = "Example Reviews" if kind == "review" else "The Kitchen Example"
        stars = float(self.chance.choice(rating)) if kind == "review" else None
        told = {"title": title, "text": body, "community": place, "rating": stars, "likes": None, "shares": None}
        return self._blank("web", number, self._moment(), **told)

    def _conversation(self, record: Record, tone: str, number: int) -> Iterator[Post]:
        """The brand answers, and the customer says whether that helped."""
        chance = self.chance
        wanted = self.brand.answers if tone in ("complaint", "question") else self.brand.answers / 6
        if chance.random() > wanted:
            return
        name = people.first_name(number)
        language = people.language_of(number)
        style = "answer" if tone == "question" else "sorry"
        text = wording.say(chance, language, "own", style, self._slots("", name))
        if text is None or tone == "praise":
            return
        at = record.published_at + timedelta(minutes=chance.lognormvariate(3.9, 1.0) + 2)
        customer = Account(record.author.id, record.author.handle) if record.author else None
        answer = self._own_post(record.network, at, f"@{customer.handle if customer else ''} {text}", language)
        to = PostRef(record.external_id, customer)
        answer = replace(answer, in_reply_to=to, thread_root=to, mentions=(customer,) if customer else ())
        yield Post(answer)
        if chance.random() < 0.5:
            yield from self._follow_up(record, answer, number)

    def _follow_up(self, record: Record, answer: Record, number: int) -> Iterator[Post]:
        style = self.chance.choices(("thanks", "annoyed", "more"), (0.45, 0.3, 0.25))[0]
        language = people.language_of(number)
        text = wording.say(self.chance, language, "reply", style, self._slots(self.brand.name, ""))
        if text is None:
            return
        at = answer.published_at + timedelta(minutes=self.chance.lognormvariate(3.5, 1.2) + 1)
        own = self._own_account(record.network)
        yield Post(
            self._blank(
                record.network,
                number,
                at,
                text=text,
                language=language,
                in_reply_to=PostRef(answer.external_id, own),
                thread_root=PostRef(record.external_id, Account(record.author.id) if record.author else None),
                implied=(own,) if own else (),
            )
        )

    def _reposts(self, record: Record) -> Iterator[Post]:
        if record.network not in ("x", "bluesky", "mastodon"):
            return
        by = Account(record.author.id, record.author.handle) if record.author else None
        for _ in range(1 + _poisson(self.chance, 1.5)):
            number = people.pick(self.chance, network=record.network)
            at = record.published_at + timedelta(minutes=self.chance.lognormvariate(3.5, 1.3) + 1)
            yield Post(
                self._blank(
                    record.network,
                    number,
                    at,
                    text=record.text,
                    language=record.language,
                    mentions=record.mentions,
                    reposts=PostRef(record.external_id, by),
                    likes=None,
                )
            )

    def _news(self) -> Iterator[Post]:
        """What the brand posts itself: some chat in office hours, its launch, and words about an outage."""
        style = self._news_style()
        text = wording.say(self.chance, "en", "own", style, self._slots("", "")) if style else None
        if text is None:
            return
        for handle in self.brand.handles:
            at = self.hour + timedelta(seconds=60 + self.chance.random() * 240)
            yield Post(self._own_post(handle.network, at, text, "en"))

    def _news_style(self) -> str | None:
        if event_hours(self.brand, self.hour, self.opened, OUTAGE) in (1, 3, 6):
            return "outage"
        if event_hours(self.brand, self.hour, self.opened, LAUNCH) == 1:
            return "launch"
        office = self.hour.weekday() < 5 and 7 <= self.hour.hour <= 16
        return "news" if office and self.chance.random() < 0.06 else None

    def _fate(self, record: Record) -> Post:
        """A few posts are taken back within hours, a few are edited within the half hour."""
        chance = self.chance
        if chance.random() < 0.012:
            return Post(record, deleted_at=record.published_at + timedelta(minutes=5 + chance.random() * 2400))
        if chance.random() < 0.02 and record.network in ("mastodon", "x"):
            at = record.published_at + timedelta(minutes=1 + chance.random() * 28)
            return Post(record, edited=replace(record, text=f"{record.text} (edited: typo)", edited_at=at))
        return Post(record)

    def _blank(self, network: str, number: int, at: datetime, **told: Any) -> Record:
        """A post by somebody, with whatever else was told of it."""
        self.made += 1
        author = people.author_of(number)
        reach = (author.followers or 50) ** 0.5
        quiet = number % 41 == 0
        if network == "hackernews":
            author = Author(f"sample:author:hackernews:{number}", f"u{number}")
        fields: dict[str, Any] = {
            "likes": int(self.chance.expovariate(3 / reach)),
            "shares": int(self.chance.expovariate(12 / reach)),
            "community": (author.handle or "").partition("@")[2] or None if network == "mastodon" else None,
            "public_ok": not (quiet and network == "bluesky"),
        }
        fields.update(told)
        return Record(
            network=network, external_id=f"{self.prefix}:{self.made}", published_at=at, author=author, **fields
        )

    def _own_post(self, network: str, at: datetime, text: str, language: str) -> Record:
        self.made += 1
        account = self._own_account(network)
        author = Author(account.id or "", account.handle, self.brand.name, followers=18_400) if account else None
        return Record(
            network=network,
            external_id=f"{self.prefix}:{self.made}",
            text=text,
            published_at=at,
            author=author,
            language=language,
            likes=int(self.chance.expovariate(0.05)),
            shares=int(self.chance.expovariate(0.2)),
        )

    def _handle(self, network: str) -> SampleHandle | None:
        return next((handle for handle in self.brand.handles if handle.network == network), None)

    def _own_account(self, network: str) -> Account | None:
        handle = self._handle(network)
        return Account(handle.id, handle.handle) if handle else None

    def _name(self) -> str:
        """How people call a brand when they do not turn to it."""
        name = self.brand.name
        return self.chance.choices((name, name.lower(), f"#{name}"), (0.72, 0.14, 0.14))[0]

    def _slots(self, named: str, name: str) -> dict[str, str]:
        rivals = [brand.name for brand in MARKET.brands if brand is not self.brand]
        return {"b": named, "r": self.chance.choice(rivals), "new": self.brand.launches, "name": name}

    def _dressed(self, text: str, theme: str, tone: str, language: str) -> str:
        """Many say how they feel, some add an emoji or a hashtag, some write in small letters."""
        chance = self.chance
        feeling = wording.say(chance, language, "tail", tone, {}) if chance.random() < FEELING.get(theme, 0.5) else None
        if feeling:
            text += ("" if language == "ja" else " " if text[-1] in ".!?。！？" else ". ") + feeling
        if tone in ("complaint", "praise") and chance.random() < 0.16:
            text += " " + chance.choice(SAD if tone == "complaint" else GLAD)
        if chance.random() < 0.05:
            text += " #coffee"
        return text.lower() if chance.random() < 0.05 else text

    def _moment(self) -> datetime:
        return self.hour + timedelta(seconds=self.chance.random() * 3600)


def _poisson(chance: Random, mean: float) -> int:
    """A count with this mean (Knuth's method; for the small means of one hour)."""
    limit, product, count = 2.718281828459045**-mean, chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
