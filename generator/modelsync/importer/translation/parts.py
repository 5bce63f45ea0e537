"""The parts of a schema with `allOf`, and which kind of type a schema becomes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from modelsync.graphs import components
from modelsync.importer.scalars.enums import has_values
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.keywords import is_structural, only_requires
from modelsync.importer.translation.kinds import kinds_in
from modelsync.importer.translation.virtual import without
from modelsync.importer.unions.members import is_null

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

Category: TypeAlias = Literal["any", "object", "map", "list", "union", "values", "scalar"]
"""What a schema becomes: `object` is a model, `values` are an enum or literals."""

_OF_CHOICES: Final = frozenset({"oneOf", "anyOf", "discriminator", "nullable"})
"""The keywords of alternatives themselves."""
_MAX_IMPLIED: Final = 100
"""How many parts of parts are looked through for a part that is there twice."""
_MAX_CHAIN: Final = 60
"""How many schemas, each a part of the one before, are followed to find out a category."""


class Part(NamedTuple):
    """One of the schemas that must all accept a document."""

    schema: JsonObject
    """Without `allOf`, unless it is a definition."""
    name: str = ""
    """The definition that it is, if it is one."""


class PartReader:
    """Finds the parts and the categories of schemas, each once."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self._parts: dict[int, tuple[tuple[Part, ...], JsonObject]] = {}
        self._categories: dict[int, tuple[Category, JsonObject]] = {}
        self._circles: dict[int, int] = {}
        """A number for each schema, the same for those that are parts of each other."""
        self._nullable: dict[int, tuple[bool, JsonObject]] = {}

    def parts(self, schema: JsonObject) -> tuple[Part, ...]:
        """Return the parts of a schema. Those that accept every document are left out."""
        found = self._parts.get(id(schema))
        if found is None:
            unique = {part.name or id(part.schema): part for part in self._all_parts(schema)}
            self._parts[id(schema)] = (tuple(unique.values()), schema)
            found = (tuple(self._without_implied(tuple(unique.values()))), schema)
            self._parts[id(schema)] = found
        return found[0]

    def _without_implied(self, parts: tuple[Part, ...]) -> Iterator[Part]:
        """Yield the parts without those that are parts of another one, too."""
        for part in parts:
            others = (each for each in parts if each.name and each is not part)
            if not part.name or not any(self._contains(each, part) for each in others):
                yield part

    def _contains(self, whole: Part, part: Part) -> bool:
        seen = {id(whole.schema)}
        rest = [whole.schema]
        while rest and len(seen) < _MAX_IMPLIED:
            for each in self.parts(rest.pop()):
                if each.schema is part.schema:
                    return not self.leads_to(part.schema, whole.schema)
                if each.name and id(each.schema) not in seen:
                    seen.add(id(each.schema))
                    rest.append(each.schema)
        return False

    def _all_parts(self, schema: JsonObject) -> Iterator[Part]:
        """Yield the parts in order; the own keywords of a schema are where `properties` is."""
        own = _beside_all_of(schema) if _is_combined(schema) else schema
        is_own = any(map(is_structural, own)) and not self._are_siblings_ignored(schema)
        comes_first = _precedes(schema, "properties", "allOf")
        if is_own and comes_first:
            yield from self._own_part(own)
        if "$ref" in schema:
            yield from self._of_ref(schema)
        several = schema.get("allOf")
        for each in several if isinstance(several, JsonList) else ():
            if not isinstance(each, JsonObject):
                continue
            name = self.translator.name_of(each)
            if name is not None:
                yield Part(each, name)
            else:
                yield from self._all_parts(each)
        if is_own and not comes_first:
            yield from self._own_part(own)

    def _own_part(self, own: JsonObject) -> Iterator[Part]:
        """Yield a schema without `allOf`, or its only alternative."""
        others = [each for each in choices_in(own) if not self.is_null(each)]
        if len(others) != 1 or words_beside(own) or self.translator.open_parts > _MAX_CHAIN:
            yield Part(own)
            return
        name = self.translator.name_of(others[0])
        if name is not None:
            yield Part(others[0], name)
            return
        self.translator.open_parts += 1
        yield from self._all_parts(others[0])
        self.translator.open_parts -= 1

    def _are_siblings_ignored(self, schema: JsonObject) -> bool:
        return "$ref" in schema and not self.translator.library.dialect(schema).has_ref_siblings

    def leads_to(self, start: JsonObject, schema: JsonObject) -> bool:
        """Return whether one of the parts of `schema`, which `start` is, has `schema` as a part."""
        if id(start) not in self._circles:
            self._find_circles(start)
        if id(schema) not in self._circles:
            self._find_circles(schema)
        return self._circles[id(start)] == self._circles[id(schema)]

    def _find_circles(self, start: JsonObject) -> None:
        """Number the circles that a schema leads to; most schemas are alone in theirs."""
        graph: dict[int, list[int]] = {}
        rest = [start]
        while rest:
            each = rest.pop()
            if id(each) in graph or id(each) in self._circles:
                continue
            parts = [part.schema for part in self.parts(each)]
            graph[id(each)] = [id(part) for part in parts if id(part) not in self._circles]
            rest += parts
        for circle in components(graph):
            number = len(self._circles)
            self._circles.update(dict.fromkeys(circle, number))

    def _of_ref(self, schema: JsonObject) -> Iterator[Part]:
        target = self.translator.target(schema)
        if target is not None:
            yield Part(target, self.translator.name_of_target(target))

    # Categories -----------------------------------------------------------------------------------

    def category(self, schema: Json, depth: int = 0) -> Category:
        """Return what a schema becomes."""
        if not isinstance(schema, JsonObject) or depth > _MAX_CHAIN:
            return "any"
        found = self._categories.get(id(schema))
        if found is None:
            # Inside itself, a schema says nothing new.
            self._categories[id(schema)] = ("any", schema)
            found = (self._category(schema, depth), schema)
            if depth < _MAX_CHAIN // 2:
                self._categories[id(schema)] = found
            else:
                del self._categories[id(schema)]
        return found[0]

    def _category(self, schema: JsonObject, depth: int) -> Category:
        if _is_combined(schema):
            parts = self.parts(schema)
            return _together({self.category(part.schema, depth + 1) for part in parts})
        if has_values(schema):
            return "values"
        members = choices_in(schema)
        if members:
            others = [each for each in members if not self.is_null(each)]
            if others and all(map(has_values, others)):
                return "values"
            is_alone = len(others) == 1 and not words_beside(schema)
            return self.category(others[0], depth + 1) if is_alone else "union"
        kinds_ = kinds_in(schema)
        if kinds_ == ["object"]:
            return "object" if is_record(schema) else "map"
        if kinds_ == ["array"]:
            return "list"
        if not kinds_:
            return "any"
        return "scalar" if len(kinds_) == 1 else "union"

    # Null -----------------------------------------------------------------------------------------

    def is_null(self, schema: JsonObject) -> bool:
        """Return whether a schema accepts null and nothing else."""
        return is_null(schema, self.translator.resolved_ref)

    def accepts_null(self, schema: Json, depth: int = 0) -> bool:
        """Return whether a schema accepts null, besides other values."""
        if not isinstance(schema, JsonObject) or depth > _MAX_CHAIN:
            return False
        found = self._nullable.get(id(schema))
        if found is None:
            self._nullable[id(schema)] = (False, schema)
            found = (self._accepts_null(schema, depth), schema)
            self._nullable[id(schema)] = found
        return found[0]

    def _accepts_null(self, schema: JsonObject, depth: int) -> bool:
        type_ = schema.get("type")
        if schema.get("nullable") is True:
            return True
        if _is_combined(schema):
            parts = self.parts(schema)
            return bool(parts) and all(self.accepts_null(part.schema, depth + 1) for part in parts)
        if isinstance(type_, str) or (isinstance(type_, JsonList) and "null" not in type_):
            return False
        values = schema.get("enum")
        if isinstance(values, JsonList):
            return None in values
        if "const" in schema:
            return False
        members = choices_in(schema)
        if members:
            return any(self.is_null(each) or self.accepts_null(each, depth + 1) for each in members)
        return isinstance(type_, JsonList) and len(type_) > 1


def _together(categories: set[Category]) -> Category:
    """Return the category of a schema whose parts have these."""
    for category in ("union", "values", "object", "map", "list", "scalar"):
        if category in categories:
            return category
    return "any"


def _is_combined(schema: JsonObject) -> bool:
    return "$ref" in schema or isinstance(schema.get("allOf"), JsonList)


def _beside_all_of(schema: JsonObject) -> JsonObject:
    """Return what a schema says besides its `allOf`. Others say which values an empty enum has."""
    beside = ("enum",) if schema.get("enum") == [] else ()
    return without(schema, "allOf", "$ref", "nullable", *beside)


def _precedes(schema: JsonObject, first: str, second: str) -> bool:
    for name in schema:
        if name in (first, second):
            return name == first
    return False


def is_record(schema: JsonObject) -> bool:
    """Return whether an object has fields, not only values of one type under any keys."""
    return bool(schema.get("properties") or schema.get("required")) or (
        _closes(schema) and "patternProperties" not in schema
    )


def _closes(schema: JsonObject) -> bool:
    return schema.get("additionalProperties") is False


def choices_in(schema: JsonObject) -> list[JsonObject]:
    """Return the alternatives of a schema that say something about types."""
    for keyword in ("oneOf", "anyOf"):
        members = schema.get(keyword)
        if isinstance(members, JsonList) and members and not only_requires(members):
            return [each for each in members if isinstance(each, JsonObject)]
    return []


def words_beside(schema: JsonObject) -> list[str]:
    """Return the keywords beside alternatives that say something about documents, too."""
    return [word for word in schema if is_structural(word) and word not in _OF_CHOICES]
