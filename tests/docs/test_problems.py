"""docs/problems.md describes every problem code, and its examples show what they claim."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from helpers.places import ROOT
from modelsync.cli import run
from modelsync.commands.explain_code import sections

PAGE: Final = (ROOT / "docs/problems.md").read_text("utf-8")

NOT_RUN: Final = {
    "MS130": "needs an installed package",
    "MS131": "needs an installed package",
    "MS132": "needs an installed package",
    "MS143": "is no problem",
    "MS152": "tests/targets/json_schema/test_presets.py has one, which is large",
}
"""Codes whose sections have no example, and why."""
SLOW: Final = ("MS019", "MS095")

_FENCE: Final = re.compile(
    r"(?:^`(?P<path>[^`\n]+)`:\n\n)?^(?P<fence>```+)(?P<language>\w+)\n(?P<content>.*?)^(?P=fence)$",
    re.M | re.S,
)
_FIX: Final = "\nTo fix it, "
_DEFAULT_PATHS: Final = {"yaml": "specs/example.yaml"}


class Example(NamedTuple):
    """The files and the commands of one half of a section."""

    files: dict[str, str]
    commands: list[str]


def example_of(text: str) -> Example:
    files = {}
    commands = []
    for fence in _FENCE.finditer(text):
        if fence["language"] == "console":
            commands += re.findall(r"^\$ (.*)$", fence["content"], re.M)
            continue
        path = fence["path"] or _DEFAULT_PATHS[fence["language"]]
        # A page that ends with a table has no line break at its end.
        is_table = fence["language"] == "markdown" and fence["content"].endswith("|\n")
        files[path] = fence["content"].removesuffix("\n") if is_table else fence["content"]
    return Example(files, commands or ["modelsync generate"])


def output_of(example: Example, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Write the files of an example, run its commands, and return what the last one printed."""
    for path, content in example.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    for command in example.commands:
        capsys.readouterr()
        if command.startswith("modelsync "):
            run(shlex.split(command)[1:])
        else:
            subprocess.run(command, shell=True, check=True, cwd=folder)  # noqa: S602
    captured = capsys.readouterr()
    return captured.out + captured.err


def write_project(folder: Path) -> None:
    (config,) = re.findall(
        r"^```yaml\n(targets:.*?)^```$", PAGE.partition("## MS001")[0], re.M | re.S
    )
    (folder / "modelsync.yaml").write_text(config, "utf-8")


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    source = ROOT / "generator/modelsync"
    codes = {
        code
        for path in source.rglob("*.py")
        for code in re.findall(r'"(MS\d{3})"', path.read_text("utf-8"))
    }
    assert sections().keys() == codes
    assert list(sections()) == sorted(sections())


@pytest.mark.posix
@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=pytest.mark.slow if code in SLOW else ())
        for code in sorted(sections().keys() - NOT_RUN.keys())
    ],
)
def test_the_example_reports_its_code_and_the_fix_does_not(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, fix, fixed = sections()[code].partition(_FIX)
    assert fix, "a section shows how to fix the problem"
    example, fixed_example = example_of(broken), example_of(fixed)
    has_default_spec = not any(path.startswith("specs/") for path in example.files)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    is_transcribed = any("transcribe" in command for command in example.commands)
    if not is_transcribed:
        write_project(tmp_path)
        if has_default_spec and code not in ("MS019", "MS046"):
            (tmp_path / "specs/example.yaml").write_text("model: User\nfields: {}\n", "utf-8")

    assert re.search(rf"\b{code}\b", output_of(example, tmp_path, capsys))
    output = output_of(fixed_example, tmp_path, capsys)
    assert not re.search(r"\bMS\d{3}\b", output), output
