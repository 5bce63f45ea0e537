"""A schema -> its type expression, or the document of its definition."""

from __future__ import annotations

from typing import Final, Protocol

from modelsync.errors import NOWHERE
from modelsync.importer.annotations import definition_annotations
from modelsync.importer.dialects import Dialect
from modelsync.importer.findings import Findings
from modelsync.importer.kinds import Kinds, kinds_of
from modelsync.importer.nodes import Body, Entry, Shape, TypeOf, key, mapping, plain, text
from modelsync.importer.objects import object_shape
from modelsync.importer.places import Names, Place, definition_name
from modelsync.importer.tree import Json, JsonObject
from modelsync.spec.nodes import MappingNode

MAX_DEPTH: Final = 12
"""How many lists, maps and unions may be around a schema in one type expression."""


class Library(Protocol):
    """The sources, and where references lead."""

    def target(self, schema: JsonObject) -> Json:
        """Return the schema that the `$ref` of a schema leads to; itself if it leads nowhere."""

    def dialect(self, schema: JsonObject) -> Dialect:
        """Return the dialect of a schema."""

    def place_of(self, schema: JsonObject) -> str:
        """Return the JSON pointer of a schema in its source."""


class Translator:
    """Translates schemas, and collects the definitions that they need.

    `pending` are the definitions that were found and have no document yet.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.findings = Findings()
        self.names = Names()
        self._named: dict[int, tuple[str, JsonObject]] = {}
        """The name of each schema that is a definition, by identity; the schemas stay alive."""
        self.pending: list[tuple[str, Json]] = []

    # Definitions ----------------------------------------------------------------------------------

    def name_root(self, wanted: str, schema: Json) -> str:
        """Return the name of a definition of the source."""
        name = self.names.take(definition_name(wanted))
        if isinstance(schema, JsonObject):
            self._named.setdefault(id(schema), (name, schema))
        return name

    def name_of(self, schema: JsonObject) -> str | None:
        """Return the name of the definition that a schema is, if it is one."""
        found = self._named.get(id(schema))
        return found[0] if found else None

    def define(self, schema: JsonObject, place: Place) -> str:
        """Return the name of the definition for a schema, which is translated later."""
        name = self.name_of(schema)
        if name is None:
            name = self.names.take(place.name)
            self._named[id(schema)] = (name, schema)
            self.pending.append((name, schema))
        return name

    def document(self, name: str, schema: Json) -> MappingNode:
        """Return the document of a definition."""
        shape = self.shape_of(schema, Place(name, is_definition=True))
        at = schema.at() if isinstance(schema, JsonObject) else NOWHERE
        kind = shape.kind if isinstance(shape, Body) else "alias"
        entries: list[Entry] = [(key(kind, at), plain(name, at))]
        if isinstance(schema, JsonObject):
            entries += definition_annotations(schema, self.findings)
        if isinstance(shape, Body):
            entries += shape.entries
        else:
            entries.append((key("type", shape.position), text(shape.expression, shape.position)))
            entries += shape.entries
        return mapping(entries, at)

    # Types ----------------------------------------------------------------------------------------

    def type_of(self, schema: Json, place: Place) -> TypeOf:
        """Return the type of a schema inside a definition."""
        shape = self.shape_of(schema, place)
        if isinstance(shape, TypeOf):
            return shape
        assert isinstance(schema, JsonObject)
        return TypeOf(self.define(schema, place), shape.position, shape.nullable)

    def shape_of(self, schema: Json, place: Place) -> Shape:
        """Return what a schema is."""
        if not isinstance(schema, JsonObject):
            return TypeOf("any", NOWHERE)
        name = None if place.is_definition else self.name_of(schema)
        if name is not None:
            return TypeOf(name, schema.at())
        if "$ref" in schema:
            return self._ref(schema, place)
        kinds = kinds_of(schema, self.findings)
        if kinds.names == ["object"]:
            return object_shape(self, schema, place, kinds.nullable)
        if kinds.names == ["array"]:
            return self._list(schema, place, kinds.nullable)
        return self._scalars(schema, kinds)

    def _ref(self, schema: JsonObject, place: Place) -> TypeOf:
        target = self.library.target(schema)
        at = schema.at("$ref")
        if not isinstance(target, JsonObject) or target is schema:
            return TypeOf("any", at)
        return TypeOf(self.define(target, place), at)

    def _list(self, schema: JsonObject, place: Place, nullable: bool) -> TypeOf:
        at = schema.at("items" if "items" in schema else None)
        item = self.type_of(schema.get("items", True), place.item)
        return TypeOf(f"list[{item.expression}]", at, nullable)

    def _scalars(self, schema: JsonObject, kinds: Kinds) -> TypeOf:
        names = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool"}
        texts = [names[name] for name in kinds.names if name in names]
        return TypeOf(" | ".join(texts) or "any", schema.at(), kinds.nullable and bool(texts))
