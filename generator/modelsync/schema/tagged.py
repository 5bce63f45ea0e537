"""The models of unions with a discriminator, which may be nested."""

from __future__ import annotations

from collections.abc import Mapping

from modelsync.schema.definitions import Definition, Model, Tag, Union
from modelsync.schema.schema import Schema


def model_of_tag(schema: Schema, union: Union, tag: Tag) -> Model:
    """Return the model that a discriminator value selects, which may be of an inner union."""
    definition: Definition = union
    while isinstance(definition, Union):
        definition = schema.by_id[definition.by_tag[tag]]
    assert isinstance(definition, Model)
    return definition


def model_without_tag(schema: Schema, union: Union) -> Model | None:
    """Return the model that an object without the discriminator is, if there is one."""
    definition: Definition = union
    while isinstance(definition, Union):
        if definition.absent_tag is None:
            return None
        definition = schema.by_id[definition.absent_tag]
    assert isinstance(definition, Model)
    return definition


def tagged_models(schema: Schema, union: Union) -> Mapping[str, tuple[Tag, ...]]:
    """Return the discriminator values of each model of a union, by the model's id.

    The models of members that are unions belong to it as well.
    """
    found: dict[str, tuple[Tag, ...]] = {}
    waiting = list(union.tags.items())[::-1]
    unions = {union.id}
    while waiting:
        id_, tags = waiting.pop()
        match schema.by_id.get(id_):
            case Model():
                found[id_] = (*found.get(id_, ()), *tags)
            case Union() as inner if id_ not in unions:
                unions.add(id_)
                waiting += list(inner.tags.items())[::-1]
            case _:
                pass
    return found


def forms_of_tags(schema: Schema) -> frozenset[str]:
    """Return what the discriminators of a schema need beyond required strings.

    `int64` and `bool` are scalars of the values; `absent` and `open` are about unions that accept
    objects without a discriminator, and unknown values.
    """
    forms: set[str] = set()
    for union in schema.definitions:
        if isinstance(union, Union) and union.discriminator is not None:
            forms |= {union.tag_scalar} - {"string"}
            forms |= {"absent"} if union.absent_tag is not None else set()
            forms |= {"open"} if union.open else set()
    return frozenset(forms)
