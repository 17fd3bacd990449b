"""Bench of the scan: ten thousand queries over Jetstream events, against the plain ways of doing the same."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import orjson
from ahocorasick_rs import AhoCorasick

from listening.query.bench_market import Regex, a_market, as_regex, literals, vocabulary
from listening.query.bench_stream import a_stream
from listening.query.matcher import Matcher
from listening.query.post import Post

QUERIES = 10_000
EVENTS = 60_000
SAMPLE = 30  # posts for the regular expressions, which take a second for about a hundred posts
T = TypeVar("T")
Figures = dict[str, float]


def scan(frames: Path | None = None, seed: int = 1, queries: int = QUERIES, events: int = EVENTS) -> Figures:
    """Events per second on one core, JSON parsing included: ours, the bare automaton's, one regex per query's.

    `frames` is a folder of recorded Jetstream frames (*.jsonl); None makes up events of the same shape. All figures
    and ratios are measured in this process. The regular expressions are timed on a sample of posts and counted for
    the stream's share of posts.
    """
    chance = random.Random(seed)  # noqa: S311 - makes data, not secrets
    words = vocabulary(chance)
    market = a_market(chance, words, queries)
    lines = a_stream(chance, words, events, frames)
    built, matcher = _timed(lambda: Matcher(market))
    automaton = AhoCorasick(literals(market))
    (ours, found), (bare, _), (plain, posts) = _best_of(
        lambda: _scan(lines, matcher),
        lambda: _bare(lines, automaton),
        lambda: sum(_text(line) is not None for line in lines),
    )
    texts = [text for line in lines[: SAMPLE * 40] if (text := _text(line))][:SAMPLE]
    regexes = [as_regex(query.root) for query in market.values()]
    [(slow, _)] = _best_of(lambda: _search(texts, regexes), rounds=3)
    per_event = plain / events + slow / len(texts) * posts / events
    return {
        "queries": len(market),
        "events": events,
        "share_of_posts": round(posts / events, 3),
        "matches": found,
        "build_seconds": round(built, 2),
        "events_per_second": round(events / ours),
        "parse_only_events_per_second": round(events / plain),
        "bare_automaton_events_per_second": round(events / bare),
        "regex_events_per_second": round(1 / per_event, 1),
        "times_regex": round(events / ours * per_event, 1),
        "share_of_bare_automaton": round(bare / ours, 3),
    }


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.process_time()
    answer = work()
    return time.process_time() - started, answer


def _best_of(*works: Callable[[], int], rounds: int = 5) -> list[tuple[float, int]]:
    """The quickest of some rounds of each; they take turns, because other work on the machine comes and goes."""
    timed = [[_timed(work) for work in works] for _ in range(rounds)]
    return [min(times) for times in zip(*timed, strict=True)]


def _scan(lines: Sequence[bytes], matcher: Matcher) -> int:
    """How a source reads the stream: parse each event, judge the posts."""
    matches = 0
    for line in lines:
        event = orjson.loads(line)
        record = _record(event)
        if record is not None:
            matches += len(matcher.match_text(record["text"], lambda: _post(event)))  # noqa: B023 - called at once
    return matches


def _bare(lines: Sequence[bytes], automaton: AhoCorasick) -> int:
    hits = 0
    for line in lines:
        text = _text(line)
        if text is not None:
            hits += len(automaton.find_matches_as_indexes(text.lower(), overlapping=True))
    return hits


def _search(texts: Sequence[str], regexes: Sequence[Regex]) -> int:
    return sum(1 for text in texts for regex in regexes if regex.search(text))


def _record(event: dict[str, Any]) -> dict[str, Any] | None:
    commit = event.get("commit")
    if commit and commit["collection"] == "app.bsky.feed.post" and commit["operation"] == "create":
        record: dict[str, Any] = commit["record"]
        return record
    return None


def _text(line: bytes) -> str | None:
    record = _record(orjson.loads(line))
    return record["text"] if record else None


def _post(event: dict[str, Any]) -> Post:
    record = event["commit"]["record"]
    return Post(
        text=record["text"],
        author_id=event["did"],
        language=(record.get("langs") or [None])[0],
        source="bluesky",
        is_reply="reply" in record,
    )
