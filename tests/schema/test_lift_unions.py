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
