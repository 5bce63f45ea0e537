"""What generated code does with discriminators when it encodes a value."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, Final

import pytest

from helpers.places import CASES
from helpers.projects import Options, generate, schema_in, schema_of
from modelsync.targets import problems_of
from modelsync.targets.base import Settings
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.verify.toolchains import Tool

GO_SCRIPT: Final = """\
package models

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestEncoding(t *testing.T) {
	link := CodeType("link")
	type object = map[string]any
	for _, value := range []json.Marshaler{
		Shape{Unknown: object{"kind": "hexagon", "n": nil}},
		Shape{Unknown: object{}},
		Shape{Unknown: object{"kind": 1}},
		Shape{Unknown: object{"kind": "circle"}},
		Shape{Circle: &Circle{}, Unknown: object{"kind": "x"}},
		Event{Unknown: object{"code": 2}},
		Flag{Unknown: object{"on": false}},
		Method{Code: &Code{Code: "a"}},
		Method{Code: &Code{Code: "a", Type: link}},
		Method{Link: &Link{Type: "code"}},
		Packet{Control: &Control{Reset: &Reset{Op: 8}}},
		Packet{Data: &Data{Op: 3}},
		Answer{Failure: &Failure{Ok: true}},
		Figure{Ring: &Ring{}},
	} {
		text, err := value.MarshalJSON()
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Println(string(text))
	}
}
"""
IN_GO: Final = [
    '{"kind":"hexagon","n":null}',
    "kind: required, but absent",
    "kind: expected a string, found 1",
    'kind: expected another tag than "circle" or "square", found "circle"',
    "expected one member of Shape, found 2",
    "code: expected another tag than 1 or 2, found 2",
    '{"on":false}',
    'type: expected "code", found ""',
    'type: expected "code", found "link"',
    'type: expected "link", found "code"',
    "op: expected 9, found 8",
    '{"op":3,"body":""}',
    "ok: expected false, found true",
    "{}",
]

TYPESCRIPT_SCRIPT: Final = """\
import * as models from "./out/index.ts";

const values = [
  ["Shape", { unknown: { kind: "hexagon", n: null } }],
  ["Shape", { unknown: {} }],
  ["Shape", { unknown: { kind: 1 } }],
  ["Shape", { unknown: { kind: "circle" } }],
  ["Shape", {}],
  ["Event", { unknown: { code: 2 } }],
  ["Flag", { unknown: { on: false } }],
  ["Method", { code: "a" }],
  ["Packet", { op: 9 }],
  ["Packet", { op: 2, body: new Uint8Array() }],
  ["Figure", {}],
  ["Figure", { unknown: { type: "square" } }],
  ["Vehicle", { doors: 2 }],
];
console.log(JSON.stringify(values.map(([name, value]) => {
  try {
    return models[`stringify${name}`](value);
  } catch (error) {
    return error.message;
  }
})));
"""
IN_TYPESCRIPT: Final = [
    '{"kind":"hexagon","n":null}',
    "kind: required, but absent",
    "kind: expected a string, found 1",
    "kind: expected a tag other than circle, square",
    "kind: required, but absent",
    "code: expected a tag other than 1, 2",
    '{"on":false}',
    '{"type":"code","code":"a"}',
    '{"op":9}',
    '{"op":2,"body":""}',
    "{}",
    "type: expected a tag other than ring, title, body, triangle, square, rectangle",
    '{"wheels":4,"doors":2}',
]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The generated Python package."""
    generate(schema_in(CASES / "tags"), "python", tmp_path, "models_with_tags")
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("models_with_tags")


def test_what_python_encodes(models: Any) -> None:
    def encoded(name: str, value: object) -> str:
        try:
            return str(getattr(models, f"{name}_to_json")(value))
        except models.EncodeError as error:
            return str(error)

    shape, event = models.UnknownShape, models.UnknownEvent
    assert encoded("shape", shape({"kind": "x", "n": None})) == '{"kind":"x","n":null}'
    assert encoded("shape", shape({})) == "kind: required, but absent"
    assert encoded("shape", shape({"kind": 1})) == "kind: expected a string, found 1"
    assert encoded("shape", shape({"kind": "circle"})) == (
        'kind: expected none of "circle", "square"'
    )
    assert encoded("event", event({"code": 2.0})) == "code: expected none of 1, 2"
    assert encoded("flag", models.UnknownFlag({"on": False})) == '{"on":false}'
    assert encoded("method", models.Code(code="a")) == '{"type":"code","code":"a"}'
    wrong = models.Code(code="a", type=models.CodeType.LINK)
    assert encoded("method", wrong) == 'type: expected "code"'
    assert encoded("packet", models.Reset(op=8)) == "op: expected 9"
    assert (
        encoded("packet", models.Data(op=models.DataOp.VALUE_3, body=b"")) == '{"op":3,"body":""}'
    )
    assert encoded("answer", models.Failure(ok=True, reason="")) == "ok: expected false"
    assert encoded("figure", models.Ring()) == "{}"


def test_an_unknown_member_in_python_shows_its_discriminator(models: Any) -> None:
    shape = models.shape_from_json('{"kind": "hexagon", "n": [1]}')
    assert shape == models.UnknownShape({"kind": "hexagon", "n": [1]})
    assert shape.tag == "hexagon"
    assert models.event_from_json('{"code": 7.0}').tag == 7


@pytest.mark.toolchain
def test_what_go_encodes(go: Tool, tmp_path: Path) -> None:
    options: Options = {"module": "example.com/models", "gomod": True}
    generate(schema_in(CASES / "tags"), "go", tmp_path, "out", options)
    (tmp_path / "out/encoding_test.go").write_text(GO_SCRIPT, "utf-8")
    done = go.run("test", "-run", "TestEncoding", "-v", ".", cwd=tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[1 : len(IN_GO) + 1] == IN_GO


@pytest.mark.toolchain
def test_what_typescript_encodes(node: Tool, tmp_path: Path) -> None:
    generate(schema_in(CASES / "tags"), "typescript", tmp_path, "out", {"package": True})
    (tmp_path / "use.mjs").write_text(TYPESCRIPT_SCRIPT, "utf-8")
    done = node.run(tmp_path / "use.mjs")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == IN_TYPESCRIPT


def test_a_large_integer_in_a_mapping_is_a_problem_in_typescript() -> None:
    spec = (
        "union: U\ndiscriminator: k\nmembers: [A]\nmapping: {9007199254740993: A}\n---\n"
        "model: A\nfields: {}\n"
    )
    options: dict[str, Any] = {each.name: each.default for each in TypeScriptTarget.options}
    for int64, wanted in (("number", ["MS053"]), ("bigint", [])):
        settings = Settings("typescript", "typescript", "out", options=options | {"int64": int64})
        found = problems_of([TypeScriptTarget(schema_of(spec), settings)])
        assert [problem.code for problem in found] == wanted
