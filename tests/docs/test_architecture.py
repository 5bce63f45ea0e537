"""ARCHITECTURE.md and CONTRIBUTING.md name what exists, and no link of the docs is broken."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from helpers.commands import options_of
from helpers.doc_examples import pages
from modelsync.targets.base import Target
from modelsync.verify.languages import Toolset

PACKAGE = "generator/modelsync"


@pytest.fixture(scope="module")
def architecture(root: Path) -> str:
    return (root / "ARCHITECTURE.md").read_text("utf-8")


def layers(root: Path) -> list[list[str]]:
    """Return the layers of the package, the top one first: the modules of each."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each.get("containers") == ["modelsync"]]
    return [re.split(r" [|:] ", layer) for layer in contract["layers"]]


def table(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column is called `heading`."""
    rows = page.partition(f"\n| {heading} | ")[2].partition("\n\n")[0].splitlines()[2:]
    return [row.strip("| ").split(" | ") for row in rows]


def in_code(text: str) -> list[str]:
    """Return what is in backticks, outside the blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))


def test_the_page_is_short(architecture: str) -> None:
    assert len(architecture.splitlines()) <= 80


def test_every_module_is_in_the_table_with_what_it_may_import(
    root: Path, architecture: str
) -> None:
    by_module: dict[str, str] = {}
    all_layers = layers(root)
    for layer, below in zip(all_layers, [*all_layers[1:], []], strict=True):
        names = ", ".join(f"`{module}`" for module in below)
        by_module |= dict.fromkeys(layer, f"{names} and below" if below else "nothing")
    rows = [(in_code(cell), may_import) for cell, _, may_import in table(architecture, "Module")]
    assert [(module, may_import) for modules, may_import in rows for module in modules] == list(
        by_module.items()
    )


def test_the_table_has_every_folder_and_file(root: Path, architecture: str) -> None:
    listed = {name for cell, *_ in table(architecture, "Module") for name in in_code(cell)}
    package = root / PACKAGE
    packages = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert listed == packages | modules


def test_every_path_of_the_page_exists(root: Path, architecture: str) -> None:
    paths = {text for text in in_code(architecture) if "/" in text or text.endswith(".md")}
    assert len(paths) > 20
    for path in paths:
        name = path.replace("<language>", "python")
        assert (root / name).exists() or (root / PACKAGE / name).exists(), path


def test_the_page_answers_twelve_questions(architecture: str) -> None:
    assert len(table(architecture, "Change")) >= 12


def test_contributing_names_every_part_of_a_target(root: Path) -> None:
    page = (root / "CONTRIBUTING.md").read_text("utf-8")
    rows = table(page, "Attribute")
    required = {name for cell, _, needed in rows for name in in_code(cell) if needed == "yes"}
    assert required == Target.__abstractmethods__ | {"name"}
    names = {name for cell, *_ in rows for name in in_code(cell)}
    assert [name for name in names - {"name"} if not hasattr(Target, name)] == []


def test_contributing_names_every_part_of_a_toolset(root: Path) -> None:
    page = (root / "CONTRIBUTING.md").read_text("utf-8")
    rows = table(page, "Member")
    required = {name for cell, _, needed in rows for name in in_code(cell) if needed == "yes"}
    assert required == Toolset.__abstractmethods__
    assert [name for cell, *_ in rows for name in in_code(cell) if not hasattr(Toolset, name)] == []


def test_contributing_names_what_exists(root: Path) -> None:
    page = (root / "CONTRIBUTING.md").read_text("utf-8")
    paths = {text for text in in_code(page) if re.fullmatch(r"[\w./-]+/[\w./-]*", text)}
    assert len(paths) > 5
    assert [path for path in paths if not (root / path).exists()] == []
    makefile = (root / "Makefile").read_text("utf-8")
    for command in re.findall(r"`make ([a-z]+)`", page):
        assert re.search(rf"^{command}:", makefile, re.M), command


COMMAND = re.compile(r"(?:^\$ |`)modelsync ([a-z][a-z-]*)([^`\n#]*)", re.M)


def test_every_command_and_option_of_the_docs_exists(root: Path) -> None:
    commands = 0
    for path in pages(root):
        for command, rest in COMMAND.findall(path.read_text("utf-8")):
            options = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest))
            assert options <= options_of(command), f"{path}: modelsync {command}{rest}"
            commands += 1
    assert commands > 50


# Links -------------------------------------------------------------------------------------------

LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(root: Path) -> None:
    names = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
    links = 0
    for path in (*pages(root), *(root / name for name in names)):
        for link in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
            if link.startswith("https://"):
                continue
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            assert target.exists(), f"{path}: {link}"
            if anchor:
                assert anchor in anchors(target.read_text("utf-8")), f"{path}: {link}"
            links += 1
    assert links > 30
