"""The programs of Earshot beside the servers: web, workers and beat, as children for the supervisor."""

import signal
import sys
from collections.abc import Mapping

from listening.embedded.places import Places
from listening.embedded.process import Spec

# A task has four seconds to finish; then SIGQUIT hands unfinished ones back to the queue, and running twice is safe.
WORKER_STOP = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 1.5))
LIGHT = {"MALLOC_ARENA_MAX": "2"}


def programs(places: Places, host: str, port: int) -> list[Spec]:
    """Web on `host`:`port`, one worker for pulls, mail and chores, one for long streams, exactly one beat."""
    return [
        web(places, host, port),
        worker(places, "worker", role="work", processes=2),
        worker(places, "stream", role="stream", processes=1),
        beat(places),
    ]


def web(places: Places, host: str, port: int) -> Spec:
    options = ["--lifespan", "off", "--no-access-log", "--no-server-header", "--ws", "none"]
    options += ["--timeout-graceful-shutdown", "2"]  # live pages keep a connection open for ever
    return _spec(places, "web", "uvicorn", "listening.asgi:application", "--host", host, "--port", str(port), *options)


def worker(places: Places, name: str, role: str, processes: int) -> Spec:
    options = ["--concurrency", str(processes), "--hostname", f"{name}@%h", "--loglevel", "INFO"]
    chatter = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return _spec(
        places,
        name,
        "celery",
        *("--app", "listening.celery:app", "worker", *options, *chatter),
        stop=WORKER_STOP,
        extra={"EARSHOT_WORKER": role},
    )


def beat(places: Places) -> Spec:
    schedule = str(places.run / "beat")
    return _spec(
        places, "beat", "celery", "--app", "listening.celery:app", "beat", "--schedule", schedule, "--pidfile="
    )


def _spec(
    places: Places,
    name: str,
    module: str,
    *arguments: str,
    stop: tuple[tuple[signal.Signals, float], ...] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Spec:
    return Spec(
        name=name,
        argv=(sys.executable, "-m", module, *arguments),
        log=places.logs / f"{name}.log",
        stop=stop or ((signal.SIGTERM, 4.0),),
        env={**LIGHT, "EARSHOT_DATA": str(places.data), "PYTHONUNBUFFERED": "1", **(extra or {})},
    )
