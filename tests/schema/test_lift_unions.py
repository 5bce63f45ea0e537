"""Unions inside fields become definitions."""

from __future__ import annotations

import pytest

from helpers.projects import schema_of
from modelsync.schema.lift_unions import lift_unions


def test_a_schema_without_unions_inside_fields_stays_the_same() -> None:
    schema = schema_of("model: M\nfields: {a: {type: 'list[M]'}, b: {type: string}}\n")
    assert lift_unions(schema) is schema


@pytest.mark.parametrize(
    "spec",
    [
        "model: M\nfields: {a: {type: 'map[string | int64]'}}\n",
        "model: M\nadditionalProperties: string | int64\nfields: {}\n",
        "union: M\nmembers: [bool, 'list[string | int64]']\n",
        "alias: M\ntype: list[string | int64]\n",
        'alias: M\ntype: \'"a" | "b"\'\n',
    ],
)
def test_unions_are_found_in_every_place(spec: str) -> None:
    schema = schema_of(spec)
    lifted = lift_unions(schema)
    assert lifted != schema
    assert lift_unions(lifted) is lifted


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("map[map[list[string | int64]]]", ["MAItem"]),
        ("list[map[string | int64]] | null", ["MAValue"]),
        ("list[string | list[map[bool | int64]]]", ["MAItem", "MAItemValue"]),
        ("list[int32 | bool] | list[list[string | int64]]", ["MA", "MAItem", "MAItemItem"]),
        ("list[map[int32 | bool]] | list[string | bool]", ["MA", "MAItem", "MAValue"]),
    ],
)
def test_a_union_is_named_after_the_nearest_list_or_map_if_that_is_enough(
    type_: str, names: list[str]
) -> None:
    lifted = lift_unions(schema_of(f"model: M\nfields: {{a: {{type: '{type_}'}}}}\n"))
    assert sorted(item.name for item in lifted.definitions if item.name != "M") == names
