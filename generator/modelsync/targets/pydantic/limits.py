"""Constraints as the metadata of annotated types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, LiteralString

from modelsync.patterns import translated
from modelsync.schema.constraints import Constraints, plain_number
from modelsync.schema.formats import grammars_of
from modelsync.schema.ir import INTEGERS, Constant, Field, Limited, Model, Schema
from modelsync.schema.tagged import forms_of_tags
from modelsync.targets.additional import ignored_keys_of
from modelsync.targets.base import Code, code, join
from modelsync.targets.python.text import literal

_SAME_IN_JSON: Final = frozenset({"string", "bool", *INTEGERS})
"""The scalars whose values are the same in JSON and Python, except for 3.0, which is an integer."""
_BOUNDS: Final = {
    "minimum": "ge",
    "exclusive_minimum": "gt",
    "maximum": "le",
    "exclusive_maximum": "lt",
}


def used_in(schema: Schema) -> dict[str, object]:
    """Return the names of what `_base.py` has only if a schema uses it."""
    scalars = schema.scalars
    grammars = grammars_of(scalars)
    models = (each for each in schema.definitions if isinstance(each, Model))
    return {
        "scalars": scalars,
        "grammars": grammars,
        "constraints": schema.constraints,
        "tags": forms_of_tags(schema),
        "ignores_keys": any(map(ignored_keys_of, models)),
    }


def is_validated(schema: Schema, field: Field) -> bool:
    """Return whether pydantic has to decode the default of a field, if it has one."""
    type_, default = schema.plain(field.bare_type), field.default
    is_same = isinstance(type_, Constant) or getattr(type_, "name", "") in _SAME_IN_JSON
    is_decoded = not (is_same and isinstance(default, str | int))
    return not field.required and default is not None and is_decoded


def annotated(inner: Code, type_: Limited, use: Callable[[str, LiteralString], Code]) -> Code:
    """Return a type with its constraints. `use` imports a name of a module."""
    options = join(", ", list(_options(type_.scalar, type_.constraints)))
    field = [code("{}({})", use("pydantic", "Field"), options)] if options else []
    metadata = join(", ", [*field, *_validators(type_.scalar, type_.constraints)])
    if not metadata:
        return inner
    return code("{}[{}, {}]", use("typing", "Annotated"), inner, metadata)


def _is_exact(scalar: str) -> bool:
    """Return whether pydantic compares numbers as the spec language does."""
    return scalar in INTEGERS or scalar == "float64"


def _options(scalar: str, limits: Constraints) -> Iterator[Code]:
    for name, limit in limits.items():
        if name in _BOUNDS and _is_exact(scalar):
            assert isinstance(limit, Decimal)
            # Of two options of the same name, pydantic ignores the one of the scalar.
            if scalar == "float64" or int(limit) in INTEGERS[scalar]:
                number = float(limit) if scalar == "float64" else int(limit)
                yield code("{}={}", Code(_BOUNDS[name]), literal(number))
        elif name.startswith(("min_", "max_")):
            yield code("{}_length={}", Code(name[:3]), Code(str(limit)))


def _validators(scalar: str, limits: Constraints) -> Iterator[Code]:
    for name, limit in limits.items():
        match name, limit:
            case "pattern", str():
                expression = translated(limit, "re")
                yield code("_base.pattern({})", literal(expression))
            case "multiple_of", Decimal():
                yield code("_base.multiple_of({})", literal(plain_number(limit)))
            case "unique_items", _:
                yield Code("_base.UNIQUE")
            case _, Decimal() if not _is_exact(scalar):
                arguments = literal(_BOUNDS[name]), literal(plain_number(limit))
                yield code("_base.bound({}, {})", *arguments)
            case _:
                pass
