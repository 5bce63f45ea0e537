"""Schemas with other types: without aliases, constraints or definitions."""

from __future__ import annotations

from helpers.projects import schema_of
from modelsync.schema.definitions import refs_of
from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Scalar, alternatives
from modelsync.schema.without_aliases import without_aliases
from modelsync.schema.without_constraints import without_constraints


def test_additional_properties_lose_their_alias_too() -> None:
    schema = schema_of(
        "alias: Sku\ntype: string\nminLength: 2\n---\n"
        "model: M\nadditionalProperties: list[Sku]\nfields: {a: {type: 'map[Sku] | null'}}\n"
    )
    plain = without_aliases(without_constraints(schema))
    model = plain.model("M")
    assert model.additional_properties == ListOf(Scalar("string"))
    assert model.fields[0].type == Nullable(MapOf(Scalar("string")))
    assert not list(refs_of(model))


def test_alternatives_are_those_of_inline_unions_without_null() -> None:
    several = AnyOf((Scalar("string"), ListOf(Nullable(Scalar("bool")))))
    assert list(alternatives(Nullable(several))) == list(several.members)
    assert list(alternatives(Scalar("any"))) == [Scalar("any")]
