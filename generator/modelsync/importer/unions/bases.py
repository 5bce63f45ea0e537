"""Schemas with a discriminator whose children extend them by `allOf`, as in OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from modelsync.importer.nodes import Shape
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.places import Place
from modelsync.importer.translation.virtual import VirtualObject, virtual, virtual_list, without
from modelsync.importer.unions import Choices
from modelsync.importer.unions.alternatives import choices_shape

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator


class Bases:
    """The schemas with a discriminator that others extend.

    `<Name>Base` is an abstract model with their properties, and `<Name>` the union of the children.
    """

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self._children: dict[int, list[JsonObject]] = {}
        self._with_parents: set[int] = set()
        self._bases: dict[int, VirtualObject] = {}

    def find(self, roots: Iterable[Json]) -> None:
        """Find the bases among some definitions."""
        for root in roots:
            for parent in self._parents(root):
                assert isinstance(root, JsonObject)
                self._children.setdefault(id(parent), []).append(root)
                self._with_parents.add(id(root))

    def _parents(self, schema: Json) -> Iterator[JsonObject]:
        several = schema.get("allOf") if isinstance(schema, JsonObject) else None
        for each in several if isinstance(several, JsonList) else ():
            if not isinstance(each, JsonObject) or "$ref" not in each:
                continue
            target = self.translator.resolved_ref(each)
            if target is not None and target is not schema and _has_discriminator(target):
                yield target

    def is_base(self, schema: JsonObject) -> bool:
        """Return whether other schemas extend a schema with a discriminator."""
        return id(schema) in self._children

    def is_child(self, schema: JsonObject) -> bool:
        """Return whether a schema extends one with a discriminator."""
        return id(schema) in self._with_parents

    def base_of(self, schema: JsonObject) -> VirtualObject:
        """Return the abstract model with the properties of a base."""
        if id(schema) not in self._bases:
            self._bases[id(schema)] = without(schema, "discriminator")
        return self._bases[id(schema)]

    def union(self, schema: JsonObject, place: Place) -> Shape:
        """Return the union of the children of a base."""
        at = schema.at("discriminator")
        children = tuple(self._children[id(schema)])
        self.translator.findings.note(
            at,
            "discriminator",
            "a `discriminator` of a schema that others extend",
            f"a union of {len(children)}, and an abstract model",
        )
        values: dict[str, Json] = {
            "oneOf": virtual_list(schema, children),
            "discriminator": schema["discriminator"],
        }
        union = virtual(schema, values, {"oneOf": schema})
        return choices_shape(self.translator, union, Choices("oneOf", children, at), place)


def _has_discriminator(schema: JsonObject) -> bool:
    discriminator = schema.get("discriminator")
    return (
        isinstance(discriminator, JsonObject)
        and isinstance(discriminator.get("propertyName"), str)
        and "oneOf" not in schema
        and "anyOf" not in schema
    )
