"""Answers put together from JSON that the database holds: parsing it to write it again would be most of the work."""

from __future__ import annotations

from fastapi import Response
from pydantic_core import to_json

from app.api.v1.schemas.common import Out
from app.core.cursors import encode_cursor
from app.repositories.base import JsonPage


def json_page(page: JsonPage) -> Response:
    """A `Page`."""
    cursor = encode_cursor(page.next.created_at, page.next.id) if page.next else None
    return json_response(b'{"items":[%b],"next_cursor":%b}' % (page.items, to_json(cursor)))


def with_array(head: Out, name: str, inside: bytes) -> Response:
    """The object `head` with one more member: the array `name`, whose inside is given."""
    return json_response(object_with_array(head, name, inside))


def object_with_array(head: Out, name: str, inside: bytes) -> bytes:
    """The body of `with_array`."""
    return b'%b,"%b":[%b]}' % (head.model_dump_json().encode()[:-1], name.encode(), inside)


def json_response(body: bytes) -> Response:
    return Response(body, media_type="application/json")
