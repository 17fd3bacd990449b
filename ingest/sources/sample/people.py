"""People of the sample market: the same number is always the same person, on one network, in one language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

from ingest.record import Author

POPULATION = 900
LEAVING = timedelta(days=10)
NETWORKS = {"x": 0.34, "bluesky": 0.3, "mastodon": 0.24, "web": 0.12}
TONGUES = {"en": 0.6, "de": 0.14, "fr": 0.09, "es": 0.08, "pt": 0.05, "ja": 0.04}
INSTANCES = ("social.example", "mastodon.example", "kaffee.example", "tooting.example")
FIRST = {
    "en": "Alice Ben Chloe Dan Ella Frank Grace Harry Isla Jack Kate Liam Mia Noah Olive Priya Quinn Ruth Sean Tess",
    "de": "Anna Bernd Clara Dirk Eva Felix Greta Hanno Ines Jonas Katrin Lars Mara Nils Petra Ralf Svenja Timo",
    "fr": "Alix Bruno Camille Damien Élise Fabien Gaëlle Hugo Inès Julien Karim Léa Manon Nadia Olivier Zoé",
    "es": "Ana Bruno Carla Diego Elena Félix Gloria Hugo Irene Javier Lucía Marta Nuria Óscar Pilar Raúl",
    "pt": "Ana Beatriz Caio Daniela Eduardo Fernanda Gustavo Helena Igor Joana Larissa Marcos Rafaela Tiago",
    "ja": "葵 陽菜 蓮 大翔 美咲 結衣 健太 さくら 翔太 直樹",
}
LAST = "Ashworth Birkett Calloway Drayton Fennick Garrow Hollins Ivers Kestle Larkin Mossop Norrell Pellow Quill Rusk"
LAST += " Sedgely Thorne Upshall Varley Wexcombe Yarrow Zell"
HOBBIES = "reads runs bakes paints cycles codes gardens knits hikes sings skates sails"


def pick(chance: Random, network: str | None = None, language: str | None = None) -> int:
    """Somebody of the population; a few people speak far more often than the rest."""
    for _ in range(200):
        number = int(POPULATION * chance.random() ** 1.7)
        if network in (None, network_of(number)) and language in (None, language_of(number)):
            return number
    return 0


@lru_cache(maxsize=POPULATION)
def network_of(number: int) -> str:
    """The network that a person uses."""
    return _chance(number).choices(list(NETWORKS), list(NETWORKS.values()))[0]


@lru_cache(maxsize=POPULATION)
def language_of(number: int) -> str:
    """The language that a person writes in."""
    chance = _chance(number)
    chance.random()
    return chance.choices(list(TONGUES), list(TONGUES.values()))[0]


@lru_cache(maxsize=POPULATION)
def author_of(number: int) -> Author:
    """The person as their network shows them."""
    chance = _chance(number)
    language, network = language_of(number), network_of(number)
    first, last = chance.choice(FIRST[language].split()), chance.choice(LAST.split())
    latin = first if language != "ja" else chance.choice(FIRST["en"].split())
    name = f"{first}{chance.choice(HOBBIES.split())}{number}" if chance.random() < 0.3 else f"{first} {last}"
    return Author(
        id=f"sample:author:{network}:{number}",
        handle=_handle(chance, network, f"{_ascii(latin)}{last.lower()}{number}"),
        name=name,
        followers=None if network == "web" else int(20 * 10 ** abs(chance.gauss(0, 1.1))),
        created_at=datetime(2014, 1, 1, tzinfo=UTC) + timedelta(days=chance.randint(0, 4000)),
    )


def first_name(number: int) -> str:
    """How a brand would call them."""
    return (author_of(number).name or "").split(" ")[0]


def leaves_at(number: int, opened: date) -> datetime:
    """When a person closes their account for good: somebody does every ten days, each person once."""
    turn = (number - 11) * pow(37, -1, POPULATION) % POPULATION
    first = datetime(opened.year, opened.month, opened.day, 12, tzinfo=UTC) - timedelta(days=95)
    return first + LEAVING * turn


def left_at(author: Author | None, opened: date) -> datetime | None:
    """When the account behind a post is closed; None for brands and nameless people."""
    network, _, number = (author.id if author else "").removeprefix("sample:author:").partition(":")
    known = number.isdecimal() and network == network_of(int(number))
    return leaves_at(int(number), opened) if known else None


def leaving(after: datetime, until: datetime, opened: date) -> Iterator[tuple[datetime, Author]]:
    """Who closes their account in (after, until], in order."""
    first = leaves_at(11, opened)
    turn = max(0, (after - first) // LEAVING)
    while (at := first + LEAVING * turn) <= until:
        if at > after:
            yield at, author_of((11 + 37 * turn) % POPULATION)
        turn += 1


def _chance(number: int) -> Random:
    return Random(f"person {number}")  # noqa: S311  invents people, keeps no secret


def _handle(chance: Random, network: str, name: str) -> str | None:
    if network == "web":
        return None
    if network == "bluesky":
        return f"{name}.example"
    return f"{name}@{chance.choice(INSTANCES)}" if network == "mastodon" else name


def _ascii(name: str) -> str:
    return name.lower().translate(str.maketrans("éèëïíóúñçäöü", "eeeiiouncaou"))
