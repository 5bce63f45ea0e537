"""The checks of a type with constraints, and what errors and documentation say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, LiteralString, NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.schema.constraints import Constraints, counted, plain_number, range_text
from modelsync.schema.scalars import Holds
from modelsync.schema.types import INTEGERS, Limited, ListOf, MapOf, Nullable, Type, alternatives
from modelsync.targets.code import Code


class Check(NamedTuple):
    """What code checks for one constraint, in the order of checks."""

    name: str
    """The attribute of :class:`Constraints`."""
    limit: int | Decimal | str | bool
    reason: str
    """What is wrong with a value that fails. After a size, code adds a comma and the size found."""
    outside: LiteralString = ""
    """The operator of `value ? limit` that is true for a bad value, if there is one."""

    @property
    def is_size(self) -> bool:
        """Whether the constraint is about the number of characters, items or keys."""
        return self.name in _NOUNS

    @property
    def comes_first(self) -> bool:
        """Whether it is checked before the items of a list, or the values of a map, are read."""
        return self.is_size and _NOUNS[self.name] != "character"


_NOUNS: Final = {
    "min_length": "character",
    "max_length": "character",
    "min_items": "item",
    "max_items": "item",
    "min_properties": "key",
    "max_properties": "key",
}
_RELATIONS: Final[Mapping[str, tuple[LiteralString, str]]] = {
    "minimum": ("<", "of at least"),
    "exclusive_minimum": ("<=", "greater than"),
    "maximum": (">", "of at most"),
    "exclusive_maximum": (">=", "less than"),
    "multiple_of": ("", "that is a multiple of"),
}


def checks_of(constraints: Constraints) -> Iterator[Check]:
    """Yield the checks of a type, in order."""
    for name, limit in constraints.items():
        match limit:
            case bool():
                yield Check(name, limit, "expected different items")
            case int():
                outside, words = ("<", "at least") if name.startswith("min") else (">", "at most")
                reason = f"expected {words} {counted(limit, _NOUNS[name])}"
                yield Check(name, limit, reason, outside)
            case Decimal():
                outside, words = _RELATIONS[name]
                reason = f"expected a number {words} {plain_number(limit)}"
                yield Check(name, limit, reason, outside)
            case str():
                yield Check(name, limit, f"expected a match of {limit}")


class Limit(NamedTuple):
    """A type with constraints in one generated file."""

    name: Code
    """The end of the names of its functions, such as `Sku` of `checkSku`."""
    position: Position


Limits: TypeAlias = Mapping[Limited, Limit]
"""The types with constraints of a definition."""


def limits_of(
    parts: Iterable[tuple[str, Type, Position]], taken: set[str], holds: Holds
) -> dict[Limited, Limit]:
    """Return the limits of a definition from the names and types of its fields or members.

    Adds the names of their functions to `taken`, which has those that mean something else.
    """
    limits: dict[Limited, Limit] = {}
    for name, type_, position in parts:
        for end, limited in _named(name, type_):
            if limited in limits or not any(True for _ in possible_checks(limited, holds)):
                continue
            free = end
            while free in taken:
                free += "_"
            taken.add(free)
            limits[limited] = Limit(Code(free), position)
    return limits


def _named(name: str, type_: Type) -> Iterator[tuple[str, Limited]]:
    match type_:
        case Limited(inner=inner):
            yield name, type_
            yield from _named(name, inner)
        case Nullable(inner=inner):
            yield from _named(name, inner)
        case ListOf(item=inner):
            yield from _named(f"{name}Item", inner)
        case MapOf(value=inner):
            yield from _named(f"{name}Value", inner)
        case _:
            pass


def possible_checks(limited: Limited, holds: Holds) -> Iterator[Check]:
    """Yield the checks that a value of the type can fail, because compilers report the others."""
    scalar = scalar_of(limited)
    values = holds.range_of(scalar) if scalar in INTEGERS else None
    for check in checks_of(limited.constraints):
        match check.name, check.limit:
            case "min_length" | "min_items" | "min_properties", 0:
                pass
            case "minimum", Decimal() as least if values and least <= values[0]:
                pass
            case "maximum", Decimal() as most if values and most >= values[-1]:
                pass
            case "multiple_of", Decimal() as divisor if values and step_of(divisor) == 1:
                pass
            case _:
                yield check


def scalar_of(limited: Limited) -> str:
    """Return the scalar that has constraints; empty for a list or map."""
    return limited.scalar


def step_of(divisor: Decimal) -> int:
    """Return the smallest positive integer that is a multiple of `divisor`."""
    return divisor.as_integer_ratio()[0]


def sentences_of(types: Iterable[Type]) -> str:
    """Return what documentation says about the constraints of types, empty without any."""
    limited = [part for type_ in types for part in alternatives(type_) if isinstance(part, Limited)]
    if not limited:
        return ""
    found = {part.constraints: None for part in limited}
    together = {name: value for each in found for name, value in each.items()}
    if all(together[name] == value for each in found for name, value in each.items()):
        return _summary(Constraints(**together))  # type: ignore[arg-type]
    return " ".join(_summary(each) for each in found)


def _summary(constraints: Constraints) -> str:
    """Return the constraints in short sentences, such as `Length: 3 to 20.`."""
    c = constraints
    sentences = (
        _labeled("Length", range_text(c.min_length, c.max_length)),
        "" if c.pattern is None else f"Pattern: `{c.pattern}`.",
        _labeled(
            "Range", range_text(c.minimum, c.maximum, c.exclusive_minimum, c.exclusive_maximum)
        ),
        "" if c.multiple_of is None else f"Multiple of {plain_number(c.multiple_of)}.",
        _labeled("Items", range_text(c.min_items, c.max_items)),
        "All items differ." if c.unique_items else "",
        _labeled("Keys", range_text(c.min_properties, c.max_properties)),
    )
    return " ".join(filter(None, sentences))


def _labeled(label: str, text: str) -> str:
    return f"{label}: {text}." if text else ""
