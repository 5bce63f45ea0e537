"""Objects: a schema with `properties` -> a model; one with only other keys -> a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelsync.importer.annotations import field_annotations
from modelsync.importer.nodes import Body, Entry, Shape, TypeOf, key, mapping, plain, text
from modelsync.importer.places import Place
from modelsync.importer.tree import Json, JsonList, JsonObject
from modelsync.spec.nodes import MappingNode

if TYPE_CHECKING:
    from modelsync.importer.translator import Translator


def object_shape(translator: Translator, schema: JsonObject, place: Place, nullable: bool) -> Shape:
    """Return the model or the map that an object is."""
    properties = schema.get("properties")
    if not properties and "required" not in schema:
        value = schema.get("additionalProperties", True)
        item = translator.type_of(value, place.value)
        return TypeOf(f"map[{item.expression}]", schema.at(), nullable)
    if not place.is_definition:
        return TypeOf(translator.define(schema, place), schema.at(), nullable)
    return Body("model", _Model(translator, schema, place).entries(), schema.at(), nullable)


class _Model:
    def __init__(self, translator: Translator, schema: JsonObject, place: Place) -> None:
        self.translator = translator
        self.schema = schema
        self.place = place
        required = schema.get("required")
        self.required = (
            {name for name in required if isinstance(name, str)}
            if isinstance(required, JsonList)
            else set()
        )

    def entries(self) -> tuple[Entry, ...]:
        at = self.schema.at("properties" if "properties" in self.schema else None)
        fields = tuple(self.fields())
        return ((key("fields", at), mapping(fields, at)),)

    def fields(self) -> list[Entry]:
        properties = self.schema.get("properties")
        if not isinstance(properties, JsonObject):
            return []
        return [
            (text(name, properties.at(name)), self.field(name, value, properties))
            for name, value in properties.items()
        ]

    def field(self, name: str, schema: Json, properties: JsonObject) -> MappingNode:
        at = properties.at(name)
        type_ = self.translator.type_of(schema, self.place.field(name))
        entries: list[Entry] = [(key("type", at), text(type_.expression, type_.position))]
        if name in self.required:
            entries.append((key("required", at), plain("true", at)))
        entries += type_.entries
        if isinstance(schema, JsonObject):
            entries += field_annotations(schema, self.translator.findings)
        return mapping(entries, at)
