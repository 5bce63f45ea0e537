"""Properties in an order that tells the members of a union apart by their first key.

OpenAI refuses an `anyOf` of objects whose first keys are the same, unless it has a single value
that differs in each. The order of keys has no other meaning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from modelsync.schema.json_values import Json
from modelsync.targets.json_schema.types import Keywords


def with_first_keys(schemas: Mapping[str, Keywords]) -> dict[str, Keywords]:
    """Return schemas by what `$ref` is for them, with other first keys where unions need it."""
    found = dict(schemas)
    for members in _unions([*schemas.values()]):
        objects = [ref for ref in members if found.get(ref, {}).get("properties")]
        first = Counter(_first(found[ref]) for ref in objects)
        for ref in objects:
            if first[_first(found[ref])] > 1:
                found[ref] = _reordered(ref, objects, found)
    return found


def _unions(schema: Json) -> Iterator[list[str]]:
    """Yield the references of each `anyOf` with several, in any depth."""
    match schema:
        case dict():
            members = schema.get("anyOf")
            if isinstance(members, list):
                refs = [
                    str(each["$ref"])
                    for each in members
                    if isinstance(each, dict) and "$ref" in each
                ]
                yield from [refs] if len(refs) > 1 else []
            for value in schema.values():
                yield from _unions(value)
        case list():
            for value in schema:
                yield from _unions(value)
        case _:
            pass


def _properties(schema: Keywords) -> Keywords:
    found = schema["properties"]
    assert isinstance(found, dict)
    return found


def _first(schema: Keywords) -> str:
    """Return the first key of an object, and its value if it has only one."""
    key, value = next(iter(_properties(schema).items()))
    return f"{key}={_only_value(value)}"


def _only_value(schema: Json) -> str:
    match schema:
        case {"enum": [value]}:
            return repr(value)
        case _:
            return ""


def _reordered(ref: str, objects: Sequence[str], schemas: Mapping[str, Keywords]) -> Keywords:
    """Return an object with a key first that the other objects do not start with."""
    schema = schemas[ref]
    others = [_properties(schemas[each]) for each in objects if each != ref]
    properties = _properties(schema)
    for key, value in properties.items():
        only = _only_value(value)
        if all(
            key not in other or (only and _only_value(other[key]) not in ("", only))
            for other in others
        ):
            order = [key, *(each for each in properties if each != key)]
            ordered: Keywords = {each: properties[each] for each in order}
            return schema | {"properties": ordered, "required": [*order]}
    return schema
