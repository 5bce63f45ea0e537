"""What all parts of an object say: its properties, which are required, and other keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from modelsync.errors import Position
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.keywords import ANNOTATIONS
from modelsync.importer.translation.parts import Part, PartReader
from modelsync.importer.translation.virtual import virtual, virtual_list

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator


class Property(NamedTuple):
    """A property in one of the parts of an object."""

    schema: Json
    holder: JsonObject
    """The `properties` that it is in."""


@dataclass(slots=True)
class Flat:
    """An object with all of its parts."""

    properties: dict[str, list[Property]] = field(default_factory=dict)
    """What each part says about a property, by its key."""
    required: dict[str, Position] = field(default_factory=dict)
    """Where each required key is listed."""
    others: list[tuple[Json, JsonObject]] = field(default_factory=list)
    """Each `additionalProperties`, with the schema that it is in."""

    def add(self, other: Flat) -> None:
        """Add what further parts say."""
        for name, properties in other.properties.items():
            known = self.properties.setdefault(name, [])
            for each in properties:
                if known and _is_same(known[-1], each):
                    known[-1] = each
                elif not _contains(known, each):
                    known.append(each)
        for name, at in other.required.items():
            self.required.setdefault(name, at)
        self.others += other.others


def _contains(known: list[Property], property_: Property) -> bool:
    return any(each.schema is property_.schema for each in known)


class FlatReader:
    """Reads objects with all of their parts, each once."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.parts: PartReader = translator.parts
        self._flat: dict[int, tuple[Flat, JsonObject]] = {}

    def flat(self, schema: JsonObject) -> Flat:
        """Return a schema with all of its parts."""
        # Parts first, with a stack of its own: chains of definitions can be long.
        stack = [schema]
        on_stack = {id(schema)}
        while stack:
            each = stack[-1]
            if id(each) in self._flat:
                on_stack.discard(id(stack.pop()))
                continue
            rest = [
                part.schema
                for part in self.parts.parts(each)
                if id(part.schema) not in self._flat and id(part.schema) not in on_stack
            ]
            if rest:
                stack += rest
                on_stack.update(map(id, rest))
            else:
                self._flat[id(each)] = (self._one(each), each)
        return self._flat[id(schema)][0]

    def _one(self, schema: JsonObject) -> Flat:
        result = Flat()
        for part in self.parts.parts(schema):
            if part.schema is schema:
                result.add(own_flat(schema))
            elif id(part.schema) in self._flat:
                result.add(self._flat[id(part.schema)][0])
        return result

    def together(self, parts: Iterable[Part]) -> Flat:
        """Return what several parts say."""
        result = Flat()
        for part in parts:
            result.add(self.flat(part.schema))
        return result

    def combined(self, properties: Iterable[Property]) -> Json:
        """Return the schema of a property that several parts have: that of the last, if equal."""
        unique: list[Property] = []
        for each in properties:
            same = next((i for i, known in enumerate(unique) if _is_same(known, each)), None)
            if same is None:
                unique.append(each)
            else:
                unique[same] = each
        if len(unique) == 1:
            return unique[0].schema
        last = unique[-1]
        origin = last.schema if isinstance(last.schema, JsonObject) else last.holder
        return self.translator.combined.all_of([each.schema for each in unique], origin)

    def with_all_properties(self, schema: JsonObject) -> JsonObject:
        """Return an object with the properties of all of its parts."""
        if self.parts.parts(schema)[:1] == (Part(schema),):
            return schema
        flat = self.flat(schema)
        first = next(iter(flat.properties.values()), [])
        values = {name: self.combined(uses) for name, uses in flat.properties.items()}
        origins = {name: uses[-1].holder for name, uses in flat.properties.items()}
        holder = first[0].holder if first else schema
        return virtual(
            schema,
            {
                "type": "object",
                "properties": virtual(holder, values, origins),
                "required": virtual_list(schema, flat.required),
            },
        )


def own_flat(schema: JsonObject) -> Flat:
    """Return what a schema without `allOf` says about the properties of objects."""
    result = Flat()
    properties = schema.get("properties")
    if isinstance(properties, JsonObject):
        for name, inner in properties.items():
            result.properties[name] = [Property(inner, properties)]
    required = schema.get("required")
    if isinstance(required, JsonList):
        for index, each in enumerate(required):
            if isinstance(each, str):
                result.required.setdefault(each, required.at(index))
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        value = schema.get(keyword)
        if isinstance(value, bool | JsonObject):
            result.others.append((value, schema))
            break
    return result


def _is_same(first: Property, second: Property) -> bool:
    if first.schema is second.schema:
        return True
    return _without_texts(first.schema) == _without_texts(second.schema)


def _without_texts(schema: Json) -> Json | dict[str, Json]:
    if not isinstance(schema, JsonObject):
        return schema
    return {name: value for name, value in schema.items() if name not in ANNOTATIONS}
