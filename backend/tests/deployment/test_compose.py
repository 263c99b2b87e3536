"""`compose.yaml` and the proxy's file say what the application and the documentation mean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.test_config import known_names

ROOT = Path(__file__).resolve().parents[3]
Services = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> Services:
    found: Services = compose["services"]
    return found


@pytest.fixture(scope="module")
def many(services: Services) -> Services:
    return {name: service for name, service in services.items() if service.get("profiles") == ["many"]}


def test_without_a_profile_there_are_a_database_an_api_and_a_worker(
    services: Services, many: Services
) -> None:
    assert set(services) - set(many) == {"mongo", "api", "worker"}


def test_the_profile_has_a_replica_set_redis_two_apis_three_workers_and_a_proxy(many: Services) -> None:
    assert [name for name in many if re.fullmatch(r"many-mongo-\d", name)] == [
        "many-mongo-1",
        "many-mongo-2",
        "many-mongo-3",
    ]
    assert {"many-mongo-init", "many-redis", "many-api-1", "many-api-2", "proxy"} <= set(many)
    assert many["many-worker"]["deploy"]["replicas"] == 3


def test_every_variable_is_a_setting(services: Services) -> None:
    known = known_names()
    for name, service in services.items():
        assert set(service.get("environment", {})) <= known, name


def test_the_processes_of_the_profile_share_database_redis_and_disk(many: Services) -> None:
    ours = [many[name] for name in ("many-api-1", "many-api-2", "many-worker")]
    for service in ours:
        environment = service["environment"]
        assert environment["DATABASE_URL"].endswith("/?replicaSet=debrief")
        assert environment["REDIS_URL"].startswith("redis://many-redis:")
        assert environment["WORKER_IN_PROCESS"] == "false"
        assert service["volumes"] == ["many-data:/data"]


def test_what_services_need_is_there_and_in_reach(
    compose: dict[str, Any], services: Services, many: Services
) -> None:
    for name, service in services.items():
        needed = set(service.get("depends_on", {}))
        assert needed <= set(services), name
        if name not in many:
            assert not needed & set(many), f"{name} would start what belongs to the profile"
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), name


def test_nobody_waits_for_redis(many: Services) -> None:
    for service in many.values():
        assert service.get("depends_on", {}).get("many-redis", {}).get("condition") in (
            None,
            "service_started",
        )


def test_nothing_but_this_machine_reaches_the_services(services: Services) -> None:
    for name, service in services.items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name


def test_the_proxy_knows_the_apis_and_the_routes_with_large_bodies() -> None:
    from app.main import create_app  # noqa: PLC0415
    from tests.fixtures.server import make_settings  # noqa: PLC0415

    proxy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert proxy.count("{") == proxy.count("}")
    assert "reverse_proxy many-api-1:8000 many-api-2:8000" in proxy
    [listed] = re.findall(r"@uploads path (.+)", proxy)
    patterns = [re.compile(re.escape(path).replace(r"\*", ".*")) for path in listed.split()]
    paths = create_app(make_settings(Path("/nonexistent"))).openapi()["paths"]
    streamed = [
        path
        for path, methods in paths.items()
        if "put" in methods and "transcript" not in path
        if path.endswith(("/recording", "/parts/{part_number}"))
    ]
    assert len(streamed) == 2
    for path in streamed:
        assert any(pattern.fullmatch(path) for pattern in patterns), path


def test_the_proxy_asks_who_can_work_and_not_only_who_answers() -> None:
    proxy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"health_uri (\S+)", proxy) == ["/api/v1/health/ready"]


def test_processes_of_ours_that_end_themselves_are_started_again(services: Services) -> None:
    ours = {name: service.get("restart") for name, service in services.items() if "build" in service}
    assert len(ours) == 5
    assert set(ours.values()) == {"on-failure:5"}
