"""Default values as expressions in Go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from modelsync.schema.ir import NUMBERS, Enum, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.json_values import Json
from modelsync.targets.base import Code, code, join
from modelsync.targets.go.text import go_literal, literal
from modelsync.targets.go.types import SCALARS, Speller

_HAVE_LITERALS: Final = NUMBERS | {"string", "bool", "wire.Decimal"}
"""The Go types whose values are literals."""


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
        case Scalar(name="bytes"), "":
            return Code("[]byte{}")
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
    return code("wire.Ptr[{}]({})", spelled.name, inner)


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
