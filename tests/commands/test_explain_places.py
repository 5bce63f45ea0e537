"""Which file and line a place means, and places that cannot be explained."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from helpers.explaining import CONFIG, SPEC, line_number, run_explain
from helpers.projects import write
from modelsync.cli import run
from modelsync.commands.explain import parse_place


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
    user_project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "link").symlink_to(user_project)
    given = ["--project", str(user_project)]
    for here, *arguments in (
        [user_project / "go", "user.go"],
        [user_project / "go", "go/user.go"],
        [user_project / "specs", "../go/./user.go"],
        [user_project / "specs", str(user_project / "go/user.go")],
        [elsewhere, str(user_project / "go/user.go")],
        [elsewhere, "link/go/user.go"],
        [elsewhere, "go/user.go", *given],
        [elsewhere, "link/go/user.go", *given],
    ):
        monkeypatch.chdir(str(here))
        assert run_explain(capsys, *map(str, arguments)).startswith("go/user.go: in sync"), (
            arguments
        )


def test_a_file_belongs_to_the_innermost_project(
    user_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        user_project,
        {"services/billing/modelsync.yaml": CONFIG, "services/billing/specs/a.yaml": SPEC},
    )
    monkeypatch.chdir(user_project / "services")
    assert run(["generate", "-q", "--project", "billing"]) == 0
    found = run_explain(capsys, "billing/go/user.go:3").splitlines()
    assert found[0] == "go/user.go:3: in sync"
    assert "specs/a.yaml" in "\n".join(found)
    assert run_explain(capsys, "../go/user.go").startswith("go/user.go: in sync")


def test_the_fix_command_works_in_the_current_folder(
    user_project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (user_project / "go/user.go").write_text("mine\n")
    assert (
        run_explain(capsys, "go/user.go").split("\n")[0].endswith("; `modelsync generate` fixes it")
    )
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    place = str(user_project / "go/user.go")
    for found in (
        run_explain(capsys, place),
        run_explain(capsys, f"{place}:1", "--format", "json"),
    ):
        (command,) = re.findall(r"modelsync (generate [^`\"]+)", found)
    assert run([*command.split(), "-q"]) == 0
    assert run_explain(capsys, place).startswith("go/user.go: in sync")


def test_the_fix_command_also_moves_obstacles(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(user_project, {"specs/line.yaml": "model: Line\nfields: {}\n", "go/line.go": "mine\n"})
    (user_project / "go/user.go").unlink()
    assert "; `modelsync generate --force` fixes it\n" in run_explain(capsys, "go/user.go")


@pytest.mark.parametrize(
    ("place", "messages"),
    [
        ("go/usr.go", ["MS092 modelsync does not generate this file", "`go/user.go`?"]),
        ("user.ts:3", ["MS092", "did you mean `typescript/user.ts`?"]),
        ("../x", ["MS092", "modelsync list-outputs"]),
        ("specs/user.yml", ["MS092 no such spec", "did you mean `specs/user.yaml`?"]),
        ("specs/user.yaml:12", ["MS093 line 12 does not exist"]),
        ("specs/user.yaml:0", ["MS093 line 0 does not exist"]),
        ("templates/go/x.j2", ["MS092", "modelsync list-outputs"]),
        ("go/user.go:9999", ["MS093 line 9999 does not exist", "the last line is"]),
        ("go/user.go:0", ["MS093 line 0 does not exist"]),
        ("", ["MS092"]),
        (".", ["MS092"]),
    ],
)
def test_a_place_that_cannot_be_explained_is_a_problem(
    user_project: Path, capsys: pytest.CaptureFixture[str], place: str, messages: list[str]
) -> None:
    found = run_explain(capsys, place, code=2)
    for message in messages:
        assert message in found
    assert found.endswith("\n1 problem\n")


def test_a_foreign_file_is_not_explained(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(user_project / "python")
    (user_project / "modelsync.manifest").unlink()
    write(user_project, {"python/user.py": "mine = 1\n"})
    found = run_explain(capsys, "python/user.py:1", code=2)
    assert "MS092 cannot explain a foreign file: modelsync did not generate this file" in found


def test_an_obstacle_is_reported(user_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(user_project / "go")
    (user_project / "go").write_text("mine")
    assert "a file is here instead of a folder" in run_explain(capsys, "go/user.go", code=2)


def test_a_link_instead_of_a_file_is_not_read(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = line_number(user_project / "go/user.go", "Size")
    (user_project / "go/user.go").unlink()
    (user_project / "go/user.go").symlink_to("role.go")
    found = run_explain(capsys, f"go/user.go:{number}")
    assert "edited: replaced by a symbolic link to role.go" in found
    assert "specs/user.yaml:7:3" in found
