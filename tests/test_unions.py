"""How the members of unions are told apart."""

from __future__ import annotations

import pytest

from modelsync.ir import Ref, Schema
from modelsync.targets._typescript_names import memory_kinds
from modelsync.unions import Covering
from modelsync.wire import kinds, read
from projects import schema_of

LEVELS = 40


@pytest.fixture(scope="module")
def layered() -> Schema:
    """Return unions of two unions each, on many levels: there are very many ways through them."""
    levels = [
        f"union: {side}{n}\nmembers: [P{n + 1}, Q{n + 1}]\noverlapping: true\n"
        for n in range(LEVELS)
        for side in "PQ"
    ]
    last = [
        f"model: P{LEVELS}\nfields: {{p: {{type: string, required: true}}}}\n",
        f"enum: Q{LEVELS}\nvalues: {{a: , b: }}\n",
    ]
    return schema_of("---\n".join([*levels, *last]))


def test_what_members_have_in_common_is_looked_at_once(layered: Schema) -> None:
    assert kinds(layered, Ref("P0")) == {"object", "string"}
    assert memory_kinds(layered, Ref("P0")) == {"object", "string"}
    assert Covering(layered).settled(Ref("P0"), Ref("Q0"))
    assert not Covering(layered).settled(Ref(f"P{LEVELS}"), Ref("Q0"))
    assert read(layered, Ref("P0"), {"p": "x"}) == {"p": "x"}


@pytest.mark.parametrize(("type_", "expected"), [("string", False), ("int32", True)])
def test_what_rests_on_a_wrong_guess_is_looked_at_again(type_: str, expected: bool) -> None:
    """`One` is taken to cover `S`, by which `Two` covers `T`, until `last` refutes that."""
    schema = schema_of(
        "union: U\nmembers: [One, Two]\noverlapping: true\n"
        "---\nmodel: One\nfields:\n  t: {type: Two}\n  last: {type: int32}\n  no: {type: One}\n"
        "---\nmodel: Two\nfields:\n  s: {type: One}\n  t: {type: Two}\n"
        f"---\nmodel: S\nfields:\n  t: {{type: T}}\n  last: {{type: {type_}}}\n  no: {{type: S}}\n"
        "---\nmodel: T\nfields:\n  s: {type: S}\n"
    )
    assert Covering(schema).settled(Ref("U"), Ref("S")) is expected
    assert Covering(schema).settled(Ref("Two"), Ref("T")) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("{type: string, required: true}", "{type: string, required: true}", True),
        ("{type: string, required: true}", "{type: string | null, required: true}", False),
        ("{type: string | null, required: true}", "{type: string | null, required: true}", True),
        ("{type: string}", "{type: string | null, required: true}", True),
        ("{type: string}", "{type: 'map[string | null]', required: true}", False),
        ("{type: 'list[string]'}", "{type: 'list[string | null]'}", False),
        ("{type: 'list[string | null]'}", "{type: 'list[string]'}", True),
        ("{type: 'map[any]'}", "{type: 'map[string | null]'}", True),
    ],
)
def test_null_counts_where_it_does_not_mean_absent(first: str, second: str, expected: bool) -> None:
    schema = schema_of(
        f"model: First\nfields: {{x: {first}}}\n---\nmodel: Second\nfields: {{x: {second}}}\n"
    )
    assert Covering(schema).settled(Ref("First"), Ref("Second")) is expected
