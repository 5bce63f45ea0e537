"""An alias means what it stands for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from helpers.projects import schema_of
from modelsync.schema.aliases import constraints_of
from modelsync.schema.constraints import Constraints
from modelsync.schema.covering import Covering
from modelsync.schema.definitions import Model, Union
from modelsync.schema.json_values import Json, kinds
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.types import ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.validation import ValidationError
from modelsync.schema.without_aliases import without_aliases
from modelsync.schema.without_constraints import without_constraints
from modelsync.targets.typescript.unions import memory_kinds

SPEC = """\
alias: Sku
type: string
minLength: 3
---
alias: Long
type: Sku
minLength: 5
maxLength: 9
---
alias: Skus
type: list[Long]
maxItems: 2
---
alias: Json
type: string | list[Json] | map[Json]
---
alias: Tree
type: list[Tree | null]
---
alias: Moment
type: datetime
---
alias: Person
type: User
---
alias: Anything
type: any
---
alias: Both
type: Moment | Json | null
---
model: User
fields:
  sku: {type: Long, required: true}
  more: {type: Skus}
  json: {type: Json}
  tree: {type: Tree}
  anything: {type: Anything}
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return schema_of(SPEC)


@pytest.mark.parametrize(
    ("id_", "value"),
    [
        ("Sku", "abc"),
        ("Long", "abcde"),
        ("Skus", ["abcde"]),
        ("Json", {"a": ["b", {}]}),
        ("Tree", [[], None, [[]]]),
        ("Person", {"sku": "abcde", "anything": None}),
    ],
)
def test_an_alias_accepts_what_its_type_accepts(schema: Schema, id_: str, value: Json) -> None:
    assert read(schema, Ref(id_), value) == value


@pytest.mark.parametrize(
    ("id_", "value", "error"),
    [
        ("Sku", "ab", "expected at least 3 characters, found 2"),
        ("Sku", 3, "expected a string, found 3"),
        ("Long", "ab", "expected at least 3 characters, found 2"),
        ("Long", "abcd", "expected at least 5 characters, found 4"),
        ("Skus", ["abcde", "a"], "[1]: expected at least 3 characters, found 1"),
        ("Skus", ["abcde"] * 3, "expected at most 2 items, found 3"),
        ("Tree", [[3]], "[0][0]: expected an array, found 3"),
        ("Person", {"sku": None}, "sku: expected a string, found null"),
        ("Json", 3, "expected a value of Json, found 3"),
    ],
)
def test_errors_are_those_of_the_type(schema: Schema, id_: str, value: Json, error: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read(schema, Ref(id_), value)
    assert str(raised.value) == error


def test_kinds_are_those_of_the_type(schema: Schema) -> None:
    assert kinds(schema, Ref("Person")) == {"object"}
    assert kinds(schema, Ref("Json")) == {"string", "array", "object"}
    assert memory_kinds(schema, Ref("Moment")) == {"Date"}
    assert len(kinds(schema, Ref("Anything"))) == 6


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Scalar("string"), Ref("Sku"), True),
        (Scalar("string"), Ref("Long"), True),
        (Ref("Sku"), Scalar("string"), False),
        (Ref("Sku"), Ref("Sku"), True),
        (Ref("Person"), Ref("User"), True),
        (Ref("User"), Ref("Person"), True),
        (Ref("Anything"), Ref("Tree"), True),
        (Ref("Moment"), Scalar("datetime"), True),
        (ListOf(Scalar("any")), Ref("Tree"), True),
        (Ref("Tree"), ListOf(Ref("Tree")), True),
        (MapOf(Ref("Anything")), Ref("Person"), True),
    ],
)
def test_an_alias_covers_what_its_type_covers(
    schema: Schema, first: Type, second: Type, expected: bool
) -> None:
    assert Covering(schema).settled(first, second) is expected


def test_constraints_are_combined(schema: Schema) -> None:
    found = constraints_of(schema.by_id, Ref("Long"))
    assert found == Constraints(min_length=5, max_length=9)
    one = Constraints(multiple_of=Decimal("0.04"), pattern="a", unique_items=True)
    other = Constraints(multiple_of=Decimal("3e2"), pattern="b", maximum=Decimal(1))
    assert one.combined(other) == Constraints(
        multiple_of=Decimal(300), pattern="a", unique_items=True, maximum=Decimal(1)
    )
    both = Constraints(multiple_of=Decimal("0.4")).combined(Constraints(multiple_of=Decimal(3)))
    assert both.multiple_of == 6


def test_a_schema_without_aliases_has_their_types(schema: Schema) -> None:
    flat = without_aliases(without_constraints(schema))
    assert set(flat.by_id) == {"Json", "Tree", "User"}
    json, tree, user = (flat.by_id[id_] for id_ in ("Json", "Tree", "User"))
    assert isinstance(user, Model)
    assert [field.type for field in user.fields] == [
        Scalar("string"),
        ListOf(Scalar("string")),
        Ref("Json"),
        Ref("Tree"),
        Scalar("any"),
    ]
    assert isinstance(tree, Union)
    assert tree.members == (ListOf(Nullable(Ref("Tree"))),)
    assert isinstance(json, Union)
    assert len(json.members) == 3
