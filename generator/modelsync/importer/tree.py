"""JSON values with positions: the text of a source -> objects and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from modelsync.errors import Position


class JsonObject(dict[str, "Json"]):
    """An object. Its keys are in the order of the source."""

    __slots__ = ("offset", "offsets", "source")

    source: Source
    offset: int
    """Where it starts in the text of its source."""
    offsets: Sequence[int]
    """Where each key starts, in order."""

    def at(self, key: str | None = None) -> Position:
        """Return the position of the object, or of one of its keys."""
        raise NotImplementedError


class JsonList(list["Json"]):
    """An array."""

    __slots__ = ("offset", "offsets", "source")

    source: Source
    offset: int
    offsets: Sequence[int]
    """Where each item starts."""

    def at(self, index: int | None = None) -> Position:
        """Return the position of the array, or of one of its items."""
        raise NotImplementedError


Json: TypeAlias = bool | int | Decimal | str | JsonList | JsonObject | None
"""A JSON value. Numbers with a fraction or an exponent are exact."""


@dataclass(slots=True)
class Source:
    """One file, as text and as a value."""

    path: str
    """As messages show it."""
    text: str
    root: Json = field(default=None, repr=False)
