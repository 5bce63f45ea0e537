"""What a schema says besides its type: descriptions, defaults, examples, `x-` and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from modelsync.importer.nodes import Entry, key, plain, text
from modelsync.importer.scalars.values import (
    default_entry,
    example_entry,
    extension_entries,
    first_example,
)
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.keywords import ANNOTATIONS, is_structural
from modelsync.importer.translation.virtual import virtual

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

FLAGS: Final = ("readOnly", "writeOnly")
_OF_TARGETS: Final = (*FLAGS, "default")
"""What a definition says about each field that refers to it."""


def field_annotations(
    translator: Translator, schema: JsonObject, *, is_required: bool, nullable: bool
) -> tuple[Entry, ...]:
    """Return the entries of a field, besides its type and whether it is required."""
    said = _with_those_of_target(translator, _annotations(translator, schema))
    found = [*_description(said)]
    found += default_entry(said, translator.findings, required=is_required, nullable=nullable)
    found += example_entry(said, translator.findings)
    if said.get("readOnly") is True and said.get("writeOnly") is True:
        message = "both `readOnly` and `writeOnly`"
        translator.findings.note(said.at("writeOnly"), "readOnly", message, "neither")
    else:
        for flag in FLAGS:
            if said.get(flag) is True:
                found.append((key(flag, said.at(flag)), plain("true", said.at(flag))))
    return (*found, *_deprecated(said), *extension_entries(said, translator.findings))


def check_annotations(translator: Translator, schema: JsonObject) -> None:
    """Count what a schema inside a list, a map or a union says, which only definitions can say."""
    for keyword in ("description", "default", "example", "examples", "deprecated", *FLAGS):
        if keyword in schema and schema[keyword] is not False:
            translator.keywords.count(f"{keyword} inside a type", schema, keyword)


def definition_annotations(translator: Translator, schema: JsonObject) -> tuple[Entry, ...]:
    """Return the entries of a definition, besides what its kind has."""
    said = _annotations(translator, schema)
    for keyword in _OF_TARGETS:
        if keyword in said:
            translator.keywords.count(f"{keyword} of a definition", said, keyword)
    return (
        *_description(said),
        *first_example(said, translator.findings),
        *_deprecated(said),
        *extension_entries(said, translator.findings),
    )


def _annotations(translator: Translator, schema: JsonObject) -> JsonObject:
    """Return the annotations of a schema and of the parts of its `allOf`."""
    if "allOf" not in schema:
        return schema
    values: dict[str, Json] = {}
    origins: dict[str, JsonObject] = {}
    rest: list[JsonObject] = [schema]
    while rest:
        each = rest.pop()
        for name, value in each.items():
            if name not in values and (name in ANNOTATIONS or not is_structural(name)):
                values[name] = value
                origins[name] = each
        several = each.get("allOf")
        for part in several if isinstance(several, JsonList) else ():
            if isinstance(part, JsonObject) and translator.name_of(part) is None:
                rest.append(part)
    return virtual(schema, values, origins)


def _with_those_of_target(translator: Translator, schema: JsonObject) -> JsonObject:
    """Return the annotations of a field, with what its definition says about each such field."""
    target = schema
    seen: set[int] = set()
    while "$ref" in target and id(target) not in seen:
        seen.add(id(target))
        target = translator.target(target) or target
    if target is schema or target.keys().isdisjoint(_OF_TARGETS):
        return schema
    missing = [name for name in _OF_TARGETS if name in target and name not in schema]
    values = {name: target[name] for name in missing}
    origins = dict.fromkeys(missing, target)
    return virtual(schema, {**schema, **values}, origins)


def _description(schema: JsonObject) -> tuple[Entry, ...]:
    """Return the `description` of a definition or a field: the title, if there is none."""
    for keyword in ("description", "title"):
        value = schema.get(keyword)
        if not isinstance(value, str) or not value.strip():
            continue
        at = schema.at(keyword)
        return ((key("description", at), text(value, at)),)
    return ()


def _deprecated(schema: JsonObject) -> tuple[Entry, ...]:
    if schema.get("deprecated") is not True:
        return ()
    at = schema.at("deprecated")
    return ((key("deprecated", at), plain("true", at)),)
