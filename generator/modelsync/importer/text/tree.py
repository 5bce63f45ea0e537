"""JSON values with positions: the text of a source -> objects and lists."""

from __future__ import annotations

import re
from array import array
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from modelsync.errors import Position, has_other_line_ends

_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_QUOTED: Final = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|' + r"'[^'\n]*(?:''[^'\n]*)*'")
_MANY: Final = 16
"""From this many keys on, the position of a key is looked up by its name, not by its number."""


class JsonObject(dict[str, "Json"]):
    """An object. Its keys are in the order of the source.

    Where YAML has an alias, the same object is at several places. Its positions are those of the
    anchor. A key that comes from a merge key (`<<`) has its position in the merged mapping.
    """

    __slots__ = ("_by_key", "offset", "offsets", "source")

    source: Source
    offset: int
    """Where it starts in the text of its source."""
    offsets: Sequence[int]
    """Where each key starts, in order."""

    def __init__(self, source: Source, offset: int) -> None:
        super().__init__()
        self.source = source
        self.offset = offset
        self.offsets = ()
        self._by_key: dict[str, int] | None = None

    def at(self, key: str | None = None) -> Position:
        """Return the position of the object, or of one of its keys, as wide as the key."""
        if key is None:
            return self.source.position(self.offset)
        offset = self._offset_of(key)
        return self.source.position(offset, self.source.width_at(offset, key))

    def _offset_of(self, key: str) -> int:
        if len(self) < _MANY:
            for other, offset in zip(self, self.offsets, strict=True):
                if other == key:
                    return offset
        if self._by_key is None:
            self._by_key = dict(zip(self, self.offsets, strict=True))
        return self._by_key[key]


class JsonList(list["Json"]):
    """An array. Its positions follow the rules of those of objects."""

    __slots__ = ("offset", "offsets", "source")

    source: Source
    offset: int
    offsets: Sequence[int]
    """Where each item starts."""

    def __init__(self, source: Source, offset: int) -> None:
        super().__init__()
        self.source = source
        self.offset = offset
        self.offsets = ()

    def at(self, index: int | None = None) -> Position:
        """Return the position of the array, or of one of its items, as wide as a text is."""
        if index is None:
            return self.source.position(self.offset)
        offset, item = self.offsets[index], self[index]
        width = self.source.width_at(offset, item) if isinstance(item, str) else 1
        return self.source.position(offset, width)


Json: TypeAlias = bool | int | Decimal | str | JsonList | JsonObject | None
"""A JSON value. Numbers with a fraction or an exponent are exact."""


@dataclass(slots=True, eq=False)
class Source:
    """One file, as text and as a value."""

    path: str
    """As messages show it."""
    text: str = field(repr=False)
    """Without its byte order mark."""
    root: Json = field(default=None, repr=False)
    _starts: Sequence[int] = field(default=(), repr=False)

    def position(self, offset: int, width: int = 1) -> Position:
        """Return the position of the character at `offset`. Costs O(log n) after the first."""
        if not self._starts:
            self._starts = _line_starts(self.text)
        line = bisect(self._starts, offset)
        return Position(self.path, line, offset - self._starts[line - 1] + 1, width)

    def width_at(self, offset: int, value: str) -> int:
        """Return how wide the text `value` is written at `offset`, with its quotes."""
        if self.text.startswith(value, offset):
            return len(value) or 1
        quoted = _QUOTED.match(self.text, offset)
        return quoted.end() - offset if quoted else 1


def _line_starts(text: str) -> Sequence[int]:
    """Return where each line starts, with the line ends that excerpts of a source have."""
    starts = array("I", [0])
    if has_other_line_ends(text):
        starts.extend(end.end() for end in _LINE_END.finditer(text))
        return starts
    end = text.find("\n")
    while end >= 0:
        starts.append(end + 1)
        end = text.find("\n", end + 1)
    return starts
