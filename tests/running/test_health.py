"""/healthz: 200 when all is well, else 503 with the part that is not."""

import json
import time
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import AsyncRequestFactory, override_settings

from listening import health

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("last", "word"),
    [(None, "No worker has finished a task yet"), (1000.0 - 181, "The last task finished 181 s ago")],
)
def test_it_says_why_a_worker_is_not_well(last: float | None, word: str) -> None:
    assert word in health.judge_heartbeat(last, now=1000.0).state


@pytest.mark.parametrize("last", [1000.0, 1000.0 - 180, 1005.0])
def test_it_takes_a_recent_task_for_a_living_worker(last: float) -> None:
    assert health.judge_heartbeat(last, now=1000.0).well


@pytest.mark.django_db(transaction=True)
async def test_it_answers_200_with_the_age_of_the_heartbeat(valkey: "redis.Redis") -> None:
    health.beat(time.time() - 20)
    answer = await health.healthz(AsyncRequestFactory().get("/healthz"))
    body = json.loads(answer.content)
    assert (answer.status_code, body["database"], body["broker"], body["worker"]) == (200, "ok", "ok", "ok")
    assert 20 <= body["ages"]["worker"] < 60


@pytest.mark.django_db(transaction=True)
async def test_it_answers_503_when_no_task_finished(valkey: "redis.Redis") -> None:
    answer = await health.healthz(AsyncRequestFactory().get("/healthz"))
    body = json.loads(answer.content)
    assert (answer.status_code, body["web"], body["database"], body["broker"]) == (503, "ok", "ok", "ok")
    assert "No worker has finished a task yet" in body["worker"]


@pytest.mark.django_db(transaction=True)
async def test_it_names_the_broker_when_that_is_away() -> None:
    away = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOWHERE}}
    with override_settings(CACHES=away):
        answer = await health.healthz(AsyncRequestFactory().get("/healthz"))
    body = json.loads(answer.content)
    assert answer.status_code == 503
    assert "is Valkey running at REDIS_URL?" in body["broker"]
    assert body["database"] == "ok"


@pytest.mark.django_db(transaction=True)
async def test_it_names_the_database_when_that_is_away(
    valkey: "redis.Redis", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.beat()
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path))
    answer = await health.healthz(AsyncRequestFactory().get("/healthz"))
    body = json.loads(answer.content)
    assert answer.status_code == 503
    assert "is Postgres running at DATABASE_URL?" in body["database"]
    assert body["worker"] == "ok"
