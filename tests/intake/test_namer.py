"""Names for items that have no valid one in a language."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.projects import schema_of
from modelsync.importer.repair.valid_names import valid_names
from modelsync.intake import namer
from modelsync.intake.each_item import ItemKey, key_of, with_positions
from modelsync.schema.definitions import Definition, EnumValue, Field


def test_only_the_items_of_definitions_with_a_fault_are_visited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = "".join(f"  f{n}: {{type: string}}\n" for n in range(20))
    models = "---\n".join(f"model: M{n}\nfields:\n{fields}" for n in range(50))
    clash = "---\nmodel: Clash\nfields:\n  a-b: {type: string}\n  a_b: {type: string}\n"
    schema = with_positions(schema_of(models + clash))
    visited = []
    rename = namer._renamed

    def keys(definition: Definition, inner: Field | EnumValue) -> ItemKey:
        visited.append(definition.id)
        return key_of(definition, inner)

    def renamed(*arguments: Any) -> Any:
        visited.append("renamed")
        return rename(*arguments)

    monkeypatch.setattr(namer, "key_of", keys)
    monkeypatch.setattr(namer, "_renamed", renamed)
    named = valid_names(schema)
    assert {key.definition for key in named.given} == {"Clash"}
    assert set(visited) == {"Clash", "renamed"}
    assert visited.count("renamed") <= 3 * 4
    assert all(
        old is new
        for old, new in zip(schema.definitions[:-1], named.schema.definitions, strict=False)
    )
