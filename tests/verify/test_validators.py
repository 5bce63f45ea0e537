"""The validators of exported schemas: they agree with the reference, and find wrong schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import schema_of, target, texts_of, write
from modelsync.cli import run
from modelsync.schema.scalars import DEFAULT
from modelsync.schema.schema import Schema
from modelsync.targets.json_schema.types import Types
from modelsync.verify import validator_rules
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.expected import expected
from modelsync.verify.languages.json_schema import VALIDATORS
from modelsync.verify.left_out import Differences, JsonSchemaMeaning
from modelsync.verify.toolchains import Tool, ToolchainMissing
from modelsync.verify.validator_rules import Rule
from modelsync.verify.validators import ajv, python_jsonschema, santhosh_tekuri
from modelsync.verify.validators.request import Schemas, read_schemas
from modelsync.verify.vectors import cases
from toolchains import tools

SPEC = """\
model: Order
fields:
  id: {type: uuid, required: true}
  note: {type: string | null, maxLength: 5, pattern: '^[a-z$]*$'}
  count: {type: int32, minimum: 3, exclusiveMaximum: 9, multipleOf: 2}
  price: {type: float64, maximum: 7, multipleOf: 0.5}
  big: {type: uint64}
  at: {type: datetime}
  day: {type: date}
  tags: {type: 'list[string]', minItems: 1, maxItems: 3, uniqueItems: true}
  labels: {type: 'map[Line]', minProperties: 1, maxProperties: 2}
  color: {type: Color, required: true}
  pay: {type: Payment}
  mixed: {type: '"auto" | bool | list[int32]'}
additionalProperties: false
---
model: Line
fields: {sku: {type: string, required: true, minLength: 2}, next: {type: Line}}
additionalProperties: bool
---
enum: Color
values: {red: , green: }
---
union: Payment
discriminator: kind
members: [Cash, Card]
mapping: {cash: Cash, card: Card}
---
model: Cash
fields: {amount: {type: decimal, required: true}}
---
model: Card
fields: {number: {type: string, required: true}}
"""
ORDER = ("$defs", "Order")
FIELDS = (*ORDER, "properties")

Path_ = tuple[str | int, ...]
Change = Callable[[dict[str, Any]], object]


def changed(path: Path_, change: Change) -> Change:
    """Return a change of the schema at a path."""

    def apply(schema: dict[str, Any]) -> object:
        found: Any = schema
        for step in path:
            found = found[step]
        return change(found)

    return apply


def without(keyword: str, *path: str | int) -> Change:
    return changed(path, lambda schema: schema.pop(keyword))


def with_(keyword: str, value: object, *path: str | int) -> Change:
    def change(schema: dict[str, Any]) -> None:
        assert schema[keyword] != value
        schema[keyword] = value

    return changed(path, change)


MUTANTS: dict[str, Change] = {
    **{
        f"{field} without {keyword}": without(keyword, *FIELDS, field)
        for field, keywords in {
            "id": ("format", "type"),
            "note": ("maxLength", "pattern"),
            "count": ("minimum", "multipleOf", "type"),
            "price": ("maximum", "type"),
            "big": ("minimum", "maximum"),
            "at": ("format",),
            "day": ("format",),
            "tags": ("minItems", "maxItems", "uniqueItems", "items"),
            "labels": ("minProperties", "maxProperties", "additionalProperties"),
            "mixed": ("anyOf",),
        }.items()
        for keyword in keywords
    },
    "an absent key is accepted": without("required", *ORDER),
    "an optional key is required": changed(ORDER, lambda each: each["required"].append("at")),
    "a key is misspelled": changed(FIELDS, lambda each: each.update(Id=each.pop("id"))),
    "a closed model is open": without("additionalProperties", *ORDER),
    "an open model is closed": with_("additionalProperties", False, "$defs", "Line"),
    "other additional properties": with_("additionalProperties", True, "$defs", "Line"),
    "null is refused": with_("type", "string", *FIELDS, "note"),
    "null is accepted": with_("type", ["string", "null"], *FIELDS, "id"),
    "a pattern with a mistake": with_("pattern", "^[a-z]*$", *FIELDS, "note"),
    "a pattern that lacks its end": with_("pattern", "^[a-z$]*", *FIELDS, "note"),
    "a limit that is too low": with_("maxLength", 4, *FIELDS, "note"),
    "a limit that is too high": with_("maximum", 2**64, *FIELDS, "big"),
    "a value is missing": changed(("$defs", "Color"), lambda each: each["enum"].pop()),
    "any value": without("enum", "$defs", "Color"),
    "a member is missing": changed(("$defs", "Payment"), lambda each: each["oneOf"].pop()),
    "members for any tag": changed(
        ("$defs", "Payment"),
        lambda each: each.update(oneOf=[{"$ref": f"#/$defs/{name}"} for name in ("Cash", "Card")]),
    ),
    "a wrong reference": with_("$ref", "#/$defs/Cash", *FIELDS, "color"),
    "a decimal of any form": changed(
        ("$defs", "Cash", "properties", "amount"),
        lambda each: (each.pop("format"), each.pop("pattern")),
    ),
}

_INEXACT = ["a limit that is too high"]
"""The mutants that JavaScript cannot find: it reads large integers as other numbers."""


@cache
def schema() -> Schema:
    return schema_of(SPEC)


@cache
def exported() -> str:
    return texts_of(target(schema(), "json-schema", "out"))["out/schema.json"]


def schemas_of(mutants: Sequence[Change]) -> Schemas:
    """Return the exported schema, and then that of each mutant, with a number for each."""
    texts: dict[str, str] = {}
    uris: dict[str, str] = {}
    for number, change in enumerate((lambda _: None, *mutants)):
        text = json.loads(exported())
        change(text)
        assert number == 0 or text != json.loads(exported())
        uri = f"https://example.com/{number}/schema.json"
        texts[uri] = json.dumps(text)
        uris |= {f"{number} {name}": f"{uri}#/$defs/{name}" for name in text["$defs"]}
    return Schemas(texts, uris)


def asked(rules: Sequence[Rule]) -> Iterator[tuple[Case, bool]]:
    """Yield the cases that a validator must answer, and whether it accepts them."""
    differences = Differences(JsonSchemaMeaning(schema()), rules)
    for case in cases(schema()):
        outcome = expected(schema(), case, DEFAULT)
        if outcome is not None and differences.reason(case) is None:
            yield case, outcome.accepted


def missed(run_: Callable[[Schemas, Sequence[Case]], list[Outcome]], name: str) -> list[str]:
    """Return the mutants that a validator does not find; it must accept the exported schema."""
    rules = next(each.rules for each in VALIDATORS if each.name == name)
    wanted = list(asked(rules))
    selected = [wanted, *(list(concerned(mutant, wanted)) for mutant in MUTANTS)]
    every = [
        replace(case, definition=f"{number} {case.definition}")
        for number, each in enumerate(selected)
        for case, _ in each
    ]
    outcomes = iter(run_(schemas_of(list(MUTANTS.values())), every))
    found = []
    for each in selected:
        answers = [(case, next(outcomes), is_accepted) for case, is_accepted in each]
        wrong = [each for each in answers if each[1].crash or each[1].accepted != each[2]]
        found.append(wrong)
    assert found[0] == []
    return [mutant for mutant, wrong in zip(MUTANTS, found[1:], strict=True) if not wrong]


def concerned(mutant: str, every: Sequence[tuple[Case, bool]]) -> Iterator[tuple[Case, bool]]:
    """Yield the cases that may find a mutant: those of its field, if it is about one."""
    field = mutant.partition(" ")[0]
    for case, is_accepted in every:
        if " without " not in mutant or case.what.startswith(field):
            yield case, is_accepted


@pytest.mark.slow
def test_jsonschema_finds_each_mutant() -> None:
    tool = python_jsonschema.find(Path())
    assert (
        missed(lambda schemas, asked: python_jsonschema.run(schemas, asked, tool), "jsonschema")
        == []
    )


@pytest.mark.toolchain
def test_ajv_finds_each_mutant() -> None:
    tool = ajv.find(tools.NODE_MODULES.parent)
    assert missed(lambda schemas, asked: ajv.run(schemas, asked, tool), "ajv") == _INEXACT


@pytest.mark.toolchain
def test_ajv_compiles_a_long_chain_of_definitions() -> None:
    uri = "https://example.com/chain.json"
    chain = {f"D{n}": {"items": {"$ref": f"#/$defs/D{n + 1}"}} for n in range(500)}
    text = json.dumps({"$defs": {**chain, "D500": {"type": "string"}}})
    schemas = Schemas({uri: text}, {"A": f"{uri}#/$defs/D0"})
    asked = [Case("A", b"[]"), Case("A", b"[[[1]]]")]
    outcomes = ajv.run(schemas, asked, ajv.find(tools.NODE_MODULES.parent))
    assert [outcome.accepted for outcome in outcomes] == [True, True]


@pytest.mark.toolchain
def test_santhosh_tekuri_finds_each_mutant() -> None:
    tool = santhosh_tekuri.find(tools.GO_MODULES)
    assert (
        missed(
            lambda schemas, asked: santhosh_tekuri.run(schemas, asked, tool), santhosh_tekuri.NAME
        )
        == []
    )


# What a schema or a validator lacks ---------------------------------------------------------------


def test_a_schema_that_is_not_valid_is_a_failure() -> None:
    tool = python_jsonschema.find(Path())
    wrong = Schemas({"https://example.com/a.json": '{"type": "strung"}'}, {})
    with pytest.raises(RunFailed, match="'strung' is not valid"):
        python_jsonschema.run(wrong, [Case("A", b"{}")], tool)


def test_a_definition_without_a_schema_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "{}"})
    with pytest.raises(RunFailed, match=r"B refers to b.json, which does not exist"):
        read_schemas(tmp_path, {"A": "a.json", "B": "b.json#/x"})


def test_a_file_that_is_not_a_schema_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "[1"})
    with pytest.raises(RunFailed, match=r"a.json is not a JSON Schema: "):
        read_schemas(tmp_path, {})


def test_references_lead_to_the_identifier_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"a b/c.json": '{"$id": "https://example.com/c#"}', "d.json": "{}"})
    schemas = read_schemas(tmp_path, {"C": "a%20b/c.json#/$defs/C", "D": "d.json"})
    assert schemas.uris == {
        "C": "https://example.com/c#/$defs/C",
        "D": "https://modelsync.invalid/d.json#",
    }


PROJECT = {
    "modelsync.yaml": "targets:\n  json-schema: {out: schemas}\n",
    "specs/order.yaml": "model: Order\n"
    "fields: {id: {type: string, required: true}, note: {type: string}}\n",
}


def verified(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = run(["verify", "--project", str(folder), *options])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.fixture
def without_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither Node nor Go is there."""

    def find(_project: Path) -> Tool:
        raise ToolchainMissing("ajv", "not found", "install it")

    for number in (1, 2):
        tool = VALIDATORS[number].tool._replace(find=find)
        replaced = VALIDATORS[number]._replace(tool=tool)
        monkeypatch.setattr(
            "modelsync.verify.languages.json_schema.VALIDATORS",
            (*VALIDATORS[:1], replaced),
        )


@pytest.mark.usefixtures("without_others")
def test_a_missing_validator_is_an_error_only_if_it_is_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, PROJECT)
    code, printed = verified(tmp_path, capsys)
    assert code == 0
    assert "ajv: not found; not validated: json-schema/" in printed
    assert re.search(r"^definition +json-schema/jsonschema$", printed, re.M)
    assert re.search(r"^left out: null for an optional field +\d+$", printed, re.M)
    assert " cases, 1 validator: all agree\n" in printed
    code, printed = verified(tmp_path, capsys, "--require")
    assert code == 3
    assert run(["verify", "--format", "json", "--project", str(tmp_path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["outcome"] == "incomplete"
    found, missing = document["targets"]
    assert found["target"] == "json-schema/jsonschema"
    assert found["left_out"]["null for an optional field"] > 0
    assert not found["compiled_only"]
    assert [tool["tool"] for tool in missing["missing"]] == ["ajv"]


def test_the_schemas_of_a_preset_are_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets:\n  json-schema: {out: schemas, preset: openai}\n"
    write(tmp_path, {**PROJECT, "modelsync.yaml": config})
    code, printed = verified(tmp_path, capsys)
    assert code == 2
    assert "MS095 no target generates code" in printed


@pytest.mark.usefixtures("without_others")
def test_a_wrong_schema_is_reported_at_the_line_of_the_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Types, "scalar", lambda _self, _name: {})
    write(tmp_path, PROJECT)
    code, printed = verified(tmp_path, capsys)
    assert code == 1
    assert "json-schema/jsonschema disagrees: Order, id: null\n" in printed
    assert "\n --> specs/order.yaml:2:10\n" in printed
    assert "\n  = json-schema/jsonschema  accepted; expected: error in the document\n" in printed


def reason(spec: str, document: str, rules: Sequence[Rule] = (), definition: str = "A") -> str:
    """Return why a document is left out."""
    differences = Differences(JsonSchemaMeaning(schema_of(spec)), rules)
    return differences.reason(Case(definition, document.encode())) or ""


A = "model: A\nfields: {{a: {{type: {}}}}}\n"


@pytest.mark.parametrize(
    ("type_", "value", "why"),
    [
        ("string", "null", "null for an optional field"),
        ("string | null", "null", ""),
        ("string", '"\\ud800"', "lone surrogates"),
        ("int32", '"\\ud800"', ""),
        ("bytes", '"AR=="', "bytes that are not canonical base64"),
        ("bytes", "1", ""),
        ("float32", "1e39", "numbers beyond a 32-bit float"),
        ("float64", "1e400", "numbers beyond a 64-bit float"),
        ("int64", "1e400", ""),
        ("int64", "1e17", "large integers with a fraction or an exponent"),
        ("int64", "9223372036854775808", ""),
        ("datetime", '"0001-01-01T00:00:00+00:01"', "instants outside the years 1 to 9999"),
        ("datetime", '"2016-12-31T23:59:60Z"', ""),
        ("decimal, minimum: 1", '"0.5"', "limits of a decimal"),
        ("decimal, minimum: 1", '"a"', ""),
        ("'list[uuid]', uniqueItems: true", None, "UUIDs that only differ in case"),
    ],
)
def test_what_json_schema_cannot_say_is_left_out(type_: str, value: str | None, why: str) -> None:
    uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    value = value or json.dumps([uuid, uuid.upper()])
    assert reason(A.format(type_), f'{{"a": {value}}}') == why


@pytest.mark.parametrize(
    ("type_", "value", "rule", "is_left_out"),
    [
        ("int64", "9007199254740993", validator_rules.LARGE_INTEGERS, False),
        ("int64", "9223372036854775808", validator_rules.LARGE_INTEGERS, True),
        ("string", "9007199254740993", validator_rules.LARGE_INTEGERS, False),
        ("float64, multipleOf: 0.1", "0.3", validator_rules.FLOAT_DIVISION, True),
        ("float64, multipleOf: 0.1", '"0.3"', validator_rules.FLOAT_DIVISION, False),
        ("int32, multipleOf: 3", "4", validator_rules.FLOAT_DIVISION, False),
        ("string, pattern: '^a$'", '"a\\n"', validator_rules.LAST_LINE_FEED, True),
        ("string, pattern: '^a$'", '"ab\\n"', validator_rules.LAST_LINE_FEED, False),
        ("string, pattern: '$^'", '"\\n"', validator_rules.LAST_LINE_FEED, True),
        ("string, pattern: '(a$)?\\n'", '"a\\n"', validator_rules.LAST_LINE_FEED, True),
        ("string, pattern: '^(a$|b$)'", '"b\\n"', validator_rules.LAST_LINE_FEED, True),
        ("string, pattern: '^[$a]$'", '"$"', validator_rules.LAST_LINE_FEED, False),
        ("string, pattern: '\\bcat'", '"\u00e9cat"', validator_rules.WORD_BOUNDARY, True),
        ("float64, minimum: 0.1", "0.1000000000000000055", validator_rules.EXACT_NUMBERS, True),
        ("float64, minimum: 0.1", "0.10", validator_rules.EXACT_NUMBERS, False),
    ],
)
def test_what_a_validator_reads_differently_is_left_out(
    type_: str, value: str, rule: Rule, is_left_out: bool
) -> None:
    found = reason(A.format(type_), f'{{"a": {value}}}', [rule])
    assert found == (rule.reason if is_left_out else "")


def test_what_a_validator_cannot_read_is_left_out() -> None:
    spec = "alias: A\ntype: list[A]\n---\nalias: B\ntype: string | null\n"
    assert reason(spec, "[") == "not JSON"
    assert reason(spec, "[" * 13 + "]" * 13) == "nested deeper than 12 levels"
    assert reason(spec, "[" * 100_000 + "]" * 100_000) == "nested deeper than 12 levels"
    assert reason(spec, "null", definition="B") == "null for an alias that includes null"
    assert reason("model: A\nfields: {a: {type: any}}\n", '{"a": "\\ud800"}').startswith(
        "values of"
    )
