"""The programs beside the servers: light where they can be, and no task is lost when they stop."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import redis
from celery import Celery

from listening.embedded import Places
from listening.embedded.process import Child, stop_all
from listening.programs import programs, worker

SLOW = """
import os, time
from celery import Celery
app = Celery("slow", broker=os.environ["REDIS_URL"])
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1)

@app.task(name="slow")
def slow():
    time.sleep(60)
"""


def test_it_stops_everything_within_ten_seconds_even_if_nothing_listens(tmp_path: Path) -> None:
    slowest = max(sum(seconds for _, seconds in spec.stop) for spec in programs(Places(tmp_path), "127.0.0.1", 8000))
    servers = 2.7  # of postgres and valkey, which stop afterwards and at the same time
    assert slowest + servers < 9.5


def test_it_hands_a_task_that_does_not_finish_back_to_the_queue(tmp_path: Path, valkey: "redis.Redis") -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    spec = worker(Places(tmp_path), "worker", role="work", processes=1)
    argv = tuple(word.replace("listening.celery:app", "slow:app") for word in spec.argv)
    link = valkey.connection_pool.connection_kwargs
    broker = f"redis://:{link['password']}@{link['host']}:{link['port']}/{link['db']}"
    Celery(broker=broker, set_as_current=False).send_task("slow")
    child = Child(replace(spec, argv=argv, env={**spec.env, "PYTHONPATH": str(tmp_path), "REDIS_URL": broker}), "x")
    until = time.monotonic() + 60
    while valkey.hlen("unacked") == 0:
        assert child.running() and time.monotonic() < until, spec.log.read_text()
        time.sleep(0.05)
    stop_all([child])
    assert (valkey.llen("celery"), valkey.hlen("unacked")) == (1, 0)


def test_it_keeps_the_supervisor_free_of_django_and_celery() -> None:
    code = "import sys, listening.supervise; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"django", "celery", "redis", "psycopg2", "ssl"} & set(done.stdout.split()) == set()


def test_it_gives_beat_no_models(tmp_path: Path) -> None:
    code = (
        "import sys, listening.celery as c; print('django.db.models' in sys.modules, c.app.conf.imports, len(c.TABLE))"
    )
    beat = programs(Places(tmp_path), "127.0.0.1", 8000)[-1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**beat.env, "PATH": ""}
    )
    assert done.stdout.startswith("False () ")
