"""The dashboard and the rules for Prometheus ask for what a process really exports, by its names and labels."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml

from tests.fixtures.scraping import Scrape, scrape
from tests.fixtures.server import SAMPLES, make_settings, running, wait_until

DOCS: Final = SAMPLES.parent / "docs"
DASHBOARD: Final = json.loads((DOCS / "grafana" / "debrief.json").read_text())
RULES: Final = yaml.safe_load((DOCS / "prometheus" / "alerts.yml").read_text())
CONFIG: Final = yaml.safe_load((DOCS / "prometheus" / "prometheus.yml").read_text())
_METRIC: Final = re.compile(r"\b(?:debrief|process|python)_\w+|\bup\b")
_ADDED: Final = {"up", "job", "instance", "le"}
"""By Prometheus itself, or, `le`, by every histogram."""
_NEVER_QUIET: Final = ("debrief_http_requests_total", "debrief_step_attempts_total", "debrief_interviews")


def panels() -> Iterator[dict[str, Any]]:
    return (panel for panel in DASHBOARD["panels"] if panel["type"] != "row")


def expressions() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    asked = [variable.get("definition", "") for variable in DASHBOARD["templating"]["list"]]
    alerts = [rule["expr"] for group in RULES["groups"] for rule in group["rules"]]
    return [*shown, *asked, *alerts]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Scrape:
    """What a process exports that has done some work."""

    async def work() -> Scrape:
        async with running(make_settings(tmp_path_factory.mktemp("exported"))) as server:
            api = server.client()
            made = (await api.post("/interviews", json={"title": "Exported"})).json()["id"]
            script = (SAMPLES / "script.json").read_bytes()
            await api.put(f"/interviews/{made}/transcript", content=script)
            await wait_until(api, made, "done", "failed")
            return await scrape(server.url)

    return asyncio.run(work())


def test_every_metric_that_is_asked_for_is_exported(exported: Scrape) -> None:
    asked = {name for expression in expressions() for name in _METRIC.findall(expression)}
    assert asked - exported.names - {"up"} == set()


def test_every_metric_of_ours_is_shown(exported: Scrape) -> None:
    shown = " ".join(expressions())
    ours = {name for name in exported.families if name.startswith("debrief_")}
    assert {name for name in ours if name not in shown} == set()


@pytest.mark.parametrize("name", _NEVER_QUIET)
def test_what_is_asked_of_a_label_exists(exported: Scrape, name: str) -> None:
    known = exported.labels(name) | _ADDED
    asked = set()
    for expression in expressions():
        for found in re.finditer(rf"\b{name}\{{([^}}]*)\}}", expression):
            asked |= set(re.findall(r"(\w+)\s*[=!]", found[1]))
    assert asked - known == set()


def test_the_dashboard_can_be_imported() -> None:
    identities = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identities) == len(set(identities))
    variables = {variable["name"]: variable["type"] for variable in DASHBOARD["templating"]["list"]}
    assert variables["datasource"] == "datasource"
    for panel in panels():
        sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert all(source["uid"] == "${datasource}" for source in sources), panel["title"]
        assert panel["title"]
    for expression in expressions():
        assert set(re.findall(r"\$(\w+)", expression)) <= {*variables, "__rate_interval"}


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_alert_says_how_bad_it_is_and_what_happened() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    described = (DOCS / "operations.md").read_text()
    for rule in rules:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"]
        assert f"`{rule['alert']}`" in described


def test_every_metric_is_described(exported: Scrape) -> None:
    described = (DOCS / "operations.md").read_text()
    missing = {
        name
        for name, kind in exported.families.items()
        if name.startswith("debrief_") and f"`{name}{'_total' if kind == 'counter' else ''}`" not in described
    }
    assert missing == set()


def test_the_configuration_names_the_rules_and_sends_the_token() -> None:
    assert all((DOCS / "prometheus" / name).is_file() for name in CONFIG["rule_files"])
    assert all("authorization" in job for job in CONFIG["scrape_configs"])
