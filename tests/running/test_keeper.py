"""The keeper of children: it starts again what ended, and stops what would not."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from listening.embedded.keeper import Keeper, backoff, shorten
from listening.embedded.orphans import end_orphans, orphans
from listening.embedded.process import Child, ChildFailed, Spec, stop_all

DEAF = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
FAMILY = "import os, time; child = os.fork(); print(child, flush=True) if child else None; time.sleep(60)"


def spec(folder: Path, code: str, name: str = "child", **more: object) -> Spec:
    return Spec(name=name, argv=(sys.executable, "-c", code), log=folder / f"{name}.log", **more)  # type: ignore[arg-type]


def tended(keeper: Keeper) -> Keeper:
    keeper.tend()
    return keeper


def wait(until: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize(("failures", "pause"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (10_000, 30.0)])
def test_it_waits_longer_after_each_end(failures: int, pause: float) -> None:
    assert backoff(failures) == pause


def test_it_starts_again_what_ended_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    keeper = Keeper(str(tmp_path), told.append)
    first = keeper.start(spec(tmp_path, "import time; time.sleep(60)"))
    first.process.kill()
    first.process.wait()
    keeper.tend()
    assert told == [f"child ended with status -9; it starts again in 0.5 s. Its log: {tmp_path}/child.log"]
    wait(lambda: tended(keeper).posts[0].child)
    assert keeper.posts[0].child is not None
    assert keeper.posts[0].child.process.pid != first.process.pid
    keeper.stop()


def test_it_names_the_child_that_ends_again_and_again(tmp_path: Path) -> None:
    keeper = Keeper(str(tmp_path), lambda text: None)
    keeper.start(spec(tmp_path, "raise SystemExit(3)"))
    wait(lambda: tended(keeper).failing(times=2))
    keeper.stop()
    assert keeper.failing(times=2) is keeper.posts[0].spec


def test_it_kills_a_child_that_does_not_listen(tmp_path: Path) -> None:
    deaf = Child(spec(tmp_path, DEAF, stop=((signal.SIGTERM, 0.2),)), mark="x")
    wait(lambda: "deaf" in (tmp_path / "child.log").read_text())
    stop_all([deaf])
    assert deaf.process.returncode == -signal.SIGKILL


def test_it_ends_what_a_killed_child_left_in_its_group(tmp_path: Path) -> None:
    keeper = Keeper(str(tmp_path), lambda text: None)
    parent = keeper.start(spec(tmp_path, FAMILY))
    wait(lambda: (tmp_path / "child.log").read_text().strip())
    grandchild = psutil.Process(int((tmp_path / "child.log").read_text()))
    os.kill(parent.process.pid, signal.SIGKILL)
    parent.process.wait()
    keeper.tend()
    wait(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)
    keeper.stop()


def test_it_stops_servers_after_the_programs_that_need_them(tmp_path: Path) -> None:
    code = "import signal, sys, time\ndef end(*a):\n  print(time.monotonic_ns(), flush=True)\n  time.sleep(0.2)\n"
    code += "  sys.exit()\nsignal.signal(signal.SIGTERM, end); print('on', flush=True); time.sleep(60)"
    keeper = Keeper(str(tmp_path), print)
    keeper.start(spec(tmp_path, code, "server", server=True))
    keeper.start(spec(tmp_path, code, "program"))
    logs = {name: tmp_path / f"{name}.log" for name in ("server", "program")}
    wait(lambda: all("on" in log.read_text() for log in logs.values()))
    keeper.stop()
    ended = {name: int(log.read_text().split()[-1]) for name, log in logs.items()}
    assert ended["server"] - ended["program"] > 150_000_000


def test_it_shows_the_end_of_the_log_of_what_could_not_start(tmp_path: Path) -> None:
    child = Child(spec(tmp_path, "raise SystemExit('no such file')", ready=lambda pid: False), mark="x")
    with pytest.raises(ChildFailed, match="(?s)child ended with status 1:.*no such file"):
        child.wait_ready(10)


def test_it_finds_orphans_by_their_mark_and_only_those(tmp_path: Path) -> None:
    mine = Child(spec(tmp_path, "import time; time.sleep(60)", "mine"), mark=str(tmp_path))
    other = Child(spec(tmp_path, "import time; time.sleep(60)", "other"), mark="another folder")
    assert [each.pid for each in orphans(str(tmp_path))] == [mine.process.pid]
    assert end_orphans(str(tmp_path)) == 1
    assert not mine.running()
    assert other.running()
    other.stop()


def test_it_keeps_a_log_short_while_the_child_goes_on_writing(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    with log.open("ab", buffering=0) as out:
        out.write(b"old\n" * 100)
        shorten(log, limit=100)
        out.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "child.log.1").read_bytes() == b"old\n" * 100
