"""Unions with a discriminator: what they accept, and which types they cover."""

from __future__ import annotations

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, schema_of
from modelsync.errors import NOWHERE
from modelsync.schema.covering import Covering
from modelsync.schema.definitions import Union
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import (
    forms_of_tags,
    model_of_tag,
    model_without_tag,
    tagged_models,
)
from modelsync.schema.type_expr import parse
from modelsync.schema.types import Ref, Type
from modelsync.schema.validation import ValidationError

SCHEMA = schema_in(CASES / "tags")


def union(name: str) -> Union:
    found = SCHEMA.by_id[name]
    assert isinstance(found, Union)
    return found


@pytest.mark.parametrize(
    ("name", "document", "wanted"),
    [
        ("Shape", {"kind": "hexagon", "a": [1, None]}, {"kind": "hexagon", "a": [1, None]}),
        ("Shape", {"kind": ""}, {"kind": ""}),
        ("Event", {"code": 1}, {"code": 1}),
        ("Event", {"code": 1.0}, {"code": 1}),
        ("Event", {"code": 3}, {"code": 3}),
        ("Figure", {}, {}),
        ("Figure", {"type": None, "radius": 1}, {"radius": 1.0}),
        ("Figure", {"type": "square"}, {"type": "square"}),
        ("Figure", {"type": "circle", "x": 1}, {"type": "circle", "x": 1}),
        ("Method", {"code": "a"}, {"type": "code", "code": "a"}),
        ("Packet", {}, {"op": 1}),
        ("Packet", {"op": 9, "packets": [{}]}, {"op": 9, "packets": [{"op": 1}]}),
        ("Flag", {"on": False, "x": 1}, {"on": False, "x": 1}),
    ],
)
def test_what_is_accepted(name: str, document: Json, wanted: Json) -> None:
    assert read(SCHEMA, Ref(name), document) == wanted


@pytest.mark.parametrize(
    ("name", "document", "wanted"),
    [
        ("Shape", {}, "kind: required, but absent"),
        ("Shape", {"kind": None}, "kind: expected a string, found null"),
        ("Shape", {"kind": 1}, "kind: expected a string, found 1"),
        ("Shape", {"kind": "circle"}, "radius: required, but absent"),
        ("Shape", {"kind": "x", "\ud800": 1}, '["\\ud800"]: expected Unicode text, found a lone'),
        ("Event", {"code": True}, "code: expected a 64-bit integer, found true"),
        ("Event", {"code": 1.5}, "code: expected a 64-bit integer, found 1.5"),
        ("Figure", {"type": 1}, "type: expected a string, found 1"),
        ("Figure", {"type": "triangle"}, "points: required, but absent"),
        ("Control", {"op": 7}, "op: expected 8 or 9, found 7"),
        ("Answer", {"ok": 1}, "ok: expected a boolean, found 1"),
        ("Flag", {"on": True}, "color: required, but absent"),
    ],
)
def test_what_is_rejected(name: str, document: Json, wanted: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(SCHEMA, Ref(name), document)
    assert str(caught.value).startswith(wanted)


def test_the_models_of_inner_unions_belong_to_a_union() -> None:
    figure = union("Figure")
    assert tagged_models(SCHEMA, figure) == {
        "Ring": ("ring",),
        "Text": ("title", "body"),
        "Triangle": ("triangle",),
        "Quad": ("square", "rectangle"),
    }
    assert model_of_tag(SCHEMA, figure, "rectangle").name == "Quad"
    assert model_of_tag(SCHEMA, union("Vehicle"), 0).name == "Boat"
    for name, wanted in (("Figure", "Ring"), ("Vehicle", "Car")):
        model = model_without_tag(SCHEMA, union(name))
        assert model is not None
        assert model.name == wanted
    assert model_without_tag(SCHEMA, union("Shape")) is None


def test_a_schema_with_required_strings_needs_no_other_forms() -> None:
    assert forms_of_tags(SCHEMA) == {"int64", "bool", "absent", "open"}
    assert forms_of_tags(schema_in(CASES / "unions")) == frozenset()


COVERED = """\
union: Open
discriminator: k
members: [A]
open: true
---
union: Closed
discriminator: k
members: [A]
---
model: A
fields: {k: {type: '"a"', required: true}}
---
model: B
fields: {k: {type: '"b" | "c"', required: true}, n: {type: int32}}
---
model: Same
fields: {k: {type: '"a" | "b"', required: true}, n: {type: int32, required: true}}
---
model: Number
fields: {k: {type: '1', required: true}}
---
model: Optional
fields: {k: {type: '"b"'}}
"""


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("Open", "A", True),
        ("Open", "B", True),
        ("Closed", "B", False),
        ("Open", "Same", False),
        ("Open", "Number", False),
        ("Open", "Optional", False),
        ("Open", "Closed", True),
        ("Closed", "Open", False),
        ("any", "Open", True),
        ("map[any]", "Open", True),
        ("map[string]", "Open", False),
        ("Open", "map[any]", False),
    ],
)
def test_an_open_union_covers_models_that_it_does_not_know(
    first: str, second: str, wanted: bool
) -> None:
    schema: Schema = schema_of(COVERED)
    types: list[Type] = [parse(first, NOWHERE), parse(second, NOWHERE)]
    assert Covering(schema).settled(*types) is wanted
