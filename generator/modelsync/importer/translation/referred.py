"""Schemas that only references name: definitions inside other schemas, and in other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from modelsync.importer.library.roots import HOLDERS, name_of_document
from modelsync.importer.library.subschemas import schemas_in
from modelsync.importer.library.uris import tokens
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.places import Place, definition_name, part_of_name

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_HOLDERS: Final = frozenset({*HOLDERS, "properties", "schemas"})
"""Keys whose values are schemas by name."""
_PARTS: Final = {
    "items": "Item",
    "additionalItems": "Item",
    "prefixItems": "Item",
    "additionalProperties": "Value",
    "patternProperties": "Value",
}
_OMITTED: Final = frozenset({"allOf", "schema", "components", "content"})
"""Keys that say nothing about what a schema in them is called."""


class Referred:
    """Finds and names the schemas that references lead to, and that have no name yet.

    They are named before anything is translated, so that a schema is a definition wherever it is
    found, and its name does not depend on what refers to it first.
    """

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self._definitions: dict[int, JsonObject | None] = {}
        """The definition around each schema with a reference to `#`, by the schema's identity."""

    def find(self, schemas: Iterable[Json]) -> None:
        """Name all schemas that some schemas, and those inside them, refer to."""
        rest: list[Json] = [*schemas][::-1]
        seen: set[int] = set()
        while rest:
            schema = rest.pop()
            if not isinstance(schema, JsonObject) or id(schema) in seen:
                continue
            seen.add(id(schema))
            for keyword in REFERENCES:
                if keyword in schema:
                    rest.append(self._named(schema, keyword))
            rest += schemas_in(schema)

    def _named(self, schema: JsonObject, keyword: str) -> Json:
        target = self.target(schema, keyword)
        if isinstance(target, JsonObject):
            self.translator.name_target(target, self.place_of(target))
        return target

    def target(self, schema: JsonObject, keyword: str) -> Json:
        """Return the schema that a reference leads to; None if it leads nowhere.

        The root of an OpenAPI document is not a schema. `#` in one means the definition around it.
        """
        target = self.translator.library.target(schema, keyword)
        if target is schema:
            return None
        if isinstance(target, JsonObject) and "openapi" in target:
            # Before names are given to what is inside definitions.
            if id(schema) not in self._definitions:
                self._definitions[id(schema)] = self._around(schema)
            return self._definitions[id(schema)]
        return target

    def _around(self, schema: JsonObject) -> JsonObject | None:
        """Return the innermost definition around a schema."""
        keys = tokens(self.translator.library.place_of(schema))
        value: Json = schema.source.root
        found: JsonObject | None = None
        for key in keys:
            if isinstance(value, JsonObject):
                value = value.get(key)
            elif isinstance(value, JsonList) and key.isdecimal():
                value = value[int(key)]
            if isinstance(value, JsonObject) and self.translator.known_name(value) is not None:
                found = value
        return found

    def place_of(self, schema: JsonObject) -> Place:
        """Return the place of a schema in its source, which has its name.

        Inside a definition, that is the name it has as an inline schema, such as `OrderLinesItem`.
        """
        keys = tokens(self.translator.library.place_of(schema))
        if not keys:
            return Place(name_of_document(schema, schema.source.path))
        name, rest = self._nearest(schema, keys)
        if name is None and len(rest) > 1 and rest[-2] in _HOLDERS:
            return Place(definition_name(rest[-1]))
        parts = "".join(_parts(rest))
        return Place(definition_name(f"{name or ''}{parts}" or "Schema"))

    def _nearest(self, schema: JsonObject, keys: list[str]) -> tuple[str | None, list[str]]:
        """Return the innermost definition around a schema, and the keys from there on."""
        value: Json = schema.source.root
        found: tuple[str | None, list[str]] = (None, keys)
        for index, key in enumerate(keys):
            if isinstance(value, JsonObject):
                # Those directly in the document have names of their own.
                name = self.translator.known_name(value)
                is_inside = key not in HOLDERS
                if name is not None and is_inside:
                    found = (name, keys[index:])
                value = value.get(key)
            elif isinstance(value, JsonList) and key.isdecimal():
                value = value[int(key)]
        return found


def _parts(keys: list[str]) -> Iterator[str]:
    """Yield what the keys from a definition to a schema add to its name."""
    rest = iter(keys)
    for key in rest:
        if key in _HOLDERS:
            yield part_of_name(next(rest, "")) or "Field"
        elif key in _PARTS:
            yield _PARTS[key]
            if key in ("prefixItems", "patternProperties"):
                next(rest, "")
        elif key not in _OMITTED:
            yield part_of_name(key)
