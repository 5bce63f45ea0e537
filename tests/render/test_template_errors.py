"""A template that fails is reported at its line, whether it is built in or the project's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.render.templates import built_in_templates

SPEC = "model: Point\nfields: {x: {type: float64, required: true}}\n"
CONFIGS = {
    "go": "targets: {go: {out: models, module: example.com/models}}\n",
    "markdown": "targets: {markdown: {out: models, notation: go}}\n",
    "python": "targets: {python: {out: models}}\n",
    "typescript": "targets: {typescript: {out: models}}\n",
}
ENCODERS = {"go": "comment", "markdown": "text", "python": "docstring", "typescript": "comment"}
TEMPLATES = {
    "go": "model.go",
    "markdown": "page.md",
    "python": "model.py",
    "typescript": "model.ts",
}


class Fault(NamedTuple):
    """Text that makes a template fail; `ENCODER` is a filter of the target."""

    text: str
    code: str
    message: str


FAULTS = {
    "a syntax error": Fault("{% if %}", "MS060", "this is not a Jinja template"),
    "an unknown tag": Fault("{% nosuch %}", "MS060", "unknown tag 'nosuch'"),
    "an unknown filter": Fault("{{ 'a' | nosuch }}", "MS060", "No filter named 'nosuch'"),
    "an unknown filter in a branch": Fault(
        "{% if true %}{{ 'a' | nosuch }}{% endif %}", "MS062", "No filter named 'nosuch'"
    ),
    "an unknown test": Fault("{{ 'a' is nosuch }}", "MS060", "No test named 'nosuch'"),
    "an undefined variable": Fault("{{ nosuch }}", "MS062", "'nosuch' is undefined"),
    "an undefined attribute": Fault(
        "{{ definitions[0].nosuch }}", "MS062", "no attribute 'nosuch'"
    ),
    "a missing include": Fault("{% include 'nosuch.j2' %}", "MS061", "no template `nosuch.j2`"),
    "a missing import": Fault(
        "{% from 'nosuch.j2' import a %}", "MS061", "no template `nosuch.j2`"
    ),
    "a list for a filter": Fault("{{ [1] | ENCODER }}", "MS062", "Error"),
    "a mapping for a filter": Fault("{{ {} | ENCODER }}", "MS062", "Error"),
    "a surplus argument": Fault("{{ 'a' | ENCODER(1, 2, 3, 4, 5) }}", "MS062", "TypeError"),
    "a filter that raises": Fault("{{ [1, 'a'] | sort }}", "MS062", "TypeError"),
    "a division by zero": Fault("{{ 1 // 0 }}", "MS062", "ZeroDivisionError"),
    "a call of a text": Fault("{{ 'a'() }}", "MS062", "TypeError"),
    "plain text": Fault("{{ 'a' }}", "MS062", "without an encoder"),
}


class Project:
    """A project, and a copy of the built-in templates that it uses."""

    def __init__(self, folder: Path, target: str, built_in: Path) -> None:
        self.folder = folder
        self.built_in = built_in
        self.target = target
        write(self.folder, {"modelsync.yaml": CONFIGS[target], "specs/p.yaml": SPEC})

    @property
    def template(self) -> str:
        """The path of the template of a model, without its folder."""
        return f"{self.target}/{TEMPLATES[self.target]}.j2"

    def folder_of(self, kind: str) -> Path:
        return self.built_in if kind == "built-in" else self.folder / "templates"

    def change(self, kind: str, text: str) -> int:
        """Add a line to the built-in or the overriding template, and return its number."""
        source = (self.built_in / self.template).read_text("utf-8")
        write(self.folder_of(kind), {self.template: f"{source}\n{text}\n"})
        return source.count("\n") + 2


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the built-in templates. At the same paths, they are only compiled once."""
    folder = tmp_path_factory.mktemp("built-in")
    for target in CONFIGS:
        shutil.copytree(built_in_templates() / target, folder / target)
    return folder


@pytest.fixture(params=CONFIGS)
def project(
    request: pytest.FixtureRequest, built_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Project]:
    project = Project(tmp_path, request.param, built_in)
    monkeypatch.setattr("modelsync.render.templates.built_in_templates", lambda: built_in)
    yield project
    (built_in / project.target / "part.j2").unlink(missing_ok=True)
    shutil.copyfile(built_in_templates() / project.template, built_in / project.template)


KINDS = ("built-in", "overriding")


def errors_of(project: Project, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*(words or ["generate"]), "--project", str(project.folder)]) == 2
    return capsys.readouterr().err


def assert_reported(error: str, code: str, place: str) -> None:
    """Assert that the only problem has this code and this position."""
    assert re.findall(r"^MS\d+", error, re.M) == [code], error
    assert f"--> {place}:" in error, error


def shown_path(project: Project, kind: str, template: str) -> str:
    """Return how a message shows a template."""
    return f"templates/{template}" if kind == "overriding" else f"{project.built_in}/{template}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_at_its_line(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str, name: str
) -> None:
    fault = FAULTS[name]
    text = fault.text.replace("ENCODER", ENCODERS[project.target])
    line = project.change(kind, text)
    error = errors_of(project, capsys)
    assert_reported(error, fault.code, f"{shown_path(project, kind, project.template)}:{line}")
    assert fault.message in error


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("text", "code"), [("{{ nosuch }}", "MS062"), ("{% if %}", "MS060"), (b"\xff", "MS060")]
)
def test_a_fault_in_an_included_template_is_reported_there(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str, text: str | bytes, code: str
) -> None:
    project.change(kind, "{% include 'part.j2' %}")
    data = text.encode() if isinstance(text, str) else text
    (project.folder_of(kind) / project.target / "part.j2").write_bytes(b"\n" + data + b"\n")
    place = shown_path(project, kind, f"{project.target}/part.j2")
    assert_reported(errors_of(project, capsys), code, f"{place}:2")


def test_an_include_need_not_end_in_j2(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.change("overriding", "{% include 'part.txt' %}")
    write(project.folder, {f"templates/{project.target}/part.txt": "\n{{ nosuch }}\n"})
    place = f"templates/{project.target}/part.txt:2"
    assert_reported(errors_of(project, capsys), "MS062", place)


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_are_not_text_are_reported_at_their_line(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    line = project.change(kind, "")
    path = project.folder_of(kind) / project.template
    path.write_bytes(path.read_bytes() + b"\xff\n")
    place = f"{shown_path(project, kind, project.template)}:{line + 1}"
    assert_reported(errors_of(project, capsys), "MS060", place)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("project", ["python"], indirect=True)
def test_output_that_cannot_be_formatted_is_reported_with_its_template(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    project.change(kind, f"a = ({'1 + ' * 40}")
    error = errors_of(project, capsys)
    assert_reported(error, "MS062", shown_path(project, kind, project.template))
    assert "point.py cannot be formatted" in error


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_reports_the_line(
    project: Project, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run(["generate", "--project", str(project.folder)]) == 0
    capsys.readouterr()
    file = next(path for path in sorted(project.folder.glob("models/**/point.*")) if path.is_file())
    line = project.change(kind, "{{ nosuch }}")
    place = f"{shown_path(project, kind, project.template)}:{line}"
    for words in (["check"], ["explain", file.relative_to(project.folder).as_posix()]):
        assert_reported(errors_of(project, capsys, *words), "MS062", place)


def test_the_traceback_is_shown_on_request(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.change("built-in", "{{ 1 // 0 }}")
    assert "Traceback" not in errors_of(project, capsys)
    monkeypatch.setenv("MODELSYNC_DEBUG", "1")
    assert "Traceback" in errors_of(project, capsys)


def test_an_error_of_no_template_is_an_internal_error(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelsync.render.templates.Templates._renderer", None)
    assert run(["generate", "--project", str(project.folder)]) == 3
    assert "internal error (please report it)" in capsys.readouterr().err
