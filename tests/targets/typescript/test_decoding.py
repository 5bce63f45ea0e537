"""TypeScript at run time: all errors of a document, plain objects, other realms, and schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from helpers.projects import generate, schema_of
from modelsync.schema.ir import Ref
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.meaning import errors
from modelsync.targets.typescript.module import has_one_codec
from modelsync.verify.toolchains import Tool

SPEC: Final = """
model: Order
additionalProperties: false
fields:
  id: {type: string, required: true, minLength: 3}
  on: {type: bool}
  count: {type: int64, minimum: 1}
  lines: {type: 'list[Line]', maxItems: 3}
  codes: {type: 'list[string]', uniqueItems: true}
  prices: {type: 'map[decimal]'}
  payment: {type: Payment}
  owner: {type: Person | Company | string}
  status: {type: Status}
  any: {type: any}
  parent: {type: Order}
  pins: {type: 'list[int32]', minItems: 2, writeOnly: true}
  key: {type: Line | Place, writeOnly: true}
---
model: Line
fields:
  sku: {type: Sku, required: true}
  size: {type: float64, required: true}
---
alias: Sku
type: string
pattern: '^[A-Z]+$'
---
union: Payment
discriminator: type
members: [Card, Cash]
---
model: Card
fields: {type: {type: '"card"', required: true}, number: {type: string, required: true}}
---
model: Cash
fields: {type: {type: '"cash"', required: true}}
---
model: Person
fields: {name: {type: string, required: true}, born: {type: Place}}
---
model: Place
fields: {city: {type: string, required: true}}
---
model: Company
fields: {title: {type: string, required: true}, kind: {type: '"company"'}}
---
enum: Status
values: {open: , paid: }
---
model: Thing
additionalProperties: string
fields: {at: {type: datetime}, data: {type: bytes}, map: {type: 'map[string]', default: {}}}
"""
DEEP: Final = json.loads('{"id": "abc", "parent": ' * 20 + '{"id": 1}' + "}" * 20)
DOCUMENTS: Final[list[Any]] = [
    {},
    3,
    [],
    {"id": "abc"},
    {"id": "a", "on": "yes", "count": 0, "lines": 3, "codes": ["a", "a"], "more": 1, "other": 2},
    {"id": 5, "count": 1.5, "lines": [{}, {"sku": "a"}, {"sku": "A", "size": "x"}, 4]},
    {"id": "abc", "lines": [{"sku": 5, "size": None}, [], {"sku": "a", "size": True}]},
    {"id": "abc", "codes": [1, "a", "a", None], "prices": {"a": "x", "b": 1, "c": "1"}},
    {"id": "abc", "payment": {"type": "crd"}, "owner": {}, "status": "opne"},
    {"id": "abc", "payment": {"type": "card"}, "owner": {"name": "a", "born": {}}, "status": 1},
    {"id": "abc", "payment": {"type": 1}, "owner": {"title": 1, "kind": "x"}, "status": None},
    {"id": "abc", "payment": {}, "owner": 5, "any": [{"a": [1]}]},
    {"id": "abc", "lines": [{}] * 60},
    {"id": "abc", "codes": list(range(200))},
    {"id": "abc", "pins": [1], "key": {"sku": 1}},
    {"id": "a", "pins": [1, "2", True], "key": 1},
    {"id": "abc", "parent": {"pins": "1234"}},
    DEEP,
]

SCRIPT: Final = """\
import vm from "node:vm";
import { readFileSync } from "node:fs";
import * as m from "./out/index.ts";
const result = {};
result.errors = JSON.parse(readFileSync("documents.json", "utf-8")).map((document) => {
  const all = m.allErrors(m.decodeOrder, document).map((error) => error.message);
  const { issues } = m.OrderSchema["~standard"].validate(document);
  let first;
  try {
    m.decodeOrder(document);
  } catch (error) {
    first = error.message;
  }
  return { all, first, issues };
});
const message = (work) => {
  try {
    return work();
  } catch (error) {
    return error.message;
  }
};
result.text = m.allErrors(m.parseOrder, "{").map(({ message }) => message.slice(0, 8));
const { map, additionalProperties } = m.parseThing('{"map": {"__proto__": "x"}, "__proto__": "y"}');
const owners = [map, additionalProperties].map(Object.getPrototypeOf);
result.plain = owners.every((each) => each === Object.prototype);
result.own = [map, structuredClone(additionalProperties)].map((each) => Object.entries(each));
result.again = m.stringifyThing(m.parseThing('{"map":{"__proto__":"x"},"__proto__":"y"}'));
const other = (code) => vm.runInNewContext(code);
result.realms = m.encodeThing({
  at: other("new Date(0)"),
  data: other("new Uint8Array([1])"),
  map: other("({ a: 'b' })"),
});
result.refused = [
  Promise.resolve({}), new Map(), new Date(0), new (class A {})(), new Uint8Array(1), , null,
].map((value) => message(() => m.decodeThing(value)));
result.notDates = ["x", {}, new Date(NaN)].map((at) => message(() => m.encodeThing({ at })));
Object.prototype.map = { inherited: "x" };
result.inherited = m.decodeThing({}).map;
result.written = m.encodeThing({});
delete Object.prototype.map;
const login = { pins: [1, "2345"], key: { sku: "a" } };
result.secrets = m.allErrors(m.encodeOrder, login).map((error) => error.message);
console.log(JSON.stringify(result));
"""


@pytest.mark.toolchain
def test_decoding_at_run_time(node: Tool, tmp_path: Path) -> None:
    schema = schema_of(SPEC)
    generate(schema, "typescript", tmp_path, "out")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "documents.json").write_text(json.dumps(DOCUMENTS), encoding="utf-8")
    (tmp_path / "main.ts").write_text(SCRIPT, encoding="utf-8")
    done = node.run("main.ts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    for document, outcome in zip(DOCUMENTS, result.pop("errors"), strict=True):
        expected = errors(lift_unions(schema), Ref("Order"), document)
        assert outcome["all"] == [str(error) for error in expected]
        if expected:
            assert outcome["first"] == str(expected[0])
            issues = [(issue["message"], issue["path"]) for issue in outcome["issues"]]
            assert issues == [(error.reason, list(error.steps)) for error in expected]
        else:
            assert outcome == {"all": []}
    assert result == {
        "text": ["not JSON"],
        "plain": True,
        "own": [[["__proto__", "x"]], [["__proto__", "y"]]],
        "again": '{"map":{"__proto__":"x"},"__proto__":"y"}',
        "realms": {"at": "1970-01-01T00:00:00Z", "data": "AQ==", "map": {"a": "b"}},
        "refused": [
            "expected a plain object, found a Promise: is an await missing?",
            "expected a plain object, found an instance of Map",
            "expected a plain object, found an instance of Date",
            "expected a plain object, found an instance of A",
            "expected a plain object, found an instance of Uint8Array",
            None,
            "expected an object, found null",
        ],
        "notDates": [
            'at: expected a Date of the years 1 to 9999, found "x"',
            "at: expected a Date of the years 1 to 9999, found an object",
            "at: expected a Date of the years 1 to 9999, found an invalid one",
        ],
        "inherited": {},
        "written": {"map": {}},
        "secrets": [
            "id: required, but absent",
            "pins[1]: expected a 32-bit integer",
            "key: expected a value of OrderKey",
        ],
    }


@pytest.mark.parametrize(("last", "expected"), [("string", True), ("datetime", False)])
def test_aliases_of_any_number_are_followed_to_the_codec(last: str, expected: bool) -> None:
    length = 2000
    chain = [f"alias: A{i}\ntype: list[A{i + 1}]\n" for i in range(length)]
    schema = schema_of("---\n".join([*chain, f"alias: A{length}\ntype: {last}\n"]))
    assert has_one_codec(schema, Ref("A0")) is expected
