"""What is generated from a line of a spec."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from helpers.explaining import explained, line_number, run_explain
from helpers.projects import write
from modelsync.cli import run


@pytest.mark.slow
def test_the_uses_of_a_field_are_its_lines(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_explain(capsys, "specs/user.yaml:5").split("\n")
    assert found[0] == "specs/user.yaml:5: the field `id` of the model `User`"
    assert found == run_explain(capsys, "specs/user.yaml:4").replace("yaml:4", "yaml:5").split("\n")
    for file, start in (
        ("python/user.py", "id: str"),
        ("typescript/user.ts", "id: string;"),
        ("go/user.go", 'ID   string `json:"id"`'),
        ("docs/models/user.md", "| `ID`"),
    ):
        number = line_number(user_project / file, start)
        assert any(line.startswith(f"{file}:{number}: {start}") for line in found), found
    # Each listed line comes from there.
    for line in found[1:-1]:
        place = line.rpartition(": ")[0]
        match = re.match(r"[^:]+:\d+", place)
        assert match is not None
        assert explained(capsys, match[0])["what"] == "the field `id` of the model `User`"


def test_the_uses_of_a_definition_are_its_files(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role = run_explain(capsys, "specs/user.yaml:10")
    assert role.startswith("specs/user.yaml:10: the enum `Role`\n")
    files = ["python/role.py", "typescript/role.ts", "go/role.go", "docs/models/role.md"]
    exports = line_number(user_project / "python/__init__.py", "from .role import")
    for line in (*files, f"python/__init__.py:{exports}: from .role import Role, "):
        assert f"\n{line}" in role
    assert not any("/user." in line.partition(":")[0] for line in role.split("\n")[1:])
    both = json.loads(run_explain(capsys, "specs/user.yaml", "--format", "json"))
    assert both["what"] == ["the model `User`", "the enum `Role`"]
    assert {"path": "go/user.go", "line": None, "text": None} in both["uses"]
    assert ("python/__init__.py", exports) in {
        (each["path"], each["line"]) for each in both["uses"]
    }


def test_the_uses_of_several_values_in_one_line_are_listed_together(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *uses = run_explain(capsys, "specs/user.yaml:11").splitlines()
    assert first == (
        "specs/user.yaml:11: the value `member` of the enum `Role`, the value `admin` of the enum"
        " `Role`"
    )
    assert [use for use in uses if use.startswith(("go/", "docs/"))] == [
        'go/role.go:15: RoleMember Role = "member"',
        "go/role.go:16: // May do everything",
        'go/role.go:17: RoleAdmin Role = "admin"',
        "go/role.go:23: case RoleMember,",
        "go/role.go:24: RoleAdmin:",
        "docs/models/role.md:8: | `RoleMember` | member       |",
        "docs/models/role.md:9: | `RoleAdmin`  | admin        |",
    ]


def test_the_uses_of_a_field_with_a_union_include_the_file_of_the_union(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Box\nfields:\n  content:\n    description: Any\n    type: string | bool\n"
    write(user_project, {"specs/box.yaml": spec})
    for line in (3, 5):
        first, *uses = run_explain(capsys, f"specs/box.yaml:{line}").splitlines()
        assert first == f"specs/box.yaml:{line}: the field `content` of the model `Box`"
        assert [use for use in uses if use.startswith("go/")] == [
            "go/box.go:12: // Any",
            'go/box.go:13: Content *BoxContent `json:"content,omitempty"`',
            'go/box.go:54: case "content":',
            "go/box.go:55: object.Set(0, codec.ReadPointer(&v.Content, r, (*BoxContent).ReadJSON))",
            "go/box.go:68: if v.Content != nil {",
            'go/box.go:69: w.Key(`"content":`)',
            "go/box.go:70: v.Content.WriteJSON(w)",
            "go/box.go:71: }",
            "go/box_content.go",
        ]


@pytest.mark.slow
def test_the_uses_of_additional_properties_are_its_lines(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Bag\nadditionalProperties: int64\nfields: {}\n"
    write(user_project, {"specs/bag.yaml": spec})
    assert run(["generate", "--project", str(user_project)]) == 0
    capsys.readouterr()
    first, *uses = run_explain(capsys, "specs/bag.yaml:2").splitlines()
    assert first == "specs/bag.yaml:2: `additionalProperties` of the model `Bag`"
    for file, start in (
        ("python/bag.py", "additional_properties: dict[str, int]"),
        ("typescript/bag.ts", "additionalProperties: "),
        ("go/bag.go", "AdditionalProperties map[string]int64"),
    ):
        number = line_number(user_project / file, start)
        assert any(line.startswith(f"{file}:{number}: ") for line in uses), file
