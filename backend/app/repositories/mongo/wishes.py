"""How wishes are stored in MongoDB: topics have dots in their names, which not every server takes as names of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models.base import Stored
from app.repositories.mongo.store import Document


def wishes_document(wishes: Stored) -> Document:
    """With the wishes by topic as a list, and times of day as text, which this database has no type for."""
    document = wishes.model_dump(mode="json")
    listed = [{"topic": topic, **wish} for topic, wish in document["topics"].items()]
    return {**document, "topics": listed}


def with_wishes_by_topic(document: Mapping[str, Any]) -> Document:
    """The opposite of `wishes_document`."""
    return {**document, "topics": {wish["topic"]: wish for wish in document.get("topics", ())}}
