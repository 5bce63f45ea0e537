"""The types of values to encode, where they differ from those of decoded values."""

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
enum: Status
values: {open: , paid: }
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
    assert "  status?: Status;\n" in encoded
    assert "  copies?: number;\n" in encoded
    assert "export function encodeOrder(value: OrderInput)" in encoded
    assert "export function decodeOrder(value: unknown): Order {" in encoded


def test_what_refers_to_a_type_to_encode_has_one_too(tmp_path: Path) -> None:
    files = texts(tmp_path)
    assert "  parent?: OrderInput;\n" in files["order"]
    assert "  lines?: { [key: string]: LinesInput[] };\n" in files["order"]
    assert "export type LinesInput = (LineInput | null)[];\n" in files["lines"]
    assert "  additionalProperties?: { [key: string]: number };\n" in files["line"]
    assert '(PaidInput & { type?: "paid" })' in files["event"]
    assert "export type Event = Paid | (Sent & " in files["event"].replace("\n  |", " |")
    assert "Input" not in files["refund"] + files["lost"] + files["status"]
    assert "  type EventInput,\n" in files["index"]


@pytest.mark.parametrize("name", ["OrderInput", "OrderSchema"])
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
export const lines: m.LinesInput = m.decodeLines([]);
m.encodeOrder({ id: "a", event: {}, lines: { a: [[null, { sku: "b" }]] } });
m.encodeEvent({ type: "sent", order: { id: "b" } });
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
"""
CONFIG: Final = """{
  "extends": "./out/tsconfig.json",
  "compilerOptions": {"target": "ES2020", "lib": ["ES2020"]},
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
