"""What both databases do to values before they are stored, so that reading gives the same from either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError

from app.models.base import FAR_FUTURE, Stored, utc_now
from app.models.delivery import Delivery, DeliveryStatus
from app.models.interview import Interview

log = structlog.get_logger(__name__)

Model = TypeVar("Model", bound=Stored)

ROW_FIELDS: Final = {
        "id", "title", "status", "version", "candidate", "position", "tags", "external_id", "language", "scheduled_at",
        "created_at", "updated_at", "progress", "failure", "transcript_revision", "analysis_revision",
}  # fmt: skip
"""The fields of an interview that its row in a list has."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIXED: Final = frozenset({"id", "organisation_id", "created_at", "version"})
_RECORDED: Final = frozenset({"status", "due_at", "tried", "attempt", "finished_at"})


def to_milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, rounded down. Raises `TypeError` for a date without a time zone."""
    return (at - _EPOCH) // _MILLISECOND


def from_milliseconds(at: int) -> datetime:
    """The opposite of `to_milliseconds`."""
    return _EPOCH + at * _MILLISECOND


def to_precision(at: datetime) -> datetime:
    """The same moment in UTC, cut to milliseconds. Raises `ValueError` for a date without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a stored date needs a time zone")
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def if_readable(model: type[Model], read: Callable[[], Model]) -> Model | None:
    """None, and a line in the log, for a document that a newer release wrote, or that something spoilt."""
    try:
        return read()
    except ValidationError as error:
        # Which fields, never what is in them.
        fields = {
            ".".join(map(str, each["loc"])) for each in error.errors(include_input=False, include_url=False)
        }
        log.warning("database.unreadable", document=model.__name__, fields=sorted(fields))
        return None


def with_precision(model: Model) -> Model:
    """The model with its own dates cut to what is stored; the same object if nothing is to be cut."""
    cut = {}
    for name, value in model.__dict__.items():
        if isinstance(value, datetime) and (precise := to_precision(value)) is not value:
            cut[name] = precise
    return model.model_copy(update=cut) if cut else model


def checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of a compare-and-set as values of the model, `updated_at` among them.

    Raises `ValueError` for a name that is no changeable field and for a value of the wrong type.
    """
    checked = _checked(Interview, Interview.model_fields.keys() - _FIXED, changes)
    checked.setdefault("updated_at", utc_now())
    return checked


def checked_record(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker writes about its attempt at a delivery, as values of the model. Raises `ValueError` likewise."""
    return _checked(Delivery, _RECORDED, changes)


def _checked(model: type[Stored], changeable: AbstractSet[str], changes: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := changes.keys() - changeable:
        raise ValueError(f"not changeable ({model.__name__}): {', '.join(sorted(unknown))}")
    checked = {n: field_adapter(n, model).validate_python(value) for n, value in changes.items()}
    return {n: to_precision(v) if isinstance(v, datetime) else v for n, v in checked.items()}


@lru_cache(maxsize=128)
def field_adapter(name: str, model: type[Stored] = Interview) -> TypeAdapter[Any]:
    """Validates and dumps one field of a model."""
    annotation: Any = model.model_fields[name].annotation
    return TypeAdapter(annotation)


def revived(now: datetime) -> dict[str, Any]:
    """A finished delivery begins again."""
    pending = DeliveryStatus.PENDING
    return {"status": pending, "due_at": to_precision(now), "attempt": 0, "finished_at": None}


def cancelled(now: datetime) -> dict[str, Any]:
    return {"status": DeliveryStatus.CANCELLED, "due_at": FAR_FUTURE, "finished_at": to_precision(now)}


class _OfOrganisation(Protocol):
    @property
    def organisation_id(self) -> str: ...


def ensure_of(organisation_id: str, document: _OfOrganisation) -> None:
    """Raises `ValueError` for a document of another organisation: writing it would be a mistake of ours."""
    if document.organisation_id != organisation_id:
        raise ValueError(f"the {type(document).__name__} belongs to another organisation")


def result_id(interview_id: str, revision: int) -> str:
    """The key of a transcript or an analysis: one document for each revision."""
    return f"{interview_id}:{revision}"


def preferences_id(organisation_id: str, user_id: str) -> str:
    return f"{organisation_id}:{user_id}"
