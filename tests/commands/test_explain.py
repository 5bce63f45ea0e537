"""Where generated lines come from: the spec, the template and the options."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from helpers.explaining import CONFIG, SPEC, explained, line_number, run_explain
from helpers.json_shapes import NUMBER_OR_NULL, POSITION, TEXT, or_null, shape
from helpers.projects import write
from modelsync.cli import run
from modelsync.commands.point_causes import spec_positions
from modelsync.errors import Position
from modelsync.plan.changes import Kind
from modelsync.project.load import load

# The origin of a line -------------------------------------------------------------------------


def test_a_line_is_explained(
    user_project: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = line_number(user_project / "typescript/user.ts", "size?")
    template = root / "templates/typescript/model.ts.j2"
    at = line_number(template, "{{ field.name }}")
    line = template.read_text("utf-8").splitlines()[at - 1]
    assert (
        run_explain(capsys, f"typescript/user.ts:{number}")
        == f"""\
typescript/user.ts:{number}: in sync
    size?: bigint;
spec: the field `size` of the model `User`
 --> specs/user.yaml:7:3
  |
7 |   size: {{type: int64}}
  |   ^^^^
template (built in):
  --> {template}:{at}:3
   |
{at} | {line}
   |   {"^" * len(line.strip())}
option: int64: "bigint" (modelsync.yaml:5:12)
"""
    )


def test_a_file_is_explained(
    user_project: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = root / "templates/go/model.go.j2"
    assert (
        run_explain(capsys, "go/user.go")
        == f"""\
go/user.go: in sync
target: go (modelsync.yaml:7:3)
template: {template} (built in)
model: User (specs/user.yaml:1:8)
option: module: "example.com/acme/models" (modelsync.yaml:9:13)
option: package: "" (default)
option: gomod: false (default)
option: tags: [] (default)
option: join: {{}} (default)
option: variants: false (default)
option: structured: false (default)
"""
    )


@pytest.mark.parametrize(
    ("file", "start", "names"),
    [
        ("typescript/user.ts", "size?", ["int64"]),
        ("typescript/user.ts", "id:", []),
        ("typescript/user.ts", "import { checkRole", ["extension"]),
        ("typescript/package.json", "{", ["package"]),
        ("go/user.go", '"example.com/acme/models/internal/codec"', ["module"]),
        ("go/user.go", "package models", ["module", "package"]),
        ("docs/models/user.md", "| `ID`", ["notation", "above", "types", "qualified"]),
        ("docs/models/user.md", "## Fields", []),
        ("python/user.py", "id: str", []),
    ],
)
def test_the_options_that_a_line_depends_on_are_named(
    user_project: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    start: str,
    names: list[str],
) -> None:
    found = explained(capsys, f"{file}:{line_number(user_project / file, start)}")
    options = found["options"]
    assert isinstance(options, list)
    assert [option["name"] for option in options] == names


def test_a_copied_file_comes_from_the_same_line(
    user_project: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = explained(capsys, "go/wire/errors.go:10")
    assert found["spec"] is None
    template = {"path": str(root / "templates/go/wire/errors.go"), "line": 10, "column": 2}
    assert found["template"] == template


def test_a_union_is_explained_by_its_members(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    union = "union: Either\nmembers:\n  - string\n  - list[User]\n"
    write(user_project, {"specs/either.yaml": union})
    assert run(["generate", "-q"]) == 0
    for file, start in (
        ("python/either.py", 'case "array"'),
        ("typescript/either.ts", 'case "array"'),
        ("go/either.go", "UserList"),
        ("docs/models/either.md", "either := models.CreateEitherArrayOf"),
    ):
        found = explained(capsys, f"{file}:{line_number(user_project / file, start)}")
        assert found["spec"] == {"path": "specs/either.yaml", "line": 4, "column": 5}, file
        assert found["what"] == "member 2 of the union `Either`"


def test_an_import_is_explained_by_what_needs_it(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Team\nfields:\n  lead:\n    type: list[User]\n"
    write(user_project, {"specs/work/team.yaml": spec})
    assert run(["generate", "-q"]) == 0
    for file, start in (
        ("python/work/team.py", "from ..user import User"),
        ("typescript/work/team.ts", "readUser,"),
        ("go/work/team.go", '"example.com/acme/models"'),
    ):
        found = explained(capsys, f"{file}:{line_number(user_project / file, start)}")
        assert found["what"] == "the field `lead` of the model `Team`", file


# Files that differ from the generated ones ------------------------------------------------------


def test_an_edited_line_is_reported_with_the_generated_one(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = user_project / "python/user.py"
    text = file.read_text("utf-8")
    number = line_number(file, "size:")
    file.write_text(text.replace("    size: int | None = None\n", "    size: float = 0\n"))
    found = run_explain(capsys, f"python/user.py:{number}")
    assert found.startswith(f"python/user.py:{number}: edited: edited since it was generated")
    assert "`modelsync generate` fixes it" in found
    assert "      size: float = 0\nthis line was edited by hand; it should be:\n" in found
    assert "      size: int | None = None\n" in found
    assert "specs/user.yaml:7:3" in found
    # The other lines keep their origin, even if they have moved.
    found = run_explain(capsys, f"python/user.py:{line_number(file, 'role:')}")
    assert "it should be" not in found
    assert "specs/user.yaml:8:3" in found


def test_an_added_line_has_no_origin(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = user_project / "python/user.py"
    file.write_text(
        file.read_text("utf-8").replace("    id: str\n", "    mine: int\n    id: str\n")
    )
    number = line_number(file, "mine")
    assert run_explain(capsys, f"python/user.py:{number}").endswith(
        "this line was not generated: `modelsync generate` removes it\n"
    )
    assert "specs/user.yaml:4:3" in run_explain(capsys, f"python/user.py:{number + 1}")


def test_an_outdated_file_is_explained_from_its_text_on_disk(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(user_project, {"specs/user.yaml": SPEC.replace("int64", "bool")})
    number = line_number(user_project / "go/user.go", "Size")
    found = run_explain(capsys, f"go/user.go:{number}")
    assert "outdated: specs/user.yaml:1:8 changed" in found
    assert "this line is from an earlier run; it should be" in found
    assert "*bool" in found


def test_different_line_endings_do_not_make_different_lines(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = user_project / "go/user.go"
    number = line_number(file, "Size")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    found = run_explain(capsys, f"go/user.go:{number}")
    assert "line endings" in found
    assert "it should be" not in found
    assert "specs/user.yaml:7:3" in found


def test_a_missing_file_is_explained_as_it_would_be_generated(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = user_project / "go/user.go"
    number = line_number(file, "Size")
    file.unlink()
    found = run_explain(capsys, f"go/user.go:{number}")
    assert f"go/user.go:{number}: deleted: deleted since it was generated" in found
    assert "specs/user.yaml:7:3" in found


def test_an_orphan_is_reported(user_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(user_project, {"specs/user.yaml": SPEC.partition("---\n")[2]})
    assert run_explain(capsys, "go/user.go:3").startswith(
        "go/user.go: orphaned: specs/user.yaml:1:1 no longer"
    )
    config = CONFIG.replace("  docs: {target: sdk-docs, out: docs, notation: go}\n", "")
    write(user_project, {"modelsync.yaml": config})
    assert "orphaned: modelsync.yaml:1:1 no longer has a target `docs`" in run_explain(
        capsys, "docs/models/user.md"
    )


# In the documentation, and as JSON --------------------------------------------------------------


def test_the_documentation_shows_the_actual_output(
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
        output = run_explain(capsys, block[2]).replace(str(root), "...")
        return f"{block[1]}{block[2]}\n{output}```"

    blocks = re.compile(r"^(```console\n\$ modelsync explain )(.*?)\n.*?^```", re.M | re.S)
    expected, count = blocks.subn(shown, text)
    assert count == 2
    if update_goldens:
        page.write_text(expected, "utf-8")
    assert page.read_text("utf-8") == expected


OPTION = shape(name=TEXT, value={}, **POSITION)
ORIGIN = shape(
    text=TEXT,
    wanted={"type": ["string", "null"]},
    what=TEXT,
    spec=or_null(shape(**POSITION)),
    template=or_null(shape(**POSITION)),
    options={"type": "array", "items": OPTION},
)
EXPLANATION = shape(
    version={"const": 1},
    path=TEXT,
    line=NUMBER_OR_NULL,
    kind={"enum": ["in sync", *Kind]},
    edited={"type": "boolean"},
    causes={"type": "array", "items": shape(text=TEXT, **POSITION)},
    command={"type": ["string", "null"]},
    target=or_null(shape(name=TEXT, **POSITION)),
    template={"type": ["string", "null"]},
    definitions={"type": "array", "items": shape(name=TEXT, **POSITION)},
    options={"type": "array", "items": OPTION},
    origin=or_null(ORIGIN),
)
USES = shape(
    version={"const": 1},
    path=TEXT,
    line=NUMBER_OR_NULL,
    what={"type": "array", "items": TEXT},
    uses={
        "type": "array",
        "items": shape(path=TEXT, line=NUMBER_OR_NULL, text={"type": ["string", "null"]}),
    },
)


def test_json_has_its_shape(
    user_project: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(user_project, {"specs/user.yaml": SPEC.replace("int64", "string")})
    (user_project / "docs/models/role.md").write_text("mine\n")

    def document(place: str) -> Any:
        text = run_explain(capsys, place, "--format", "json")
        assert text.isascii()
        return json.loads(text)

    size = line_number(user_project / "go/user.go", "Size")
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


def test_spec_positions_of_many_lines(user_project: Path) -> None:
    files = ("go/user.go", "python/user.py", "docs/models/README.md")
    size = line_number(user_project / "go/user.go", "Size")
    row = line_number(user_project / "docs/models/README.md", "| [Role]")
    asked = {files[0]: [1, size, 9999], files[1]: [1], files[2]: [1, row], "nothing.go": [1]}
    user = Position("specs/user.yaml", 1, 8, 4)
    assert spec_positions(load(user_project), asked) == {
        (files[0], 1): user,
        (files[0], size): Position("specs/user.yaml", 7, 3, 4),
        (files[1], 1): user,
        (files[2], row): Position("specs/user.yaml", 10, 7, 4),
    }


def test_a_line_of_an_inherited_field_comes_from_the_spec_of_the_other_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = "model: Base\nabstract: true\nfields:\n  id: {type: string}\n"
    write(
        tmp_path,
        {
            "modelsync.yaml": "targets: {python: {out: models}}\n",
            "specs/base.yaml": base,
            "specs/user.yaml": "model: User\nextends: [Base]\nfields: {}\n",
        },
    )
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    number = line_number(tmp_path / "models/user.py", "id: str")

    assert run(["explain", f"models/user.py:{number}", "--project", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "spec: the field `id` of the model `Base`\n" in shown
    assert "--> specs/base.yaml:4:3\n" in shown

    assert run(["explain", "specs/base.yaml:4", "--project", str(tmp_path)]) == 0
    assert f"models/user.py:{number}: id: str" in capsys.readouterr().out

    write(tmp_path, {"specs/base.yaml": base.replace("string", "int64")})
    assert run(["check", "--project", str(tmp_path)]) == 1
    assert "specs/base.yaml:4:3 changed, and the file refers to it" in capsys.readouterr().out
