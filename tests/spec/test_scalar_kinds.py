"""The kind of a plain scalar if its type allows several: it is that of JSON."""

from __future__ import annotations

import pytest

from modelsync.errors import ProblemsError
from modelsync.schema.definitions import Model
from modelsync.schema.values import Object, Value
from modelsync.spec.read import read_schema

MORE = """\
---
model: A
fields: {x: {type: string, required: true}, k: {type: string, required: true}}
---
model: B
fields: {x: {type: string, required: true}, k: {type: int32, required: true}}
---
union: U
members: [V, bool]
---
union: V
members: [string, int32]
---
enum: E
values: {5: , a: }
"""


def default(type_: str, written: str) -> Value:
    """Return the default of a field, and check that an example has the same value."""
    spec = f"model: M\nfields: {{a: {{type: '{type_}', default: {written}, example: {written}}}}}\n"
    model = read_schema({"s/a.yaml": spec + MORE}, "s").by_id["M"]
    assert isinstance(model, Model)
    (field,) = model.fields
    assert repr(field.examples) == repr((field.default,))
    return field.default


@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        ("string | int32", "5", 5),
        ("int32 | string", "5", 5),
        ("string | int32", '"5"', "5"),
        ("string | bool", "true", True),
        ("string | bool", '"true"', "true"),
        ("string | bool", "yes", "yes"),
        ("string | float64", "1e3", 1000.0),
        ("string | float64", ".5", ".5"),
        ("string | int32", "0123", "0123"),
        ("string | int32", "1_000", "1_000"),
        ("string | int32 | null", "null", None),
        ("string | null", "5", "5"),
        ("string", "5", "5"),
        ("string | list[int32]", "5", "5"),
        ('"5" | int32', "5", 5),
        ('"5" | "6"', "5", "5"),
        ("E | int64", "5", 5),
        ("E", "5", "5"),
        ("U", "7", 7),
        ("U", "true", True),
        ("list[string | int32]", '[5, "5"]', (5, "5")),
        ("list[string] | list[int32]", "[5]", (5,)),
        ("list[string] | list[int32]", '["5"]', ("5",)),
        ("list[string] | bool", "[5]", ("5",)),
        ("map[string | bool]", "{a: true}", Object((("a", True),))),
        ("any", '[5, "5", yes, true]', (5, "5", "yes", True)),
        ("A | B", "{x: 1, k: 2}", Object((("x", "1"), ("k", 2)))),
        ("A | B", '{x: 1, k: "2"}', Object((("x", "1"), ("k", "2")))),
    ],
)
def test_the_type_decides_what_a_scalar_means(type_: str, written: str, value: Value) -> None:
    assert repr(default(type_, written)) == repr(value)


@pytest.mark.parametrize(
    ("type_", "written", "help_"),
    [
        ("string | int32", "5000000000", "quote it if it is text"),
        ("string | int32", "true", "quote it if it is text"),
        ("int32", '"5"', "write it without quotes"),
        ("bool", '"true"', "write `true` without quotes"),
        ("bool", "True", "write `true` in lowercase"),
        ("list[bool]", "[no]", "write `false`"),
    ],
)
def test_values_of_another_kind_get_help(type_: str, written: str, help_: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        default(type_, written)
    assert {problem.help for problem in raised.value.problems} == {help_}
