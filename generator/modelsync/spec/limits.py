"""The constraints of a field: how they are read, and which parts of its type they apply to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from modelsync.errors import Position, Problem
from modelsync.patterns.check import check
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import PatternError
from modelsync.schema.constraints import KEYWORDS, KINDS, NONE, Constraints, Kind
from modelsync.schema.ir import (
    INTEGERS,
    NUMBERS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Scalar,
    Type,
)
from modelsync.spec import shape
from modelsync.spec.nodes import Node, ScalarNode
from modelsync.spec.reader import Entries, Reader
from modelsync.spec.shape import Key

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_MAX_DIGITS: Final = 400
_LIMITED_TEXTS: Final = frozenset({"string", "uri", "email", "hostname"})
_NOUNS: Final[Mapping[Kind, str]] = {
    "text": "strings",
    "number": "numbers",
    "list": "lists",
    "map": "maps",
}
_COUNTERPARTS: Final[Mapping[str, Mapping[Kind, str]]] = {
    least: {
        "text": f"{least}Length",
        "number": f"{least}imum",
        "list": f"{least}Items",
        "map": f"{least}Properties",
    }
    for least in ("min", "max")
}
"""The key for each kind of type that says the least, or the most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The constraints of a field, as written."""

    constraints: Constraints = NONE
    positions: Mapping[str, Position] = field(default_factory=dict)
    """The position of each constraint, by its attribute."""


# Keys ---------------------------------------------------------------------------------------------


def _size(reader: Reader, node: Node, key: Key[Any]) -> int | None:
    digits = node.text if isinstance(node, ScalarNode) and node.plain else ""
    if re.fullmatch(r"0|[1-9]\d{0,8}", digits, re.ASCII):
        return int(digits)
    message = f"`{key.name}` must be an integer from 0 to 999999999"
    reader.problem(node.position, "MS013", message, "write only digits, without quotes")
    return None


def _number(reader: Reader, node: Node, key: Key[Any]) -> Decimal | None:
    text = node.text if isinstance(node, ScalarNode) and node.plain else ""
    if _NUMBER.fullmatch(text) and len(text) <= _MAX_DIGITS:
        return Decimal(text)
    message = f"`{key.name}` must be a number"
    reader.problem(node.position, "MS013", message, "write it as in JSON, without quotes")
    return None


def _pattern(reader: Reader, node: Node, key: Key[Any]) -> str | None:
    text = reader.text(node, key.name)
    if text is None or not isinstance(node, ScalarNode):
        return None
    try:
        check(parse(text))
    except PatternError as error:
        # After an escape in double quotes, the offset in the text is not that in the file.
        quotes = 0 if node.plain else 1
        is_as_written = node.position.width == len(text) + 2 * quotes
        start = node.position.shifted(quotes)
        position = start.shifted(error.offset, error.width) if is_as_written else node.position
        reader.problem(position, "MS024", f"pattern: {error.message}", error.help)
        return None
    return text


_SIZE_KIND: Final[shape.Kind[int]] = shape.Kind(_size, {"type": "integer", "minimum": 0})
_NUMBER_KIND: Final[shape.Kind[Decimal]] = shape.Kind(_number, {"type": "number"})
_PATTERN_KIND: Final[shape.Kind[str]] = shape.Kind(_pattern, {"type": "string", "minLength": 1})
_FLAG_KIND: Final[shape.Kind[bool]] = shape.Kind(
    lambda reader, node, key: reader.flag(node, key.name), {"type": "boolean"}
)

_DOCS: Final[Mapping[str, tuple[shape.Kind[Any], str]]] = {
    "min_length": (_SIZE_KIND, "The fewest characters of a string."),
    "max_length": (_SIZE_KIND, "The most characters of a string."),
    "pattern": (_PATTERN_KIND, "A regular expression that must match a part of a string."),
    "minimum": (_NUMBER_KIND, "The smallest number."),
    "exclusive_minimum": (_NUMBER_KIND, "A number that values must be greater than."),
    "maximum": (_NUMBER_KIND, "The largest number."),
    "exclusive_maximum": (_NUMBER_KIND, "A number that values must be less than."),
    "multiple_of": (_NUMBER_KIND, "A number that values must be a multiple of."),
    "min_items": (_SIZE_KIND, "The fewest items of a list."),
    "max_items": (_SIZE_KIND, "The most items of a list."),
    "unique_items": (_FLAG_KIND, "Whether the items of a list must be different."),
    "min_properties": (_SIZE_KIND, "The fewest keys of a map."),
    "max_properties": (_SIZE_KIND, "The most keys of a map."),
}
KEYS: Final[Mapping[str, Key[Any]]] = {
    name: Key(KEYWORDS[name], kind, doc) for name, (kind, doc) in _DOCS.items()
}
"""The key of each constraint, by its attribute."""


def read_limits(entries: Entries) -> Limits:
    """Return the constraints among the entries of a field."""
    values = {name: entries.get(key) for name, key in KEYS.items()}
    # `uniqueItems: false` says nothing.
    given = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    positions = {name: entries.nodes[KEYS[name]].position for name in given}
    return Limits(Constraints(**given), positions)


# Types --------------------------------------------------------------------------------------------


class Limiter:
    """Applies the constraints of one field to its type, and collects what is wrong with them."""

    def __init__(self, limits: Limits, problems: list[Problem]) -> None:
        self._limits = limits
        self._problems = problems
        self._used: set[str] = set()

    def limited(self, type_: Type) -> Type:
        """Return the type with the constraints at each alternative that they are about."""
        result = self._apply(type_)
        for name in self._limits.positions:
            if name not in self._used:
                self._misplaced(name, type_)
        return result

    def _apply(self, type_: Type) -> Type:
        match type_:
            case Nullable(inner=inner):
                return Nullable(self._apply(inner))
            case AnyOf(members=members):
                return AnyOf(tuple(map(self._apply, members)))
            case _:
                kind = kind_of_type(type_)
                own = self._limits.constraints.of_kind(kind) if kind else NONE
                if not own:
                    return type_
                self._used |= {name for name, _ in own.items()}
                checked = self._checked(type_, own)
                return Limited(type_, checked) if checked else type_

    def _problem(self, name: str, code: str, message: str, help_: str = "") -> None:
        self._problems.append(Problem(self._limits.positions[name], code, message, help_))

    def _misplaced(self, name: str, type_: Type) -> None:
        key, noun = KEYS[name].name, _NOUNS[KINDS[name]]
        kinds = {kind for part in _alternatives(type_) if (kind := kind_of_type(part))}
        counterpart = ""
        if len(kinds) == 1 and key[:3] in _COUNTERPARTS:
            (kind,) = kinds
            counterpart = f"for {_NOUNS[kind]}, write `{_COUNTERPARTS[key[:3]][kind]}`"
        self._problem(name, "MS023", f"`{key}` is for {noun}", counterpart or f"remove `{key}`")

    def _checked(self, type_: Type, own: Constraints) -> Constraints:
        """Return the constraints of a type in their simplest form. Impossible ones are problems."""
        match type_:
            case Scalar(name=name) if name in INTEGERS:
                own = self._of_integers(name, own)
            case Scalar(name="float32" | "float64"):
                self._check_floats(own)
            case ListOf(item=item) if own.unique_items and not _is_comparable(item):
                message = "`uniqueItems` is for lists of strings, integers, booleans and enums"
                self._problem("unique_items", "MS023", message, "remove `uniqueItems`")
                own = replace(own, unique_items=None)
            case _:
                pass
        self._check_order(own)
        return own

    def _of_integers(self, name: str, own: Constraints) -> Constraints:
        """Return the constraints of an integer with inclusive bounds."""
        for bound in ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum"):
            limit = getattr(own, bound)
            if limit is not None and limit != limit.to_integral_value():
                message = f"`{KEYS[bound].name}` of an integer must be an integer"
                self._problem(bound, "MS023", message, f"write `{int(limit)}`, or use `float64`")
                own = replace(own, **{bound: None})
        values = INTEGERS[name]
        least = [own.minimum, own.exclusive_minimum and own.exclusive_minimum + 1]
        most = [own.maximum, own.exclusive_maximum and own.exclusive_maximum - 1]
        if own.exclusive_minimum == 0:
            least[1] = Decimal(1)
        if own.exclusive_maximum == 0:
            most[1] = Decimal(-1)
        least_given = [limit for limit in least if limit is not None]
        most_given = [limit for limit in most if limit is not None]
        own = replace(
            own,
            minimum=max(least_given, default=None),
            exclusive_minimum=None,
            maximum=min(most_given, default=None),
            exclusive_maximum=None,
        )
        low = max(own.minimum if own.minimum is not None else values[0], values[0])
        high = min(own.maximum if own.maximum is not None else values[-1], values[-1])
        if low > high:
            self._impossible(name, ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum"))
        return own

    def _check_floats(self, own: Constraints) -> None:
        for bound in ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum"):
            limit = getattr(own, bound)
            if limit is not None and Decimal(repr(float(limit))) != limit:
                message = f"`{KEYS[bound].name}` has more digits than a float64"
                self._problem(bound, "MS023", message, f"write `{float(limit)!r}`")

    def _check_order(self, own: Constraints) -> None:
        for least, most in (
            ("min_length", "max_length"),
            ("min_items", "max_items"),
            ("min_properties", "max_properties"),
        ):
            low, high = getattr(own, least), getattr(own, most)
            if low is not None and high is not None and low > high:
                self._impossible("", (least, most))
        self._check_range(own)
        divisor = own.multiple_of
        if divisor is not None and divisor <= 0:
            message = "`multipleOf` must be greater than 0"
            self._problem("multiple_of", "MS023", message, "write a positive number")
        elif divisor is not None and len(divisor.normalize().as_tuple().digits) > _MAX_DIVISOR:
            message = f"`multipleOf` has more than {_MAX_DIVISOR} digits"
            self._problem("multiple_of", "MS023", message, "write fewer digits")

    def _check_range(self, own: Constraints) -> None:
        for least in ("minimum", "exclusive_minimum"):
            for most in ("maximum", "exclusive_maximum"):
                low, high = getattr(own, least), getattr(own, most)
                if low is None or high is None:
                    continue
                if low > high or (low == high and (least, most) != ("minimum", "maximum")):
                    self._impossible("", (least, most))

    def _impossible(self, name: str, constraints: tuple[str, ...]) -> None:
        given = [each for each in constraints if each in self._limits.positions]
        keys = " and ".join(f"`{KEYS[each].name}`" for each in given)
        what = f"of an `{name}`" if name and len(given) == 1 else ""
        message = f"no value satisfies {keys} {what}".rstrip()
        self._problem(given[-1], "MS025", message, "change or remove one of them")


_MAX_DIVISOR: Final = 15


def kind_of_type(type_: Type) -> Kind | None:
    """Return what the constraints of a type are about; None if it cannot have any."""
    match type_:
        case Scalar(name=name) if name in _LIMITED_TEXTS:
            return "text"
        case Scalar(name=name) if name in NUMBERS or name == "decimal":
            return "number"
        case ListOf():
            return "list"
        case MapOf():
            return "map"
        case _:
            return None


def _alternatives(type_: Type) -> Iterator[Type]:
    match type_:
        case Nullable(inner=inner):
            yield from _alternatives(inner)
        case AnyOf(members=members):
            for member in members:
                yield from _alternatives(member)
        case _:
            yield type_


def _is_comparable(type_: Type) -> bool:
    """Return whether equal values of a type are written as the same JSON in every language."""
    match type_:
        case Nullable(inner=inner) | Limited(inner=inner):
            return _is_comparable(inner)
        case AnyOf(members=members):
            return all(map(_is_comparable, members))
        case Scalar(name=name):
            return name in INTEGERS or name in _COMPARABLE
        case Constant():
            return True
        case _:
            return False


_COMPARABLE: Final = _LIMITED_TEXTS | {
    "bool",
    "time",
    "duration",
    "uuid",
    "ipv4",
    "ipv6",
    "date",
    "bytes",
}


def written_limits(type_: Type) -> Iterator[tuple[str, str | int | Decimal | bool]]:
    """Yield the key and the value of each constraint of a field, from its type."""
    values = {
        name: value
        for part in _alternatives(type_)
        if isinstance(part, Limited)
        for name, value in part.constraints.items()
    }
    for name, key in KEYS.items():
        if name in values:
            yield key.name, values[name]
