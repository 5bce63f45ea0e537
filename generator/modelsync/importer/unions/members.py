"""A member of `oneOf` or `anyOf`, and what its schema says about one property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from modelsync.errors import Position
from modelsync.importer.nodes import TypeOf
from modelsync.importer.scalars.enums import Plain, plain_value
from modelsync.importer.text.tree import Json, JsonList, JsonObject

Follow: TypeAlias = Callable[[JsonObject], JsonObject | None]
"""Returns the schema that the `$ref` of a schema leads to, as far as it leads; a schema without
`$ref` is returned as it is. None if it leads nowhere, or to `true` or `false`."""


@dataclass(frozen=True, slots=True)
class Member:
    """One alternative, translated."""

    type_of: TypeOf
    schema: JsonObject
    """The schema after its `$ref`."""
    at: Position
    ref: str = ""
    """The `$ref`, as written."""
    name: str = ""
    """The name of the definition that it is, if it is one."""
    is_model: bool = False
    is_union: bool = False

    @property
    def implicit_tag(self) -> str:
        """The value of a discriminator that selects it, if nothing else says which does."""
        return name_of_ref(self.ref) if self.ref else self.name


@dataclass(frozen=True, slots=True)
class TagField:
    """What a model says about the property that may distinguish it from others."""

    values: tuple[Plain, ...] | None
    """The only values it can have; None if there are others."""
    required: bool
    at: Position


def tag_field(schema: JsonObject, name: str, follow: Follow) -> TagField | None:
    """Return what a schema, with its `allOf`, says about a property; None if it has none."""
    values: tuple[Plain, ...] | None = None
    at: Position | None = None
    is_required = False
    for part in parts_of(schema, follow):
        required = part.get("required")
        is_required |= isinstance(required, list) and name in required
        properties = part.get("properties")
        if not isinstance(properties, JsonObject) or name not in properties:
            continue
        at = at or properties.at(name)
        own = _values(properties[name], follow)
        if own is not None:
            given = {(type(value), value) for value in own}
            values = own if values is None else tuple(v for v in values if (type(v), v) in given)
    return None if at is None else TagField(values, is_required, at)


def parts_of(schema: JsonObject, follow: Follow) -> Iterator[JsonObject]:
    """Yield a schema and those in its `allOf`, also in theirs, each once."""
    waiting = [schema]
    seen: set[int] = set()
    while waiting:
        part = follow(waiting.pop())
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        inner = part.get("allOf")
        if isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, JsonObject)]


def _values(schema: Json, follow: Follow) -> tuple[Plain, ...] | None:
    """Return the values of a schema that lists them, if all are plain."""
    target = schema if isinstance(schema, JsonObject) else None
    for part in parts_of(target, follow) if target is not None else ():
        if "const" in part:
            value = plain_value(part["const"])
            return None if value is None else (value,)
        listed = part.get("enum")
        if isinstance(listed, JsonList):
            values = [plain_value(each) for each in listed if each is not None]
            known = tuple(value for value in values if value is not None)
            return known if known and len(known) == len(values) else None
    return None


def is_null(schema: Json, follow: Follow) -> bool:
    """Return whether a schema accepts null and nothing else, itself or after its `$ref`."""
    if not isinstance(schema, JsonObject):
        return False
    target = follow(schema)
    if target is None:
        return False
    if "const" in target:
        return target["const"] is None
    return target.get("type") in ("null", ["null"]) or target.get("enum") == [None]


def is_model(schema: JsonObject, follow: Follow) -> bool:
    """Return whether a schema is an object with properties, and no union or map."""
    has_properties = False
    for part in parts_of(schema, follow):
        type_ = part.get("type", "object")
        if type_ not in ("object", ["object"]):
            return False
        if not part.keys().isdisjoint({"oneOf", "anyOf", "enum", "const"}):
            return False
        has_properties |= bool(part.get("properties")) or bool(part.get("required"))
    return has_properties


def refuses_or_keeps_keys(schema: JsonObject, follow: Follow) -> bool:
    """Return whether a schema says something about keys that no property has."""
    keywords = {"additionalProperties", "unevaluatedProperties", "patternProperties"}
    return any(not part.keys().isdisjoint(keywords) for part in parts_of(schema, follow))


def name_of_ref(ref: str) -> str:
    """Return the last part of a reference or a file name: `#/components/schemas/Dog` -> `Dog`."""
    last = re.split(r"[/#]", ref.rstrip("/#"))[-1]
    return re.sub(r"\.(?:json|ya?ml)$", "", last)
