"""The sample market: a maker of coffee machines that does not exist, and its two competitors.

Names, accounts and people are invented; addresses end in `.example` (RFC 2606), so nobody is meant by them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleHandle:
    """A brand's own account on a network: handle without "@" and stable id."""

    network: str
    handle: str
    id: str


@dataclass(frozen=True, slots=True)
class SampleBrand:
    """One brand of the market, ready to be created.

    `kind` is "own" or "competitor"; `colour` as "#rrggbb"; `queries` in the query language; `per_day` posts on an
    average day; `launches` the name of the product that it brings out; `temper` how its customers feel on a normal
    day, as weights of complaint, question, praise, neutral; `answers` the share of complaints that it replies to.
    """

    slug: str
    name: str
    kind: str
    colour: str
    timezone: str
    queries: tuple[str, ...]
    handles: tuple[SampleHandle, ...]
    per_day: float
    launches: str
    temper: tuple[float, float, float, float]
    answers: float


@dataclass(frozen=True, slots=True)
class Market:
    """All brands, and the (network, author id) of the person who asked not to be listened to."""

    brands: tuple[SampleBrand, ...]
    opted_out: tuple[str, str]
    label: str


def _handles(name: str) -> tuple[SampleHandle, ...]:
    return (
        SampleHandle("x", name, f"sample:brand:{name}:x"),
        SampleHandle("bluesky", f"{name}.example", f"sample:brand:{name}:bluesky"),
        SampleHandle("mastodon", f"{name}@social.example", f"sample:brand:{name}:mastodon"),
    )


MARKET = Market(
    brands=(
        SampleBrand(
            "morrowbrew", "Morrowbrew", "own", "#2f6f5e", "Europe/Berlin",
            ('morrowbrew OR "morrow brew"',), _handles("morrowbrew"), 90, "Mini", (0.34, 0.14, 0.3, 0.22), 0.6,
        ),
        SampleBrand(
            "kaffetta", "Kaffetta", "competitor", "#b5652a", "Europe/Berlin",
            ("kaffetta",), _handles("kaffetta"), 30, "Piccola", (0.22, 0.14, 0.4, 0.24), 0.45,
        ),
        SampleBrand(
            "perkolo", "Perkolo", "competitor", "#6a5acd", "Europe/Berlin",
            ("perkolo",), _handles("perkolo"), 19, "Go", (0.42, 0.14, 0.2, 0.24), 0.15,
        ),
    ),
    opted_out=("mastodon", "sample:author:mastodon:12"),
    label="Sample market",
)  # fmt: skip
