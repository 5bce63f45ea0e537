"""Default values as expressions in Go."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Final

from modelsync.schema.ir import (
    NUMBERS,
    Constant,
    Definition,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
)
from modelsync.schema.json_values import Json
from modelsync.targets.base import Code, code, join
from modelsync.targets.go.text import go_literal, literal
from modelsync.targets.go.types import SCALARS, Speller, has_time

_HAVE_LITERALS: Final = NUMBERS | {"string", "bool", "wire.Decimal"}
"""The Go types whose values are literals."""


def kinds_of_initial(schema: Schema, definition: Definition) -> str:
    """Return what the function for new objects of a model sets; nothing if there is none."""
    if not isinstance(definition, Model):
        return ""
    constants = any(
        field.required and isinstance(schema.resolved(field.type), Constant)
        for field in definition.fields
    )
    defaults = any(field.has_default for field in definition.fields)
    return " and ".join(["constants"] * constants + ["defaults"] * defaults)


def default_value(
    speller: Speller, constant: Callable[[Ref, Json], Code], type_: Type, value: Json
) -> Code | None:
    """Return an expression for a value of a type; None if it has to be decoded from JSON.

    `constant` returns the name of the constant for a value of an enum.
    """
    if isinstance(type_, Nullable):
        return _nullable(speller, constant, type_, value)
    spelled = speller.spell(type_)
    match speller.schema.plain(type_), value:
        case Nullable() as inner, _:
            return default_value(speller, constant, inner, value)
        case ListOf(item=item), list():
            items = [default_value(speller, constant, item, each) for each in value]
            return _composite(spelled.name, speller.spell(item).name, items)
        case MapOf(value=inner), dict():
            items = [default_value(speller, constant, inner, each) for each in value.values()]
            keys = [code("{}: ", literal(key)) for key in value]
            return _composite(spelled.name, speller.spell(inner).name, items, keys)
        case Ref() as ref, str() | int() if isinstance(speller.schema[ref], Enum):
            # The file imports the package of an alias, not that of its enum.
            return constant(ref, value) if type_ == ref else go_literal(value)
        case Scalar(name="any"), None:
            return Code("nil")
        case Scalar(name="bytes"), str():
            return code("[]byte{{{}}}", Code(", ".join(map(str, base64.b64decode(value)))))
        case Scalar(name="datetime" | "date"), str() if has_time(type_):
            return _time(value)  # the file does not import `time` for the alias of a time
        case Scalar(name=name), _ if SCALARS[name].name in _HAVE_LITERALS:
            return go_literal(value)
        case _:
            return go_literal(value) if spelled.plain_name in _HAVE_LITERALS else None


def _nullable(
    speller: Speller, constant: Callable[[Ref, Json], Code], type_: Nullable, value: Json
) -> Code | None:
    if value is None:
        return Code("nil")
    inner = default_value(speller, constant, type_.inner, value)
    spelled = speller.spell(type_.inner)
    if inner is None or spelled.has_nil:
        return inner
    if spelled.name in ("string", "bool") or _HAS_TYPE.match(inner):
        return code("wire.Ptr({})", inner)
    return code("wire.Ptr[{}]({})", spelled.name, inner)


_HAS_TYPE: Final = re.compile(r"(?!true|false)[^\W\d]")
"""The start of an expression that is no literal, so that its type can be inferred."""
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z)?")


def _time(value: str) -> Code | None:
    """Return a date or a time in UTC, which the generator has brought into its written form."""
    found = _TIME.fullmatch(value)
    if found is None:
        return None
    year, month, day, *clock = found.groups("0")
    nanoseconds = clock.pop().ljust(9, "0")
    numbers = [int(part) for part in (day, *clock, nanoseconds)]
    month_name = Code(_MONTHS[int(month) - 1])
    return code(
        "time.Date({}, time.{}, {}, time.UTC)",
        Code(str(int(year))),
        month_name,
        Code(", ".join(map(str, numbers))),
    )


def _composite(
    type_: Code, item_type: Code, items: list[Code | None], keys: list[Code] | None = None
) -> Code | None:
    """Return a list or a map; its own lists and maps omit their types, as `gofmt -s` wants it."""
    known = [item for item in items if item is not None]
    if len(known) < len(items):
        return None
    bare = [
        Code(item.removeprefix(item_type)) if item.startswith(f"{item_type}{{") else item
        for item in known
    ]
    pairs = zip(keys or [Code("")] * len(bare), bare, strict=True)
    return code("{}{{{}}}", type_, join(", ", [code("{}{}", *pair) for pair in pairs]))
