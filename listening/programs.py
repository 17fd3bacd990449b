"""The programs of Earshot beside the servers: web, workers and beat, as children for the supervisor."""

import signal
import sys
from dataclasses import replace

from listening.embedded.places import Places
from listening.embedded.process import Spec

# A task has four seconds to finish; then SIGQUIT hands unfinished ones back to the queue, and running twice is safe.
WORKER_STOP = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 2.5))
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
    """`role` names the queues that it serves: see ROLES in listening/celery.py."""
    options = ["--concurrency", str(processes), "--hostname", f"{name}@%h", "--loglevel", "INFO"]
    chatter = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    spec = _spec(places, name, "celery", "--app", "listening.celery:app", "worker", *options, *chatter)
    return replace(spec, stop=WORKER_STOP, env={**spec.env, "EARSHOT_WORKER": role})


def beat(places: Places) -> Spec:
    schedule = str(places.run / "beat")
    spec = _spec(
        places, "beat", "celery", "--app", "listening.celery:app", "beat", "--schedule", schedule, "--pidfile="
    )
    return replace(spec, env={**spec.env, "EARSHOT_WORKER": "beat"})


def _spec(places: Places, name: str, module: str, *arguments: str) -> Spec:
    return Spec(
        name=name,
        argv=(sys.executable, "-m", module, *arguments),
        log=places.logs / f"{name}.log",
        stop=((signal.SIGTERM, 4.0),),
        env={**LIGHT, "EARSHOT_DATA": str(places.data), "PYTHONUNBUFFERED": "1"},
    )
