"""Freshness: from a post that a Jetstream on loopback sends to the moment it stands on an open page in Chromium.

The page is the brand's list of mentions. Most posts of the stream are about something else, as on the real one.
Both moments are read from the same machine's clock.
"""

import json
import os
import random
import shutil
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.floors import percentile
from bench.jetstream import Jetstream, running
from bench.stack import ADMIN, PASSWORD, Stack, stack

CEILING = 2.0
POSTS = 60
NOISE = 20  # posts about other things for each about the brand
PAUSE = (0.1, 1.5)  # seconds between two posts about the brand
PATIENCE = 60_000  # milliseconds until the last one must have come
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

WATCH = """() => {
  window.seen = {};
  const look = (node) => {
    for (const [, n] of (node.textContent || "").matchAll(/freshness-(\\d+)/g)) window.seen[n] ??= Date.now() / 1000;
  };
  new MutationObserver((changes) => changes.forEach((c) => c.addedNodes.forEach(look)))
    .observe(document.body, { childList: true, subtree: true });
}"""


def run() -> dict[str, Any]:
    """{"p50_seconds", "p95_seconds", "slowest_seconds", "posts", "shown"}; every post must be shown."""
    with running() as jetstream, stack(EARSHOT_SAMPLE="false") as earshot, sync_playwright() as playwright:
        earshot.manage("configure", "-", stdin=json.dumps(_configuration(jetstream.url)))
        earshot.manage("adopt_interest", "--brand", "acme")
        path = os.environ.get("EARSHOT_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = chromium.new_page()
        _open(page, earshot)
        sent, seen = _measure(page, jetstream)
        chromium.close()
    waits = [seen[n] - sent[n] for n in seen]
    return {
        "posts": len(sent),
        "shown": len(seen),
        "p50_seconds": round(percentile(waits, 0.5), 3),
        "p95_seconds": round(percentile(waits, 0.95), 3),
        "slowest_seconds": round(max(waits), 3),
        "floors": {"shown": len(sent)},
        "ceilings": {"p95_seconds": CEILING},
    }


def _configuration(jetstream: str) -> dict[str, Any]:
    settings = {"jetstream_url": jetstream, "appview_url": "", "replay_hours": 0}
    return {
        "brands": [{"slug": "acme", "name": "Acme", "queries": [{"name": "Acme", "text": "acme"}]}],
        "sources": [{"kind": "bluesky", "name": "Loopback", "brands": ["acme"], "settings": settings}],
    }


def _open(page: Page, earshot: Stack) -> None:
    page.goto(f"{earshot.url}/accounts/login/")
    page.fill("input[name=login]", ADMIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto(f"{earshot.url}/b/acme/mentions/")
    page.evaluate(WATCH)


def _measure(page: Page, jetstream: Jetstream) -> tuple[dict[int, float], dict[int, float]]:
    """When each post was sent and seen, in seconds since 1970."""
    dice = random.Random(1)
    _warm(page, jetstream)
    sent: dict[int, float] = {}
    for n in range(POSTS):
        for _ in range(NOISE):
            jetstream.post("Something else altogether, about the weather and lunch.")
        sent[n] = jetstream.post(f"Acme said something, see freshness-{n}")
        page.wait_for_timeout(dice.uniform(*PAUSE) * 1000)
    page.wait_for_function(f"Array.from({{length: {POSTS}}}, (_, n) => n).every((n) => n in seen)", timeout=PATIENCE)
    seen: dict[str, float] = page.evaluate("window.seen")
    return sent, {int(n): at for n, at in seen.items() if int(n) in sent}


def _warm(page: Page, jetstream: Jetstream) -> None:
    """Wait until the source listens and the page is told: the first posts do not count."""
    until = time.monotonic() + PATIENCE / 1000
    number = 1000
    while not page.evaluate("Object.keys(window.seen).length"):
        if time.monotonic() > until:
            raise RuntimeError("no post came to the page within a minute")
        jetstream.post(f"Acme is warming up, freshness-{number}")
        page.wait_for_timeout(500)
        number += 1
