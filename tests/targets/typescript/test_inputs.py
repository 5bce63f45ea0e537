"""The types of values to encode and of JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from helpers.projects import generate, schema_of
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings
from modelsync.verify.toolchains import Tool
from toolchains.tools import NODE_MODULES

SPEC: Final = """
model: Order
fields:
  id: {type: string, required: true}
  status: {type: Status, default: open}
  copies: {type: int32, default: 1, required: true}
  note: {type: string | null, default: null}
  parent: {type: Order}
  lines: {type: 'map[list[Lines]]'}
  event: {type: Event}
  labels: {type: 'map[string]'}
  tags: {type: 'list[list[string | null]]'}
---
alias: Lines
type: list[Line | null]
---
model: Line
additionalProperties: int32
fields: {sku: {type: string, required: true}}
---
union: Event
discriminator: type
members: [Paid, Sent, Lost]
---
model: Paid
fields: {type: {type: '"paid"', default: paid}, order: {type: Order}}
---
model: Sent
fields: {type: {type: '"sent" | "posted"', required: true}, order: {type: Order | string}}
---
model: Lost
fields: {type: {type: '"lost"', required: true}}
---
model: Refund
fields: {id: {type: string, required: true}}
---
model: File
fields: {data: {type: bytes, required: true}, rest: {type: any}}
---
union: Answer
discriminator: kind
open: true
members: [Yes]
---
model: Yes
fields: {kind: {type: '"yes"', required: true}}
---
enum: Status
values: {open: , paid: }
---
union: Number
members: [bool, int64]
---
model: Snake
additionalProperties: int32
fields:
  created_at: {type: datetime, required: true}
  due-on: {type: date | null}
  level: {type: Status, default: open}
  numbers: {type: 'list[Number | datetime]', default: []}
  more: {type: 'map[Order]'}
---
model: Scores
additionalProperties: int32
fields: {total: {type: int32}}
---
model: Nothing
fields: {}
"""


def texts(tmp_path: Path) -> dict[str, str]:
    generate(schema_of(SPEC), "typescript", tmp_path, "out")
    return {path.stem: path.read_text("utf-8") for path in (tmp_path / "out").glob("*.ts")}


def test_a_type_to_encode_has_the_fields_with_a_default_as_optional(tmp_path: Path) -> None:
    files = texts(tmp_path)
    decoded, _, encoded = files["order"].partition("export interface OrderInput")
    assert "  status: Status;\n" in decoded
    assert "  copies: number;\n" in decoded
    assert "  note: string | null;\n" in decoded
    assert "  status?: Status | undefined;\n" in encoded
    assert "  copies?: number | undefined;\n" in encoded
    assert "export function encodeOrder(value: OrderInput)" in encoded
    assert "export function decodeOrder(value: unknown): Order {" in encoded


def test_what_refers_to_a_type_to_encode_has_one_too(tmp_path: Path) -> None:
    files = texts(tmp_path)
    assert "  parent?: OrderInput | undefined;\n" in files["order"]
    assert "export type LinesInput = readonly (LineInput | null)[];\n" in files["lines"]
    assert '(PaidInput & { type?: "paid" })' in files["event"]
    assert "export type Event = Paid | (Sent & " in files["event"].replace("\n  |", " |")
    assert "export type RefundInput = Refund;\n" in files["refund"]
    assert "Input" not in files["status"] + files["number"]
    assert "  type EventInput,\n" in files["index"]


def test_a_type_to_encode_takes_more_than_decoding_returns(tmp_path: Path) -> None:
    files = {stem: " ".join(text.split()) for stem, text in texts(tmp_path).items()}
    map_ = "{ readonly [key: string]: readonly LinesInput[] | undefined }"
    assert f"lines?: {map_} | undefined; " in files["order"]
    assert "labels?: { readonly [key: string]: string | undefined } | undefined; " in files["order"]
    assert "tags?: readonly (readonly (string | null)[])[] | undefined; " in files["order"]
    map_ = "{ readonly [key: string]: number | undefined }"
    assert f"additionalProperties?: {map_} | undefined; " in files["line"]
    assert "data: wire.Bytes; rest?: unknown; }" in files["file"]
    assert "data: Uint8Array; rest?: unknown; }" in files["file"]


def test_the_type_of_json_is_what_encoding_returns(tmp_path: Path) -> None:
    files = {stem: " ".join(text.split()) for stem, text in texts(tmp_path).items()}
    fields = (
        'created_at: string; "due-on"?: string | null; level: Status;'
        " numbers: SnakeNumbersItemJson[]; more?: { [key: string]: OrderJson };"
    )
    other = "{ [key: string]: wire.Json }"
    assert f"export type SnakeJson = {{ {fields} }} & {other};" in files["snake"]
    assert "SnakeNumbersItemJson = Number | string;" in files["snake_numbers_item"]
    assert "{ total?: number; } & { [key: string]: number };" in files["scores"]
    assert "export type NothingJson = { [key: string]: never };" in files["nothing"]
    assert '= PaidJson | (SentJson & { type: "sent" | "posted" }) | LostJson;' in files["event"]
    open_ = "YesJson | { kind: string; [key: string]: wire.Json };"
    assert f"export type AnswerJson = {open_}" in files["answer"]
    assert "export function encodeNumber(value: Number): Number {" in files["number"]
    assert "wire.Schema<SnakeJson, Snake>" in files["snake"]


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ("", set()),
        (
            "---\nmodel: Result\nfields: {}\n---\nenum: Schema\nvalues: {a: }\n",
            {"Result", "Schema"},
        ),
    ],
)
def test_an_index_exports_the_support_module(more: str, missing: set[str], tmp_path: Path) -> None:
    generate(schema_of(f"{SPEC}{more}"), "typescript", tmp_path, "out")
    index = (tmp_path / "out/index.ts").read_text("utf-8")
    shared = index.rpartition("export {")[2]
    every = {"Json", "JsonObject", "Result", "Schema"}
    assert {name for name in every if f"type {name}," in shared} == every - missing
    for name in ("allErrors", "attempt", "DecodeError", "EncodeError"):
        assert f"  {name},\n" in shared


@pytest.mark.parametrize("name", ["OrderInput", "OrderJson", "OrderSchema"])
def test_a_definition_cannot_have_a_name_that_another_one_adds(name: str) -> None:
    order = "model: Order\nfields: {a: {type: bool, default: true}}\n"
    cls = target_class("typescript")
    settings = Settings("t", "typescript", "out", options=cls.defaults())
    (problem,) = problems_of([cls(schema_of(f"{order}---\nmodel: {name}\nfields: {{}}"), settings)])
    assert problem.code == "MS040"
    assert "names: {typescript: ...}" in problem.help


USE: Final = """\
import type { StandardSchemaV1 } from "@standard-schema/spec";
import * as m from "./out/index.ts";

const order = m.decodeOrder({});
export const status: m.Status = order.status;
export const next: number = order.copies + 1;
export const input: m.OrderInput = order;
export const event: m.EventInput = m.decodeEvent({});
export const none: m.LinesInput = m.decodeLines([]);
m.encodeOrder({ id: "a", event: {}, lines: { a: [[null, { sku: "b" }]] } });
m.encodeEvent({ type: "sent", order: { id: "b" } });
m.encodeOrder(m.createOrder({ id: "a" }));
declare const maybe: string | undefined;
declare const tags: readonly (readonly string[])[];
declare const lines: { readonly a: readonly m.LinesInput[] };
m.encodeOrder({ ...order, note: maybe, tags, lines, labels: { a: maybe } });
m.encodeFile({ data: new Uint8Array(new SharedArrayBuffer(1)) });
export const data: BlobPart = m.decodeFile({}).data;
declare const unknown: m.UnknownAnswer;
export const tag: string = unknown.unknown.kind;
export const made: m.Order = m.createOrder({ id: "a", lines: { a: [[{ sku: "b" }]] } });
export const some: m.DecodeError[] = [
  ...m.allErrors(m.decodeOrder, {}),
  ...m.allErrors(m.parseOrder, ""),
];
export const others: m.EncodeError[] = m.allErrors(m.encodeOrder, { id: "" });
// @ts-expect-error They are errors of encoding.
export const not: m.DecodeError[] = m.allErrors(m.encodeOrder, order);
// @ts-expect-error Not an input.
m.allErrors(m.encodeOrder, { id: 1 });
const read = m.attempt(m.decodeOrder, order);
export const result: m.Result<m.Order, m.DecodeError> = read;
export const id: string = read.ok ? read.value.id : read.errors[0].reason;
export const written: m.Result<m.JsonObject, m.EncodeError> = m.attempt(m.encodeOrder, order);
// @ts-expect-error `status` is absent.
export const whole: m.Order = { id: "a", copies: 1, note: null };
// @ts-expect-error `id` is absent.
m.encodeOrder({ status: "open" });
// @ts-expect-error An input is not what decoding returns.
export const decoded: m.Order = input;

export const schema: StandardSchemaV1<unknown, m.Order> = m.OrderSchema;
type Output = StandardSchemaV1.InferOutput<typeof m.EventSchema>;
export const output: Output = m.decodeEvent({});
export const json: StandardSchemaV1.InferInput<typeof m.OrderSchema> = m.encodeOrder(order);
export const props: { [key: string]: m.Json } = { order: json };
export const text: string = m.encodeSnake(m.decodeSnake({})).created_at;
export const snake: m.SnakeJson = { created_at: "", level: "open", numbers: [1, ""], other: 1 };
// @ts-expect-error Encoding writes `status`.
export const bare: m.OrderJson = { id: "a", copies: 1, note: null };
"""
CONFIG: Final = """{
  "extends": "./out/tsconfig.json",
  "compilerOptions": {"target": "ES2020", "lib": ["ES2020", "DOM"]},
  "include": ["use.ts"]
}"""


@pytest.mark.toolchain
def test_what_was_decoded_can_be_encoded(tsc: Tool, tmp_path: Path) -> None:
    generate(schema_of(SPEC), "typescript", tmp_path, "out", {"package": True})
    (tmp_path / "use.ts").write_text(USE, encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    done = tsc.run("--project", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
