"""What JSON Schema has no word for: the content of the keyword `x-modelsync`."""

from __future__ import annotations

from modelsync.schema.definitions import (
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Union,
)
from modelsync.schema.json_values import Json

LANGUAGE = "json-schema"


def own_words(item: Definition | Field | EnumValue) -> dict[str, Json]:
    """Return what a schema cannot say about a definition, a field or a value of an enum."""
    found: dict[str, Json] = {}
    if item.deprecated:
        found["deprecated"] = item.deprecated
    names: dict[str, Json] = {
        language: name for language, name in item.names.items() if language != LANGUAGE
    }
    found |= {"names": names} if names else {}
    found |= {"only": [*item.only]} if item.only else {}
    match item:
        case Field() | EnumValue():
            return found
        case _:
            found |= {"inferred": True} if item.inferred else {}
    match item:
        case Model():
            found |= _of_model(item)
        case Union():
            found |= _of_union(item)
        case Enum(open=True):
            found["open"] = True
        case _:
            pass
    return found


def _of_model(model: Model) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if model.extends:
        found |= {
            "extends": [*model.extends],
            "own": [field.json_key for field in model.own_fields],
        }
        if model.additional_properties is not None and not model.additional_origin:
            found["ownAdditionalProperties"] = True
    return found | ({"abstract": True} if model.abstract else {})


def _of_union(union: Union) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if union.external is not None:
        return {"external": {"shown": {**union.external.shown}, "links": {**union.external.links}}}
    found |= {"alias": True} if union.is_alias else {}
    found |= {"discriminator": union.discriminator} if union.discriminator is not None else {}
    found |= {"open": True} if union.open else {}
    return found | ({"overlapping": True} if union.overlapping else {})
