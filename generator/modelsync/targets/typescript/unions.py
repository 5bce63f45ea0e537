"""How generated code distinguishes the members of a union, and what it adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from modelsync.graphs import reachable
from modelsync.schema import ir
from modelsync.schema.json_values import KINDS, kinds
from modelsync.schema.tagged import tagged_models
from modelsync.targets.base import Target
from modelsync.targets.typescript.names import IDENTIFIERS, INHERITED

UNKNOWN: Final = "unknown"
"""The property with the whole object of an unknown member."""

_CLASSES: Final = {"datetime": "Date", "bytes": "Uint8Array"}
"""The classes of values in memory, by the scalar."""

MEMORY_KINDS: Final = (*KINDS, *_CLASSES.values())
"""The kinds of values in memory: those of JSON, and classes."""


def memory_kinds(schema: ir.Schema, type_: ir.Type) -> frozenset[str]:
    """Return which of :data:`MEMORY_KINDS` a value of `type_` may have."""
    found: set[str] = set()
    # Unions can share members at every level: visit each one once.
    unions: set[str] = set()
    waiting = [type_]
    while waiting:
        match waiting.pop():
            case ir.Scalar(name="any"):
                return frozenset(MEMORY_KINDS)
            case ir.Scalar(name="datetime" | "bytes" as name):
                found.add(_CLASSES[name])
            case ir.Nullable(inner=inner):
                found.add("null")
                waiting.append(inner)
            case ir.Ref(id=id_) as ref if isinstance(union := schema[ref], ir.Union):
                waiting += () if id_ in unions else union.members
                unions.add(id_)
            case ir.Ref() as ref if isinstance(alias := schema[ref], ir.Alias):
                waiting.append(alias.type)
            case other:
                found |= kinds(schema, other)
    return frozenset(found)


def tag_of(target: Target, union: ir.Union) -> str:
    """Return the property that distinguishes the members of a union with discriminator."""
    for model in map(target.schema.model, tagged_models(target.schema, union)):
        if field := union.tag_field(model):
            return target.field_names[model.id, field.json_key]
    derived = target.field_identifier(target.field_source(union.discriminator or ""))
    return derived if IDENTIFIERS.takes(derived) and derived not in INHERITED else "tag"


def kept_properties(target: Target) -> Mapping[str, Iterable[str]]:
    """Return the properties to write of each model that some union may try, by its id.

    The value may be that of another member, with more properties: in memory, all JSON objects are
    plain objects. The properties that unions add to distinguish their members are written as well.
    """
    schema = target.schema
    unions = [each for each in schema.definitions if isinstance(each, ir.Union)]
    starts = [
        ref.id
        for union in unions
        if union.discriminator is None
        if sum("object" in kinds(schema, member) for member in union.members) > 1
        for ref in ir.refs_of(union)
    ]
    if not starts:
        return {}
    references = {each.id: [ref.id for ref in ir.refs_of(each)] for each in schema.definitions}
    tried = reachable(starts, references)
    properties = {
        model.id: {target.field_names[model.id, field.json_key]: None for field in model.fields}
        for model in schema.definitions
        if isinstance(model, ir.Model) and model.id in tried
    }
    for id_, names in properties.items():
        if schema.model(id_).additional_type is not None:
            names[target.additional_name] = None
    tags = ((tag_of(target, each), id_) for each in unions for id_ in tagged_models(schema, each))
    for tag, id_ in sorted(tags):
        if id_ in tried:
            properties[id_][tag] = None
    return properties
