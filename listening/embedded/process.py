"""One child process: dies with its parent, logs to a file, is stopped politely and then firmly."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MARK = "EARSHOT_SUPERVISED"  # in every child's environment, so that orphans are known as ours
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ChildFailed(RuntimeError):
    """A child did not start; the message carries the end of its log."""


@dataclass(frozen=True)
class Spec:
    """How to run one child. `stop` lists signals with the seconds each is given before the next; then SIGKILL."""

    name: str
    argv: tuple[str, ...]
    log: Path
    stop: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 5.0),)
    env: Mapping[str, str] = field(default_factory=dict)
    server: bool = False  # the programs need it, so it stops after them
    owner: tuple[int, int] | None = None  # user and group id to drop to, when started as root
    ready: Callable[[int], bool] = lambda pid: True  # asked with the child's pid until it says yes
    prepare: Callable[[], None] = lambda: None  # run before every start


class Child:
    """A running Spec."""

    def __init__(self, spec: Spec, mark: str) -> None:
        self.spec = spec
        self.started = time.monotonic()
        spec.prepare()
        spec.log.parent.mkdir(parents=True, exist_ok=True)
        self.log_from = spec.log.stat().st_size if spec.log.exists() else 0
        user, group = spec.owner or (None, None)
        with spec.log.open("ab") as log:
            self.process = subprocess.Popen(
                spec.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **spec.env, MARK: mark},
                process_group=0,  # Ctrl-C in the terminal reaches the parent only, which stops us in order
                user=user,
                group=group,
                extra_groups=None if spec.owner is None else [],
                preexec_fn=die_with_parent(spec.stop[0][0]),
            )

    def running(self) -> bool:
        return self.process.poll() is None

    def wait_ready(self, seconds: float) -> None:
        """Return once the child says it is ready; raises ChildFailed when it ends or stays silent."""
        until = time.monotonic() + seconds
        while not self.spec.ready(self.process.pid):
            if not self.running():
                raise ChildFailed(f"{self.spec.name} ended with status {self.process.returncode}:\n{self.log_tail()}")
            if time.monotonic() > until:
                raise ChildFailed(f"{self.spec.name} was not ready within {seconds:.0f} s:\n{self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self) -> str:
        """The last lines that this run wrote."""
        return tail(self.spec.log, self.log_from)

    def stop(self) -> None:
        stop_all([self])

    def kill_group(self) -> None:
        """End what a dead child may have left in its process group, such as a pool of workers."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def tail(log: Path, since: int = 0, lines: int = 15) -> str:
    """The last lines of a log, of what was written after byte `since`."""
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - 20_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def die_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec, so that kill -9 of the parent stops it too (Linux)."""
    parent = os.getpid()

    def ask_kernel() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
            if os.getppid() != parent:  # the parent was killed before the line above
                os._exit(1)

    return ask_kernel


def stop_all(children: list[Child]) -> None:
    """Stop children at the same time, each by its own list of signals, SIGKILL to its group at the end."""
    began = time.monotonic()
    plans = {child: _plan(child.spec) for child in children}
    while alive := [child for child in children if child.running()]:
        for child in alive:
            due = plans[child][0][0] if plans[child] else None
            if due is not None and time.monotonic() - began >= due:
                _send(child, plans[child].pop(0)[1])
        time.sleep(0.02)
    for child in children:
        child.kill_group()


def _plan(spec: Spec) -> list[tuple[float, signal.Signals]]:
    """When to send which signal, in seconds from now."""
    at, plan = 0.0, []
    for sig, seconds in spec.stop:
        plan.append((at, sig))
        at += seconds
    return [*plan, (at, signal.SIGKILL)]


def _send(child: Child, sig: signal.Signals) -> None:
    if sig is signal.SIGKILL:
        child.kill_group()
    with contextlib.suppress(ProcessLookupError):
        child.process.send_signal(sig)
