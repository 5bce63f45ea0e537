"""What a language model returns for the schema of a preset is decoded as the ordinary document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from helpers.projects import generate, schema_of, target, texts_of, write
from helpers.structured_documents import (
    Form,
    Unsayable,
    documents,
    meaning,
    returned,
    undone,
)
from modelsync.schema.json_values import Json
from modelsync.schema.schema import Schema
from modelsync.schema.structured import PRESETS, structured
from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.go.aliases import has_functions
from modelsync.targets.json_schema import JsonSchemaTarget
from modelsync.targets.python import PythonTarget
from modelsync.targets.typescript.names import exported
from modelsync.verify.cases import Case
from modelsync.verify.expected import expected, same
from modelsync.verify.languages import go as go_language
from modelsync.verify.languages import python as python_language
from modelsync.verify.languages import typescript as typescript_language
from modelsync.verify.strict import parse
from modelsync.verify.validators import python_jsonschema
from modelsync.verify.validators.request import read_schemas

SPEC = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string}
  labels: {type: 'map[Line]', required: true}
  extra: {type: any}
additionalProperties: int32
---
model: Line
fields: {sku: {type: string, required: true}, counts: {type: 'list[map[int32]]'}}
---
alias: Lines
type: list[Line]
"""


@cache
def forms(preset: str) -> list[Form]:
    """Return the forms of the documents in a preset."""
    return list(_forms(meaning(), preset))


def _forms(schema: Schema, preset: str) -> Iterator[Form]:
    roots: dict[str, Schema] = {}
    for definition, document in documents():
        if definition not in roots:
            roots[definition] = structured(schema, definition, PRESETS[preset])
        try:
            yield Form(definition, returned(schema, definition, roots[definition], document))
        except Unsayable:
            continue


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_the_schema_of_a_preset_accepts_what_is_returned(preset: str, tmp_path: Path) -> None:
    made = target(meaning(), "json-schema", "out", {"preset": preset})
    assert isinstance(made, JsonSchemaTarget)
    write(tmp_path, texts_of(made))
    assert made.structured is not None
    roots = {root.id for root in made.structured.roots}
    tried = [form for form in forms(preset) if form.definition in roots]
    schemas = read_schemas(tmp_path / "out", {id_: made.reference_to(id_) for id_ in roots})
    asked = [Case(form.definition, json.dumps(form.value).encode()) for form in tried]
    outcomes = python_jsonschema.run(schemas, asked, python_jsonschema.find(tmp_path))
    refused = [
        (outcome, case)
        for outcome, case in zip(outcomes, asked, strict=True)
        if not outcome.accepted
    ]
    assert refused == []
    assert len(tried) > 200


# Decoding -----------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What a language says about a form: the JSON of its value, or the path of the first error."""

    json: Json = None
    path: str | None = None
    errors: tuple[str, ...] = ()


Decode = Callable[[Target, Path, Sequence[Form]], list[Answer]]


def in_python(made: Target, out: Path, tried: Sequence[Form]) -> list[Answer]:
    assert isinstance(made, PythonTarget)
    with python_language._imported(out) as load:
        root = load("")

        def decoded(form: Form) -> Answer:
            codec = python_language._codec(made, load, form.definition)

            def decode(value: Any) -> Any:
                return root.from_structured(codec.from_dict, value)

            try:
                return Answer(json.loads(codec.to_json(decode(json.dumps(form.value)))))
            except root.DecodeError as error:
                errors = root.all_errors(decode, form.value)
                return Answer(None, error.path, tuple(each.path for each in errors))

        return list(map(decoded, tried))


SCRIPT = """\
import { readFileSync } from "node:fs";

const [, , index, file] = process.argv;
const root = await import(index);

function answer({ scope, name, text }) {
  const models = scope.reduce((namespace, part) => namespace[part], root);
  const decode = models[`decode${name}`];
  try {
    return { json: models[`stringify${name}`](root.fromStructured(decode, text)) };
  } catch (error) {
    const errors = root.structuredErrors(decode, JSON.parse(text)).map(({ path }) => path);
    return { path: error.path, errors };
  }
}

const answers = JSON.parse(readFileSync(file, "utf-8")).map(answer);
process.stdout.write(JSON.stringify(answers));
"""


def in_typescript(made: Target, out: Path, tried: Sequence[Form]) -> list[Answer]:
    node = typescript_language.find_node()
    items = [
        {
            "scope": [exported(part) for part in form.definition.split(".")[:-1]],
            "name": made.definition_names[form.definition],
            "text": json.dumps(form.value),
        }
        for form in tried
    ]
    files = {"package.json": '{"type": "module"}', "run.mjs": SCRIPT, "items": json.dumps(items)}
    write(out.parent, files)
    index, script, file = (
        out.parent / name for name in (f"{out.name}/index.ts", "run.mjs", "items")
    )
    return answers_of(node.run(script, index, file).stdout)


PROGRAM = """\
package main

import (
	"encoding/json"
	"errors"
	"os"

	"example.com/models/wire"
%(imports)s
)

type form struct {
	Definition string
	Text       string
}

type answer struct {
	JSON   string   `json:"json,omitempty"`
	Path   *string  `json:"path,omitempty"`
	Errors []string `json:"errors"`
}

func try[T any](
	decode func([]byte) (T, error), all func([]byte) (T, error), encode func(T) ([]byte, error),
) func([]byte) answer {
	return func(data []byte) answer {
		value, err := wire.FromStructured(decode, data)
		var first *wire.DecodeError
		if errors.As(err, &first) {
			var errs wire.DecodeErrors
			paths := []string{first.Path}
			if all != nil {
				_, err = wire.FromStructured(all, data)
				if errors.As(err, &errs) {
					paths = nil
				}
				for _, each := range errs {
					paths = append(paths, each.Path)
				}
			}
			return answer{Path: &first.Path, Errors: paths}
		}
		text, err := encode(value)
		if err != nil {
			panic(err)
		}
		return answer{JSON: string(text)}
	}
}

var decoders = map[string]func([]byte) answer{
%(decoders)s
}

func main() {
	var forms []form
	if err := json.NewDecoder(os.Stdin).Decode(&forms); err != nil {
		panic(err)
	}
	var answers []answer
	for _, each := range forms {
		answers = append(answers, decoders[each.Definition]([]byte(each.Text)))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
"""


def in_go(made: Target, out: Path, tried: Sequence[Form]) -> list[Answer]:
    assert isinstance(made, GoTarget)
    aliases = {package: f"p{index}" for index, package in enumerate(made.packages())}
    imports = [f'\t{alias} "{made.import_path(package)}"' for package, alias in aliases.items()]
    decoders = []
    for each in made.schema.definitions:
        place = f"{aliases[made.home(each)]}.{{}}{made.definition_names[each.id]}"
        decode, type_ = place.format("Decode"), place.format("")
        encode = f"func(v {type_}) ([]byte, error) {{ return v.MarshalJSON() }}"
        all_ = f"wire.DecodeAll[{type_}]"
        if has_functions(made.schema, each):
            encode, all_ = place.format("Encode"), "nil"
        decoders.append(f'\t"{each.id}": try({decode}, {all_}, {encode}),')
    program = PROGRAM % {"imports": "\n".join(imports), "decoders": "\n".join(decoders)}
    write(out, {"go.mod": go_language.module_text(made), "modelsync_try/main.go": program})
    items = [{"Definition": form.definition, "Text": json.dumps(form.value)} for form in tried]
    done = go_language.find_go().run("run", "./modelsync_try", cwd=out, stdin=json.dumps(items))
    assert done.returncode == 0, done.stderr
    return answers_of(done.stdout)


def answers_of(text: str) -> list[Answer]:
    return [
        Answer(
            parse(each["json"]) if "json" in each else None,
            each.get("path"),
            tuple(each.get("errors") or ()),
        )
        for each in json.loads(text)
    ]


OPTIONS: dict[str, dict[str, str | bool]] = {"go": {"module": "example.com/models"}}
LANGUAGES = [
    pytest.param("python", in_python, id="python"),
    pytest.param("typescript", in_typescript, id="typescript", marks=pytest.mark.toolchain),
    pytest.param("go", in_go, id="go", marks=pytest.mark.toolchain),
]


def decoded(
    name: str, decode: Decode, schema: Schema, folder: Path, tried: Sequence[Form]
) -> tuple[Target, list[Answer]]:
    """Return what the generated code says about forms."""
    options: dict[str, str | bool] = {"structured": True, **OPTIONS.get(name, {})}
    made = generate(schema, name, folder, "modelsync_models", options)
    return made, decode(made, folder / "modelsync_models", tried)


@pytest.mark.parametrize(("name", "decode"), LANGUAGES)
def test_a_returned_document_is_decoded_as_the_ordinary_one(
    name: str, decode: Decode, tmp_path: Path
) -> None:
    schema = meaning()
    tried = [form for preset in PRESETS for form in forms(preset)]
    made, answers = decoded(name, decode, schema, tmp_path, tried)
    for form, answer in zip(tried, answers, strict=True):
        case = Case(form.definition, json.dumps(undone(form.value)).encode())
        wanted = expected(schema, case, made.holds)
        assert wanted is not None
        assert (answer.path is None) == wanted.accepted, (form, answer)
        assert not wanted.accepted or same(answer.json, parse(wanted.json)), (form, answer)
    assert len(answers) > 900


def order(**changes: Json) -> Form:
    value: dict[str, Json] = {"id": "a", "note": None, "labels": {"map_entries": []}}
    return Form("Order", {**value, "extra": None, "additional_entries": [], **changes})


def entries(*values: Json) -> Json:
    return [{"key": f"key {index}", "value": value} for index, value in enumerate(values)]


ERRORS: dict[str, Form] = {
    "id": order(id=1),
    "labels": order(labels=1),
    "labels.map_entries[1].value.sku": order(
        labels={"map_entries": entries({"sku": "a", "counts": None}, {"sku": 1, "counts": None})}
    ),
    "labels.map_entries[0].value.counts[0].map_entries[1].value": order(
        labels={"map_entries": entries({"sku": "a", "counts": [{"map_entries": entries(1, "b")}]})}
    ),
    "labels.map_entries": order(labels={"map_entries": [{"key": 1, "value": 2}]}),
    "labels.map_entries[0].value.sku ": order(labels={"map_entries": entries({"counts": []})}),
    "extra.json_text": order(extra={"json_text": "{"}),
    "extra.json_text.a[1]": order(extra={"json_text": '{"a": [1, 1e400]}'}),
    "additional_entries[1].value": order(additional_entries=entries(1, "b")),
    "root_value[1].sku": Form("Lines", {"root_value": [{"sku": "a", "counts": None}, {}]}),
    "root_value": Form("Lines", {"root_value": 1}),
    "": Form("Lines", 1),
}
"""Wrong forms, by the path of the error in what is returned."""


@pytest.mark.parametrize(("name", "decode"), LANGUAGES)
def test_errors_have_the_path_in_what_is_returned(
    name: str, decode: Decode, tmp_path: Path
) -> None:
    _, answers = decoded(name, decode, schema_of(SPEC), tmp_path, list(ERRORS.values()))
    paths = [path.strip() for path in ERRORS]
    assert [answer.path for answer in answers] == paths
    assert [answer.errors for answer in answers] == [(path,) for path in paths]


def test_all_errors_of_what_is_returned_have_their_paths(tmp_path: Path) -> None:
    wrong = order(id=1, labels={"map_entries": entries(1)}, additional_entries=entries("a"))
    _, [answer] = decoded("python", in_python, schema_of(SPEC), tmp_path, [wrong])
    assert answer.errors == ("id", "labels.map_entries[0].value", "additional_entries[0].value")


@pytest.mark.parametrize("name", ["python", "typescript", "go"])
def test_code_that_undoes_presets_is_only_there_if_it_is_wanted(name: str) -> None:
    made = target(schema_of(SPEC), name, "out", OPTIONS.get(name))
    assert not any("tructured" in text for text in texts_of(made).values())


def test_python_accepts_a_value_and_its_text(tmp_path: Path) -> None:
    form = order(additional_entries=entries(1))
    made = generate(schema_of(SPEC), "python", tmp_path, "modelsync_models", {"structured": True})
    assert isinstance(made, PythonTarget)
    with python_language._imported(tmp_path / "modelsync_models") as load:
        root = load("")
        values = [
            root.from_structured(root.Order.from_dict, each)
            for each in (form.value, json.dumps(form.value), json.dumps(form.value).encode())
        ]
        assert values[0].additional_properties == {"key 0": 1}
        assert values[0] == values[1] == values[2]
        with pytest.raises(root.DecodeError, match="not JSON"):
            root.from_structured(root.Order.from_dict, "{")
