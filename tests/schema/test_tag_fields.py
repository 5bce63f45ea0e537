"""The fields of discriminators that members of unions do not declare."""

from __future__ import annotations

from helpers.projects import schema_of
from modelsync.schema.definitions import Model
from modelsync.schema.tag_fields import tags_of, with_tag_fields
from modelsync.schema.types import Constant

SPEC = """\
union: Shape
members: [Circle, Square]
discriminator: kind
mapping: {circle: Circle, square: Square, box: Square}
---
model: Circle
fields: {size: {type: int32}}
---
model: Square
fields: {kind: {type: string, required: true}}
"""


def test_a_member_without_the_discriminator_gets_its_field_first() -> None:
    schema = schema_of(SPEC)
    circle, square = (with_tag_fields(schema).by_id[name] for name in ("Circle", "Square"))
    assert isinstance(circle, Model)
    assert [field.json_key for field in circle.fields] == ["kind", "size"]
    assert circle.fields[0].type == Constant("circle")
    assert circle.fields[0].position.line == 2
    assert square == schema.by_id["Square"]


def test_the_tags_of_a_member_are_in_the_order_of_the_union() -> None:
    assert tags_of(schema_of(SPEC)) == {
        ("Circle", "kind"): ("circle",),
        ("Square", "kind"): ("square", "box"),
    }
