"""Schemas that no source contains as they are: parts of one, or several in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from modelsync.errors import Position
from modelsync.importer.text.tree import Json, JsonList, JsonObject


class VirtualObject(JsonObject):
    """A schema with keywords from other schemas. Each one has the position that it has there."""

    __slots__ = ("depth", "origin", "origins")

    origin: JsonObject
    """The schema whose position it has."""
    origins: dict[str, JsonObject]
    """The schema that each keyword is from."""
    depth: int
    """How many schemas have been combined one after the other to make it."""

    def at(self, key: str | None = None) -> Position:
        """Return the position of the schema, or of one of its keywords, in the source."""
        if key is None:
            return self.origin.at()
        origin = self.origins.get(key, self.origin)
        return origin.at(key) if key in origin else origin.at()


class VirtualList(JsonList):
    """A list with items from elsewhere. All positions are that of an object."""

    __slots__ = ("origin",)

    origin: JsonObject

    def at(self, index: int | None = None) -> Position:
        """Return the position of an item that is an object, otherwise that of the list."""
        item = None if index is None else self[index]
        return item.at() if isinstance(item, JsonObject) else self.origin.at()


def virtual(
    origin: JsonObject,
    values: Mapping[str, Json],
    origins: Mapping[str, JsonObject] | None = None,
) -> VirtualObject:
    """Return a schema with some keywords, which are from `origin` if `origins` has no other."""
    made = VirtualObject(origin.source, origin.offset)
    made.update(values)
    made.origin = origin
    made.origins = {} if origins is None else dict(origins)
    made.depth = depth_of(origin)
    if isinstance(origin, VirtualObject):
        made.origins = origin.origins | made.origins
        made.origin = origin.origin
    return made


def depth_of(schema: Json) -> int:
    """Return the depth of a virtual schema, 0 for one of a source."""
    return schema.depth if isinstance(schema, VirtualObject) else 0


def same_place(first: JsonObject, second: JsonObject) -> bool:
    """Return whether two schemas are at the same place of a source."""
    return first.source is second.source and first.offset == second.offset


def virtual_list(origin: JsonObject, items: Iterable[Json]) -> VirtualList:
    """Return a list of schemas that are from different places."""
    made = VirtualList(origin.source, origin.offset)
    made.extend(items)
    made.origin = origin
    return made


def without(schema: JsonObject, *keywords: str) -> VirtualObject:
    """Return a schema without some of its keywords."""
    return virtual(schema, {name: value for name, value in schema.items() if name not in keywords})


def only(schema: JsonObject, keywords: Iterable[str]) -> VirtualObject:
    """Return a schema with only some of its keywords."""
    kept = frozenset(keywords)
    return virtual(schema, {name: value for name, value in schema.items() if name in kept})
