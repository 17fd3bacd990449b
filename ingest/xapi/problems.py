"""Partial errors: what X says, beside the posts it gives, about posts and people that it does not give.

HTTP 200 with `data` and `errors[]`; each error has `resource_type`, `resource_id` or `value`, `parameter`, `title`,
`detail` and a `type` that ends in "/problems/...". Seen in recorded answers of 2021 to 2023.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ingest.record import Deletion
from ingest.xapi.posts import is_id

State = Literal["gone", "hidden"]

_HIDDEN_WORDS = ("suspended", "protected", "not authorized", "authorization", "no longer available", "withheld")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that X did not give: "post" or "user", its id (None where only a name was told), and its state."""

    what: Literal["post", "user"]
    id: str | None
    state: State
    words: str


def read_problems(errors: Any) -> list[Problem]:
    """The partial errors that say what became of somebody or something; others are left to `warnings_of`."""
    found = (_problem(error) for error in _told(errors))
    return [problem for problem in found if problem is not None]


def deletions_of(problems: Iterable[Problem]) -> list[Deletion]:
    """What the problems mean for posts that are stored.

    A post that is gone is purged. A person who is suspended, protected or away may come back, so everything of theirs
    is hidden; the nightly re-reading finds each of their posts that is gone for good.
    """
    return [
        Deletion(
            "x",
            "post" if problem.what == "post" else "author",
            problem.id,
            "delete" if problem.what == "post" and problem.state == "gone" else "hide",
        )
        for problem in problems
        if problem.id is not None
    ]


def suspended_names(errors: Any) -> set[str]:
    """Names, in lower case, of accounts that were asked for by name and that X says it does not show."""
    found = ((error, _problem(error)) for error in _told(errors))
    hidden = (error for error, problem in found if problem and problem.what == "user" and problem.state == "hidden")
    return {str(error.get("value") or error.get("resource_id") or "").lower() for error in hidden}


def warnings_of(errors: Any) -> list[str]:
    """Sentences for the admin, one per kind of problem."""
    counts = Counter(_sentence(error) for error in _told(errors))
    return [f"{sentence} ({n} times in one answer)" if n > 1 else sentence for sentence, n in counts.items()]


def _told(errors: Any) -> list[Mapping[str, Any]]:
    return [error for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []


def _problem(error: Mapping[str, Any]) -> Problem | None:
    what = {"tweet": "post", "post": "post", "user": "user"}.get(str(error.get("resource_type")))
    words = f"{error.get('title', '')} {error.get('detail', '')}"
    kind = str(error.get("type", "")).rpartition("/")[2]
    if what is None or kind not in {"resource-not-found", "not-authorized-for-resource", "resource-unavailable"}:
        return None
    told = str(error.get("resource_id") or error.get("value") or "")
    hidden = kind != "resource-not-found" or any(word in words.lower() for word in _HIDDEN_WORDS)
    return Problem(
        "post" if what == "post" else "user",
        told if is_id(told) and "username" not in str(error.get("parameter")) else None,
        "hidden" if hidden else "gone",
        words.strip(),
    )


def _sentence(error: Mapping[str, Any]) -> str:
    problem = _problem(error)
    if problem is None:
        return f"X left something out: {error.get('detail') or error.get('title') or 'it did not say what'}"
    if problem.what == "post":
        return {
            "gone": "X says that a post which others refer to was deleted; stored copies go too.",
            "hidden": "X does not show a post which others refer to (protected, suspended or withheld); "
            "stored copies are hidden.",
        }[problem.state]
    return "X says that an account which posts refer to is suspended, protected or gone."
