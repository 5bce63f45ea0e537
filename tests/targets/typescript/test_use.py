"""What programs do with the functions and errors of TypeScript, at run time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from helpers.projects import generate, schema_of
from modelsync.verify.toolchains import Tool

SPEC: Final = """
model: Order
additionalProperties: any
fields:
  id: {type: string, required: true, minLength: 2}
  at: {type: datetime}
  data: {type: bytes}
  status: {type: '"open" | "paid"', default: open}
  lines: {type: 'list[Line]', default: []}
  labels: {type: 'map[string]', minProperties: 1}
  event: {type: Event}
  parent: {type: Order}
---
model: Line
fields: {sku: {type: string, required: true}, count: {type: int32, default: 1}}
---
union: Event
discriminator: kind
open: true
members: [Paid]
---
model: Paid
fields: {kind: {type: '"paid"', required: true}}
"""

SCRIPT: Final = """\
import * as m from "./out/index.ts";
const thrown = (work) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const result = {};
const bad = { id: "a", lines: [{}, { sku: 1 }] };
result.json = { errors: m.allErrors(m.decodeOrder, bad), first: thrown(() => m.decodeOrder(bad)) };
const { keys, path, reason, message } = m.allErrors(m.decodeOrder, bad)[2];
result.parts = [keys, path, reason, message];
const none = thrown(() => m.decodeOrder(1));
result.none = [none.keys, none.path, none.reason, none.message];
result.bad = m.attempt(m.decodeOrder, bad).errors.map((error) => error.path);
result.good = m.attempt(m.parseOrder, '{"id": "ab"}');
result.text = m.attempt(m.parseOrder, "{").errors.map((error) => error.keys);
const secret = [thrown(() => m.parseOrder("hunter2")), thrown(() => m.parseOrder('{"a" hunter2'))];
result.secret = secret.map((error) => [error.message, error.cause]);
result.other = thrown(() => m.attempt(() => missing, 1)).name;

const names = (errors) => errors.map((error) => [error.name, error.message]);
const loop = { id: "ab" };
loop.parent = loop;
result.encode = names(m.allErrors(m.encodeOrder, bad));
result.loop = names(m.allErrors(m.encodeOrder, loop));
result.attempt = names(m.attempt(m.stringifyOrder, { id: 1 }).errors);

const at = new Date(0);
const made = m.createOrder({ id: "ab", at, data: new Uint8Array([1]), lines: [{ sku: "x" }] });
result.made = made;
result.types = [made.at instanceof Date, made.data instanceof Uint8Array];
result.invalid = thrown(() => m.createOrder({ id: 1 })).name;

const absent = { a: undefined, b: "c" };
const more = { x: undefined, y: { z: undefined } };
result.absent = m.encodeOrder({ id: "ab", labels: absent, additionalProperties: more });
result.few = thrown(() => m.encodeOrder({ id: "ab", labels: { a: undefined } })).message;
result.read = thrown(() => m.decodeOrder({ id: "ab", labels: { a: undefined } })).message;

const body = JSON.parse('{"id": "ab", "extra": [{"a": [1], "__proto__": 1}]}');
const kept = m.decodeOrder(body);
kept.additionalProperties.extra[0].a.push(2);
result.body = body.extra[0].a;
result.kept = JSON.stringify(m.encodeOrder(kept).extra);
result.event = m.decodeEvent({ kind: "sent", n: 1 }).unknown;
console.log(JSON.stringify(result));
"""


def test_tools_leave_generated_files_alone(tmp_path: Path) -> None:
    generate(schema_of(SPEC), "typescript", tmp_path, "out")
    for path in (tmp_path / "out").glob("*.ts"):
        assert path.read_text("utf-8").splitlines()[1] == "/* eslint-disable */", path.name


@pytest.mark.toolchain
def test_errors_and_values_at_run_time(node: Tool, tmp_path: Path) -> None:
    generate(schema_of(SPEC), "typescript", tmp_path, "out")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "main.ts").write_text(SCRIPT, encoding="utf-8")
    done = node.run("main.ts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    id_ = {"path": "id", "reason": "expected at least 2 characters, found 1"}
    absent = {"path": "lines[0].sku", "reason": "required, but absent"}
    sku = {"path": "lines[1].sku", "reason": "expected a string, found 1"}
    order = {"id": "ab", "status": "open", "lines": [], "additionalProperties": {}}
    assert json.loads(done.stdout) == {
        "json": {"errors": [id_, absent, sku], "first": id_},
        "parts": [["lines", 1, "sku"], *sku.values(), ": ".join(sku.values())],
        "none": [[], "", *["expected an object, found 1"] * 2],
        "bad": ["id", "lines[0].sku", "lines[1].sku"],
        "good": {"ok": True, "value": order},
        "text": [[]],
        "secret": [["not JSON", None], ["not JSON at position 5", None]],
        "other": "ReferenceError",
        "encode": [["EncodeError", ": ".join(each.values())] for each in (id_, absent, sku)],
        "loop": [["EncodeError", "nested too deep"]],
        "attempt": [["EncodeError", "id: expected a string, found 1"]],
        "made": order
        | {"at": "1970-01-01T00:00:00.000Z", "data": {"0": 1}}
        | {"lines": [{"sku": "x", "count": 1}]},
        "types": [True, True],
        "invalid": "EncodeError",
        "absent": {"id": "ab", "status": "open", "lines": [], "labels": {"b": "c"}, "y": {}},
        "few": "labels: expected at least 1 key, found 0",
        "read": "labels.a: required, but absent",
        "body": [1],
        "kept": '[{"a":[1,2],"__proto__":1}]',
        "event": {"kind": "sent", "n": 1},
    }


LONG: Final = """\
import * as m from "./out/index.ts";
const text = '{"id":9223372036854775807,"rest":{"a":[1.5,12]},"count":2}';
const entry = m.parseEntry(text);
entry.rest = { ...entry.rest, big: 2n ** 70n };
console.log(JSON.stringify([
  m.stringifyEntry(entry),
  m.stringifyJson({ entries: [m.encodeEntry({ id: 1n })], none: undefined, "": "1n" }),
  m.stringifyJson(m.parseJson(text)),
  m.attempt(m.decodeEntry, m.parseJson(text)).ok,
]));
"""


@pytest.mark.toolchain
def test_text_has_each_digit_of_a_bigint(node: Tool, tmp_path: Path) -> None:
    fields = (
        "{id: {type: int64, required: true}, rest: {type: any}, count: {type: int64, default: 7}}"
    )
    schema = schema_of(f"model: Entry\nfields: {fields}\n")
    generate(schema, "typescript", tmp_path, "out", {"int64": "bigint"})
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "main.ts").write_text(LONG, encoding="utf-8")
    done = node.run("main.ts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    start = '{"id":9223372036854775807,"rest":{"a":[1.5,12]'
    assert json.loads(done.stdout) == [
        start + ',"big":1180591620717411303424},"count":2}',
        '{"entries":[{"id":1,"count":7}],"":"1n"}',
        start + '},"count":2}',
        True,
    ]
