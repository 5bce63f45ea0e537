"""Additional properties and required fields with defaults, in values that are created by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from helpers.places import CASES
from helpers.projects import Options, generate, schema_in, schema_of, texts_of
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings, Target
from modelsync.verify.toolchains import Tool

PYTHON = """\
from datetime import UTC, datetime
from models import Anything, Counts, DecodeError, EncodeError, Files, Line, Settings, Times, Tree


def refused(message, value):
    try:
        value.to_dict()
    except EncodeError as error:
        assert str(error) == message, error
    else:
        raise AssertionError(message)


assert Anything().additional_properties == {}
assert Anything().additional_properties is not Anything().additional_properties
assert Anything().to_dict() == {}
assert Anything.from_dict({}) == Anything()
assert Counts(total=1, additional_properties={"a": 2}).to_dict() == {"total": 1, "a": 2}
assert Files(additional_properties={"a": b"\\1"}).to_dict() == {"a": "AQ=="}
assert Tree(additional_properties={"a": Tree(value=1)}).to_dict() == {"a": {"value": 1.0}}
refused("total: also the key of a field",
        Counts(total=1, additional_properties={"b": "", "total": 2}))
refused('["content-type"]: also the key of a field',
        Files(additional_properties={"content-type": b""}))
refused("a: expected a 64-bit integer, found a string",
        Counts(total=1, additional_properties={"a": "b"}))
refused("a: expected Tree, found an object", Tree(additional_properties={"a": {}}))
refused("a.b.value: expected a 32-bit number, found a string",
        Tree(additional_properties={"a": Tree(additional_properties={"b": Tree(value="x")})}))
refused("expected a dict, found null", Anything(additional_properties=None))
refused("expected string keys, found a number", Anything(additional_properties={1: 2}))
refused('["\\\\ud800"]: expected Unicode text, found a lone surrogate',
        Anything(additional_properties={"\\ud800": 2}))
try:
    Line.from_dict({"sku": "a", None: 1})
except DecodeError as error:
    assert str(error) == "expected string keys, found null", error
else:
    raise AssertionError
endless = Tree()
endless.additional_properties["a"] = endless
try:
    endless.to_dict()
except EncodeError as error:
    assert error.reason == "nested too deeply"
else:
    raise AssertionError

settings = Settings(plain="p")
assert settings.name == "new" and settings.tags == ["a", "b"] and settings.ratio is None
assert settings.since == datetime(2026, 5, 31, 12, 0, 0, 500_000, tzinfo=UTC)
assert settings.tags is not Settings(plain="p").tags
assert Settings.from_dict(settings.to_dict()) == settings
"""
GO = """\
package use

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	models "example.com/models"
	"example.com/models/wire"
)

func refused(t *testing.T, message string, value json.Marshaler) {
	t.Helper()
	_, err := value.MarshalJSON()
	var refusal *wire.EncodeError
	if !errors.As(err, &refusal) || refusal.Error() != message {
		t.Errorf("got %v instead of %s", err, message)
	}
}

func written(t *testing.T, text string, value json.Marshaler) {
	t.Helper()
	data, err := value.MarshalJSON()
	if err != nil || string(data) != text {
		t.Errorf("got %s, %v instead of %s", data, err, text)
	}
}

func TestAdditionalProperties(t *testing.T) {
	written(t, `{}`, models.Anything{})
	written(t, `{}`, models.Anything{AdditionalProperties: map[string]any{}})
	counts := models.Counts{Total: 1, AdditionalProperties: map[string]int64{"b": 2, "a": 3}}
	written(t, `{"total":1,"a":3,"b":2}`, counts)
	counts.AdditionalProperties["total"] = 4
	refused(t, "total: also the key of a field", counts)
	files := models.Files{AdditionalProperties: map[string][]byte{"content-type": nil}}
	refused(t, `["content-type"]: also the key of a field`, files)
	invalid := models.Anything{AdditionalProperties: map[string]any{"a": "b", "\\xff": 1}}
	refused(t, "expected Unicode text, found invalid UTF-8", invalid)
	far := models.Tree{AdditionalProperties: map[string]models.Tree{"b": {}}}
	choice := models.Choice{}
	choice.AdditionalProperties = map[string]models.ChoiceAdditionalPropertiesValue{"a": "maybe"}
	refused(t, "a: expected a value of ChoiceAdditionalPropertiesValue", choice)
	written(t, `{"b":{}}`, far)
}

func TestDefaults(t *testing.T) {
	settings := models.NewSettings()
	isSet := settings.Name == "new" && *settings.Limit == 5 && *settings.Optional == "x"
	if !isSet || settings.Ratio != nil {
		t.Error(settings)
	}
	data, err := settings.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := models.DecodeSettings(data)
	if err != nil || !reflect.DeepEqual(settings, again) {
		t.Error(again, err)
	}
	refused(t, "size: expected a number of at least 1, found 0", models.Settings{})
}
"""
TYPESCRIPT = """\
import {
  decodeAnything, decodeSettings,
  encodeAnything, encodeCounts, encodeFiles, encodeSettings, encodeTree,
} from "./models/index.ts";

const tree = JSON.parse('{"__proto__": {"value": 1}}');
const inner = { additionalProperties: { b: { value: "x" } } };
const attempts = [
  () => encodeAnything({}),
  () => encodeAnything({ additionalProperties: {} }),
  () => encodeAnything({ additionalProperties: JSON.parse('{"__proto__": 1}') }),
  () => encodeCounts({ total: 1, additionalProperties: { a: 2 } }),
  () => encodeFiles({ additionalProperties: { a: new Uint8Array([1]) } }),
  () => encodeTree({ additionalProperties: tree }),
  () => encodeCounts({ total: 1, additionalProperties: { a: 2, total: 3 } }),
  () => encodeFiles({ additionalProperties: { "content-type": new Uint8Array() } }),
  () => encodeCounts({ total: 1, additionalProperties: { a: "b" } }),
  () => encodeTree({ additionalProperties: { a: inner } }),
  () => encodeAnything({ additionalProperties: [1] }),
  () => encodeAnything({ additionalProperties: { "\\ud800": 1 } }),
  () => Object.getPrototypeOf(decodeAnything({ a: 1 }).additionalProperties) === Object.prototype,
  () => encodeSettings({ plain: "p" }),
  () => encodeSettings(decodeSettings(encodeSettings({ plain: "p", size: 2 }))).size,
];
console.log(JSON.stringify(attempts.map((attempt) => {
  try {
    return attempt();
  } catch (error) {
    return error.message;
  }
})));
"""
DEFAULTS = {
    **{"name": "new", "size": 3, "ratio": None, "limit": 5, "tags": ["a", "b"], "colors": {}},
    **{"color": "red", "fixed": "fixed", "since": "2026-05-31T12:00:00.5Z", "data": "AQI="},
    **{"extra": {"a": [1]}, "inner": {"note": "b"}, "mixed": 5, "optional": "x", "plain": "p"},
}
"""What is written for an object with nothing but the field `plain`."""
ANSWERS = [
    *({}, {}, {"__proto__": 1}, {"total": 1, "a": 2}, {"a": "AQ=="}, {"__proto__": {"value": 1}}),
    "total: also the key of a field",
    '["content-type"]: also the key of a field',
    'a: expected a 64-bit integer, found "b"',
    'a.b.value: expected a 32-bit number, found "x"',
    "expected an object, found an array",
    '["\\ud800"]: expected Unicode text, found a lone surrogate',
    *(True, DEFAULTS, 2),
]


def test_python_encodes_additional_properties(tmp_path: Path) -> None:
    generate(schema_in(CASES / "additional"), "python", tmp_path, "models")
    (tmp_path / "use.py").write_text(PYTHON, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "use.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.toolchain
def test_go_encodes_additional_properties(tmp_path: Path, go: Tool) -> None:
    options: Options = {"module": "example.com/models", "gomod": True}
    generate(schema_in(CASES / "additional"), "go", tmp_path, "models", options)
    (tmp_path / "models/use").mkdir()
    (tmp_path / "models/use/use_test.go").write_text(GO, encoding="utf-8")
    done = go.run("test", "-trimpath", "./use", cwd=tmp_path / "models")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.toolchain
def test_typescript_encodes_additional_properties(tmp_path: Path, node: Tool) -> None:
    generate(schema_in(CASES / "additional"), "typescript", tmp_path, "models")
    (tmp_path / "use.mjs").write_text(TYPESCRIPT, encoding="utf-8")
    done = node.run(tmp_path / "use.mjs")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ANSWERS


NAMES = {
    "python": "additional_properties",
    "go": "AdditionalProperties",
    "typescript": "additionalProperties",
}


def of_model(policy: str, fields: str, name: str) -> Target:
    """Return a target without options, for one model."""
    cls = target_class(name)
    options = {"module": "example.com/m", **cls.defaults()}
    spec = f"model: M\n{policy}\nfields: {{{fields}}}\n"
    return cls(schema_of(spec), Settings(name, name, "models", options=options))


@pytest.mark.parametrize(("name", "taken"), NAMES.items())
def test_a_field_cannot_have_the_name_of_the_additional_properties(name: str, taken: str) -> None:
    field = f"a: {{type: any, names: {{{name}: {taken}}}}}"
    (problem,) = problems_of([of_model("additionalProperties: true", field, name)])
    assert problem.code == "MS040"
    for policy in ("additionalProperties: false", ""):
        assert list(problems_of([of_model(policy, field, name)])) == []


def test_the_function_that_sets_defaults_has_a_name_of_its_own() -> None:
    spec = "---\nmodel: NewM\nfields: {}\n"
    field = "a: {type: string, required: true, default: x}"
    cls = target_class("go")
    settings = Settings("go", "go", "models", options={"module": "m.com/m", **cls.defaults()})
    schema = schema_of(f"model: M\nfields: {{{field}}}\n{spec}")
    (problem,) = problems_of([cls(schema, settings)])
    assert problem.code == "MS040"


@pytest.mark.parametrize("name", ["python", "typescript", "go"])
def test_the_support_code_has_only_what_the_models_need(name: str) -> None:
    def support(policy: str) -> str:
        texts = texts_of(of_model(policy, "", name))
        return "".join(text for path, text in texts.items() if "wire" in path)

    refuses, keeps = '"unknown key"', '"also the key of a field"'
    found = [support(f"additionalProperties: {policy}") for policy in ("false", "true")]
    assert [refuses in text for text in (support(""), *found)] == [False, True, False]
    assert [keeps in text for text in (support(""), *found)] == [False, False, True]


def test_a_large_closed_model_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fields are read by several functions."""
    fields = ", ".join(f"f{number}: {{type: int64}}" for number in range(100))
    closed = f"model: M\nadditionalProperties: false\nfields: {{{fields}}}\n"
    kept = f"model: N\nadditionalProperties: int64\nfields: {{{fields}}}\n"
    generate(schema_of(f"{closed}---\n{kept}"), "python", tmp_path, "large_models")
    monkeypatch.syspath_prepend(tmp_path)
    models = import_module("large_models")
    with pytest.raises(models.DecodeError, match="x: unknown key"):
        models.M.from_dict({"f99": 1, "x": 1})
    assert models.N.from_dict({"f99": 1, "x": 1}).to_dict() == {"f99": 1, "x": 1}
