"""Keeps children running: starts again what ended, after a growing pause, and keeps their logs short."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from listening.embedded.process import Child, ChildFailed, Spec, stop_all

LOG_LIMIT = 5_000_000  # bytes; a log that grew beyond is kept once as .1
SETTLED = 60.0  # seconds after which a child counts as well again


@dataclass
class Post:
    """A child's place: how often in a row it ended, and the monotonic second of its next start."""

    spec: Spec
    child: Child | None
    failures: int = 0
    due: float = 0.0


def backoff(failures: int) -> float:
    """Seconds to wait after so many ends in a row: 0.5, 1, 2 ... at most 30."""
    return min(0.5 * 2.0 ** max(min(failures, 20) - 1, 0), 30.0)


class Keeper:
    """The children of one supervisor, in the order in which they were started."""

    def __init__(self, mark: str, say: Callable[[str], None]) -> None:
        self.mark = mark
        self.say = say
        self.posts: list[Post] = []

    def start(self, spec: Spec) -> Child:
        """Start a child and take it into care. Raises ChildFailed when it cannot even be prepared."""
        child = Child(spec, self.mark)
        self.posts.append(Post(spec, child))
        return child

    def tend(self) -> None:
        """Note what ended, start what is due, shorten what is long. To be called about twice a second."""
        for post in self.posts:
            if post.child is not None and not post.child.running():
                self._ended(post, post.child)
            if post.child is None and time.monotonic() >= post.due:
                self._again(post)
            shorten(post.spec.log)

    def failing(self, times: int) -> Spec | None:
        """The first child that ended so often in a row."""
        return next((post.spec for post in self.posts if post.failures >= times), None)

    def _ended(self, post: Post, child: Child) -> None:
        child.kill_group()
        settled = time.monotonic() - child.started > SETTLED
        self._wait(post, 1 if settled else post.failures + 1, f"ended with status {child.process.returncode}")

    def _again(self, post: Post) -> None:
        try:
            post.child = Child(post.spec, self.mark)
        except (ChildFailed, OSError) as error:
            self._wait(post, post.failures + 1, f"could not be started ({error})")

    def _wait(self, post: Post, failures: int, what: str) -> None:
        pause = backoff(failures)
        post.child, post.failures, post.due = None, failures, time.monotonic() + pause
        self.say(f"{post.spec.name} {what}; it starts again in {pause:g} s. Its log: {post.spec.log}")

    def stop(self) -> None:
        """Stop the programs, then the servers that they need; each group at the same time."""
        for needed in (False, True):
            stop_all([post.child for post in self.posts if post.child is not None and post.spec.server is needed])


def shorten(log: Path, limit: int = LOG_LIMIT) -> None:
    """Keep the log's content as .1 and empty it in place, for the child goes on appending to the same file."""
    if log.exists() and log.stat().st_size > limit:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)
