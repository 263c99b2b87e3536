"""What this process counts for Prometheus. The only place that knows its client.

The counts are the process's, not an application's: they live as long as it does. What stands in the database is asked
when somebody looks, and handed to `page` as `Figure`s. Labels are names out of closed sets (routes as they are
written in the code, steps, providers, models of the settings), never ids, addresses or organisations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from app.core.release import VERSION

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
_STEP_BUCKETS: Final = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
_CALL_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0, 600.0)

# Each would come with a second series that says when it was made; nothing here needs it.
disable_created_metrics()  # type: ignore[no-untyped-call]
_registry: Final = CollectorRegistry()
ProcessCollector(registry=_registry)
PlatformCollector(registry=_registry)
GCCollector(registry=_registry)
Info("debrief_build", "Which release this is.", registry=_registry).info({"version": VERSION})


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(name, what, labels, registry=_registry)


def _gauge(name: str, what: str, *labels: str) -> Gauge:
    return Gauge(name, what, labels, registry=_registry)


def _histogram(name: str, what: str, buckets: Sequence[float], *labels: str) -> Histogram:
    return Histogram(name, what, labels, registry=_registry, buckets=buckets)


_requests = _counter(
    "debrief_http_requests_total", "Requests by route and class of status.", "method", "route", "status"
)
_request_seconds = _histogram(
    "debrief_http_request_duration_seconds",
    "From the first byte of a request to the last of its answer.",
    _REQUEST_BUCKETS,
    "method",
    "route",
)
_websockets = _gauge("debrief_websocket_clients", "Open websockets by route.", "route")
_events = _counter("debrief_events_published_total", "Events on the bus of this process.", "kind")
_events_dropped = _counter(
    "debrief_events_dropped_total", "Events that a subscriber was too slow for; it loads a snapshot instead."
)
_events_unsent = _counter(
    "debrief_events_unsent_total",
    "Events that Redis was not there for; other processes find them in the database.",
)
_messages_ignored = _counter(
    "debrief_redis_messages_ignored_total", "Messages on the channel of events that were none of ours."
)
_steps_running = _gauge("debrief_steps_running", "Attempts under way in this process.", "step")
_attempts = _counter("debrief_step_attempts_total", "Finished attempts at steps.", "step", "outcome")
_attempt_seconds = _histogram(
    "debrief_step_duration_seconds", "From claim to commit of an attempt.", _STEP_BUCKETS, "step"
)
_calls = _counter(
    "debrief_provider_calls_total", "Requests to providers.", "provider", "operation", "outcome"
)
_call_seconds = _histogram(
    "debrief_provider_call_duration_seconds",
    "Of a request to a provider.",
    _CALL_BUCKETS,
    "provider",
    "operation",
)
_tokens = _counter(
    "debrief_model_tokens_total", "Tokens by kind; cached ones are part of the input.", "model", "kind"
)
_cost = _counter("debrief_model_cost_usd_total", "Cost of models whose price is known.", "model")
_deliveries = _counter(
    "debrief_delivery_attempts_total", "Attempts to deliver a message.", "carrier", "outcome"
)
_delivery_seconds = _histogram(
    "debrief_delivery_duration_seconds", "Of an attempt to deliver.", _CALL_BUCKETS, "carrier"
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """`status` 0: the client left before there was one."""
    counter, histogram = _series_of_requests(method if method in _METHODS else "other", route, status // 100)
    counter.inc()
    histogram.observe(seconds)


@cache
def _series_of_requests(method: str, route: str, hundreds: int) -> tuple[Counter, Histogram]:
    """Every request needs them: looking them up in the client takes longer than counting."""
    status = f"{hundreds}xx" if hundreds else "none"
    return _requests.labels(method, route, status), _request_seconds.labels(method, route)


def count_websocket(route: str, change: int) -> None:
    _websockets.labels(route).inc(change)


def count_event(kind: str) -> None:
    _events.labels(kind).inc()


def count_dropped_event() -> None:
    _events_dropped.inc()


def count_unsent_event() -> None:
    _events_unsent.inc()


def count_ignored_message() -> None:
    _messages_ignored.inc()


def count_running_step(step: str, change: int) -> None:
    _steps_running.labels(step).inc(change)


def count_attempt(step: str, outcome: str, seconds: float) -> None:
    _attempts.labels(step, outcome).inc()
    _attempt_seconds.labels(step).observe(seconds)


def count_call(provider: str, operation: str, outcome: str, seconds: float) -> None:
    _calls.labels(provider, operation, outcome).inc()
    _call_seconds.labels(provider, operation).observe(seconds)


def count_tokens(
    model: str, *, input_tokens: int, cached_tokens: int, output_tokens: int, cost_micro_usd: int | None
) -> None:
    _tokens.labels(model, "input").inc(input_tokens)
    _tokens.labels(model, "cached").inc(cached_tokens)
    _tokens.labels(model, "output").inc(output_tokens)
    if cost_micro_usd is not None:
        _cost.labels(model).inc(cost_micro_usd / 1_000_000)


def count_delivery(carrier: str, outcome: str, seconds: float) -> None:
    _deliveries.labels(carrier, outcome).inc()
    _delivery_seconds.labels(carrier).observe(seconds)


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge that was read somewhere else: by the values of one label, or, without one, a single value under ``."""

    name: str
    what: str
    values: Mapping[str, float]
    label: str | None = None


class _Everything(Collector):
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        yield from _registry.collect()
        yield from self._families()

    def _families(self) -> Iterator[Metric]:
        for figure in self._figures:
            family = GaugeMetricFamily(
                figure.name, figure.what, labels=[figure.label] if figure.label else None
            )
            for value, number in figure.values.items():
                family.add_metric([value] if figure.label else [], number)
            yield family


def page(figures: Sequence[Figure], accept: str | None) -> tuple[bytes, str]:
    """All of it in the form that the caller reads, and that form's content type. Takes some milliseconds."""
    encode, content_type = choose_encoder(accept or "")
    return encode(_Everything(figures)), content_type
