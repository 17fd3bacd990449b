"""The supervisor behind `manage.py up`: servers, set-up, programs, in this order; and all of them down again.

It imports neither Django nor Celery, for it stays in memory as long as Earshot runs.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType

from listening.embedded.keeper import Keeper
from listening.embedded.orphans import end_orphans
from listening.embedded.places import ROOT, Places, data_folder, port_taken, up
from listening.embedded.process import MARK, ChildFailed, die_with_parent, tail
from listening.embedded.servers import lock, specs
from listening.probe import healthz, well
from listening.programs import programs

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 120.0  # seconds that /healthz has to say yes


class Stopped(BaseException):
    """Raised by the signals of STOPPING wherever the supervisor happens to be."""


def main() -> int:
    for each in STOPPING:
        signal.signal(each, _stop)
    places = Places(data_folder())
    with lock(places.run / "up.lock") as alone:
        if not alone:
            say(_already(places))
            return 1
        return _up(places, Keeper(str(places.data), say))


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone; that must not keep anything from being stopped
        print(text, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)  # stopping takes at most ten seconds; a second Ctrl-C gains nothing
    raise Stopped


def _already(places: Places) -> str:
    running = up(places)
    where = f"as process {running.pid} at {running.url}" if running else "and is starting or stopping at this moment"
    return (
        f"Earshot already runs on {places.data} {where}, so no second one was started. Stop that one first (Ctrl-C in "
        "its terminal), or give this one its own folder: make run EARSHOT_DATA=/another/folder"
    )


def _up(places: Places, keeper: Keeper) -> int:
    """Bring everything up, keep it running until a signal, bring everything down."""
    record = places.run / "up.json"
    try:
        with ExitStack() as stack:
            _take_servers(places, stack)
            _bring_up(places, keeper, record)
            while True:
                keeper.tend()
                time.sleep(0.5)
    except Stopped:
        say("Stopping ...")
        return 0
    except ChildFailed as failure:
        say(f"Earshot could not start: {failure}\nAll logs are in {places.logs}.")
        return 1
    finally:
        began = time.monotonic()
        keeper.stop()
        record.unlink(missing_ok=True)
        say(f"Earshot has stopped ({time.monotonic() - began:.1f} s).")


def _take_servers(places: Places, stack: ExitStack) -> None:
    """Hold the servers' lock; a command such as `manage.py pull` that runs alone has it until it is done."""
    waiting = False
    while not stack.enter_context(lock(places.run / "servers.lock")):
        if not waiting:
            say("Waiting for a command of manage.py that uses the database ...")
        waiting = True
        time.sleep(0.2)


def _bring_up(places: Places, keeper: Keeper, record: Path) -> None:
    began = time.monotonic()
    host = os.environ.get("EARSHOT_BIND") or "127.0.0.1"
    port = _port(host)
    url = os.environ.get("EARSHOT_URL") or f"http://{host}:{port}"
    os.environ.update(PORT=str(port), EARSHOT_DATA=str(places.data))
    record.write_text(json.dumps({"pid": os.getpid(), "url": url}), encoding="utf-8")
    if end_orphans(str(places.data)):
        say("  stopped what an earlier Earshot had left running")
    for child in [keeper.start(spec) for spec in specs(places)]:
        child.wait_ready(30)
        say(f"  {child.spec.name} answers")
    admin = _prepare(places)
    try:
        say("  starting web, workers and beat")
        for spec in programs(places, host, port):
            keeper.start(spec)
        _wait_healthy(keeper, host, port)
        say(f"Earshot is ready at {url} (after {time.monotonic() - began:.1f} s; Ctrl-C stops it)")
    finally:
        if admin:
            say(admin)


def _port(host: str) -> int:
    """PORT, or the next free one when another program has it."""
    wanted = int(os.environ.get("PORT") or 8000)
    for port in range(wanted, min(wanted + 100, 65_536)):
        if not port_taken(host, port):
            break
    else:
        raise ChildFailed(f"the ports from {wanted} on are all taken on {host}. Choose another: make run PORT=9000")
    if port != wanted:
        say(f"  port {wanted} is taken by another program, so Earshot uses {port} (PORT=... chooses)")
    return port


def _prepare(places: Places) -> str:
    """Tables, static files, first admin, sample brand: in a process of its own, for it needs Django's memory. Nobody
    else is at work yet, so the engine reads the sample with all processors.

    Returns what to tell the first admin, who is told once and at the end.
    """
    setup = subprocess.Popen(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={"EARSHOT_ENGINE_THREADS": str(os.cpu_count() or 1), **os.environ, MARK: str(places.data)},
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        told, _ = setup.communicate()
    except Stopped:
        setup.terminate()
        setup.wait()
        raise
    if setup.returncode:
        raise ChildFailed(f"the set-up ended with status {setup.returncode}; the reason stands above. {told}")
    return told.strip()


def _wait_healthy(keeper: Keeper, host: str, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not well(answer := healthz(host, port)):
        keeper.tend()
        if failing := keeper.failing(times=3):
            raise ChildFailed(f"{failing.name} ends again and again. The end of {failing.log}:\n{tail(failing.log)}")
        if time.monotonic() > until:
            raise ChildFailed(f"after {PATIENCE:.0f} s it still is not well. /healthz says: {answer or 'nothing'}")
        time.sleep(0.25)


if __name__ == "__main__":
    sys.exit(main())
