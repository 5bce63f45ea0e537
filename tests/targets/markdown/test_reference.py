"""Reference pages in a whole project: what they show is there, and is true."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from pathlib import Path

import pytest

from helpers.places import CASES
from helpers.projects import write
from modelsync.cli import run
from modelsync.project.load import load
from modelsync.schema.meaning import read
from modelsync.schema.types import Ref

CONFIG = """targets:
  docs: {target: markdown, out: out/docs}
  python: {out: out/python}
  typescript: {out: out/typescript}
  go: {out: out/go, module: example.com/models}
"""
NAMES = ("additional", "aliases", "extends", "limits", "packages", "tags", "types", "unions")
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]+))?\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FOLDERS = {"python": "*.py", "typescript": "*.ts", "go": "*.go"}


def generated(folder: Path, case: str) -> Path:
    """Return the folder of the outputs of a project with the specs of a case."""
    shutil.copytree(CASES / case / "specs", folder / "specs")
    write(folder, {"modelsync.yaml": CONFIG})
    assert run(["generate", "-q", "--project", str(folder)]) == 0
    return folder / "out"


@pytest.mark.parametrize("case", NAMES)
def test_pages_are_true(tmp_path: Path, case: str) -> None:
    out = generated(tmp_path, case)
    schema = load(tmp_path).schema
    by_page = {f"{each.id.replace('.', '/')}.md": each.id for each in schema.definitions}
    code = {
        language: [path.read_text("utf-8") for path in (out / language).rglob(pattern)]
        for language, pattern in FOLDERS.items()
    }
    for path in (out / "docs").rglob("*.md"):
        text = path.read_text("utf-8")
        name = path.relative_to(out / "docs").as_posix()
        for target, anchor in LINK.findall(FENCE.sub("", text)):
            linked = (
                out / "docs" / posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            )
            assert linked.is_file(), (name, target)
            assert not anchor or f'id="{anchor}"' in linked.read_text("utf-8"), (name, anchor)
        for language, block in FENCE.findall(text):
            if language == "json":
                read(schema, Ref(by_page[name]), json.loads(block))
            for part in re.split(r"\n\n(?=\S)", block.strip()) if language in code else ():
                if not part.startswith("value") and not part.startswith("const value"):
                    assert any(part in file for file in code[language]), (name, part)


def test_pages_show_every_language(tmp_path: Path) -> None:
    page = (generated(tmp_path, "unions") / "docs/Shape.md").read_text("utf-8")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        *("## Example", "## Python", "## TypeScript", "## Go", "## Related", "## Used by")
    ]


def test_pages_alone_show_what_the_other_targets_would_generate(tmp_path: Path) -> None:
    out = generated(tmp_path, "types")
    pages = {path: path.read_bytes() for path in (out / "docs").rglob("*.md")}
    shutil.rmtree(out)
    (tmp_path / "modelsync.manifest").unlink()
    assert run(["generate", "-q", "docs", "--project", str(tmp_path)]) == 0
    assert {path: path.read_bytes() for path in (out / "docs").rglob("*.md")} == pages
    assert [path.name for path in out.iterdir()] == ["docs"]


def test_an_option_of_another_target_is_a_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generated(tmp_path, "types")
    write(
        tmp_path,
        {"modelsync.yaml": CONFIG.replace("{out: out/python", "{out: out/python, frozen: true")},
    )
    capsys.readouterr()
    assert run(["check", "--project", str(tmp_path)]) == 1
    (line,) = (x for x in capsys.readouterr().out.splitlines() if "docs/Everything.md" in x)
    assert "the option `frozen` of `python` changed from false to true" in line


def test_an_option_of_sdk_docs_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets: {docs: {target: markdown, out: docs, notation: go}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/a.yaml": "model: A\nfields: {}\n"})
    assert run(["generate", "--project", str(tmp_path)]) == 2
    assert "write `target: sdk-docs`" in capsys.readouterr().err
