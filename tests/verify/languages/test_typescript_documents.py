"""TypeScript: what the generated functions make of documents, right, random and hostile ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from helpers.places import CASES
from helpers.projects import generate, reference, schema_in, schema_of
from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.verify.cases import Case, RunFailed
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool

# Reading and writing: the same documents as the reference reader, at random

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.0, 1.5, -0.0, 1e3, 2**31, -(2**31), 2**31 - 1, 2**53 - 1, 1e17,
    3.4028235e38, 3.5e38, 1e-7, 2097152.25, 2097152.75, 0.1, "", "a", "\ud800", "\U0001f600",
    "2024-02-29T23:59:59.1239+01:30", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+00:01",
    "9999-12-31t23:59:59.999999z", "2024-01-01", "1900-02-29", "0000-01-01", "AA==", "AB==", "AAA=",
    "AAA", "////", [], [None], [1], {}, {"a": 1}, {"__proto__": 1}, {"constructor": {"x": [1e400]}},
)  # fmt: skip
"""Values that are right in one place and wrong in most."""

RIGHT: Mapping[str, tuple[Any, ...]] = {
    "string": ("", "text", "\U0001f600 名前\u2028", "__proto__"),
    "bool": (True, False),
    "int32": (0, -7, 1.0, 2**31 - 1, -(2**31)),
    "int64": (0, -7, 1e3, 2**53 - 1, 1 - 2**53),
    "float32": (0, 0.1, 2097152.25, 2097152.75, -2097152.25, 16777217, 1e-45, 3.4028235e38),
    "float64": (0, 0.1, 1e300, 5e-324, 2**53 - 1),
    "datetime": (
        "2024-02-29T23:59:59.1239+01:30",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.9z",
    ),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31"),
    "bytes": ("", "AA==", "AAA=", "AAAA", "+/+/"),
    "any": (None, [1, {"__proto__": {"a": None}}], "\ud800", 1.5),
}


class Documents:
    """Makes documents for a schema, right ones with some faults."""

    def __init__(self, schema: Schema, seed: int) -> None:
        self.schema = schema
        self.random = random.Random(seed)  # noqa: S311
        self.faults = 0.0

    def value(self, type_: Type, depth: int = 0) -> Any:
        if self.random.random() < self.faults:
            return self.random.choice(WRONG)
        match type_:
            case Scalar(name=name):
                return self.random.choice(RIGHT[name])
            case Constant(value=value):
                return value
            case Nullable(inner=inner):
                return None if self.random.random() < 0.4 else self.value(inner, depth)
            case ListOf(item=item):
                count = self.random.randrange(3) if depth < 6 else 0
                return [self.value(item, depth + 1) for _ in range(count)]
            case MapOf(value=inner):
                keys = ["a", "__proto__", "constructor", "", "content-type", "\ud83d\ude00"]
                chosen = self.random.sample(keys, self.random.randrange(3) if depth < 6 else 0)
                return {key: self.value(inner, depth + 1) for key in chosen}
            case AnyOf(members=members):
                return self.value(self.random.choice(members), depth)
            case Ref():
                return self.definition(self.schema[type_], depth + 1)

    def definition(self, definition: Model | Enum | Union, depth: int) -> Any:
        match definition:
            case Enum(values=values):
                return self.random.choice(values).json_value
            case Union(discriminator=None):
                return self.value(self.random.choice(definition.members), depth)
            case Union(mapping=mapping):
                tag, member = self.random.choice(mapping)
                value = self.definition(self.schema.by_id[member], depth)
                return (
                    {**value, definition.discriminator: tag} if isinstance(value, dict) else value
                )
            case Model(fields=fields):
                found = {"unknown": [1]} if self.random.random() < 0.1 else {}
                for field in fields:
                    likely = 1.0 - self.faults if field.required else 0.8 / depth**2
                    if self.random.random() < likely:
                        found[field.json_key] = self.value(field.type, depth)
                return found

    def cases(self, count: int) -> Iterator[Case]:
        definitions = [d.id for d in self.schema.definitions]
        for number in range(count):
            self.faults = (0.0, 0.01, 0.05, 0.3)[number % 4]
            id_ = self.random.choice(definitions)
            text = json.dumps(self.value(Ref(id_)))
            yield Case(id_, text.replace("Infinity", "1e400").encode())


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
@pytest.mark.parametrize("case", ["names", "packages", "types", "unions"])
def test_random_documents_mean_what_the_reference_says(
    node: Tool, tmp_path: Path, case: str, int64: str
) -> None:
    schema = schema_in(CASES / case)
    options = {"int64": int64, "extension": "js" if int64 == "bigint" else "ts"}
    target = generate(schema, "typescript", tmp_path, "out", options)
    cases = list(Documents(schema, seed=7).cases(600))
    wrong = []
    for one, outcome in zip(cases, run(target, tmp_path / "out", cases, node), strict=True):
        wanted = reference(target.schema, one)
        # The reference has no numbers that cannot hold an int64, or not each one.
        message = outcome.message.replace(
            "an integer of at most 53 bits, found a longer one", "a 64-bit integer, found a number"
        ).removesuffix(" that may be rounded")
        same = (outcome.accepted, outcome.path, message) == (
            wanted.accepted,
            wanted.path,
            wanted.message,
        )
        if not same or (wanted.accepted and json.loads(outcome.json) != json.loads(wanted.json)):
            wrong.append(f"{one}\n  wanted {wanted}\n  found  {outcome}")
    assert not wrong, "\n".join(wrong[:10])


# Hostile documents, and values that must not be written

THINGS = """
model: Thing
fields:
  id: {type: int64}
  next: {type: Thing}
  any: {type: any}
  number: {type: float64}
  single: {type: float32}
  small: {type: int32}
  at: {type: datetime}
  day: {type: date}
  data: {type: bytes}
  text: {type: string}
  state: {type: State}
  map: {type: "map[int64]"}
  maps: {type: "list[map[int64]]"}
  list: {type: "list[Thing | null]"}
  either: {type: Plus | Minus}
---
enum: State
values: {on: , off: }
---
model: Plus
fields: {left: {type: Plus | Minus}, plus: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Plus | Minus}, minus: {type: '"-"', required: true}}
"""


def nested(depth: int, before: str, inner: str, after: str) -> bytes:
    return (before * depth + inner + after * depth).encode()


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_hostile_documents_end_in_an_error_with_a_path(
    node: Tool, tmp_path: Path, int64: str
) -> None:
    refused: list[tuple[bytes, str]] = [
        (nested(100_000, '{"next":', "1", "}"), ""),
        (nested(100_000, '{"any":[', "1", "]}"), ""),
        (b'{"any":' + nested(100_000, "[", "1", "]") + b"}", ""),
        (nested(100_000, "[", "", ""), ""),
        (nested(3, '{"next":', "1", "}"), "next.next.next"),
        (b'{"either": {"plus": "+", "left": {"left": {"plus": "-"}}}}', "either"),
        (b'{"number": 1e400}', "number"),
        (b'{"number": NaN}', ""),
        (b'{"any": {"a b": [-1e400]}}', 'any["a b"][0]'),
        (b'{"id": ' + b"9" * 1_000_000 + b"}", "id"),
        (b'{"small": 2147483648}', "small"),
        (b'{"text": "\xff"}', ""),
        (b'{"text": "\\ud800"}', "text"),
        (b'{"map": {"\\udfff": 1}}', 'map["\\udfff"]'),
        (b'{"text": "abc', ""),
        (b"", ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"[]", ""),
    ]
    accepted: list[bytes] = [
        nested(200, '{"next":', "{}", "}"),
        nested(200, '{"list":[null,', "{}", "]}"),
        b'{"map": {"__proto__": 1, "constructor": 2, "": 3}}',
        b'{"any": {"__proto__": {"polluted": 1}}}',
        b'{"either": {"left": {"minus": "-"}, "plus": "+"}}',
        b'{"text": "' + b"x" * 10_000_000 + b'"}',
    ]
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    cases = [Case("Thing", document) for document, _ in refused]
    cases += [Case("Thing", document) for document in accepted]
    outcomes = run(target, tmp_path / "out", cases, node)
    for (document, path), outcome in zip(refused, outcomes, strict=False):
        assert (outcome.accepted, outcome.path) == (False, path), (document[:80], outcome)
    for document, outcome in zip(accepted, outcomes[len(refused) :], strict=True):
        assert outcome.accepted, (document[:80], outcome)
        assert json.loads(outcome.json) == json.loads(document)


@pytest.mark.toolchain
def test_an_integer_that_a_number_cannot_hold_is_refused_in_its_own_words(
    node: Tool, tmp_path: Path
) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    words = {
        "9223372036854775807": "an integer of at most 53 bits, found a longer one",
        "-9007199254740993": "an integer of at most 53 bits, found a longer one",
        "9223372036854780000": "a 64-bit integer, found a number",
    }
    cases = [Case("Thing", f'{{"map": {{"a": {number}}}}}'.encode()) for number in words]
    outcomes = run(target, tmp_path / "out", cases, node)
    assert [outcome.message for outcome in outcomes] == [
        f"map.a: expected {wanted}" for wanted in words.values()
    ]


@pytest.mark.toolchain
def test_members_that_look_alike_take_no_time_without_end(node: Tool, tmp_path: Path) -> None:
    # The field that tells the two apart comes behind the one that nests.
    spec = """
union: Term
members: [Plus, Minus]
---
model: Plus
fields: {left: {type: Term}, sign: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Term}, sign: {type: '"-"', required: true}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out")
    right = nested(200, '{"sign":"-","left":', '{"sign":"+"}', "}")
    wrong = nested(200, '{"sign":"-","left":', '{"sign":"x"}', "}")
    cases = [Case("Term", right), Case("Term", wrong)]
    first, second = run(target, tmp_path / "out", cases, node)
    assert json.loads(first.json) == json.loads(right)
    assert (second.accepted, second.path) == (False, "")


WRITING = """\
import { EncodeError, encodeThing, stringifyThing, decodeThing } from "./out/index.ts";

class Instance { id = 1; }

const refused = [
  [{ number: NaN }, "number"],
  [{ single: 3.5e38 }, "single"],
  [{ number: Infinity }, "number"],
  [{ small: 1.5 }, "small"],
  [{ small: 2 ** 31 }, "small"],
  [{ id: 2 ** 53 }, "id"],
  [{ id: "1" }, "id"],
  [{ at: new Date(NaN) }, "at"],
  [{ at: new Date(253402300800000) }, "at"],
  [{ at: "2024-01-01T00:00:00Z" }, "at"],
  [{ day: "2024-02-30" }, "day"],
  [{ data: [1] }, "data"],
  [{ text: "\\ud800" }, "text"],
  [{ text: null }, "text"],
  [{ state: "other" }, "state"],
  [{ map: { a: undefined } }, "map.a"],
  [{ list: [null, {}, { next: { id: 0.5 } }] }, "list[2].next.id"],
  [{ any: { a: [undefined] } }, "any.a[0]"],
  [{ any: () => 1 }, "any"],
  [{ any: new Date(0) }, "any"],
  [{ either: { plus: "-" } }, "either"],
  [{ any: [1, , 2] }, "any[1]"],
  [{ any: { a: [, 1] } }, "any.a[0]"],
  [{ any: { a: new Map([["b", 1]]) } }, "any.a"],
  [{ any: [new Instance()] }, "any[0]"],
  [{ list: [, {}] }, "list[0]"],
  [{ list: [{}, new Map()] }, "list[1]"],
  [{ next: { next: new Set() } }, "next.next"],
  [{ next: new Date() }, "next"],
  [{ map: new Map([["a", 1]]) }, "map"],
  [{ maps: [{}, new Instance()] }, "maps[1]"],
  [{ either: new Map() }, "either"],
  [{ either: Object.assign(new Instance(), { plus: "+" }) }, "either"],
  [new Instance(), ""],
  [null, ""],
];
for (const [value, path] of refused) {
  for (const write of [encodeThing, stringifyThing]) {
    try {
      console.log("written", write(value));
    } catch (error) {
      if (!(error instanceof EncodeError) || error.path !== path) console.log(path, error);
    }
  }
}
const loop = {};
loop.next = loop;
try { stringifyThing(loop); } catch (error) { if (!(error instanceof EncodeError)) throw error; }

const says = (value, message) => {
  try {
    console.log("written", encodeThing(value));
  } catch (error) {
    equal(error.message, message);
    equal(error.name, "EncodeError");
  }
};
says({ number: NaN }, "number: expected a finite number");
says({ single: -Infinity }, "single: expected a finite number");
says({ single: 3.5e38 }, "single: expected a 32-bit number, found a number");
says({ id: 1.5 }, "id: expected a 64-bit integer, found a number");
says({ id: 2 ** 65 }, "id: expected a 64-bit integer, found a number");
says({ map: new Map() }, "map: expected a plain object, found an instance of Map");

function equal(a, b) { if (a !== b) console.log("expected", b, "found", a); }
equal(stringifyThing({ at: new Date(-62135596800000) }), '{"at":"0001-01-01T00:00:00Z"}');
equal(stringifyThing({ at: new Date(-1) }), '{"at":"1969-12-31T23:59:59.999Z"}');
equal(stringifyThing({ at: new Date(951827696780) }), '{"at":"2000-02-29T12:34:56.78Z"}');
equal(stringifyThing({ single: Math.fround(0.1) }), '{"single":0.1}');
equal(stringifyThing({ small: -0 }), '{"small":0}');
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
for (let end = 0; end < 256; end++) {
  const data = bytes.subarray(0, end);
  const json = encodeThing({ data });
  equal(json["data"], Buffer.from(data).toString("base64"));
  equal(String(decodeThing(json).data), String(data));
}
const bare = Object.assign(Object.create(null), { id: 1 });
equal(stringifyThing({ next: bare, any: bare, map: bare }),
  '{"next":{"id":1},"any":{"id":1},"map":{"id":1}}');
equal({}.polluted, undefined);
equal(decodeThing({ map: JSON.parse('{"a":1}') }).map.constructor, undefined);
equal(decodeThing({ constructor: 1 }).id, undefined);
"""

READING = """\
import { runInNewContext } from "node:vm";
import { DecodeError, decodeThing, encodeThing, parseThing } from "./out/index.ts";

class Instance { id = 1; }

const refused = {
  "a Promise: is an await missing?": Promise.resolve({ id: 1 }),
  "an instance of Map": new Map([["id", 1]]),
  "an instance of Date": new Date(0),
  "an instance of Set": new Set(),
  "an instance of Error": new Error("id"),
  "an instance of URL": new URL("http://localhost"),
  "an instance of Uint8Array": new Uint8Array(1),
  "an instance of Instance": new Instance(),
  "an instance of RegExp": runInNewContext("/id/"),
  "one with a prototype of its own": Object.create({ id: 1 }),
};
const says = (value, message) => {
  try {
    console.log("read", decodeThing(value));
  } catch (error) {
    if (!(error instanceof DecodeError) || error.message !== message) console.log(message, error);
  }
};
for (const [found, value] of Object.entries(refused)) {
  const message = `expected a plain object, found ${found}`;
  says(value, message);
  says({ next: value }, `next: ${message}`);
  says({ map: value }, `map: ${message}`);
  says({ list: [null, value] }, `list[1]: ${message}`);
  if (!(value instanceof Date || value instanceof Uint8Array)) {
    says({ any: { a: value } }, `any.a: ${message}`);
    says({ either: value }, `either: expected a value of ThingEither`);
  }
}
says(Object.create(Object.assign(Object.create(null), { id: 1 })),
  "expected a plain object, found one with a prototype of its own");
says(() => ({ id: 1 }), "expected an object, found function");
says({ list: [, {}] }, "list[0]: required, but absent");

const read = (value) => {
  if (decodeThing(value).id !== 1) console.log("not read", value);
};
read({ id: 1 });
read({ get id() { return 1; } });
read(Object.freeze({ id: 1 }));
read(new Proxy({ id: 1 }, {}));
read(Object.assign(Object.create(null), { id: 1 }));
read(runInNewContext("({ id: 1, next: { map: {} }, list: [{}] })"));

Object.prototype.id = 2;
for (const value of [decodeThing({}), parseThing("{}"), decodeThing({ next: {} }).next]) {
  if (Object.hasOwn(value, "id")) console.log("inherited", value);
}
read({ id: 1 });
"""


@pytest.mark.toolchain
def test_only_plain_objects_are_read_and_only_their_own_properties(
    node: Tool, tmp_path: Path
) -> None:
    generate(schema_of(THINGS), "typescript", tmp_path, "out")
    (tmp_path / "read.mjs").write_text(READING, encoding="utf-8")
    done = node.run(tmp_path / "read.mjs")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_what_no_reader_takes_is_not_written(node: Tool, tmp_path: Path, int64: str) -> None:
    generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    (tmp_path / "write.mjs").write_text(WRITING, encoding="utf-8")
    done = node.run(tmp_path / "write.mjs")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_bigint_keeps_every_digit(node: Tool, tmp_path: Path) -> None:
    spec = """
model: Big
fields:
  id: {type: int64}
  ids: {type: "list[int64]"}
  rest: {type: any}
  number: {type: float64}
  level: {type: Level}
  most: {type: int64, default: 9223372036854775807}
---
enum: Level
type: int64
values: {9007199254740993: {names: {typescript: Odd}}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out", {"int64": "bigint"})
    exact = (
        b'{"id":9223372036854775807,"ids":[-9223372036854775808,0,9007199254740993],'
        b'"rest":{"a":[9007199254740993]},"number":9007199254740992,"level":9007199254740993,'
        b'"most":9007199254740993}'
    )
    refused = [b'{"id":9223372036854775808}', b'{"id":9007199254740993.0}', b'{"id":1e18}']
    cases = [Case("Big", document) for document in (exact, b"{}", *refused)]
    first, second, *others = run(target, tmp_path / "out", cases, node)
    assert first.json.encode() == exact
    assert second.json == '{"most":9223372036854775807}'
    assert [(other.accepted, other.path) for other in others] == [(False, "id")] * 3


DIGITS = r"""
const { parse } = JSON;
let revived = 0;
// As before Node 22: a reviver does not get the text of a number.
JSON.parse = (text, reviver) =>
  reviver ? parse(text, (key, value) => (revived++, reviver(key, value))) : parse(text);
const { parseBig, stringifyBig, DecodeError } = await import("./out/index.ts");

const kept = [
  '{"id":9007199254740993}',
  '{"id":-9223372036854775808,"ids":[9223372036854775807,1,-9007199254740992]}',
  '{"rest":{"i9007199254740993":"i9007199254740993","s":["s1",""],"12345678901234567":1}}',
  '{"rest":[12345678901234567,"12345678901234567","a\\\\",{"\\\\\\"12345678901234567":"\\""}]}',
  '{"rest":{"__proto__":{"a":12345678901234567}},"number":0.12345678901234568}',
  '{"rest":["\u{1f600} 12345678901234567"],"number":1234567890123456.5}',
];
for (const text of kept) {
  const written = stringifyBig(parseBig(text));
  if (written !== text) console.log("expected", text, "found", written);
}
const spaced = '\n{ "id" :\t9007199254740993 ,\r\n"ids": [ -9007199254740993 ] , "rest" : "12" }\n';
const tight = '{"id":9007199254740993,"ids":[-9007199254740993],"rest":"12"}';
if (stringifyBig(parseBig(spaced)) !== tight) console.log("spaced", parseBig(spaced));

const message = (text) => {
  try { return `read: ${stringifyBig(parseBig(text))}`; } catch (error) {
    return error instanceof DecodeError ? error.message : `crash: ${error.stack}`;
  }
};
const refused = {
  '{"id":9223372036854775808}': "id: expected a 64-bit integer, found a number",
  '{"id":1e17}': "id: expected a 64-bit integer, found a number that may be rounded",
  '{"id":"9007199254740993"}': "id: expected a 64-bit integer, found a string",
};
for (const text of [
  '{"id":9007199254740993', '["9007199254740993"x]', '"9007199254740993',
  '{"id":09007199254740993}', '{"id":9007199254740993.}', '{"\\x":9007199254740993}',
  "[9007199254740993 1]", "9007199254740993-",
]) {
  try { parse(text); } catch (error) { refused[text] = `not JSON: ${error.message}`; }
}
for (const [text, expected] of Object.entries(refused)) {
  if (message(text) !== expected) console.log("expected", expected, "found", message(text));
}
if (revived === 0 || Object.keys(refused).length !== 11) console.log(revived, refused);
"""


@pytest.mark.toolchain
def test_bigint_keeps_every_digit_without_the_source_of_json_parse(
    node: Tool, tmp_path: Path
) -> None:
    spec = """
model: Big
fields:
  id: {type: int64}
  ids: {type: "list[int64]"}
  rest: {type: any}
  number: {type: float64}
"""
    generate(schema_of(spec), "typescript", tmp_path, "out", {"int64": "bigint"})
    (tmp_path / "digits.mjs").write_text(DIGITS, encoding="utf-8")
    done = node.run(tmp_path / "digits.mjs")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_a_crash_is_told_and_a_run_that_fails_is_no_outcome(node: Tool, tmp_path: Path) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    module = tmp_path / "out" / "thing.ts"
    text = module.read_text("utf-8")
    module.write_text(text.replace("const to = {}", "const to = undefined!"), "utf-8")
    (outcome,) = run(target, tmp_path / "out", [Case("Thing", b'{"id": 1}')], node)
    assert outcome.crash.startswith("TypeError: ")
    module.write_text("export const broken = ;", "utf-8")
    with pytest.raises(RunFailed, match="node ended with 1"):
        run(target, tmp_path / "out", [Case("Thing", b"{}")], node)
