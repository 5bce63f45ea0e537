"""Whether the constraints of one type follow from those of another one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from modelsync.schema.constraints import Constraints, is_multiple
from modelsync.schema.formats import FORMATS
from modelsync.schema.samples import Samples
from modelsync.schema.scalars import SAFE_INTEGER
from modelsync.schema.schema import Schema
from modelsync.schema.types import INTEGERS, NUMBERS, Limited, Scalar, Type

if TYPE_CHECKING:
    from modelsync.breaking.accepting import Part
    from modelsync.patterns.syntax import Node

_FLOAT32: Final = Decimal("340282346638528859811704183484516925440")
_TEXTS: Final = ("", "a", "A", "0", "-", " ", "\u00e9", "\n", "a b", "text", "x" * 300, "0.5")


def implied(reader: Part, writer: Part) -> bool:
    """Return whether all values of a part of the writer keep the constraints of the reader.

    Only constraints are compared, and what types say about numbers. Whether one pattern follows
    from another cannot be decided in general: it does unless a text is found that shows otherwise.
    """
    of = writer.constraints
    for name, limit in reader.constraints.items():
        if name == "pattern" and limit != of.pattern and not _matches(reader, writer):
            return False
        if name in _SIZES and not _keeps_size(name, limit, writer):
            return False
        if name == "unique_items" and not (of.unique_items or (of.max_items or 2) < 2):
            return False
        if name == "multiple_of" and not _keeps_multiple(limit, writer):
            return False
    return _keeps_range(reader, writer)


_SIZES: Final = {
    "min_length": False,
    "max_length": True,
    "min_items": False,
    "max_items": True,
    "min_properties": False,
    "max_properties": True,
}
"""The constraints of sizes, and whether each is the most that is allowed."""


def _keeps_size(name: str, limit: object, writer: Part) -> bool:
    assert isinstance(limit, int)
    own = getattr(writer.constraints, name)
    least, most = _lengths(writer) if name.endswith("length") else (0, None)
    if _SIZES[name]:
        known = [each for each in (own, most) if each is not None]
        return bool(known) and min(known) <= limit
    return max(own or 0, least) >= limit


def _lengths(part: Part) -> tuple[int, int | None]:
    """Return the least and the greatest length that a scalar and its pattern allow."""
    from modelsync.patterns.lengths import longest_text, shortest  # noqa: PLC0415 - few specs have patterns

    scalar = part.type.name if isinstance(part.type, Scalar) else ""
    least, most = _LENGTHS.get(scalar, (0, None))
    for node in _patterns(scalar, part.constraints.pattern):
        longest = longest_text(node)
        least = max(least, shortest(node))
        most = longest if most is None else most if longest is None else min(most, longest)
    return least, most


_LENGTHS: Final[dict[str, tuple[int, int | None]]] = {
    "date": (10, 10),
    "datetime": (20, None),
    "decimal": (1, None),
}


def _keeps_multiple(limit: object, writer: Part) -> bool:
    assert isinstance(limit, Decimal)
    step = writer.constraints.multiple_of
    if isinstance(writer.type, Scalar) and writer.type.name in INTEGERS:
        step = _WHOLE.combined(writer.constraints).multiple_of
    return step is not None and is_multiple(step, limit)


_WHOLE: Final = Constraints(multiple_of=Decimal(1))


def as_integer(part: Part) -> Part:
    """Return a part with a scalar for integers, if it is a number that can only be one."""
    step = part.constraints.multiple_of
    if part.type != Scalar("float64"):
        return part  # what is nearly an integer becomes one in 32 bits
    if step is None or not is_multiple(step, Decimal(1)):
        return part
    found = Bounds(part)
    if found.low is None or found.high is None or max(-found.low, found.high) > SAFE_INTEGER:
        return part
    return part._replace(type=Scalar("int64"))


def _keeps_range(reader: Part, writer: Part) -> bool:
    if not isinstance(reader.type, Scalar) or not isinstance(writer.type, Scalar):
        return True
    names = {*NUMBERS, "decimal"}
    if reader.type.name not in names or writer.type.name not in names:
        return True
    allowed, used = Bounds(reader), Bounds(writer)
    if allowed.low is not None and (used.low is None or used.low < allowed.low):
        return False
    if allowed.high is not None and (used.high is None or used.high > allowed.high):
        return False
    if allowed.low is not None and used.low == allowed.low and allowed.above and not used.above:
        return False
    return not (
        allowed.high is not None and used.high == allowed.high and allowed.below and not used.below
    )


_Bound: TypeAlias = "tuple[Decimal | None, bool]"


class Bounds:
    """The least and the greatest number of a type; None for none."""

    def __init__(self, part: Part) -> None:
        limits = part.constraints
        assert isinstance(part.type, Scalar)
        name = part.type.name
        lows = [(limits.minimum, False), (limits.exclusive_minimum, True)]
        highs = [(limits.maximum, False), (limits.exclusive_maximum, True)]
        if name in INTEGERS:
            lows = [(_next_integer(value, is_open, up=True), False) for value, is_open in lows]
            highs = [(_next_integer(value, is_open, up=False), False) for value, is_open in highs]
            values = INTEGERS[name]
            lows.append((Decimal(values[0]), False))
            highs.append((Decimal(values[-1]), False))
        elif name == "float32":
            lows.append((-_FLOAT32, False))
            highs.append((_FLOAT32, False))
        low: _Bound = max(((v, o) for v, o in lows if v is not None), default=(None, False))
        high: _Bound = min(((v, not o) for v, o in highs if v is not None), default=(None, True))
        self.low, self.above = low
        self.high, self.below = high[0], not high[1]
        """Whether the number itself is not allowed."""


def _next_integer(value: Decimal | None, is_open: bool, *, up: bool) -> Decimal | None:
    """Return the integer nearest to a bound that it allows."""
    if value is None:
        return None
    whole = value.to_integral_value("ROUND_CEILING" if up else "ROUND_FLOOR")
    if is_open and whole == value:
        whole += 1 if up else -1
    return whole


def _matches(reader: Part, writer: Part) -> bool:
    """Return whether no text is found that the writer allows and the reader's pattern refuses."""
    from modelsync.patterns.inclusion import includes, is_whole  # noqa: PLC0415 - few specs have patterns
    from modelsync.patterns.parse import parse  # noqa: PLC0415 - few specs have patterns
    from modelsync.patterns.samples import samples  # noqa: PLC0415 - few specs have patterns

    assert reader.constraints.pattern is not None
    own = Constraints(pattern=reader.constraints.pattern)
    texts = [*_TEXTS]
    scalar = writer.type.name if isinstance(writer.type, Scalar) else ""
    for pattern in _patterns(scalar, writer.constraints.pattern):
        if is_whole(pattern) and includes(parse(reader.constraints.pattern), pattern):
            return True
        texts += samples(pattern, 200)
    type_: Type = Limited(writer.type, writer.constraints) if writer.constraints else writer.type
    check = Samples(Schema(()))
    return not any(
        own.failure(text) is not None for text in texts if check.accepts(type_, json.dumps(text))
    )


def _patterns(scalar: str, pattern: str | None) -> Iterator[Node]:
    """Yield the patterns that all texts of a type match."""
    from modelsync.patterns.parse import parse  # noqa: PLC0415 - few specs have patterns

    if pattern is not None:
        yield parse(pattern)
    if scalar in FORMATS:
        yield FORMATS[scalar].pattern
