"""Aliases are read as what they stand for, and written back as they were."""

from __future__ import annotations

from decimal import Decimal

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, schema_of
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Alias, Enum, Model, Union
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.spec.read import read_schema, read_specs
from modelsync.spec.write import write_specs

OTHERS = """
---
alias: Null
type: uuid | null
---
alias: Same
type: Null
---
alias: Text
type: string
---
alias: Any
type: any
---
alias: Sku
type: string
minLength: 3
---
model: M
fields: {}
"""


def alias(keys: str) -> Alias | Union:
    definition = schema_of(f"alias: A\n{keys}\n{OTHERS}").by_id["A"]
    assert isinstance(definition, Alias | Union)
    return definition


def field_type(written: str, more: str = "") -> Type:
    spec = f"model: B\nfields:\n  f:\n    type: '{written}'\n{more}{OTHERS}"
    model = schema_of(spec).by_id["B"]
    assert isinstance(model, Model)
    return model.fields[0].type


@pytest.mark.parametrize(
    ("keys", "type_", "nullable"),
    [
        ("type: string", Scalar("string"), False),
        ("type: string | null", Scalar("string"), True),
        ("type: Text", Ref("Text"), False),
        ("type: Same", Ref("Same"), True),
        ("type: Text | null", Ref("Text"), True),
        ("type: Any", Ref("Any"), False),
        ("type: Any | null", Ref("Any"), False),
        ("type: list[Null]", ListOf(Nullable(Ref("Null"))), False),
        ("type: map[A]", MapOf(Ref("A")), False),
        ("type: list[A | null] | null", ListOf(Nullable(Ref("A"))), True),
    ],
)
def test_the_type_of_an_alias(keys: str, type_: Type, nullable: bool) -> None:
    found = alias(keys)
    assert isinstance(found, Alias)
    assert (found.type, found.nullable) == (type_, nullable)


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("Null", Nullable(Ref("Null"))),
        ("Null | null", Nullable(Ref("Null"))),
        ("Same", Nullable(Ref("Same"))),
        ("list[Null]", ListOf(Nullable(Ref("Null")))),
        ("map[list[Same]] | null", Nullable(MapOf(ListOf(Nullable(Ref("Same")))))),
        ("Null | bool", Nullable(AnyOf((Ref("Null"), Scalar("bool"))))),
        ("bool | Null | null", Nullable(AnyOf((Scalar("bool"), Ref("Null"))))),
        ("Any | null", Ref("Any")),
        ("Text", Ref("Text")),
    ],
)
def test_an_alias_brings_its_null(written: str, type_: Type) -> None:
    assert field_type(written) == type_


def test_constraints_add_to_those_of_an_alias() -> None:
    sku = alias("type: Sku\nmaxLength: 9")
    assert isinstance(sku, Alias)
    assert sku.type == Limited(Ref("Sku"), Constraints(max_length=9), "string")
    limited = field_type("Sku | null", "    minLength: 5\n")
    assert limited == Nullable(Limited(Ref("Sku"), Constraints(min_length=5), "string"))


def test_an_alias_of_several_types_is_a_union_of_that_name() -> None:
    union = alias("""type: '"auto" | int64 | null'\nminimum: 5\nformat: speed""")
    assert isinstance(union, Union)
    limited = Limited(Scalar("int64"), Constraints(minimum=Decimal(5)))
    assert union.members == (Constant("auto"), limited)
    assert (union.is_alias, union.nullable, union.format) == (True, True, "speed")


def test_an_alias_of_literals_is_an_enum_of_that_name() -> None:
    schema = schema_of(
        """alias: E\ntype: '"a" | "b"'\ndescription: One of two\nexample: b\nx-table: e\n"""
        "names: {go: Kind}\n---\nalias: F\ntype: list[1 | 2]\n"
    )
    enum, of_list, item = lift_unions(schema).definitions
    assert isinstance(enum, Enum)
    assert isinstance(item, Enum)
    assert [value.json_value for value in enum.values] == ["a", "b"]
    assert (enum.description, enum.example, enum.names) == ("One of two", "b", {"go": "Kind"})
    assert enum.extensions == {"x-table": "e"}
    assert isinstance(of_list, Alias)
    assert (of_list.type, item.name) == (ListOf(Ref("FItem")), "FItem")


def test_a_discriminator_may_be_behind_an_alias() -> None:
    schema = schema_of(
        "union: U\ndiscriminator: kind\nmembers: [Cat, Dog]\n"
        """---\nalias: CatKind\ntype: '"cat" | "kitten"'\n---\nalias: DogKind\ntype: '"dog"'\n"""
        "---\nmodel: A\nfields:\n  kind: {type: CatKind, required: true}\n"
        "---\nalias: Cat\ntype: A\n"
        "---\nmodel: Dog\nfields:\n  kind: {type: DogKind, required: true}\n"
    )
    union = schema.by_id["U"]
    assert isinstance(union, Union)
    assert union.members == (Ref("A"), Ref("Dog"))
    assert union.mapping == (("cat", "A"), ("kitten", "A"), ("dog", "Dog"))


def test_aliases_refer_to_each_other_in_any_order() -> None:
    count = 3_000
    chain = [f"alias: A{n}\ntype: list[A{n + 1}]\n" for n in range(count)]
    schema = schema_of("---\n".join([*chain, f"alias: A{count}\ntype: string\n"]))
    assert len(schema.definitions) == count + 1


def test_a_broken_alias_counts_as_any() -> None:
    broken = "alias: A\ntype: string\nminLength: -1\n"
    spec = f"{broken}---\nmodel: M\nfields:\n  a: {{type: A, default: 3}}\n"
    reading = read_specs({"specs/a.yaml": spec}, "specs")
    assert [problem.code for problem in reading.problems] == ["MS013"]


def back(schema: Schema) -> Schema:
    return read_schema(write_specs(schema, "specs"), "specs")


def test_aliases_are_written_as_they_were_read() -> None:
    schema = schema_in(CASES / "aliases")
    texts = write_specs(schema, "specs")
    assert read_schema(texts, "specs").by_id == schema.by_id
    assert texts["specs/old_trace_id.yaml"].endswith("type: TraceId\n")
    assert texts["specs/trace_id.yaml"].endswith("type: uuid | null\n")
    assert texts["specs/auto.yaml"] == "alias: Auto\ntype: '\"auto\" | int64 | null'\nminimum: 5\n"
    assert "    type: TraceId\n" in texts["specs/order.yaml"]
