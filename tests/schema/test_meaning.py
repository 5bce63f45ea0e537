"""The reference reader follows the table of the spec language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modelsync.schema import meaning
from modelsync.schema.definitions import Union
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.scalars import parse_datetime
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.unions import Branch, branches
from modelsync.schema.validation import ValidationError, path_text
from modelsync.spec.read import read_schema

SPEC = """
model: M
fields:
  req: {type: string, required: true}
  opt: {type: int32}
  nul: {type: string | null, required: true}
  both: {type: string | null}
  def: {type: int64, default: 7}
  defnul: {type: int64 | null, default: 7}
  any: {type: any}
  list: {type: 'list[Item | null]'}
  map: {type: 'map[float64]'}
  const: {type: '"x"'}
  inline: {type: 'bool | list[string] | Item'}
  shape: {type: Shape}
  color: {type: Color}
  level: {type: Level}
---
model: Item
fields: {id: {type: string, required: true}, next: {type: Item}}
---
enum: Color
values: {red: , blue: }
---
enum: Level
type: int64
open: true
values: {1: , 2: }
---
union: Shape
discriminator: kind
members: [Circle, Square]
mapping: {circle: Circle, square: Square}
---
model: Circle
fields: {kind: {type: '"circle"', required: true}, r: {type: float64, required: true}}
---
model: Square
fields: {side: {type: float64, required: true}}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema({"specs/m.yaml": SPEC}, "specs")


BASE = '"req": "a", "nul": null'
DEFAULTS = {"def": 7, "defnul": 7}


@pytest.mark.parametrize(
    ("members", "written"),
    [
        ("", {}),
        ('"opt": null', {}),
        ('"opt": 1.0', {"opt": 1}),
        ('"opt": 1e3', {"opt": 1000}),
        ('"both": null', {"both": None}),
        ('"both": "x"', {"both": "x"}),
        ('"def": null', {}),
        ('"def": 0', {"def": 0}),
        ('"defnul": null', {"defnul": None}),
        ('"any": null', {"any": None}),
        ('"any": [1, {"a": null}]', {"any": [1, {"a": None}]}),
        ('"unknown": 1, "REQ": 2', {}),
        ('"opt": "x", "opt": 2', {"opt": 2}),
        ('"list": [null, {"id": "a", "next": {"id": "b"}}]', None),
        ('"map": {"__proto__": 1, "": -0}', {"map": {"__proto__": 1, "": 0}}),
        ('"const": "x"', None),
        ('"inline": true', None),
        ('"inline": ["a"]', None),
        ('"inline": {"id": "a", "extra": 1}', {"inline": {"id": "a"}}),
        ('"shape": {"kind": "circle", "r": 1}', None),
        ('"shape": {"side": 1, "kind": "square"}', {"shape": {"kind": "square", "side": 1}}),
        ('"color": "red"', None),
        ('"level": 99', None),
    ],
)
def test_documents_are_accepted_and_written_back(
    schema: Schema, members: str, written: Any
) -> None:
    if written is None:
        written = json.loads(f"{{{members}}}")
    text = "{" + ", ".join(part for part in (BASE, members) if part) + "}"
    found = meaning.read(schema, Ref("M"), json.loads(text))
    assert found == {"req": "a", "nul": None} | DEFAULTS | written


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("null", ""),
        ("[]", ""),
        ("{}", "req"),
        ('{"req": null, "nul": null}', "req"),
        ('{"req": "a"}', "nul"),
        ('{"REQ": "a", "nul": null}', "req"),
        ('{"req": 3, "nul": 3}', "req"),
        (f'{{{BASE}, "opt": true}}', "opt"),
        (f'{{{BASE}, "opt": "3"}}', "opt"),
        (f'{{{BASE}, "opt": 1.5}}', "opt"),
        (f'{{{BASE}, "opt": 2147483648}}', "opt"),
        (f'{{{BASE}, "def": 9223372036854775808}}', "def"),
        (f'{{{BASE}, "def": 1e18}}', "def"),
        (f'{{{BASE}, "any": [1e400]}}', "any[0]"),
        (f'{{{BASE}, "both": "\\ud800"}}', "both"),
        (f'{{{BASE}, "list": [null, {{"id": "a", "next": {{}}}}]}}', "list[1].next.id"),
        (f'{{{BASE}, "map": {{"a b": "x"}}}}', 'map["a b"]'),
        (f'{{{BASE}, "map": {{"a": 1e400}}}}', "map.a"),
        (f'{{{BASE}, "const": "y"}}', "const"),
        (f'{{{BASE}, "inline": 1}}', "inline"),
        (f'{{{BASE}, "inline": ["a", 1]}}', "inline[1]"),
        (f'{{{BASE}, "shape": {{"r": 1}}}}', "shape.kind"),
        (f'{{{BASE}, "shape": {{"kind": "cube"}}}}', "shape.kind"),
        (f'{{{BASE}, "shape": {{"kind": "circle"}}}}', "shape.r"),
        (f'{{{BASE}, "color": "Red"}}', "color"),
        (f'{{{BASE}, "level": "1"}}', "level"),
    ],
)
def test_invalid_documents_raise_an_error_with_their_path(
    schema: Schema, document: str, path: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        meaning.read(schema, Ref("M"), json.loads(document))
    assert path_text(refused.value.steps) == path


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z"),
        ("2024-01-31t12:00:00z", "2024-01-31T12:00:00Z"),
        ("2024-01-31T12:00:00.120Z", "2024-01-31T12:00:00.12Z"),
        ("2024-01-31T12:00:00.9999Z", "2024-01-31T12:00:00.999Z"),
        ("2024-01-31T12:00:00.000000001Z", "2024-01-31T12:00:00Z"),
        ("2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"),
        ("2024-02-29T23:59:59-00:00", "2024-02-29T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("2023-02-29T00:00:00Z", None),
        ("2024-01-31T24:00:00Z", None),
        ("2024-01-31T23:59:60Z", None),
        ("2024-01-31 12:00:00Z", None),
        ("2024-01-31T12:00:00", None),
        ("2024-01-31T12:00Z", None),
        ("2024-01-31T12:00:00+0100", None),
        ("2024-01-31T12:00:00+24:00", None),
        ("2024-01-31T12:00:00.Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+00:01", None),
        ("9999-12-31T23:59:59-00:01", None),
        ("\uff12024-01-31T12:00:00Z", None),
        ("2024-01-31T12:00:00Z\n", None),
    ],
)
def test_datetimes_are_normalized(text: str, written: str | None) -> None:
    assert parse_datetime(text) == written


@pytest.mark.parametrize(
    ("number", "shortest"), [(1.1, 1.1), (0.1, 0.1), (16777216.0, 16777216.0), (1e-45, 1e-45)]
)
def test_float32_is_written_with_few_digits(number: float, shortest: float) -> None:
    type_ = read_schema({"s/a.yaml": "model: A\nfields: {x: {type: float32}}"}, "s")
    assert meaning.read(type_, Ref("A"), {"x": number}) == {"x": shortest}


def test_branches_list_the_members_of_each_kind(schema: Schema) -> None:
    union = lift_unions(schema).by_id["MInline"]
    assert isinstance(union, Union)
    assert branches(schema, union) == (
        Branch("bool", (0,)),
        Branch("array", (1,)),
        Branch("object", (2,)),
    )


def test_recursive_members_are_read_in_linear_time() -> None:
    spec = """
union: Either
members: [Left, Right]
---
model: Left
fields: {child: {type: Either}, left: {type: string, required: true}}
---
model: Right
fields: {child: {type: Either}, right: {type: string, required: true}}
example: EXAMPLE
"""
    example = "{right: x}"
    for _ in range(50):
        example = f"{{child: {example}, right: x}}"
    schema = read_schema({"s/a.yaml": spec.replace("EXAMPLE", example)}, "s")
    document: Any = {"right": "x"}
    for _ in range(100):
        document = {"child": document, "right": "x"}
    assert meaning.read(schema, Ref("Either"), document) == document
