"""A schema -> its type expression, or the document of its definition."""

from __future__ import annotations

from functools import partial
from typing import Final, cast

from modelsync.errors import NOWHERE, Position
from modelsync.importer.exported.document import exported_document
from modelsync.importer.exported.ids import is_same, own_id
from modelsync.importer.exported.own_words import with_own_words
from modelsync.importer.findings import Findings
from modelsync.importer.library.references import Library
from modelsync.importer.library.roots import Root
from modelsync.importer.nodes import Body, Entry, Shape, TypeOf, key, mapping, plain, text
from modelsync.importer.scalars import Kind, scalars_of
from modelsync.importer.scalars.enums import (
    Values,
    has_values,
    note_empty_enum,
    values_of,
    values_of_choices,
)
from modelsync.importer.text.tree import Json, JsonObject, Source
from modelsync.importer.translation.all_of import all_of_shape
from modelsync.importer.translation.annotations import check_annotations, definition_annotations
from modelsync.importer.translation.combined import Combined
from modelsync.importer.translation.flat import FlatReader
from modelsync.importer.translation.keywords import Checker
from modelsync.importer.translation.kinds import Kinds, kinds_of
from modelsync.importer.translation.lists import list_of
from modelsync.importer.translation.objects import object_shape
from modelsync.importer.translation.parts import Part, PartReader, choices_in
from modelsync.importer.translation.places import (
    Names,
    Place,
    can_be_key,
    definition_name,
    why_renamed,
)
from modelsync.importer.translation.referred import Referred
from modelsync.importer.translation.virtual import VirtualObject, only, virtual
from modelsync.importer.unions import choices_of, open_values
from modelsync.importer.unions.alternatives import choices_shape
from modelsync.importer.unions.bases import Bases
from modelsync.importer.unions.variants import variants_shape
from modelsync.spec.nodes import MappingNode

MAX_DEPTH: Final = 12
"""How many lists, maps and unions may be around a schema in one type expression."""
MAX_OPEN: Final = 60
"""How many schemas may be translated inside each other before one becomes a definition."""


class Translator:
    """Translates schemas, and collects the definitions that they need.

    `pending` are the definitions that were found and have no document yet.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.findings = Findings()
        self.names = Names()
        self.pending: list[tuple[str, Json]] = []
        self.keywords = Checker(self.findings)
        self.combined = Combined(self.findings)
        self.parts = PartReader(self)
        self.flat = FlatReader(self)
        self.bases = Bases(self)
        self.referred = Referred(self)
        self.exported_names: dict[str, str] = {}
        """The names of definitions by the ids that they had when modelsync exported them."""
        self._roots: dict[str, JsonObject] = {}
        self._named: dict[int, tuple[str, JsonObject]] = {}
        """The name of each schema that is a definition, by identity; the schemas stay alive."""
        self._keys: dict[str, str] = {}
        """The key of each definition whose name gave way to a similar one, by its name."""
        self._folded: set[str] = set()
        """The names and keys of definitions, without case."""
        self._inline: dict[str, int] = {}
        """The schema of each name of an inline union, by its identity."""
        self.open_parts = 0
        """How many alternatives that are alone are being read inside each other."""
        self._open: set[int] = set()
        """The schemas that are being translated, by identity."""
        self._waiting: set[int] = set()
        """The definitions that are named, but not used yet, by identity."""
        self._abstract: set[int] = set()
        self.empty = JsonObject(Source("", ""), 0)

    # Definitions ----------------------------------------------------------------------------------

    def name_root(self, root: Root) -> str:
        """Return the name of a definition of the source."""
        own = own_id(root.name, root.schema)
        known = self._roots.get(self.exported_names.get(own, ""))
        if known is not None and known is not root.schema and is_same(known, root.schema):
            assert isinstance(root.schema, JsonObject)
            name = self.exported_names[own]
            self._named.setdefault(id(root.schema), (name, root.schema))
            return name
        wanted = own or definition_name(root.name)
        name = self.names.take(wanted)
        self._folded.add(name.casefold())
        self.exported_names.setdefault(own or root.name, name)
        if isinstance(root.schema, JsonObject):
            self._named.setdefault(id(root.schema), (name, root.schema))
            self._roots[name] = root.schema
            if not own and not root.is_derived:
                self._note_name(root, wanted, name)
        return name

    def _note_name(self, root: Root, wanted: str, name: str) -> None:
        """Add a note if a definition has another name than in its source."""
        assert isinstance(root.schema, JsonObject)
        at = root.schema.at()
        if name != wanted:
            self.findings.note(at, "names", why_renamed(root.name), f"`{name}`")
            # Files of schemas are distinct only if the keys do not just differ in case.
            if can_be_key(root.name) and root.name.casefold() not in self._folded:
                self._keys[name] = root.name
                self._folded.add(root.name.casefold())
        elif wanted != root.name:
            self.keywords.count("names with other characters", root.schema, "")

    def root_of(self, name: str) -> JsonObject | None:
        """Return the schema of a definition of the source by its name."""
        return self._roots.get(name)

    def name_target(self, schema: JsonObject, place: Place) -> None:
        """Make a schema a definition as soon as it is used, if it is none yet."""
        if id(schema) not in self._named:
            name = self.names.take(place.name)
            self._named[id(schema)] = (name, schema)
            self._waiting.add(id(schema))

    def define_if_used(self, schema: Json) -> None:
        """Let a schema that has a name be a definition only if another one refers to it."""
        self._waiting.add(id(schema))

    def known_name(self, schema: JsonObject) -> str | None:
        """Return the name that a schema has if it is a definition."""
        found = self._named.get(id(schema))
        return found[0] if found else None

    def name_of(self, schema: JsonObject) -> str | None:
        """Return the name of the definition that a schema is, if it is one, to use it."""
        name = self.known_name(schema)
        if name is not None and id(schema) in self._waiting:
            self._waiting.remove(id(schema))
            self.pending.append((name, schema))
        return name

    def define(self, schema: JsonObject, place: Place) -> str:
        """Return the name of the definition for a schema, which is translated later."""
        name = self.name_of(schema)
        if name is None:
            name = self.names.take(place.name)
            self._named[id(schema)] = (name, schema)
            self.pending.append((name, schema))
        return name

    def define_abstract(self, schema: JsonObject, name: str) -> str:
        """Return the name of an abstract model for a schema."""
        self._abstract.add(id(schema))
        return self.define(schema, Place(f"{name}Base"))

    def is_abstract(self, schema: JsonObject) -> bool:
        """Return whether a schema is only there to be extended."""
        return id(schema) in self._abstract

    def document(self, name: str, schema: Json) -> MappingNode:
        """Return the document of a definition."""
        exported = exported_document(self, name, schema)
        if exported is not None:
            return exported
        shape = self.shape_of(schema, Place(name, is_definition=True))
        if isinstance(shape, TypeOf) and shape.text == name:
            self.findings.loss(shape.position, "circle", "a schema that is only itself", "`any`")
            shape = TypeOf("any", shape.position)
        at = schema.at() if isinstance(schema, JsonObject) else shape.position
        kind = shape.kind if isinstance(shape, Body) else "alias"
        entries: list[Entry] = [(key(kind, at), plain(name.rpartition(".")[2], at))]
        if isinstance(schema, JsonObject):
            entries += definition_annotations(self, schema)
        if name in self._keys:
            names = ((key("json-schema", at), text(self._keys[name], at)),)
            entries.append((key("names", at), mapping(names, at)))
        if isinstance(shape, Body):
            entries += shape.entries
        else:
            is_null_elsewhere = self.is_null_at_references(schema)
            written = shape.text if is_null_elsewhere else shape.expression
            entries.append((key("type", shape.position), text(written, shape.position)))
            entries += shape.entries
        return mapping(with_own_words(entries, schema), at)

    # Facts about schemas --------------------------------------------------------------------------

    def is_model(self, part: Part) -> bool:
        """Return whether a part is a definition that models can extend."""
        return bool(part.name) and self.parts.category(part.schema) == "object"

    # References -----------------------------------------------------------------------------------

    def target(self, schema: JsonObject) -> JsonObject | None:
        """Return the schema that the `$ref` of a schema leads to; None for `true` and the like."""
        target = self.referred.target(schema, "$ref")
        return target if isinstance(target, JsonObject) else None

    def resolved_ref(self, schema: JsonObject) -> JsonObject | None:
        """Return the schema that a chain of `$ref` leads to; None if it leads nowhere."""
        seen = set()
        while "$ref" in schema and id(schema) not in seen:
            seen.add(id(schema))
            target = self.target(schema)
            if target is None:
                return None
            schema = target
        return None if "$ref" in schema and id(schema) in seen else schema

    def resolved(self, schema: JsonObject) -> JsonObject:
        """Return the schema that a schema only refers to, by `$ref` or by `allOf` with one part."""
        seen = set()
        while id(schema) not in seen:
            seen.add(id(schema))
            parts = self.parts.parts(schema)
            if len(parts) != 1:
                return schema
            schema = parts[0].schema
        return schema

    def name_of_target(self, target: JsonObject) -> str:
        """Return the name of the definition that a reference leads to."""
        return self.name_of(target) or self.define(target, self.referred.place_of(target))

    def reference(self, target: JsonObject, name: str, at: Position) -> TypeOf:
        """Return a reference to a definition."""
        return TypeOf(name, at, self.is_null_at_references(target))

    def is_null_at_references(self, schema: Json) -> bool:
        """Return whether references to a definition are nullable, not the definition itself."""
        if not isinstance(schema, JsonObject):
            return False
        category = self.parts.category(schema)
        return category in ("object", "values", "union") and self.parts.accepts_null(schema)

    # Types ----------------------------------------------------------------------------------------

    def type_of(self, schema: Json, place: Place, at: Position = NOWHERE) -> TypeOf:
        """Return the type of a schema inside a definition. `at` is where the schema is."""
        if isinstance(schema, JsonObject) and place.depth > MAX_DEPTH:
            return TypeOf(self.define(schema, place), at)
        shape = self.shape_of(schema, place, at)
        if isinstance(shape, Body):
            assert isinstance(schema, JsonObject)
            return TypeOf(self.define(schema, place), shape.position, shape.nullable)
        if " | " in shape.text and isinstance(schema, JsonObject):
            owner = self._inline.setdefault(place.name, id(schema))
            if owner != id(schema) or not self.names.is_free(place.name):
                return TypeOf(self.define(schema, place), shape.position, shape.nullable)
        return shape

    def member_type(self, schema: Json, place: Place, at: Position) -> TypeOf:
        """Return the type of a member of a union, which cannot be an alias that accepts null."""
        target = self.resolved(schema) if isinstance(schema, JsonObject) else None
        if (
            target is None
            or self.parts.category(target) not in ("scalar", "list", "map")
            or self.known_name(target) is None
            or not self.parts.accepts_null(target)
        ):
            return self.type_of(schema, place, at)
        return self.type_of(
            self.combined.made("member", [target], lambda: only(target, target)), place, at
        )

    def bare_type(self, schema: Json, place: Place, at: Position = NOWHERE) -> TypeOf:
        """Return a type without constraints, for lists, maps and unions: an alias has them."""
        type_ = self.type_of(schema, place, at)
        if not isinstance(schema, JsonObject):
            return type_
        if type_.entries:
            is_nullable = self.is_null_at_references(schema)
            return TypeOf(self.define(schema, place), type_.position, is_nullable)
        if self.known_name(schema) is None:
            check_annotations(self, schema)
        return type_

    def shape_of(self, schema: Json, place: Place, at: Position = NOWHERE) -> Shape:
        """Return what a schema is."""
        if not isinstance(schema, JsonObject):
            return self._of_boolean(schema, at)
        name = None if place.is_definition else self.name_of(schema)
        if name is not None:
            return self.reference(schema, name, schema.at())
        note_empty_enum(schema, self.findings)
        if id(schema) in self._open or len(self._open) > MAX_OPEN:
            return self._inside_itself(schema, place)
        self._open.add(id(schema))
        try:
            return self._new_shape(schema, place)
        finally:
            self._open.remove(id(schema))

    def _inside_itself(self, schema: JsonObject, place: Place) -> TypeOf:
        """Return the type of a schema inside itself, or deep inside others."""
        if not place.is_definition:
            return TypeOf(self.define(schema, place), schema.at())
        self.findings.loss(schema.at(), "circle", "a schema that is only itself", "`any`")
        return TypeOf("any", schema.at())

    def _new_shape(self, schema: JsonObject, place: Place) -> Shape:
        if place.is_definition and self.bases.is_base(schema):
            self.define_abstract(self.bases.base_of(schema), place.name)
            return self.bases.union(schema, place)
        if "allOf" in schema or "$ref" in schema:
            return all_of_shape(self, schema, place)
        for keyword in ("$dynamicRef", "$recursiveRef"):
            if keyword in schema:
                return self._dynamic(schema, keyword)
        self.check(schema)
        kinds = kinds_of(schema, self.findings)
        if has_values(schema):
            return self._values(self._read_values(schema, kinds), place)
        return self._choices(schema, place) or self._of_kinds(schema, kinds, place)

    def check(self, schema: JsonObject) -> None:
        """Report the keywords of a schema that no spec has an equivalent for."""
        self.keywords.check(schema, self.library.dialect(schema))

    def _dynamic(self, schema: JsonObject, keyword: str) -> TypeOf:
        at = schema.at(keyword)
        target = self.referred.target(schema, keyword)
        if not isinstance(target, JsonObject):
            return TypeOf("any", at)
        return self.reference(target, self.name_of_target(target), at)

    def _of_boolean(self, schema: Json, at: Position) -> TypeOf:
        if schema is not True:
            found = "`false` as a schema" if schema is False else "a value that is not a schema"
            self.findings.loss(at, "false", found, "`any`")
        return TypeOf("any", at)

    def _read_values(self, schema: JsonObject, kinds: Kinds) -> Values | TypeOf:
        names = [*kinds.names, *(["null"] if kinds.has_null_type else [])]
        is_nullable = schema.get("nullable") is True
        return values_of(schema, self.findings, names, nullable=is_nullable)

    def _values(self, values: Values | TypeOf, place: Place) -> Shape:
        if isinstance(values, TypeOf):
            return values
        is_enum = bool(values.scalar) and len(values.literals) > 1
        if values.needs_name or (place.is_definition and is_enum):
            return Body("enum", values.entries(place.name), values.at, values.nullable)
        return values.type_of

    def _choices(self, schema: JsonObject, place: Place) -> Shape | None:
        constants = values_of_choices(schema, self.findings)
        if constants is not None:
            return self._values(constants, place)
        if not choices_in(schema):
            return None
        shape = variants_shape(self, schema, (Part(schema),), place)
        if shape is not None:
            return shape
        choices = choices_of(schema, self.findings, self.resolved_ref)
        if choices is None:
            return None
        known = open_values(choices, self.resolved_ref)
        if known is not None:
            return self._values(known, place)
        return choices_shape(self, schema, choices, place)

    def _of_kinds(self, schema: JsonObject, kinds: Kinds, place: Place) -> Shape:
        nullable = kinds.nullable
        if kinds.names == ["object"]:
            return object_shape(self, schema, place, nullable=nullable)
        if kinds.names == ["array"]:
            return list_of(self, schema, place, nullable=nullable)
        scalars = [name for name in kinds.names if name not in ("object", "array")]
        if len(scalars) == len(kinds.names) and scalars:
            names = cast("list[Kind]", scalars)
            return scalars_of(schema, names, self.findings)._replace(nullable=nullable)
        if not scalars and not kinds.names:
            if kinds.is_null_only:
                self.findings.loss(
                    schema.at("type"), "null alone", "null as the only value", "`any`"
                )
            return TypeOf("any", schema.at())
        return self._of_several_kinds(schema, kinds, place)

    def _of_several_kinds(self, schema: JsonObject, kinds: Kinds, place: Place) -> Shape:
        """Return the union of the kinds of a schema, of which some are objects or lists."""
        types: list[TypeOf] = []
        for kind in kinds.names:
            part = self.combined.made(kind, [schema], partial(_of_kind, schema, kind))
            types.append(self.bare_type(part, place.within(kind.capitalize())))
        written = " | ".join(dict.fromkeys(each.text for each in types))
        return TypeOf(written, schema.at("type"), kinds.nullable)


def _of_kind(schema: JsonObject, kind: str) -> VirtualObject:
    values = {**schema, "type": kind}
    values.pop("nullable", None)
    return virtual(schema, values)
