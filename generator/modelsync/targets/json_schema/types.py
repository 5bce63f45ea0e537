"""Types -> JSON Schema: what a schema says about the values of a type, as JSON.

The words are those of JSON Schema 2020-12, which OpenAPI 3.1 uses, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from modelsync.patterns import translated
from modelsync.schema.constraints import KEYWORDS, Constraints, plain_number
from modelsync.schema.definitions import Tag
from modelsync.schema.formats import FORMATS
from modelsync.schema.json_values import Json
from modelsync.schema.types import (
    INTEGERS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)

Keywords: TypeAlias = dict[str, Json]
"""A schema, as a JSON object."""

OWN: Final = "x-modelsync"
"""The keyword for what JSON Schema has no word for."""

NULL: Final[Keywords] = {"type": "null"}

FORMATS_OF_TEXTS: Final[Mapping[str, str]] = {
    "datetime": "date-time",
    **{name: name for name in ("date", *FORMATS)},
}
"""The format of each scalar that is text of a certain form."""
_TYPES: Final[Mapping[str, str]] = {"str": "string", "int": "integer", "bool": "boolean"}
"""The type of a literal, by the name of its Python type."""
NUMBER_FORMATS: Final[Mapping[str, str]] = {"float32": "float", "float64": "double"}


FORMATS_OF_SCALARS: Final = frozenset(
    {*FORMATS_OF_TEXTS.values(), *NUMBER_FORMATS.values(), *INTEGERS, "byte"}
)
"""The formats that stand for a scalar."""
DECIMAL: Final[Keywords] = {
    "pattern": FORMATS["decimal"].grammar,
    "maxLength": FORMATS["decimal"].max_length,
}
"""Nobody else knows this format."""


def own_part(found: Mapping[str, Json]) -> Keywords:
    """Return the keyword :data:`OWN`, if there is anything to say."""
    return {OWN: dict(found)} if found else {}


def merged(*parts: Keywords) -> Keywords:
    """Return schemas of one value as one; what :data:`OWN` says in each is kept."""
    together: Keywords = {}
    own: Keywords = {}
    for part in parts:
        said = part.get(OWN)
        own |= said if isinstance(said, dict) else {}
        together |= part
    together.pop(OWN, None)
    return together | own_part(own)


class Types:
    """Writes types of one schema."""

    def __init__(
        self,
        to: Callable[[str], str],
        nullable_ids: frozenset[str] = frozenset(),
        *,
        is_openapi: bool = False,
    ) -> None:
        self.to = to
        """Returns what `$ref` is for a definition, by its id."""
        self.nullable_ids = nullable_ids
        """The ids of the aliases that accept null."""
        self.is_openapi = is_openapi

    def schema(self, type_: Type) -> Keywords:
        """Return the schema of a type."""
        match type_:
            case Scalar(name=name):
                return self.scalar(name)
            case ListOf(item=item):
                return {"type": "array", "items": self.schema(item)}
            case MapOf(value=value):
                return {"type": "object", "additionalProperties": self.inner(value)}
            case Ref(id=id_):
                return {"$ref": self.to(id_)}
            case Constant(value=value):
                return {**typed([value]), "const": value}
            case Nullable(inner=Ref(id=id_) as ref) if id_ in self.nullable_ids:
                return self.schema(ref)
            case Nullable(inner=inner):
                return nullable(self.schema(inner))
            case AnyOf(members=members):
                return self.any_of(members)
            case Limited(inner=inner, constraints=constraints, scalar=scalar):
                found = limits(constraints, scalar)
                if isinstance(inner, Scalar) and scalar in INTEGERS:
                    found = within(INTEGERS[scalar], found)
                return merged(self.schema(inner), found)

    def inner(self, type_: Type) -> Json:
        """Return the schema of a type inside an object: `true` for any value."""
        return self.schema(type_) or True

    def any_of(self, members: tuple[Type, ...]) -> Keywords:
        """Return the schema of a union without a discriminator: the first member that fits."""
        values = [member.value for member in members if isinstance(member, Constant)]
        if len(values) == len(members):
            return {**typed(values), "enum": [*values]}
        return {"anyOf": [self.schema(member) for member in members]}

    def scalar(self, name: str) -> Keywords:
        """Return the schema of a scalar."""
        match name:
            case "any":
                return {}
            case "bool":
                return {"type": "boolean"}
            case "string":
                return {"type": "string"}
            case "bytes":
                form: Keywords = {"format": "byte"} if self.is_openapi else {}
                return {"type": "string", **form, "contentEncoding": "base64"}
            case _ if name in INTEGERS:
                values = INTEGERS[name]
                return {
                    "type": "integer",
                    "format": name,
                    "minimum": values[0],
                    "maximum": values[-1],
                }
            case _ if name in NUMBER_FORMATS:
                return {"type": "number", "format": NUMBER_FORMATS[name]}
            case "decimal":
                return {"type": "string", "format": name, **DECIMAL}
            case _:
                return {"type": "string", "format": FORMATS_OF_TEXTS[name]}


def nullable(schema: Keywords) -> Keywords:
    """Return a schema that accepts null, too."""
    match schema:
        case {"anyOf": [*members]}:
            return schema | {"anyOf": [*members, {**NULL}]}
        case {"const": value}:
            rest = {key: each for key, each in schema.items() if key != "const"}
            return nullable(rest | {"enum": [value]})
        case {"enum": [*values], "type": str() as name}:
            return schema | {"type": [name, "null"], "enum": [*values, None]}
        case {"enum": [*values]}:
            return schema | {"enum": [*values, None]}
        case {"type": str() as name}:
            return schema | {"type": [name, "null"]}
        case _:
            return {"anyOf": [schema, {**NULL}]}


def typed(values: Sequence[Tag]) -> Keywords:
    """Return the type of literals, if all have the same."""
    names: set[Json] = {_TYPES[type(value).__name__] for value in values}
    return {"type": names.pop()} if len(names) == 1 else {}


def limits(constraints: Constraints, scalar: str) -> Keywords:
    """Return constraints as keywords; `scalar` is what they limit, empty for a list or a map.

    JSON Schema cannot limit a decimal, which is a string.
    """
    found: Keywords = {}
    own: Keywords = {}
    for name, limit in constraints.items():
        key = KEYWORDS[name]
        match limit:
            case Decimal() if scalar == "decimal":
                own[key] = plain_number(limit)
            case Decimal():
                found[key] = number(limit)
            case str():
                found[key] = translated(limit, "json-schema")
                own |= {key: limit} if found[key] != limit else {}
            case _:
                found[key] = limit
    return found | own_part(own)


def within(values: range, limits: Keywords) -> Keywords:
    """Return the limits of an integer that say more than its type, and :data:`OWN` for others."""
    kept = dict(limits)
    own: Keywords = {}
    for key in ("minimum", "maximum"):
        limit = kept.get(key)
        if isinstance(limit, int | float) and (
            limit in (values[0], values[-1]) or limit not in values
        ):
            own[key] = kept.pop(key)
    return merged(kept, own_part(own))


def number(value: Decimal) -> int | float:
    """Return a number of a spec, which a float can represent unless it is an integer."""
    is_whole = value == value.to_integral_value() and abs(value) < 10**21
    return int(value) if is_whole else float(value)
