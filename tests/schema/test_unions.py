"""How the members of unions are distinguished."""

from __future__ import annotations

import json

import pytest

from helpers.projects import schema_of, target, texts_of
from modelsync.schema.covering import Covering
from modelsync.schema.definitions import Field, Model
from modelsync.schema.json_values import kinds
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Scalar
from modelsync.schema.validation import ValidationError
from modelsync.spec.read import read_specs
from modelsync.spec.rules import DEEPEST
from modelsync.targets import target_names
from modelsync.targets.typescript.unions import memory_kinds
from modelsync.verify.strict import nesting
from modelsync.verify.vectors import cases

LEVELS = 40


@pytest.fixture(scope="module")
def layered() -> Schema:
    """Unions of two unions each, on many levels: the number of paths is exponential."""
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


def test_shared_members_are_compared_once(layered: Schema) -> None:
    assert kinds(layered, Ref("P0")) == {"object", "string"}
    assert memory_kinds(layered, Ref("P0")) == {"object", "string"}
    assert Covering(layered).settled(Ref("P0"), Ref("Q0"))
    assert not Covering(layered).settled(Ref(f"P{LEVELS}"), Ref("Q0"))
    assert read(layered, Ref("P0"), {"p": "x"}) == {"p": "x"}


@pytest.mark.parametrize(("type_", "expected"), [("string", False), ("int32", True)])
def test_a_refuted_assumption_is_revisited(type_: str, expected: bool) -> None:
    """`One` is assumed to cover `S`, so `Two` covers `T`, until `last` refutes that."""
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
def test_null_is_compared_unless_it_means_absent(first: str, second: str, expected: bool) -> None:
    schema = schema_of(
        f"model: First\nfields: {{x: {first}}}\n---\nmodel: Second\nfields: {{x: {second}}}\n"
    )
    assert Covering(schema).settled(Ref("First"), Ref("Second")) is expected


def _chain(depth: int) -> str:
    """Return unions, each with the previous one and a model as its members."""
    documents = ["union: U0\nmembers: [int32, string]\n"]
    for n in range(1, depth):
        documents.append(f"union: U{n}\nmembers: [U{n - 1}, M{n}]\n")
        documents.append(f"model: M{n}\nfields: {{f{n}: {{type: string, required: true}}}}\n")
    holder = f"{{type: U{depth - 1}, default: {{f1: x}}, example: 7}}"
    documents.append(f"model: Holder\nfields: {{a: {holder}, b: {{type: 'list[U0] | bool'}}}}\n")
    return "---\n".join(documents)


def _problems(spec: str) -> list[tuple[str, int]]:
    problems = read_specs({"specs/a.yaml": spec}, "specs").problems
    return [(problem.code, problem.position.line) for problem in problems]


@pytest.mark.slow
def test_unions_nest_up_to_the_limit() -> None:
    schema = schema_of(_chain(DEEPEST))
    deepest = Ref(f"U{DEEPEST - 1}")
    assert kinds(schema, deepest) == {"number", "string", "object"}
    assert read(schema, deepest, {"f1": "x", "f2": "y"}) == {"f1": "x"}
    with pytest.raises(ValidationError, match=f"expected a value of U{DEEPEST - 1}"):
        read(schema, deepest, {})
    with pytest.raises(ValidationError, match=r"expected a 32-bit integer, found 1\.5"):
        read(schema, deepest, 1.5)
    assert Covering(schema).settled(deepest, Ref("M1"))
    assert not Covering(schema).settled(Ref("M1"), deepest)
    options = {"go": {"module": "example.com/x"}, "sdk-docs": {"notation": "typescript"}}
    for name in target_names():
        texts_of(target(schema, name, "out", options.get(name)))
    assert {case.definition for case in cases(schema)} == schema.by_id.keys()


@pytest.mark.slow
@pytest.mark.parametrize("depth", [DEEPEST + 1, 5_000])
def test_unions_that_nest_too_deep_are_reported_once_per_limit(depth: int) -> None:
    spec = _chain(depth)
    lines = [
        spec[: spec.index(f"union: U{index}\n")].count("\n") + 1
        for index in range(DEEPEST, depth, DEEPEST)
    ]
    assert _problems(spec) == [("MS046", line) for line in lines]


@pytest.mark.slow
def test_long_chains_of_models_are_compared() -> None:
    length = 5_000
    schema = Schema(
        tuple(
            Model(name=f"{side}{n}", fields=(Field(json_key="next", type=type_, required=True),))
            for side, last in (
                ("A", Scalar("string")),
                ("B", Scalar("string")),
                ("C", Scalar("int32")),
            )
            for n in range(length)
            for type_ in (Ref(f"{side}{n + 1}") if n + 1 < length else last,)
        )
    )
    assert Covering(schema).settled(Ref("A0"), Ref("B0"))
    assert not Covering(schema).settled(Ref("A0"), Ref("C0"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("a: {type: A, default: {}}", [("MS047", 2)]),
        ("a: {type: 'list[A]', default: [{}]}", [("MS047", 2)]),
        ("a: {type: 'map[A] | int32', default: {k: {}}}", [("MS047", 2)]),
        ("a: {type: 'A | null', default: {a: null}}", []),
        ("a: {type: 'list[A]', default: []}", []),
        ("a: {type: 'A | null', default: null}", []),
    ],
)
def test_a_default_must_not_contain_itself(fields: str, expected: list[tuple[str, int]]) -> None:
    assert _problems(f"model: A\nfields: {{{fields}}}\n") == expected


@pytest.mark.parametrize(
    ("length", "lines"), [(DEEPEST - 1, []), (DEEPEST, [3]), (3 * DEEPEST, [3, 803, 1603])]
)
def test_nested_defaults_are_limited_in_depth(length: int, lines: list[int]) -> None:
    field = "a: {{type: M{}, default: {{}}}}"
    models = [f"model: M{n}\nfields:\n  {field.format(n + 1)}\n" for n in range(length)]
    spec = "---\n".join([*models, f"model: M{length}\nfields: {{}}\n"])
    assert _problems(spec) == [("MS047", line) for line in lines]
    if not lines:
        schema = schema_of(spec)
        assert nesting(json.dumps(read(schema, Ref("M0"), {}))) == DEEPEST
