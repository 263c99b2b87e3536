"""What the tables of the embedded database are made of."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, MetaData, Text

metadata: Final = MetaData()


def moment(name: str, *, nullable: bool = False) -> Column[int]:
    """A date as milliseconds since 1970 in UTC."""
    return Column(name, BigInteger, nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def key() -> Column[str]:
    return Column("id", Text, primary_key=True)
