"""What all targets have in common, and how one is added or changed from outside."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import schema_of, target
from modelsync.cli import run
from modelsync.schema.definitions import Definition
from modelsync.targets import target_class, target_names
from modelsync.targets.base import Code, Target, code, join

SPEC = """\
model: Point
description: A place
fields:
  x: {type: float64, required: true}
  label: {type: string}
"""

TARGET = '''\
"""Rust structs: as much of a target as shows what one is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modelsync.schema.definitions import Model
from modelsync.schema.types import Scalar
from modelsync.naming import pascal, snake
from modelsync.targets.base import Code, File, Target

_SCALARS = {"float64": Code("f64"), "string": Code("String")}


def doc_comment(text: str) -> Code:
    return Code("/// " + " ".join(text.split()))


class RustTarget(Target):
    name = "rust"
    reserved_fields = frozenset({"fn", "type"})
    filters = {"doc_comment": doc_comment}
    TEMPLATES

    def definition_identifier(self, name: str) -> str:
        return pascal(name)

    def field_identifier(self, wire: str) -> str:
        return snake(wire)

    def value_identifier(self, enum: str, wire: str) -> str:
        return pascal(wire)

    def files(self) -> Iterator[File]:
        for model in self.schema.definitions:
            assert isinstance(model, Model)
            fields = []
            for field in model.fields:
                assert isinstance(field.type, Scalar)
                name = Code(self.field_names[model.id, field.json_key])
                fields.append({"name": name, "type": _SCALARS[field.type.name]})
            view = {
                "name": Code(self.definition_names[model.id]),
                "description": model.description,
                "fields": fields,
            }
            yield File(f"{snake(model.name)}.rs", "model.rs", view, (model,))


TARGET = RustTarget
'''
TEMPLATE = """\
{{ description | doc_comment }}
pub struct {{ name }} {
{% for field in fields %}
    pub {{ field.name }}: {{ field.type }},
{% endfor %}
}
"""
RUST = "/// A place\npub struct Point {\n    pub x: f64,\n    pub label: String,\n}\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


def generate_with(pythonpath: Path, project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "modelsync", "generate"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(pythonpath)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_language_is_a_package_and_a_folder_of_templates(root: Path, tmp_path: Path) -> None:
    tree, project = tmp_path / "tree", tmp_path / "project"
    for part in ("generator", "templates"):
        shutil.copytree(root / part, tree / part)
    write(
        tree / "generator/modelsync/targets/rust",
        {"__init__.py": TARGET.replace("    TEMPLATES\n", "")},
    )
    write(tree / "templates/rust", {"model.rs.j2": TEMPLATE})
    write(project, {"modelsync.yaml": "targets: {rust: {out: src/models}}\n", "specs/p.yaml": SPEC})
    done = generate_with(tree / "generator", project)
    assert done.returncode == 0, done.stderr
    assert (project / "src/models/point.rs").read_text() == RUST


def test_a_package_adds_a_target_by_an_entry_point(tmp_path: Path) -> None:
    site, project = tmp_path / "site", tmp_path / "project"
    own_templates = "templates = Path(__file__).parent / 'j2'"
    write(
        site,
        {
            "modelsync_rust/__init__.py": TARGET.replace("TEMPLATES", own_templates),
            "modelsync_rust/j2/model.rs.j2": TEMPLATE,
            "modelsync_rust-1.dist-info/METADATA": "Name: modelsync-rust\nVersion: 1\n",
            "modelsync_rust-1.dist-info/entry_points.txt": (
                "[modelsync.targets]\nrust = modelsync_rust\n"
            ),
        },
    )
    write(project, {"modelsync.yaml": "targets: {rust: {out: models}}\n", "specs/p.yaml": SPEC})
    done = generate_with(site, project)
    assert done.returncode == 0, done.stderr
    assert (project / "models/point.rs").read_text() == RUST


CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: docs}}\n"


def project_with_template(tmp_path: Path, template: str) -> Path:
    write(
        tmp_path,
        {
            "modelsync.yaml": CONFIG,
            "specs/p.yaml": SPEC,
            "templates/sdk-docs/index.md.j2": template,
        },
    )
    return tmp_path


def test_a_project_overrides_one_template(tmp_path: Path) -> None:
    project = project_with_template(tmp_path, "Own index of {{ package }}\n")
    assert run(["generate", "--project", str(project)]) == 0
    assert (project / "docs/models/README.md").read_text() == "Own index of models\n"
    assert (project / "docs/models/point.md").read_text().startswith("# Point\n")


@pytest.mark.parametrize(
    ("template", "code_", "message"),
    [
        ("{% if %}", "MS060", "not a Jinja template"),
        ("one\n{{ nothing }}", "MS062", "'nothing' is undefined"),
        ("{% include 'indx.md.j2' %}", "MS061", "no template"),
        ("{{ 'plain' ~ package }}", "MS062", "without an encoder"),
        ("{{ package.__class__.__mro__ }}", "MS062", "unsafe"),
        ("{{ package.upper() }}", "MS062", "without an encoder"),
        ("{{ 1 / 0 }}", "MS062", "division by zero"),
        ("{% for x in range(10 ** 9) %}{% endfor %}", "MS062", "Range too big"),
    ],
)
def test_an_invalid_template_is_a_problem_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], template: str, code_: str, message: str
) -> None:
    project = project_with_template(tmp_path, template)
    assert run(["generate", "--project", str(project)]) == 2
    output = capsys.readouterr().err
    assert code_ in output
    assert message in output
    line = template.count("\n") + 1
    assert f"templates/sdk-docs/index.md.j2:{line}:1" in output
    assert not (project / "docs").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sdk-docs/indx.md.j2", "did you mean `index.md.j2`?"),
        ("sdk-dox/index.md.j2", "did you mean `sdk-docs`?"),
    ],
)
def test_a_template_that_replaces_no_other_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    write(
        tmp_path,
        {"modelsync.yaml": CONFIG, "specs/p.yaml": SPEC, f"templates/{name}": "x"},
    )
    assert run(["generate", "--project", str(tmp_path)]) == 2
    output = capsys.readouterr().err
    assert "MS063" in output
    assert message in output


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_template_that_another_includes_counts_as_used(tmp_path: Path, quote: str) -> None:
    project = project_with_template(tmp_path, f"{{% include {quote}part.md.j2{quote} %}}")
    write(project, {"templates/sdk-docs/part.md.j2": "part of {{ package }}\n"})
    assert run(["generate", "--project", str(project)]) == 0
    assert (project / "docs/models/README.md").read_text() == "part of models\n"


def test_a_template_that_is_not_text_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = project_with_template(tmp_path, "")
    (project / "templates/sdk-docs/index.md.j2").write_bytes(b"\xff")
    assert run(["generate", "--project", str(project)]) == 2
    assert "MS060 this template is not UTF-8" in capsys.readouterr().err


def test_text_in_specs_is_not_a_template(tmp_path: Path) -> None:
    text = "{{ 7*191 }} {% if x %} {# c #}"
    write(
        tmp_path,
        {
            "modelsync.yaml": CONFIG,
            "specs/p.yaml": f"model: P\ndescription: '{text}'\nfields: {{}}\n",
        },
    )
    assert run(["generate", "--project", str(tmp_path)]) == 0
    assert text in (tmp_path / "docs/models/p.md").read_text()


def test_eject_copies_the_built_in_templates(tmp_path: Path) -> None:
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/p.yaml": SPEC})
    assert run(["generate", "--project", str(tmp_path)]) == 0
    before = {p: p.read_bytes() for p in tmp_path.glob("docs/**/*.md")}
    assert run(["init", "--eject", "sdk-docs", "--project", str(tmp_path)]) == 0
    assert (tmp_path / "templates/sdk-docs/page.md.j2").is_file()
    assert run(["generate", "--project", str(tmp_path)]) == 0
    assert {p: p.read_bytes() for p in tmp_path.glob("docs/**/*.md")} == before


@pytest.mark.parametrize("name", ["python", "typescript", "go"])
def test_filters_escape_text(name: str) -> None:
    text = 'a\r\nb\u2028c\x0bd\x85e */ """ \\'
    for filter_name, encode in target_class(name).filters.items():
        made = encode(text)
        assert type(made) is Code
        if filter_name == "docstring":
            assert "\\" in ast.literal_eval(made.replace("\n    ", "\n"))
        else:
            assert len(made.splitlines()) == 1


def test_a_project_uses_the_raw_text_through_a_filter(tmp_path: Path) -> None:
    template = "{{ definitions[0].description | text }}, {{ definitions[0].id | cell }}\n"
    project = project_with_template(tmp_path, template)
    assert run(["generate", "--project", str(project)]) == 0
    assert (project / "docs/models/README.md").read_text() == "A place, Point\n"


def test_a_project_overrides_a_file_that_is_copied(tmp_path: Path) -> None:
    config = "targets: {go: {out: models, module: example.com/models}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/p.yaml": SPEC})
    assert run(["init", "--eject", "go", "--project", str(tmp_path)]) == 0
    own = tmp_path / "templates/go/wire/doc.go"
    own.write_text(own.read_text("utf-8").replace("Package wire", "Package wire, ours,"), "utf-8")
    assert run(["generate", "--project", str(tmp_path)]) == 0
    assert "Package wire, ours," in (tmp_path / "models/wire/doc.go").read_text("utf-8")


@pytest.mark.parametrize("name", target_names())
def test_each_target_describes_itself(name: str) -> None:
    target = target_class(name)
    assert target.__doc__
    for option in target.options:
        assert option.doc.endswith(".")


def test_code_is_built_from_code() -> None:
    assert code("a{}c", Code("b")) == "abc"
    assert join(", ", [Code("a"), Code("b")]) == "a, b"
    with pytest.raises(TypeError):
        code("{}", "text")  # type: ignore[arg-type]  # what the check is for
    with pytest.raises(TypeError):
        join("", ["text"])  # type: ignore[list-item]  # what the check is for


@pytest.mark.parametrize("name", ["python", "typescript", "go", "pydantic"])
def test_the_name_of_a_json_key_is_derived_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = []
    cls = target_class(name)
    derive = cls.field_identifier

    def counted(self: Target, key: str) -> str:
        derived.append(key)
        return derive(self, key)

    monkeypatch.setattr(cls, "field_identifier", counted)
    fields = "fields: {id: {type: string}, createdAt: {type: datetime}}\n"
    schema = schema_of("---\n".join(f"model: M{n}\n{fields}" for n in range(100)))
    options = {"module": "example.com/m"} if name == "go" else {}
    assert target(schema, name, "out", options).name_faults == []
    assert sorted(derived) == ["createdAt", "id"]


@pytest.mark.parametrize("name", ["python", "typescript", "go", "pydantic"])
def test_distinct_values_of_an_enum_need_no_claims(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = []
    cls = target_class(name)
    claim = cls._claim

    def counted(self: Target, item: Definition, *arguments: Any) -> str | None:
        claimed.append(item)
        return claim(self, item, *arguments)

    monkeypatch.setattr(cls, "_claim", counted)
    schema = schema_of("enum: Size\nvalues: {" + ", ".join(f"v{n}: a" for n in range(100)) + "}\n")
    options = {"module": "example.com/m"} if name == "go" else {}
    made = target(schema, name, "out", options)
    assert claimed == [*made.schema.definitions]
    assert len(made.value_names) == 100
