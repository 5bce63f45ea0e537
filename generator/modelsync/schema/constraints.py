"""What a value has to satisfy beyond its type: lengths, ranges, patterns and sizes.

The words and their meaning are those of JSON Schema 2020-12 (Validation, section 6), where a length
counts code points, and `multipleOf` is decimal arithmetic.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from modelsync.patterns import translated
from modelsync.schema.shown import shown

Kind: TypeAlias = Literal["text", "number", "list", "map"]
"""What a constraint can be about."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """The constraints of one type. None means that there is none of that name."""

    min_length: int | None = None
    """In code points."""
    max_length: int | None = None
    pattern: str | None = None
    """In the dialect of :mod:`modelsync.patterns`."""
    minimum: Decimal | None = None
    exclusive_minimum: Decimal | None = None
    maximum: Decimal | None = None
    exclusive_maximum: Decimal | None = None
    multiple_of: Decimal | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool | None = None
    """True, or None: JSON Schema's `false` says nothing."""
    min_properties: int | None = None
    max_properties: int | None = None

    def of_kind(self, kind: Kind) -> Constraints:
        """Return only the constraints that are about one kind."""
        return Constraints(
            **{name: value for name, value in self.items() if KINDS[name] == kind}  # type: ignore[arg-type]
        )

    def items(self) -> Iterator[tuple[str, int | Decimal | str | bool]]:
        """Yield the name and the value of each constraint, in the order of checks."""
        for name in _NAMES:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def __bool__(self) -> bool:
        return self is not NONE and any(True for _ in self.items())

    def combined(self, other: Constraints) -> Constraints:
        """Return the constraints that hold if these and others do. Of two patterns, only this."""
        values = dict(self.items())
        for name, value in other.items():
            values[name] = _combined(name, values[name], value) if name in values else value
        return Constraints(**values)  # type: ignore[arg-type]

    def failure(self, value: object, name: str = "") -> tuple[str, str] | None:
        """Return what is wrong with a JSON value that fits its type; None if nothing is.

        The first text says what is expected, the second one what was found.
        `name` is the scalar, if the type is one: a decimal is compared by its digits, and the
        bounds of a float32 are rounded to 32 bits.
        """
        for constraint, limit in self.items():
            failure = _failure(constraint, limit, value, name)
            if failure is not None:
                return failure
        return None


_NAMES: Final = tuple(field.name for field in fields(Constraints))
"""The attributes, in the order of checks."""

NONE: Final = Constraints()
"""No constraints."""

KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("min_length", "max_length", "pattern"), "text"),
    **dict.fromkeys(
        ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum", "multiple_of"), "number"
    ),
    **dict.fromkeys(("min_items", "max_items", "unique_items"), "list"),
    **dict.fromkeys(("min_properties", "max_properties"), "map"),
}
"""What each constraint is about, by its attribute."""

KEYWORDS: Final[Mapping[str, str]] = {
    name: name[0] + name.title().replace("_", "")[1:] for name in KINDS
}
"""The keyword of each constraint in specs and in JSON Schema, by its attribute."""


_UPPER: Final = frozenset(
    {"max_length", "maximum", "exclusive_maximum", "max_items", "max_properties"}
)


def _combined(name: str, one: Any, other: Any) -> Any:
    """Return the value of a constraint that holds if it does for two values."""
    if name == "multiple_of":
        exponent = min(number.as_tuple().exponent for number in (one, other))
        multiple = math.lcm(*(int(number.scaleb(-exponent)) for number in (one, other)))
        return Decimal((0, tuple(map(int, str(multiple))), exponent))
    if name == "pattern":
        return one
    return min(one, other) if name in _UPPER else max(one, other)


def _failure(constraint: str, limit: object, value: object, name: str) -> tuple[str, str] | None:
    match constraint, limit, value:
        case "min_length", int(), str() if len(value) < limit:
            return f"expected at least {counted(limit, 'character')}", f", found {len(value)}"
        case "max_length", int(), str() if len(value) > limit:
            return f"expected at most {counted(limit, 'character')}", f", found {len(value)}"
        case "pattern", str(), str() if not _compiled(limit).search(value):
            return f"expected a match of {limit}", f", found {shown(value)}"
        case _, Decimal(), _ if not _in_range(constraint, limit, number_of(value), name):
            expected = f"{_RELATIONS[constraint]} {plain_number(limit)}"
            return f"expected a number {expected}", f", found {shown(value)}"
        case "min_items", int(), list() if len(value) < limit:
            return f"expected at least {counted(limit, 'item')}", f", found {len(value)}"
        case "max_items", int(), list() if len(value) > limit:
            return f"expected at most {counted(limit, 'item')}", f", found {len(value)}"
        case "unique_items", _, list() if (pair := _repeated(value)) is not None:
            return "expected different items", f", found [{pair[1]}] equal to [{pair[0]}]"
        case "min_properties", int(), dict() if len(value) < limit:
            return f"expected at least {counted(limit, 'key')}", f", found {len(value)}"
        case "max_properties", int(), dict() if len(value) > limit:
            return f"expected at most {counted(limit, 'key')}", f", found {len(value)}"
        case _:
            return None


_RELATIONS: Final = {
    "minimum": "of at least",
    "exclusive_minimum": "greater than",
    "maximum": "of at most",
    "exclusive_maximum": "less than",
    "multiple_of": "that is a multiple of",
}


def _repeated(items: list[object]) -> tuple[int, int] | None:
    """Return the indexes of the first item that is there again, and of the item that repeats it."""
    indexes: dict[object, int] = {}
    for index, item in enumerate(items):
        first = indexes.setdefault((type(item), item), index)
        if first < index:
            return first, index
    return None


def counted(number: int, noun: str) -> str:
    """Return a number and a noun, such as `2 characters`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def plain_number(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def range_text(
    least: int | Decimal | None,
    most: int | Decimal | None,
    above: Decimal | None = None,
    below: Decimal | None = None,
) -> str:
    """Return the limits of a number or a size, such as `3 to 20`; empty without any."""
    limits = {"at least": least, "greater than": above, "at most": most, "less than": below}
    numbers = {
        words: plain_number(Decimal(limit)) for words, limit in limits.items() if limit is not None
    }
    if numbers.keys() == {"at least", "at most"}:
        low, high = numbers.values()
        return low if low == high else f"{low} to {high}"
    return ", ".join(f"{words} {number}" for words, number in numbers.items())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translated(pattern, "re"), re.ASCII)


def number_of(value: object) -> Decimal:
    """Return the exact number that a JSON value stands for; a float is its shortest decimal."""
    if isinstance(value, float):
        return Decimal(repr(value))
    assert isinstance(value, int | str)
    return Decimal(value)


def _in_range(constraint: str, limit: Decimal, number: Decimal, name: str) -> bool:
    if constraint == "multiple_of":
        return is_multiple(number, limit)
    if name == "float32":
        limit = Decimal(struct.unpack("<f", struct.pack("<f", float(limit)))[0])
        number = Decimal(struct.unpack("<f", struct.pack("<f", float(number)))[0])
    elif name == "float64":
        limit, number = Decimal(float(limit)), Decimal(float(number))
    match constraint:
        case "minimum":
            return number >= limit
        case "exclusive_minimum":
            return number > limit
        case "maximum":
            return number <= limit
        case _:
            return number < limit


def is_multiple(number: Decimal, divisor: Decimal) -> bool:
    """Return whether a number is a multiple of another one, in decimal arithmetic.

    Exponents are only multiplied modulo the divisor, so none of them is costly.
    """
    digits, exponent = _digits(number)
    divisor_digits, divisor_exponent = _digits(divisor)
    if digits == 0:
        return True
    if exponent < divisor_exponent:
        return False
    power = pow(10, exponent - divisor_exponent, divisor_digits)
    return digits % divisor_digits * power % divisor_digits == 0


def _digits(number: Decimal) -> tuple[int, int]:
    """Return a number as digits without zeros at their end, and an exponent of ten."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    stripped = text.rstrip("0")
    return int(stripped or "0"), exponent + len(text) - len(stripped)
