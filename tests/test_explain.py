"""Where generated lines come from: the spec, the template and the options."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from modelsync import sync
from modelsync.cli import run
from modelsync.errors import Position
from modelsync.explain import parse_place, spec_positions
from modelsync.ir import Definition, Enum, Model, Union, refs_of
from modelsync.plan import Kind
from modelsync.render import Templates
from modelsync.targets.base import File, Target
from modelsync.trace import Origin, Trace, Tracer, lines_of
from projects import Options, schema_in, target, write

TARGETS: dict[str, tuple[str, Options]] = {
    "python": ("python", {}),
    "typescript": ("typescript", {"package": True}),
    "go": ("go", {"module": "example.com/models", "gomod": True}),
    "docs-go": ("markdown", {"notation": "go"}),
    "docs-python": ("markdown", {"notation": "python"}),
    "docs-typescript": ("markdown", {"notation": "typescript"}),
}
CASES = ("names", "packages", "text", "types", "unions")
each_case = pytest.mark.parametrize("case", CASES)
each_target = pytest.mark.parametrize("name", TARGETS)

SPEC = """\
model: User
description: Who may come in
fields:
  id:
    type: string
    required: true
  size: {type: int64}
  role: {type: Role}
---
enum: Role
values: {member: , admin: May do everything}
"""
CONFIG = """\
targets:
  python: {out: python}
  typescript:
    out: typescript
    int64: bigint
    package: true
  go:
    out: go
    module: example.com/acme/models
  docs: {target: markdown, out: docs, notation: go}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/user.yaml": SPEC})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Every line of every case -----------------------------------------------------------------------


@cache
def traces(root: Path, case: str, name: str) -> list[tuple[Target, File, Trace]]:
    kind, options = TARGETS[name]
    made = target(schema_in(root / "tests/cases" / case), kind, "out", options)
    # A folder without templates of its own, so that the built-in ones are taken.
    tracer = Tracer(type(made), root / "tests", "none")
    return [(made, file, tracer.trace(made, file)) for file in made.files()]


@each_case
@each_target
def test_tracing_changes_no_line(root: Path, case: str, name: str) -> None:
    for made, file, trace in traces(root, case, name):
        plain = Templates(type(made), root / "tests", "none")
        assert list(trace.lines) == lines_of(made.formatted(plain.render(file))), file.path
        assert len(trace.origins) == len(trace.lines)


@each_case
@each_target
def test_every_line_has_its_place_in_a_template(root: Path, case: str, name: str) -> None:
    """The line of the template either places something, or is the line that came out."""
    templates: dict[str, list[str]] = {}
    for _, file, trace in traces(root, case, name):
        for line, origin in zip(trace.lines, trace.origins, strict=True):
            path = origin.template.path
            if path not in templates:
                templates[path] = Path(path).read_text("utf-8").split("\n")
            source = templates[path][origin.template.line - 1]
            if "{{" not in source:
                assert line == source, (file.path, line, origin.template)


def parts(definition: Definition) -> dict[str, Position]:
    match definition:
        case Model(fields=fields):
            return {field.wire: field.position for field in fields}
        case Enum(values=values):
            return {str(value.wire): value.position for value in values}
        case Union(member_positions=places):
            return {str(number): place for number, place in enumerate(places)}


def declarations(made: Target, definition: Definition) -> Iterator[tuple[str, Position]]:
    """Yield a pattern of the line that declares each field or value, and its place."""
    notation = made.settings.options.get("notation")
    match definition, made.name:
        case Model(), _:
            pattern = {
                "python": r"    {}: .*",
                "typescript": r"  {}\??: ?.*",
                "go": r"\t{} +\S.*",
                "markdown": r"\| (~~)?`{}`.*",
            }[made.name]
            for field in definition.fields:
                name = made.field_names[definition.id, field.wire]
                yield pattern.replace("{}", re.escape(name)), field.position
        case Enum(), _ if notation in (None, "go"):
            pattern = {
                "python": r"    {} = .*",
                "typescript": r"  +{}:.*",
                "go": r"\t{} .*= .*",
                "markdown": r"\| `{}`.*",
            }[made.name]
            for value in definition.values:
                name = made.value_names[definition.id, value.wire]
                yield pattern.replace("{}", re.escape(name)), value.position
        case _:
            pass


@each_case
@each_target
def test_each_declaration_comes_from_its_field(root: Path, case: str, name: str) -> None:
    found = 0
    for made, file, trace in traces(root, case, name):
        if len(file.definitions) != 1 or file.template in ("index.md", "doc.go"):
            continue
        lines = list(zip(trace.lines, trace.origins, strict=True))
        for pattern, place in declarations(made, file.definitions[0]):
            places = {origin.spec for line, origin in lines if re.fullmatch(pattern, line)}
            assert place in places, (file.path, pattern)
            if made.name != "typescript":  # where the body of a function may look the same
                assert places == {place}, (file.path, pattern)
            found += 1
    assert found


@each_case
@each_target
def test_a_line_comes_from_its_own_definition(root: Path, case: str, name: str) -> None:
    for _, file, trace in traces(root, case, name):
        if len(file.definitions) != 1:
            continue
        (definition,) = file.definitions
        own = {definition.position, *parts(definition).values()}
        own |= {ref.position for ref in refs_of(definition)}
        assert {origin.spec for origin in trace.origins} <= own | {None}, file.path


@each_target
def test_what_reads_and_writes_a_field_comes_from_it(root: Path, name: str) -> None:
    patterns = {
        "python": [r'key = "{wire}"', r"self\.{name} = ", r"data\[key\] = .*self\.{name}\)"],
        "typescript": [r"to\.{name} = ", r'to\["{wire}"\] = '],
        "go": [r'case "{wire}":', r'w\.Key\(`"{wire}":`\)', r"object\.Set\(.*&v\.{name}\b"],
    }.get(name, [])
    seen = 0
    for made, file, trace in traces(root, "types", name):
        for definition in file.definitions[:1]:
            if not isinstance(definition, Model) or file.template == "index.md":
                continue
            for field in definition.fields:
                words = {
                    "wire": re.escape(field.wire),
                    "name": re.escape(made.field_names[definition.id, field.wire]),
                }
                for pattern in patterns:
                    for line, origin in zip(trace.lines, trace.origins, strict=True):
                        if re.search(pattern.format(**words), line):
                            assert origin.spec == field.position, (line, pattern)
                            seen += 1
    assert seen > 50 or not patterns


def origin_of(lines: Trace, text: str) -> Origin:
    return lines.origins[[line.strip() for line in lines.lines].index(text)]


def test_what_a_package_exports_comes_from_its_definitions(root: Path) -> None:
    schema = schema_in(root / "tests/cases/packages")
    places = {definition.id: definition.position for definition in schema.definitions}
    found = {
        name: {file.path: trace for _, file, trace in traces(root, "packages", name)}
        for name in ("python", "typescript", "docs-go")
    }
    python = found["python"]["__init__.py"]
    assert origin_of(python, "from .root import Root").spec == places["Root"]
    typescript = found["typescript"]["index.ts"]
    assert places["Root"] in {origin.spec for origin in typescript.origins}
    (row,) = (
        origin.spec
        for line, origin in zip(
            found["docs-go"]["models/README.md"].lines,
            found["docs-go"]["models/README.md"].origins,
            strict=True,
        )
        if line.startswith("| [Root](")
    )
    assert row == places["Root"]


def test_each_name_of_a_long_list_of_exports_has_its_definition(root: Path) -> None:
    schema = schema_in(root / "tests/cases/types")
    places = {definition.name: definition.position for definition in schema.definitions}
    files = {file.path: trace for _, file, trace in traces(root, "types", "python")}
    assert origin_of(files["__init__.py"], '"Part",').spec == places["Part"]
    assert origin_of(files["__init__.py"], '"color_from_json",').spec == places["Color"]
    assert origin_of(files["__init__.py"], '"UNSET",').spec is None


# What is said of a line -------------------------------------------------------------------------


def line_number(file: Path, start: str) -> int:
    lines = file.read_text("utf-8").split("\n")
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(start))


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(["explain", *arguments]) == code
    out, err = capsys.readouterr()
    return err if code else out


def test_a_line_is_explained(project: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = line_number(project / "typescript/user.ts", "size?")
    template = root / "templates/typescript/model.ts.j2"
    at = line_number(template, "{{ field.declaration }}")
    assert (
        told(capsys, f"typescript/user.ts:{number}")
        == f"""\
typescript/user.ts:{number}: in sync
    size?: bigint;
spec: the field "size" of the model "User"
 --> specs/user.yaml:7:3
  |
7 |   size: {{type: int64}}
  |   ^^^^
template, built in:
  --> {template}:{at}:3
   |
{at} |   {{{{ field.declaration }}}}
   |   ^^^^^^^^^^^^^^^^^^^^^^^
option: int64: "bigint" (modelsync.yaml:5:12)
"""
    )


def test_a_file_is_explained(project: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = root / "templates/go/model.go.j2"
    assert (
        told(capsys, "go/user.go")
        == f"""\
go/user.go: in sync
target: go (modelsync.yaml:7:3)
template: {template}, which is built in
model: User (specs/user.yaml:1:8)
option: module: "example.com/acme/models" (modelsync.yaml:9:13)
option: package: "" (by default)
option: gomod: false (by default)
option: join: {{}} (by default)
"""
    )


def explained(capsys: pytest.CaptureFixture[str], place: str) -> dict[str, object]:
    found = json.loads(told(capsys, place, "--format", "json"))
    assert isinstance(found, dict)
    line = found["origin"]
    assert isinstance(line, dict)
    return line


@pytest.mark.parametrize(
    ("file", "start", "names"),
    [
        ("typescript/user.ts", "size?", ["int64"]),
        ("typescript/user.ts", "id:", []),
        ("typescript/user.ts", "import { checkRole", ["extension"]),
        ("typescript/package.json", "{", ["package"]),
        ("go/user.go", '"example.com/acme/models/wire"', ["module"]),
        ("go/user.go", "package models", ["module", "package"]),
        ("docs/models/user.md", "| `ID`", ["notation", "above", "types", "qualified"]),
        ("docs/models/user.md", "## Fields", []),
        ("python/user.py", "id: str", []),
    ],
)
def test_the_options_that_a_line_depends_on_are_named(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    start: str,
    names: list[str],
) -> None:
    found = explained(capsys, f"{file}:{line_number(project / file, start)}")
    options = found["options"]
    assert isinstance(options, list)
    assert [option["name"] for option in options] == names


def test_a_copied_file_comes_from_the_same_line(
    project: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = explained(capsys, "go/wire/reader.go:40")
    assert found["spec"] is None
    template = {"path": str(root / "templates/go/wire/reader.go"), "line": 40, "column": 3}
    assert found["template"] == template


def test_a_union_is_explained_by_its_members(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    union = "union: Either\nmembers:\n  - string\n  - list[User]\n"
    write(project, {"specs/either.yaml": union})
    assert run(["generate", "-q"]) == 0
    for file, start in (
        ("python/either.py", 'case "array"'),
        ("typescript/either.ts", 'case "array"'),
        ("go/either.go", "UserList"),
        ("docs/models/either.md", "either := models.CreateEitherArrayOf"),
    ):
        found = explained(capsys, f"{file}:{line_number(project / file, start)}")
        assert found["spec"] == {"path": "specs/either.yaml", "line": 4, "column": 5}, file
        assert found["what"] == 'member 2 of the union "Either"'


# A project's own templates ----------------------------------------------------------------------


def test_own_templates_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--eject", "go"]) == 0
    template = project / "templates/go/model.go.j2"
    text = template.read_text("utf-8")
    row = "{% for field, _ in fields %}\n// of {{ field.wire }}\n{% endfor %}\n"
    template.write_text(
        text.replace("type {{ name }} struct {\n", row + "type {{ name }} struct {\n")
    )
    assert run(["generate", "-q"]) == 0
    number = line_number(project / "go/user.go", '// of "size"')
    found = told(capsys, f"go/user.go:{number}")
    at = line_number(template, "// of")
    assert f"template:\n --> templates/go/model.go.j2:{at}:1\n" in found
    assert 'the field "size" of the model "User"' in found
    assert "built in" not in told(capsys, "go/user.go")


OWN = """\
{% macro shout() %}{{ name }}{% endmacro %}
{% set kept %}
{{ name }} is kept
{% endset %}
{% filter upper %}
first {{ name }}
second
{% endfilter %}
{% for field in fields %}
{% include "one.py.j2" %}
{% endfor %}
{% set last = fields[-1] %}
# {{ last.declaration }}
# {{ definitions[0].description | comment }}
{% for line in [name] -%}

    # {{ line }}
{%- endfor %}

end = {{ name | default(name) }}
{% macro framed() %}
{% if caller %}
# begin
framed = {{ name }}
{% endif %}
{% endmacro %}
{% call framed() %}{% endcall %}
"""


def test_whatever_a_template_does_can_be_traced(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = "# a field\n{{ field.declaration }}\n"
    own = {"templates/python/model.py.j2": OWN, "templates/python/one.py.j2": one}
    write(project, own)
    assert run(["generate", "-q"]) == 0
    lines = (project / "python/user.py").read_text("utf-8").split("\n")
    assert lines == [
        "FIRST USER",
        "SECOND",
        "# a field",
        "    id: str",
        "# a field",
        "    size: int | None = None",
        "# a field",
        "    role: Role | None = None",
        "#     role: Role | None = None",
        "# Who may come in",
        "# User",
        "end = User",
        "# begin",
        "framed = User",
        "",
    ]
    found = [explained(capsys, f"python/user.py:{number}") for number in range(1, len(lines))]
    places = [(line["template"]["path"], line["template"]["line"]) for line in found]  # type: ignore[index]
    model, partial = own
    assert places == [
        (model, 6),
        (model, 6),
        *[(partial, 1), (partial, 2)] * 3,
        (model, 13),
        (model, 14),
        (model, 17),
        (model, 20),
        (model, 23),
        (model, 24),
    ]
    assert [line["spec"]["line"] for line in found] == [  # type: ignore[index]
        *[1, 1],
        *[4, 4],
        *[7, 7],
        *[8, 8],
        *[8, 1, 1, 1, 1, 1],
    ]


def test_lines_that_a_formatter_breaks_keep_their_origin(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = ", ".join(f'"item number {n}"' for n in range(9))
    template = f"first = 1\n{{{{ name }}}} = [{items}]\nsecond   = 2\n"
    write(project, {"templates/python/model.py.j2": template})
    assert run(["generate", "-q"]) == 0
    lines = (project / "python/user.py").read_text("utf-8").split("\n")[:-1]
    assert len(lines) > 10
    found = [explained(capsys, f"python/user.py:{number}") for number in range(1, len(lines) + 1)]
    at = [line["template"]["line"] for line in found]  # type: ignore[index]
    assert at == [1, *[2] * (len(lines) - 2), 3]


# Files that are not as they should be -----------------------------------------------------------


def test_an_edited_line_is_told_with_what_belongs_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "python/user.py"
    text = file.read_text("utf-8")
    number = line_number(file, "size:")
    file.write_text(text.replace("    size: int | None = None\n", "    size: float = 0\n"))
    found = told(capsys, f"python/user.py:{number}")
    assert found.startswith(f"python/user.py:{number}: edited: edited since it was generated")
    assert "`modelsync generate` mends it" in found
    assert "      size: float = 0\nthis line is edited by hand; in its place belongs\n" in found
    assert "      size: int | None = None\n" in found
    assert "specs/user.yaml:7:3" in found
    # The other lines are where they come from, wherever they stand now.
    found = told(capsys, f"python/user.py:{line_number(file, 'role:')}")
    assert "in its place" not in found
    assert "specs/user.yaml:8:3" in found


def test_a_line_that_was_added_comes_from_nowhere(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "python/user.py"
    file.write_text(
        file.read_text("utf-8").replace("    id: str\n", "    mine: int\n    id: str\n")
    )
    number = line_number(file, "mine")
    assert told(capsys, f"python/user.py:{number}").endswith(
        "this line comes from no spec and no template: `modelsync generate` takes it away\n"
    )
    assert "specs/user.yaml:4:3" in told(capsys, f"python/user.py:{number + 1}")


def test_an_outdated_file_is_explained_as_it_stands(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"specs/user.yaml": SPEC.replace("int64", "bool")})
    number = line_number(project / "go/user.go", "Size")
    found = told(capsys, f"go/user.go:{number}")
    assert "outdated: specs/user.yaml:1:8 changed" in found
    assert "this line is of an earlier run; in its place belongs" in found
    assert "*bool" in found


def test_other_line_ends_are_no_other_lines(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "go/user.go"
    number = line_number(file, "Size")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    found = told(capsys, f"go/user.go:{number}")
    assert "line endings" in found
    assert "in its place" not in found
    assert "specs/user.yaml:7:3" in found


def test_a_file_that_is_not_there_is_explained_as_it_would_be(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "go/user.go"
    number = line_number(file, "Size")
    file.unlink()
    found = told(capsys, f"go/user.go:{number}")
    assert f"go/user.go:{number}: deleted: deleted since it was generated" in found
    assert "specs/user.yaml:7:3" in found


def test_an_orphan_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"specs/user.yaml": SPEC.partition("---\n")[2]})
    assert told(capsys, "go/user.go:3").startswith("go/user.go: orphaned: specs/user.yaml:1:1 asks")
    config = CONFIG.replace("  docs: {target: markdown, out: docs, notation: go}\n", "")
    write(project, {"modelsync.yaml": config})
    assert 'orphaned: modelsync.yaml:1:1 has no target "docs"' in told(
        capsys, "docs/models/user.md"
    )


# Files and places -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "file", "line"),
    [
        ("a/b.go", "a/b.go", None),
        ("a/b.go:3", "a/b.go", 3),
        ("a/b.go:3:14", "a/b.go", 3),
        ("a/b.go:3:14:", "a/b.go", 3),
        ("a/b.go:", "a/b.go", None),
        (r"C:\a\b.go:3", r"C:\a\b.go", 3),
        (r"C:\a\b.go", r"C:\a\b.go", None),
        ("", "", None),
    ],
)
def test_places_are_written_as_editors_do(text: str, file: str, line: int | None) -> None:
    assert parse_place(text) == (file, line)


def test_a_file_is_found_from_anywhere(
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "link").symlink_to(project)
    given = ["--project", str(project)]
    for here, *arguments in (
        [project / "go", "user.go"],
        [project / "go", "go/user.go"],
        [project / "specs", "../go/./user.go"],
        [project / "specs", str(project / "go/user.go")],
        [elsewhere, str(project / "go/user.go")],
        [elsewhere, "link/go/user.go"],
        [elsewhere, "go/user.go", *given],
        [elsewhere, "link/go/user.go", *given],
    ):
        monkeypatch.chdir(str(here))
        assert told(capsys, *map(str, arguments)).startswith("go/user.go: in sync"), arguments


def test_of_a_project_within_another_one_the_files_are_its_own(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        project, {"services/billing/modelsync.yaml": CONFIG, "services/billing/specs/a.yaml": SPEC}
    )
    monkeypatch.chdir(project / "services")
    assert run(["generate", "-q", "--project", "billing"]) == 0
    found = told(capsys, "billing/go/user.go:3").splitlines()
    assert found[0] == "go/user.go:3: in sync"
    assert "specs/a.yaml" in "\n".join(found)
    assert told(capsys, "../go/user.go").startswith("go/user.go: in sync")


def test_the_command_that_mends_works_from_here(
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / "go/user.go").write_text("mine\n")
    assert told(capsys, "go/user.go").split("\n")[0].endswith("; `modelsync generate` mends it")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    place = str(project / "go/user.go")
    for found in (told(capsys, place), told(capsys, f"{place}:1", "--format", "json")):
        (command,) = re.findall(r"modelsync (generate [^`\"]+)", found)
    assert run([*command.split(), "-q"]) == 0
    assert told(capsys, place).startswith("go/user.go: in sync")


def test_what_else_stands_in_the_way_of_mending_is_minded(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"specs/line.yaml": "model: Line\nfields: {}\n", "go/line.go": "mine\n"})
    (project / "go/user.go").unlink()
    assert "; `modelsync generate --force` mends it\n" in told(capsys, "go/user.go")


@pytest.mark.parametrize(
    ("place", "messages"),
    [
        ("go/usr.go", ["MS092 modelsync does not generate this file", '"go/user.go"?']),
        ("user.ts:3", ["MS092", 'did you mean "typescript/user.ts"?']),
        ("../x", ["MS092", "modelsync list-outputs"]),
        ("specs/user.yml", ["MS092 there is no such spec", 'did you mean "specs/user.yaml"?']),
        ("specs/user.yaml:12", ["MS093 there is no line 12"]),
        ("specs/user.yaml:0", ["MS093 there is no line 0"]),
        ("templates/go/x.j2", ["MS092", "modelsync list-outputs"]),
        ("go/user.go:9999", ["MS093 there is no line 9999", "this is the last one"]),
        ("go/user.go:0", ["MS093 there is no line 0"]),
        ("", ["MS092"]),
        (".", ["MS092"]),
    ],
)
def test_what_cannot_be_explained_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], place: str, messages: list[str]
) -> None:
    found = told(capsys, place, code=2)
    for message in messages:
        assert message in found
    assert found.endswith("\n1 problem\n")


def test_a_foreign_file_is_not_explained(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(project / "python")
    (project / "modelsync.manifest").unlink()
    write(project, {"python/user.py": "mine = 1\n"})
    found = told(capsys, "python/user.py:1", code=2)
    assert "MS092 this file comes from elsewhere" in found


def test_what_stands_in_the_way_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(project / "go")
    (project / "go").write_text("mine")
    assert "a file stands here in place of a folder" in told(capsys, "go/user.go", code=2)


def test_a_link_in_the_place_of_a_file_is_no_text(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = line_number(project / "go/user.go", "Size")
    (project / "go/user.go").unlink()
    (project / "go/user.go").symlink_to("role.go")
    found = told(capsys, f"go/user.go:{number}")
    assert "edited: a symbolic link to role.go was put in its place" in found
    assert "specs/user.yaml:7:3" in found


def test_an_import_is_explained_by_what_needs_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Team\nfields:\n  lead:\n    type: list[User]\n"
    write(project, {"specs/work/team.yaml": spec})
    assert run(["generate", "-q"]) == 0
    for file, start in (
        ("python/work/team.py", "from ..user import User"),
        ("typescript/work/team.ts", "import { readUser"),
        ("go/work/team.go", '"example.com/acme/models"'),
    ):
        found = explained(capsys, f"{file}:{line_number(project / file, start)}")
        assert found["what"] == 'the field "lead" of the model "Team"', file


def test_a_broken_template_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"templates/go/model.go.j2": "{{ nothing }}\n"})
    found = told(capsys, "go/user.go:1", code=2)
    assert "MS062" in found
    assert "templates/go/model.go.j2:1" in found
    # Of a spec, the file that cannot be made is traced without a check before.
    assert "templates/go/model.go.j2:1" in told(capsys, "specs/user.yaml:1", code=2)
    (project / "templates/go/model.go.j2").unlink()
    long = f"(({{{{ name }}}} = {'x' * 99}\n"
    write(project, {"templates/python/model.py.j2": long})
    found = told(capsys, "specs/user.yaml:1", code=2)
    assert "MS062 user.py cannot be formatted" in found


# What is made of a spec -------------------------------------------------------------------------


def test_what_is_made_of_a_field_is_each_of_its_lines(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "specs/user.yaml:5").split("\n")
    assert found[0] == 'specs/user.yaml:5: the field "id" of the model "User"'
    assert found == told(capsys, "specs/user.yaml:4").replace("yaml:4", "yaml:5").split("\n")
    for file, start in (
        ("python/user.py", "id: str"),
        ("typescript/user.ts", "id: string;"),
        ("go/user.go", 'ID   string `json:"id"`'),
        ("docs/models/user.md", "| `ID`"),
    ):
        number = line_number(project / file, start)
        assert any(line.startswith(f"{file}:{number}: {start}") for line in found), found
    # Each line that is told comes from there.
    for line in found[1:-1]:
        place = line.rpartition(": ")[0]
        match = re.match(r"[^:]+:\d+", place)
        assert match is not None
        assert explained(capsys, match[0])["what"] == 'the field "id" of the model "User"'


def test_what_is_made_of_a_definition_is_its_files(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role = told(capsys, "specs/user.yaml:10")
    assert role.startswith('specs/user.yaml:10: the enum "Role"\n')
    files = ["python/role.py", "typescript/role.ts", "go/role.go", "docs/models/role.md"]
    exports = line_number(project / "python/__init__.py", "from .role import")
    for line in (*files, f"python/__init__.py:{exports}: from .role import Role, "):
        assert f"\n{line}" in role
    assert not any("/user." in line.partition(":")[0] for line in role.split("\n")[1:])
    both = json.loads(told(capsys, "specs/user.yaml", "--format", "json"))
    assert both["what"] == ['the model "User"', 'the enum "Role"']
    assert {"path": "go/user.go", "line": None, "text": None} in both["uses"]
    assert ("python/__init__.py", exports) in {
        (each["path"], each["line"]) for each in both["uses"]
    }


def test_what_is_made_of_several_values_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "specs/user.yaml:11")
    assert 'the value "member" of the enum "Role", the value "admin" of the enum "Role"' in found
    assert "python/role.py" in found
    assert "MEMBER" in found
    assert "ADMIN" in found


def test_a_union_inside_a_field_is_made_of_its_type(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Box\nfields:\n  content:\n    description: Any\n    type: string | bool\n"
    write(project, {"specs/box.yaml": spec})
    for line in (3, 5):
        found = told(capsys, f"specs/box.yaml:{line}").split("\n")
        assert "go/box_content.go" in found
        assert any(each.startswith("go/box.go:") for each in found)


def test_the_documentation_shows_what_comes_out(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    update_goldens: bool,
) -> None:
    page = root / "docs/explain.md"
    text = page.read_text("utf-8")
    (spec,) = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    target = "targets:\n  typescript:\n    out: generated/typescript\n    int64: bigint\n"
    write(tmp_path, {"modelsync.yaml": target, "specs/invoice.yaml": spec})
    monkeypatch.chdir(tmp_path)
    assert run(["generate", "-q"]) == 0

    def shown(block: re.Match[str]) -> str:
        output = told(capsys, block[2]).replace(str(root), "...")
        return f"{block[1]}{block[2]}\n{output}```"

    blocks = re.compile(r"^(```console\n\$ modelsync explain )(.*?)\n.*?^```", re.M | re.S)
    expected, count = blocks.subn(shown, text)
    assert count == 2
    if update_goldens:
        page.write_text(expected, "utf-8")
    assert page.read_text("utf-8") == expected


PLACE: dict[str, Any] = {
    "path": {"type": ["string", "null"]},
    "line": {"type": ["integer", "null"], "minimum": 1},
    "column": {"type": ["integer", "null"], "minimum": 1},
}


def shape(**properties: Any) -> dict[str, Any]:
    """Return the JSON Schema of an object with these properties and no others."""
    required = list(properties)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
OR_NULL = {"type": "null"}
LINE = {"type": ["integer", "null"], "minimum": 1}
OPTION = shape(name=TEXT, value={}, **PLACE)
ORIGIN = shape(
    text=TEXT,
    wanted={"type": ["string", "null"]},
    what=TEXT,
    spec={"anyOf": [shape(**PLACE), OR_NULL]},
    template={"anyOf": [shape(**PLACE), OR_NULL]},
    options={"type": "array", "items": OPTION},
)
EXPLANATION = shape(
    version={"const": 1},
    path=TEXT,
    line=LINE,
    kind={"enum": ["in sync", *Kind]},
    edited={"type": "boolean"},
    causes={"type": "array", "items": shape(text=TEXT, **PLACE)},
    command={"type": ["string", "null"]},
    target={"anyOf": [shape(name=TEXT, **PLACE), OR_NULL]},
    template={"type": ["string", "null"]},
    definitions={"type": "array", "items": shape(name=TEXT, **PLACE)},
    options={"type": "array", "items": OPTION},
    origin={"anyOf": [ORIGIN, OR_NULL]},
)
USES = shape(
    version={"const": 1},
    path=TEXT,
    line=LINE,
    what={"type": "array", "items": TEXT},
    uses={
        "type": "array",
        "items": shape(path=TEXT, line=LINE, text={"type": ["string", "null"]}),
    },
)


def test_json_has_its_shape(project: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"specs/user.yaml": SPEC.replace("int64", "string")})
    (project / "docs/models/role.md").write_text("mine\n")

    def document(place: str) -> Any:
        text = told(capsys, place, "--format", "json")
        assert text.isascii()
        return json.loads(text)

    size = line_number(project / "go/user.go", "Size")
    for place in ("go/role.go", "go/user.go", f"go/user.go:{size}", "docs/models/role.md:1"):
        jsonschema.validate(document(place), EXPLANATION)
    for place in ("specs/user.yaml", "specs/user.yaml:7"):
        jsonschema.validate(document(place), USES)
    found = document(f"go/user.go:{size}")
    assert (found["kind"], found["line"], found["edited"]) == ("outdated", size, False)
    assert found["causes"][0]["path"] == "specs/user.yaml"
    assert found["causes"][0]["line"] == 1
    assert found["command"] == "modelsync generate"
    assert found["origin"]["spec"] == {"path": "specs/user.yaml", "line": 7, "column": 3}
    assert document("go/role.go")["command"] is None
    page = (root / "docs/explain.md").read_text("utf-8")
    keys = {*EXPLANATION["properties"], *ORIGIN["properties"], *USES["properties"]}
    assert keys <= set(re.findall(r"`(\w+)`", page))


# For annotations --------------------------------------------------------------------------------


def test_spec_positions_of_many_lines(project: Path) -> None:
    files = ("go/user.go", "python/user.py", "docs/models/README.md")
    size = line_number(project / "go/user.go", "Size")
    row = line_number(project / "docs/models/README.md", "| [Role]")
    asked = {files[0]: [1, size, 9999], files[1]: [1], files[2]: [1, row], "nothing.go": [1]}
    user = Position("specs/user.yaml", 1, 8, 4)
    assert spec_positions(sync.load(project), asked) == {
        (files[0], 1): user,
        (files[0], size): Position("specs/user.yaml", 7, 3, 4),
        (files[1], 1): user,
        (files[2], row): Position("specs/user.yaml", 10, 7, 4),
    }
