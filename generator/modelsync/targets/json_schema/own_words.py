"""What JSON Schema has no word for: the content of the keyword `x-modelsync`."""

from __future__ import annotations

from modelsync.schema.definitions import (
    Definition,
    EnumValue,
    Field,
    Model,
    Union,
)
from modelsync.schema.json_values import Json
from modelsync.schema.schema import Schema

LANGUAGE = "json-schema"


def own_words(schema: Schema, item: Definition | Field | EnumValue) -> dict[str, Json]:
    """Return what a schema cannot say about a definition, a field or a value of an enum."""
    found: dict[str, Json] = {}
    if item.deprecated:
        found["deprecated"] = item.deprecated
    names: dict[str, Json] = {
        language: name for language, name in item.names.items() if language != LANGUAGE
    }
    found |= {"names": names} if names else {}
    found |= {"only": [*item.only]} if item.only else {}
    if isinstance(item, Field | EnumValue):
        return found
    found |= {"inferred": True} if item.inferred else {}
    match item:
        case Model():
            return found | _of_model(schema, item)
        case Union():
            return found | _of_union(item)
        case _:
            return found


def _of_model(schema: Schema, model: Model) -> dict[str, Json]:
    found: dict[str, Json] = {"abstract": True} if model.abstract else {}
    if not model.extends:
        return found
    parents = [schema.model(id_) for id_ in model.extends if id_ in schema.by_id]
    inherited = {key for parent in parents for key in parent.by_json_key}
    found["extends"] = [*model.extends]
    own: list[Json] = [each.json_key for each in model.own_fields if each.json_key in inherited]
    found |= {"own": own} if own else {}
    has_own = model.additional_properties is not None and not model.additional_origin
    if has_own and any(parent.additional_properties is not None for parent in parents):
        found["ownAdditionalProperties"] = True
    return found


def _of_union(union: Union) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if union.external is not None:
        return {"external": {"shown": {**union.external.shown}, "links": {**union.external.links}}}
    found |= {"alias": True} if union.is_alias else {}
    found |= {"discriminator": union.discriminator} if union.discriminator is not None else {}
    found |= {"open": True} if union.open else {}
    return found | ({"overlapping": True} if union.overlapping else {})
