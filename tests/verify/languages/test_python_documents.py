"""Generated Python decodes and encodes documents as the reference does, also hostile ones."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.projects import generate, reference, schema_of
from helpers.python_schemas import AT, FIELD_NAMES, STRING, every_type, model, names_schema
from modelsync.schema.definitions import Field, Model, Union
from modelsync.schema.json_values import to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import ListOf, MapOf, Ref, Scalar
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case
from modelsync.verify.languages import python as python_runner

pytestmark = pytest.mark.slow

VALUES: list[str] = [
    *[
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1",
        "2",
        "3",
        "1.0",
        "1e3",
        "1.5",
        "-1",
        "1e400",
    ],
    *["2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807"],
    *["9223372036854775808", "-9223372036854775808", "9007199254740991.0", "9007199254740992.0"],
    *["1e19", "0.1", "16777217", "3.5e38", "1e-46", "1e-45", "123456789012345678901234567890"],
    *['""', '"x"', '"a"', '"b"', '"x y"', '"a \\"b\\" \\\\"', '"é\\u0000"', '"\\ud800"', '"😀"'],
    *['"2024-02-29T12:00:00Z"', '"2023-02-29T12:00:00Z"', '"2024-02-29t12:00:00.123456789+05:30"'],
    *['"2024-02-29T12:00:00"', '"2024-02-29 12:00:00Z"', '"0001-01-01T00:00:00+01:00"'],
    *['"2024-02-29T23:59:60Z"', '"2024-02-29T24:00:00Z"', '"2024-02-29T12:00:00.Z"', '"1-1-1"'],
    *['"2024-02-29"', '"2023-02-29"', '"20240229"', '"2024-W01-1"', '"AP8i"', '"AP8"', '"AP8i\\n"'],
    *['"AA=="', '"AB=="', '"_-8="', '"="', "[]", "{}", "[null]", '["x", 1]', "[[1], [null]]"],
    *['{"n": 1}', '{"n": 1.5}', '{"n": null}', '{"kind": "leaf", "n": 1}', '{"kind": "node"}'],
    *[
        '{"kind": "other"}',
        '{"kind": 1}',
        '{"__proto__": {"n": 1}, "": {"n": 2}}',
        '{"\\ud800": 1}',
    ],
    *['{"k": [null, "2024-02-29"]}', '{"a": {"b": [1e400]}}', '["a", ["b", {"kind": "node"}]]'],
    '{"kind": "node", "top": {"nodes": [{"kind": "node", "top": {"tagged": {"kind": "leaf"}}}]}}',
]


def documents(schema: Schema) -> Iterator[Case]:
    """Yield documents of each model and union: for each field, with each kind of value."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    for definition in schema.definitions:
        if not isinstance(definition, Model):
            yield from (Case(definition.id, value.encode()) for value in VALUES)
            continue
        if definition.fields and definition.fields[0].json_key != "req":
            yield from (Case(definition.id, f'{{"nodes": {value}}}'.encode()) for value in VALUES)
            continue
        for field in definition.fields:
            # In containers, values are bare and in containers of that depth.
            for value in chance.sample(VALUES, 12):
                for shape in ("{}", "[{}]", '{{"k": {}}}', "[[{}]]", '{{"k": [{}]}}'):
                    if chance.random() < 0.3:
                        yield _document(definition, field, shape.format(value))


def _document(model: Model, probed: Field, value: str) -> Case:
    entries = [f"{json.dumps(probed.json_key)}: {value}"]
    if not probed.required:
        entries += ['"req null": null', f'"req": {_valid(model.fields[0])}']
    elif probed.json_key == "req":
        entries.append('"req null": null')
    else:
        entries.append(f'"req": {_valid(model.fields[0])}')
    return Case(model.id, f"{{{', '.join(entries)}}}".encode())


def _valid(field: Field) -> str:
    kinds = {ListOf: "[]", MapOf: "{}"}
    return kinds.get(type(field.type)) or json.dumps(to_json(field.examples[0]))


def test_outcomes_are_those_of_the_reference(tmp_path: Path) -> None:
    target = generate(every_type(), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    cases = list(documents(target.schema))
    assert len(cases) == 30_487
    for case, outcome in zip(
        cases, python_runner.run(target, tmp_path / "models", cases), strict=True
    ):
        expected = reference(target.schema, case)
        if outcome.accepted:
            # Python keeps more digits than the reference, which truncates them here.
            again = reference(target.schema, replace(case, document=outcome.json.encode()))
            assert json.loads(again.json or "0") == json.loads(expected.json or "1"), case
            assert outcome.accepted == expected.accepted, (case, outcome, expected)
        else:
            assert outcome == expected, case


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> tuple[PythonTarget, Path]:
    folder = tmp_path_factory.mktemp("strange")
    target = generate(names_schema(), "python", folder, "models")
    assert isinstance(target, PythonTarget)
    return target, folder / "models"


def test_unusual_field_names_round_trip(strange: tuple[PythonTarget, Path]) -> None:
    document = {name: f"value of {name}" for name in FIELD_NAMES}
    (outcome,) = python_runner.run(*strange, [Case("Names", json.dumps(document).encode())])
    assert json.loads(outcome.json) == document


def test_hostile_documents_are_rejected(strange: tuple[PythonTarget, Path]) -> None:
    deep = 100_000
    hostile = [
        b"",
        b"{",
        b'{"own": ',
        b"\xff",
        b"NaN",
        b'{"x": Infinity}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * deep,
        b'{"own":' * deep + b"{}" + b"}" * deep,
        b"1" * 10_000,
    ]
    outcomes = python_runner.run(*strange, [Case("List", document) for document in hostile])
    assert [outcome.accepted for outcome in outcomes] == [False] * len(hostile)
    assert {outcome.path for outcome in outcomes} == {""}
    assert all(outcome.message.startswith("not JSON") for outcome in outcomes[:8])


def test_deep_documents_are_decoded(tmp_path: Path) -> None:
    target = generate(every_type(), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    plain = "[" * 199 + '"x"' + "]" * 199
    top = '{"nodes": [{"kind": "node", "top": ' * 66 + "{}" + "}]}" * 66
    cases = [Case("b.Plain", plain.encode()), Case("Top", top.encode())]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [json.loads(outcome.json or "0") for outcome in outcomes] == [
        json.loads(plain),
        json.loads(top),
    ]


NESTED = f"""\
union: Outer
members: [Middle, string]
---
union: Middle
members: [Inner, int32]
---
union: Inner
members: [One, Many, Tagged, 'list[list[string]]', 'list[Outer | null]', 'map[Outer | null]']
---
model: One
fields: {{one: {{type: string, required: true}}, in: {{type: Outer | null, required: true}}}}
---
model: Many
fields:
  many: {{type: string, required: true}}
{"".join(f"  f{n}: {{type: string}}{chr(10)}" for n in range(50))}\
  in: {{type: Outer}}
---
union: Tagged
discriminator: tag
mapping: {{a: Member}}
members: [Member]
---
model: Member
fields: {{in: {{type: Tagged}}, out: {{type: 'list[Tagged | null]'}}, one: {{type: One}}}}
"""
"""What needs most of the stack: unions of unions, and items that have their own function."""

DEEP = """
import models


def within(frames, read, write, text):
    if frames:
        return within(frames - 1, read, write, text)
    return write(read(text))


for name, before, inside, after in (
    ("outer", "[", '"x"', "]"),
    ("outer", '{"key":', '"x"', "}"),
    ("outer", '[{"key":', '"x"', "}]"),
    ("outer", '{"one":"","in":', '"x"', "}"),
    ("outer", '{"many":"","in":', '"x"', "}"),
    ("outer", '{"many":"","in":[{"one":"","in":', '"x"', "}]}"),
    ("tagged", '{"tag":"a","in":', '{"tag":"a"}', "}"),
    ("tagged", '{"tag":"a","out":[', '{"tag":"a"}', "]}"),
    ("outer", '{"tag":"a","one":{"one":"","in":', '"x"', "}}"),
):
    read, write = (getattr(models, f"{name}_{suffix}") for suffix in ("from_json", "to_json"))
    for levels in (200, 100_000):
        levels -= inside.startswith("{")
        times = levels // (before.count("{") + before.count("["))
        text = before * times + inside + after * times
        try:
            assert within(100, read, write, text) == text
        except (models.DecodeError, models.EncodeError) as error:
            assert levels > 200, (before, error)
            assert "deep" in str(error), error
        else:
            assert levels <= 200
"""


def test_documents_may_nest_200_deep_in_any_type(tmp_path: Path) -> None:
    generate(schema_of(NESTED), "python", tmp_path, "models")
    subprocess.run([sys.executable, "-c", DEEP], cwd=tmp_path, check=True)


@pytest.mark.parametrize("digits", [309, 500, 5000])
def test_integers_of_any_length_have_an_outcome(tmp_path: Path, digits: int) -> None:
    many = model(
        "Many",
        *(Field(each, Scalar(each)) for each in ("int32", "int64", "float32", "float64", "any")),
    )
    made = generate(Schema((many,)), "python", tmp_path, "models")
    assert isinstance(made, PythonTarget)
    keys = [*(field.json_key for field in many.fields), "unknown"]
    cases = [
        Case("Many", f'{{"{key}": {sign}{"9" * digits}}}'.encode())
        for key in keys
        for sign in ("", "-")
    ]
    outcomes = python_runner.run(made, tmp_path / "models", cases)
    assert [outcome.path for outcome in outcomes[:-2]] == [key for key in keys[:-1] for _ in "+-"]
    assert [outcome.json for outcome in outcomes[-2:]] == ["{}", "{}"]


def test_invalid_json_is_reported_despite_a_long_integer(tmp_path: Path) -> None:
    made = generate(Schema((model("Many"),)), "python", tmp_path, "models")
    assert isinstance(made, PythonTarget)
    long = "9" * 5000
    cases = [Case("Many", f"[{long}, {rest}".encode()) for rest in ("NaN]", "]", "")]
    outcomes = python_runner.run(made, tmp_path / "models", cases)
    assert [outcome.message[:9] for outcome in outcomes] == ["not JSON:"] * len(cases)
    assert not any("digits" in outcome.message for outcome in outcomes)


def test_an_error_names_its_field_among_many(tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(100)]
    many = model(
        "Many", *(Field(name, STRING, required=n % 2 == 0) for n, name in enumerate(names))
    )
    target = generate(Schema((many,)), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    good = dict.fromkeys(names, "x")
    wrong = [{**good, name: 1} for name in names]
    absent = [{key: "x" for key in names if key != name} for name in names[::2]]
    cases = [Case("Many", json.dumps(data).encode()) for data in (*wrong, *absent)]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [outcome.path for outcome in outcomes] == [*names, *names[::2]]


def test_unions_that_contain_themselves_take_linear_time(tmp_path: Path) -> None:
    one = model("One", Field("next", Ref("Either")), Field("a", STRING, True))
    two = model("Two", Field("next", Ref("Either")), Field("b", STRING, True))
    either = Union(name="Either", position=AT, members=(Ref("One"), Ref("Two")))
    target = generate(Schema((one, two, either)), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    good = '{"next": ' * 80 + '{"b": "x"}' + ', "b": "x"}' * 80
    bad = '{"next": ' * 80 + "{}" + ', "b": "x"}' * 80
    cases = [Case("Either", good.encode()), Case("Either", bad.encode())]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [outcome.accepted for outcome in outcomes] == [True, False]
