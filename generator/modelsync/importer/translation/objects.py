"""Objects: a schema with `properties` -> a model; one with only other keys -> a map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelsync.errors import Position
from modelsync.importer.exported.own_words import with_own_words
from modelsync.importer.nodes import (
    Body,
    Entry,
    Shape,
    TypeOf,
    key,
    mapping,
    plain,
    sequence,
    text,
)
from modelsync.importer.scalars.limits import limits_of
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.annotations import field_annotations
from modelsync.importer.translation.flat import Flat, Property
from modelsync.importer.translation.maps import map_of, values_of_other_keys
from modelsync.importer.translation.parts import Part, is_record
from modelsync.importer.translation.places import Place
from modelsync.importer.translation.virtual import same_place
from modelsync.spec.nodes import MappingNode, ScalarNode

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator


def object_shape(
    translator: Translator, schema: JsonObject, place: Place, *, nullable: bool
) -> Shape:
    """Return the model or the map that a schema without `allOf` is."""
    is_closed = schema.get("unevaluatedProperties") is False and "patternProperties" not in schema
    if not is_record(schema) and (not is_closed or "additionalProperties" in schema):
        return map_of(translator, schema, place, nullable=nullable)
    return model_shape(translator, schema, (Part(schema),), place, nullable=nullable)


def model_shape(
    translator: Translator,
    schema: JsonObject,
    parts: tuple[Part, ...],
    place: Place,
    *,
    nullable: bool,
) -> Shape:
    """Return the model with all of some parts; a reference to it where it is not a definition."""
    if not place.is_definition:
        return TypeOf(translator.define(schema, place), schema.at(), nullable)
    model = _Model(translator, schema, parts, place)
    return Body("model", model.entries(), schema.at(), nullable)


class _Model:
    def __init__(
        self, translator: Translator, schema: JsonObject, parts: tuple[Part, ...], place: Place
    ) -> None:
        self.translator = translator
        self.findings = translator.findings
        self.schema = schema
        self.place = place
        self.parents: list[Part] = []
        self.inline: list[Part] = []
        for part in parts:
            if not translator.is_model(part):
                self.inline.append(part)
            elif not translator.parts.leads_to(part.schema, schema):
                self.parents.append(self.extended(part))
            else:
                at = schema.at("allOf" if "allOf" in schema else None)
                message = f"`allOf` leads from `{part.name}` back to itself"
                self.findings.note(at, "allOf in a circle", message)
        if self.parents and parts[0] in self.inline and "properties" in parts[0].schema:
            translator.keywords.count(
                "fields before those of `allOf`", parts[0].schema, "properties"
            )
        self.own = translator.flat.together(self.inline)
        self.inherited = [translator.flat.flat(parent.schema) for parent in self.parents]
        self.own.others = list(self.others_that_matter())

    def others_that_matter(self) -> Iterator[tuple[Json, JsonObject]]:
        """Yield what the model itself says about other keys.

        Its `unevaluatedProperties` is about keys that no part knows: about none, if a part knows
        all (JSON Schema 2020-12, core, section 11.3).
        """
        of_others = [
            schema
            for flat in (self.own, *self.inherited)
            for _, schema in flat.others
            if not same_place(schema, self.schema)
        ]
        for value, schema in self.own.others:
            is_unevaluated = "additionalProperties" not in schema
            if not (is_unevaluated and of_others and same_place(schema, self.schema)):
                yield value, schema

    def extended(self, part: Part) -> Part:
        """Return the part to extend: the abstract model, if the definition is a union."""
        if not self.translator.bases.is_base(part.schema):
            return part
        base = self.translator.bases.base_of(part.schema)
        return Part(base, self.translator.define_abstract(base, part.name))

    def entries(self) -> tuple[Entry, ...]:
        at = self.schema.at("properties" if "properties" in self.schema else None)
        found: list[Entry] = []
        if self.parents:
            names = [plain(parent.name, parent.schema.at()) for parent in self.parents]
            found.append((key("extends", at), sequence(names, at)))
        if self.translator.is_abstract(self.schema):
            found.append((key("abstract", at), plain("true", at)))
        for part in self.inline:
            limits_of(part.schema, ("model",), self.findings)
        self.check_parts()
        found += self.other_keys()
        found.append((key("fields", at), mapping(self.fields(), at)))
        return tuple(found)

    # Fields ---------------------------------------------------------------------------------------

    def fields(self) -> Iterator[Entry]:
        """Yield the fields that the model itself has: new ones, and those it says more about."""
        for name in self.names():
            own = self.own.properties.get(name, [])
            inherited = [flat for flat in self.inherited if name in flat.properties]
            if self.is_inherited(name, own, inherited):
                continue
            known = [each for flat in inherited for each in flat.properties[name]] + own
            if not known:
                yield self.without_property(name)
                continue
            schema = self.translator.flat.combined(known)
            holder = known[-1].holder
            if schema is False:
                message = f"`{name}` is `false`: no value fits"
                self.findings.loss(holder.at(name), "false", message)
                continue
            is_required = self.is_required(name)
            field = field_node(
                self.translator, schema, self.place.field(name), holder.at(name), is_required
            )
            yield text(name, holder.at(name)), field

    def names(self) -> list[str]:
        inherited = (name for flat in self.inherited for name in flat.properties)
        properties = (name for name in self.own.properties)
        required = (name for name in self.own.required)
        return list(dict.fromkeys((*inherited, *properties, *required)))

    def is_inherited(self, name: str, own: list[Property], inherited: list[Flat]) -> bool:
        """Return whether a field is as one of the parents has it."""
        if not inherited:
            return False
        first, *others = inherited
        is_required = name in first.required
        if is_required != self.is_required(name):
            return False
        schemas = [each.schema for each in first.properties[name]]
        rest = [each.schema for flat in others for each in flat.properties[name]]
        rest += [each.schema for each in own]
        is_same = all(any(each is known or each == known for known in schemas) for each in rest)
        return is_same and all((name in each.required) == is_required for each in others)

    def is_required(self, name: str) -> bool:
        return name in self.own.required or any(name in flat.required for flat in self.inherited)

    def without_property(self, name: str) -> Entry:
        """Return a field that is required, but has no property: its type is that of other keys."""
        at = self.own.required[name]
        flats = [self.own, *self.inherited]
        values = [value for flat in flats for value, _ in flat.others if value is not True]
        schema = next((value for value in values if isinstance(value, JsonObject)), True)
        if False in values:
            self.findings.loss(at, "required", f"`{name}` is required, and refused", "`any`")
            schema = True
        elif schema is True:
            self.findings.note(at, "required", f"`{name}` is required, but no property", "`any`")
        field = field_node(self.translator, schema, self.place.field(name), at, is_required=True)
        return text(name, at), field

    # Other keys -----------------------------------------------------------------------------------

    def other_keys(self) -> tuple[Entry, ...]:
        """Return `additionalProperties`, if the model has it itself."""
        values = values_of_other_keys(
            self.translator,
            self.own.others,
            [part.schema for part in self.inline],
            self.place.field("additionalProperties").value,
        )
        stated = {
            written.text: written
            for flat in self.inherited
            if (written := self.inherited_value(flat)) is not None
        }
        if values is None and len(stated) < 2:
            return ()
        all_ = [*stated.values(), *([values] if values else [])]
        chosen = next((each for each in all_ if each.text == "false"), all_[-1])
        at = chosen.position
        return ((key("additionalProperties", at), text_of_type(chosen, at)),)

    def inherited_value(self, flat: Flat) -> TypeOf | None:
        """Return the `additionalProperties` that a parent has, as far as it matters here."""
        for value, schema in flat.others:
            name = "additionalProperties"
            at = schema.at(name if name in schema else None)
            if value is False:
                return TypeOf("false", at)
            if value is True or value == {}:
                return TypeOf("true", at)
            return self.translator.bare_type(value, self.place.field(name).value)
        return None

    def check_parts(self) -> None:
        """Report parts that refuse or limit the properties of the other parts."""
        flats = [self.own, *self.inherited]
        keys = {name for flat in flats for name in flat.properties}
        for value, schema in (pair for flat in flats for pair in flat.others):
            if value is True or value == {}:
                continue
            properties = schema.get("properties")
            known = set(properties) if isinstance(properties, JsonObject) else set()
            sees_all = "additionalProperties" not in schema and same_place(schema, self.schema)
            if sees_all or keys <= known:
                continue
            keyword = "additionalProperties"
            at = schema.at(keyword if keyword in schema else None)
            if value is False:
                message = "a part of `allOf` that refuses the properties of the other parts"
                self.findings.loss(
                    at,
                    "closed part in `allOf`",
                    message,
                    "a model that only refuses properties that no part has",
                )
            else:
                message = "a part of `allOf` that limits the properties of the other parts"
                self.findings.loss(
                    at,
                    f"`{keyword}` in `allOf`",
                    message,
                    "this limit for properties that no part has",
                )
        values = [value for flat in flats for value, _ in flat.others]
        types = [value for value in values if isinstance(value, JsonObject) and value]
        if False not in values and any(type_ != types[0] for type_ in types):
            message = "parts of `allOf` that differ in the values of other keys"
            self.findings.loss(self.schema.at(), "other keys in `allOf`", message)


def text_of_type(type_: TypeOf, at: Position) -> ScalarNode:
    """Return the value of `additionalProperties`: a flag, or a type expression."""
    if type_.text in ("true", "false"):
        return plain(type_.text, at)
    return text(type_.expression, at)


def field_node(
    translator: Translator, schema: Json, place: Place, at: Position, is_required: bool
) -> MappingNode:
    """Return the node of a field."""
    type_ = translator.type_of(schema, place, at)
    entries: list[Entry] = [(key("type", at), text(type_.expression, type_.position))]
    if is_required:
        entries.append((key("required", at), plain("true", at)))
    entries += type_.entries
    if isinstance(schema, JsonObject):
        entries += field_annotations(
            translator, schema, is_required=is_required, nullable=type_.nullable
        )
    return mapping(with_own_words(entries, schema), at)
