"""The files for containers: checked against schema and linter, and against what they must promise."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return loaded


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ["hadolint", "Dockerfile"],
    ],
    ids=["compose schema", "hadolint"],
)
def test_it_passes_schema_and_linter(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_has_exactly_one_beat(compose: dict[str, Any]) -> None:
    beats = {name: each for name, each in compose["services"].items() if "beat" in each.get("command", [])}
    assert list(beats) == ["beat"]
    assert beats["beat"]["deploy"]["replicas"] == 1


def test_it_opens_no_port_but_the_web_servers(compose: dict[str, Any]) -> None:
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["web"]


def test_it_checks_the_health_of_every_service_that_stays(compose: dict[str, Any]) -> None:
    from_image = {"web"}  # the Dockerfile's own HEALTHCHECK
    unchecked = [name for name, each in compose["services"].items() if "healthcheck" not in each]
    assert set(unchecked) == from_image
    assert compose["services"]["prepare"]["healthcheck"] == {"disable": True}
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_it_serves_every_queue_and_gives_no_secret_a_default(compose: dict[str, Any]) -> None:
    roles = {name: each.get("environment", {}).get("EARSHOT_WORKER") for name, each in compose["services"].items()}
    assert {roles[name] for name in ("worker", "stream", "beat")} == {"work", "stream", "beat"}
    secrets = [compose["services"]["web"]["environment"][name] for name in ("EARSHOT_SECRET_KEY", "EARSHOT_PEPPER")]
    assert all(":?" in value for value in secrets)


def test_it_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
