"""Text of generated files that is safe in its position.

All output is :class:`Code`: text that an encoder of the target made safe for its position. A
template that outputs anything else fails, so a missing encoder is an error, not an injection.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from modelsync.errors import Position


class Code(str):
    """Text that may be output unchanged: it comes from an encoder, or from other code."""

    __slots__ = ()


class PlacedCode(Code):
    """Code with the position in a spec that each of its lines comes from."""

    # Not in Code: a run creates very many, and a slot would make the garbage collector track each.
    __slots__ = ("origins",)
    origins: tuple[Position | None, ...]


def code(pattern: LiteralString, *parts: Code) -> Code:
    """Return `pattern` with each `{}` replaced by a part, in order; `{{` and `}}` are braces.

    The pattern is a literal in modelsync. Raises TypeError for a part that is not :class:`Code`.
    """
    for part in parts:
        if not isinstance(part, Code):
            raise TypeError(f"not encoded: {part!r}")
    return Code(pattern.format(*parts))


def join(separator: LiteralString, parts: Iterable[Code]) -> Code:
    """Return `parts` joined by `separator`; each must be :class:`Code`."""
    parts = list(parts)
    for part in parts:
        if not isinstance(part, Code):
            raise TypeError(f"not encoded: {part!r}")
    return Code(separator.join(parts))


def with_origins(text: Code, origins: tuple[Position | None, ...]) -> PlacedCode:
    """Return code whose lines come from these positions in a spec, one each."""
    placed = PlacedCode(text)
    placed.origins = origins
    return placed


def one_line(text: str) -> Code:
    """Return text that is safe in a line comment: line breaks become spaces."""
    return Code(" ".join(text.split()))
