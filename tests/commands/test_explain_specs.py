"""What is generated from a line of a spec."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from helpers.explaining import explained, line_number, run_explain
from helpers.projects import write


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
    found = run_explain(capsys, "specs/user.yaml:11")
    assert "the value `member` of the enum `Role`, the value `admin` of the enum `Role`" in found
    assert "python/role.py" in found
    assert "MEMBER" in found
    assert "ADMIN" in found


def test_the_uses_of_a_union_in_a_field_come_from_its_type(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: Box\nfields:\n  content:\n    description: Any\n    type: string | bool\n"
    write(user_project, {"specs/box.yaml": spec})
    for line in (3, 5):
        found = run_explain(capsys, f"specs/box.yaml:{line}").split("\n")
        assert "go/box_content.go" in found
        assert any(each.startswith("go/box.go:") for each in found)
