"""Schema -> schema in which each member of a union with a discriminator declares its field.

Needed by targets whose types select the member by that field, such as pydantic classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from modelsync.schema.definitions import Field, Model, Tag, Union
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import tagged_models
from modelsync.schema.types import Constant, Ref


class _Tagged(NamedTuple):
    """A model as a member of a union."""

    model: Model
    key: str
    values: tuple[Tag, ...]
    union: Union


def tags_of(schema: Schema) -> Mapping[tuple[str, str], tuple[Tag, ...]]:
    """Return the values of each discriminator, by the id of the member and the JSON key."""
    tags: dict[tuple[str, str], dict[Tag, None]] = {}
    for model, key, values, _ in _members(schema):
        tags.setdefault((model.id, key), {}).update(dict.fromkeys(values))
    return {place: tuple(values) for place, values in tags.items()}


def are_told_by_fields(
    schema: Schema, union: Union, tags: Mapping[tuple[str, str], tuple[Tag, ...]]
) -> bool:
    """Whether the discriminator is required in each member, with values of no other union.

    `tags` is the result of :func:`tags_of`.
    """
    for id_, values in tagged_models(schema, union).items():
        field = union.tag_field(schema.model(id_))
        if field is None or not field.required or tags[id_, field.json_key] != values:
            return False
    return True


def with_tag_fields(schema: Schema) -> Schema:
    """Return `schema` with a field for each discriminator that a member does not declare.

    The field is optional, comes first, and has the position of the member in the union.
    """
    added: dict[str, dict[str, Field]] = {}
    for model, key, (tag, *_), union in _members(schema):
        if union.tag_field(model) is None:
            place = union.places.get(Ref(model.id), union.position)
            field = Field(key, Constant(tag), default=tag, has_default=True, position=place)
            added.setdefault(model.id, {}).setdefault(key, field)
    if not added:
        return schema
    return Schema(
        tuple(
            replace(each, fields=(*added.get(each.id, {}).values(), *each.fields))
            if isinstance(each, Model)
            else each
            for each in schema.definitions
        )
    )


def _members(schema: Schema) -> Iterator[_Tagged]:
    for union in schema.definitions:
        if isinstance(union, Union) and union.discriminator is not None:
            for id_, values in tagged_models(schema, union).items():
                yield _Tagged(schema.model(id_), union.discriminator, values, union)
