"""The rules by which JSON Schema and validators read documents differently than modelsync.

JSON Schema has no word for some rules, and validators read some values differently. Each difference
is a rule here: a schema, a document, or both, changed so that the reference decoder accepts what a
validator accepts.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from modelsync.schema.constraints import Constraints
from modelsync.schema.json_values import Json
from modelsync.schema.scalars import SAFE_INTEGER
from modelsync.schema.shown import SURROGATE
from modelsync.schema.types import Limited, Scalar, Type
from modelsync.verify.line_feeds import python_pattern
from modelsync.verify.validators.formats import GRAMMARS


def same_type(type_: Type) -> Type:
    """Return a type as it is."""
    return type_


def same_value(value: Json) -> Json:
    """Return a value as it is."""
    return value


@dataclass(frozen=True, slots=True)
class Change:
    """What a difference changes about the reference decoder, or about what it reads."""

    type: Callable[[Type], Type] = same_type
    """Changes each part of each type of the schema."""
    value: Callable[[Json], Json] = same_value
    """Changes each value inside the document that is not an array or an object."""
    key: Callable[[str], str] = same_value  # type: ignore[assignment]
    """Changes each key of an object."""
    null_is_absent: bool = True


class Rule(NamedTuple):
    """One difference, in the words of docs/verify.md."""

    reason: str
    changes: tuple[Change, ...]
    """One, or several if it is not known what a validator makes of the values: then a document is
    left out if any of them changes the outcome."""
    is_about: Callable[[Json], bool] = lambda _: True
    """Whether it is about documents with this key or value, other than an array or an object."""


# What JSON Schema cannot say ----------------------------------------------------------------------


def _loose(type_: Type) -> Type:
    """Return what an exported schema says about a type."""
    match type_:
        case Scalar(name="float32"):
            return Scalar("float64")
        case Limited(scalar="float32"):
            return replace(type_, scalar="float64")
        case _:
            return type_


def _any_base64(type_: Type) -> Type:
    return Scalar("string") if type_ == Scalar("bytes") else type_


def _text_of_form(scalar: str, form: str) -> Callable[[Type], Type]:
    """Return a change that reads a scalar as text of a format: any spelling stays as it is."""
    text = Limited(Scalar("string"), Constraints(pattern=GRAMMARS[form].grammar))
    return lambda type_: text if type_ == Scalar(scalar) else type_  # type: ignore[arg-type]


def _decimals_without_limits(type_: Type) -> Type:
    return type_.inner if isinstance(type_, Limited) and type_.scalar == "decimal" else type_


def _valid_unicode(text: str) -> str:
    return SURROGATE.sub("\ufffd", text)


def _valid_text(value: Json) -> Json:
    return _valid_unicode(value) if isinstance(value, str) else value


def _exact_integer(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer() and abs(value) > SAFE_INTEGER:
        return int(value)
    return value


def _finite(value: Json) -> Json:
    if isinstance(value, int | float) and abs(value) > sys.float_info.max:
        return math.copysign(sys.float_info.max, value)
    return value


JSON_SCHEMA: Final = (
    Rule("null for an optional field", (Change(null_is_absent=False),)),
    Rule("numbers beyond a 32-bit float", (Change(_loose),)),
    Rule("numbers beyond a 64-bit float", (Change(value=_finite),)),
    Rule("large integers with a fraction or an exponent", (Change(value=_exact_integer),)),
    Rule("limits of a decimal", (Change(_decimals_without_limits),)),
    Rule("bytes that are not canonical base64", (Change(_any_base64),)),
    Rule("UUIDs that only differ in case", (Change(_text_of_form("uuid", "uuid")),)),
    Rule("instants outside the years 1 to 9999", (Change(_text_of_form("datetime", "date-time")),)),
    Rule("lone surrogates", (Change(value=_valid_text, key=_valid_unicode),)),
)
"""What exported schemas do not say."""


# What validators do differently -------------------------------------------------------------------


def _limits(change: Callable[[Limited], Constraints]) -> Callable[[Type], Type]:
    return lambda type_: (
        replace(type_, constraints=change(type_)) if isinstance(type_, Limited) else type_
    )


def _is_divided_inexactly(type_: Limited) -> bool:
    multiple = type_.constraints.multiple_of
    is_float = type_.scalar.startswith("float")
    return multiple is not None and (is_float or multiple != multiple.to_integral_value())


def _is_divided(type_: Limited) -> bool:
    return type_.constraints.multiple_of is not None


def _multiples_of(
    multiple: Decimal | None, limits: Callable[[Limited], bool]
) -> Callable[[Type], Type]:
    """Return a change of `multipleOf`, for the limits that are concerned."""

    def change(type_: Limited) -> Constraints:
        old = type_.constraints
        return replace(old, multiple_of=multiple) if limits(type_) else old

    return _limits(change)


_NO_MULTIPLE: Final = Decimal("1e400")
"""Of all doubles, only zero is a multiple of it."""

FLOAT_DIVISION: Final = Rule(
    "`multipleOf` in floating-point arithmetic",
    tuple(Change(_multiples_of(each, _is_divided_inexactly)) for each in (None, _NO_MULTIPLE)),
    lambda value: isinstance(value, int | float),
)


_NEVER: Final = "$a"
"""A pattern that no text matches."""
_ALWAYS: Final = "^"


def _python_patterns(unknown: str) -> Change:
    """Return a change of patterns to what they mean in Python; `unknown` if no pattern says it."""

    def change(type_: Limited) -> Constraints:
        old = type_.constraints
        return (
            old
            if old.pattern is None
            else replace(old, pattern=python_pattern(old.pattern) or unknown)
        )

    return Change(_limits(change))


def _ends_with_line_feed(value: Json) -> bool:
    return isinstance(value, str) and value.endswith("\n")


LAST_LINE_FEED: Final = Rule(
    "a line feed after the end of a pattern",
    (_python_patterns(_ALWAYS), _python_patterns(_NEVER)),
    _ends_with_line_feed,
)


def _with_word_boundary(pattern: str | None) -> Change:
    def change(type_: Limited) -> Constraints:
        old = type_.constraints
        has_boundary = old.pattern is not None and r"\b" in old.pattern
        return replace(old, pattern=pattern) if has_boundary else old

    return Change(_limits(change))


WORD_BOUNDARY: Final = Rule(
    r"`\b` beside letters other than ASCII",
    (_with_word_boundary(None), _with_word_boundary(_NEVER)),
)


def _is_large(value: Json) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and SAFE_INTEGER < abs(value) <= 2**65  # type: ignore[arg-type]


class _Rounded(float):
    """A number with more digits than a double has."""


def _is_rounded(value: Json) -> bool:
    return isinstance(value, _Rounded)


def parse_float(text: str) -> float:
    """Return a number of JSON; one that is not exact is marked as rounded."""
    number = float(text)
    return number if Decimal(text) == Decimal(repr(number)) else _Rounded(number)


def _near(is_about: Callable[[Json], bool]) -> tuple[Change, ...]:
    """Return changes that replace numbers by others that a validator may read instead.

    Whether these are multiples is not known.
    """

    def replacing(other: Callable[[float], float]) -> Callable[[Json], Json]:
        return lambda value: other(float(value)) if is_about(value) else value  # type: ignore[arg-type]

    loose, strict = (_multiples_of(each, _is_divided) for each in (None, _NO_MULTIPLE))
    return (
        Change(loose, replacing(lambda number: number)),
        Change(loose, replacing(lambda number: math.nextafter(number, math.inf))),
        Change(loose, replacing(lambda number: math.nextafter(number, -math.inf))),
        Change(strict, replacing(lambda number: math.nextafter(number, math.inf))),
    )


LARGE_INTEGERS: Final = Rule("integers beyond 2^53 - 1", _near(_is_large), _is_large)
EXACT_NUMBERS: Final = Rule(
    "numbers with more digits than a double has", _near(_is_rounded), _is_rounded
)


def _without_prototype(key: str) -> str:
    return "modelsync __proto__" if key == "__proto__" else key


PROTOTYPE: Final = Rule(
    "a field called `__proto__`",
    (Change(key=_without_prototype),),
    lambda value: value == "__proto__",
)
