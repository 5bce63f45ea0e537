"""`allOf`: schemas that must all accept a document -> one type."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Shape, TypeOf
from modelsync.importer.scalars import Kind, scalars_of
from modelsync.importer.scalars.limits import limits_of
from modelsync.importer.text.tree import JsonList, JsonObject
from modelsync.importer.translation.intersect import merged
from modelsync.importer.translation.keywords import is_structural
from modelsync.importer.translation.kinds import kinds_in
from modelsync.importer.translation.objects import model_shape
from modelsync.importer.translation.parts import Part
from modelsync.importer.translation.places import Place
from modelsync.importer.unions.variants import variants_shape
from modelsync.schema.constraints import KEYWORDS

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_LIMITS = frozenset(KEYWORDS.values())


def all_of_shape(translator: Translator, schema: JsonObject, place: Place) -> Shape:
    """Return what a schema with `allOf`, or with keywords beside `$ref`, is."""
    parts = translator.parts.parts(schema)
    for part in parts:
        if not part.name:
            translator.check(part.schema)
    if "$ref" in schema and not translator.library.dialect(schema).has_ref_siblings:
        translator.keywords.ignored_siblings(schema)
    _report_false(translator, schema)
    if schema.get("enum") == []:
        translator.findings.loss(schema.at("enum"), "enum", "`enum` without values")
    nullable = schema.get("nullable") is True
    if not parts:
        return TypeOf("any", schema.at())
    if len(parts) == 1 and not translator.bases.is_child(schema):
        return _only_part(translator, parts[0], schema, place)
    categories = {translator.parts.category(part.schema) for part in parts} - {"any"}
    if "object" in categories and categories <= {"object", "map"}:
        return model_shape(translator, schema, parts, place, nullable=nullable)
    if "union" in categories:
        shape = variants_shape(translator, schema, parts, place)
        if shape is not None:
            return shape
    limited = _limited(translator, parts, schema)
    if limited is not None:
        return limited._replace(nullable=limited.nullable or nullable)
    return translator.shape_of(merged(translator, schema, parts), place)


def _report_false(translator: Translator, schema: JsonObject) -> None:
    several = schema.get("allOf")
    for index, each in enumerate(several) if isinstance(several, JsonList) else ():
        if each is False and isinstance(several, JsonList):
            message = "`false` in `allOf`, so no document is valid"
            translator.findings.loss(several.at(index), "false", message)


def _only_part(translator: Translator, part: Part, schema: JsonObject, place: Place) -> Shape:
    """Return what a schema is that says the same as its only part."""
    if not part.name:
        shape = translator.shape_of(part.schema, place)
    else:
        shape = translator.reference(part.schema, part.name, schema.at(_keyword(schema)))
    if schema.get("nullable") is True and not shape.nullable:
        at = schema.at("nullable")
        message = f"`nullable` beside `{_keyword(schema)}`"
        translator.findings.note(at, "nullable", message, "`| null`")
        return shape._replace(nullable=True)
    return shape


def _keyword(schema: JsonObject) -> str:
    return "$ref" if "$ref" in schema else "allOf"


def _limited(translator: Translator, parts: tuple[Part, ...], schema: JsonObject) -> TypeOf | None:
    """Return a named scalar, list or map with constraints, if that is what the parts are."""
    named = [part for part in parts if part.name]
    if len(named) != 1 or translator.parts.category(named[0].schema) not in (
        "scalar",
        "list",
        "map",
    ):
        return None
    base = named[0]
    kinds = kinds_in(translator.resolved(base.schema))
    inline = [part.schema for part in parts if part is not base]
    for each in inline:
        words = {word for word in each if is_structural(word)} - {"nullable"}
        if not words <= _LIMITS | {"type"} or kinds_in(each) not in ([], kinds):
            return None
    limited = _base_types(translator, base)
    if not limited:
        return None
    entries = [entry for each in inline for entry in limits_of(each, limited, translator.findings)]
    if len({entry[0].text for entry in entries}) < len(entries):
        return None
    reference = translator.reference(base.schema, base.name, schema.at(_keyword(schema)))
    return reference._replace(entries=tuple(entries))


def _base_types(translator: Translator, part: Part) -> list[str]:
    """Return the types that a definition stands for, as constraints know them."""
    schema = translator.resolved(part.schema)
    category = translator.parts.category(schema)
    if category in ("list", "map"):
        return [category]
    kinds = kinds_in(schema)
    if category != "scalar" or "allOf" in schema or not kinds:
        return []
    return scalars_of(schema, cast("list[Kind]", kinds), Findings()).text.split(" | ")
