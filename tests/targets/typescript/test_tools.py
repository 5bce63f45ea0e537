"""How tools import the files: the table of docs/targets.md, and packages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import generate
from modelsync.spec.read import read_schema
from modelsync.verify.toolchains import Tool
from toolchains import tools, typescript_tools
from toolchains.typescript_tools import EXTENSIONS, ROWS, SPECS, STRICT, Project, Row


def test_the_docs_have_the_table_of_tools(root: Path) -> None:
    assert typescript_tools.markdown() in (root / "docs/targets.md").read_text("utf-8")


@pytest.mark.toolchain
@pytest.mark.parametrize(
    ("row", "extension"),
    [
        (row, extension)
        for row in ROWS
        if not row.packages
        for extension in EXTENSIONS
        # Those that fail show in the name of the extension, and are left to the script.
        if extension in row.good
    ],
    ids=lambda value: value if isinstance(value, str) else value.tool,
)
def test_tsc_and_node_take_the_files(row: Row, extension: str, node: Tool, tmp_path: Path) -> None:
    newest = tools.find_tsc("5.5" if row.tool == "tsc 5" else "7")

    def run(program: str, *arguments: str) -> bool:
        done = (newest if program == "tsc" else node).run(*arguments, cwd=tmp_path / "p")
        assert done.returncode == 0, done.stdout + done.stderr
        return True

    made: Project = typescript_tools.project(tmp_path / "p", extension, run, row.type)
    assert row.works(made)


USE = """\
import { decodeOrder } from "@acme/models";
import { decodePlace } from "@acme/models/shop";
import { type Place } from "@acme/models/shop/place";
const place: Place = decodePlace({ name: "x" });
if (decodeOrder({ id: "a", at: place }).status !== "open") throw new Error("wrong");
"""


@pytest.mark.toolchain
@pytest.mark.parametrize("extension", ["ts", "js"])
def test_a_package_is_imported_by_its_name(extension: str, node: Tool, tmp_path: Path) -> None:
    options: dict[str, Any] = {"package": True, "name": "@acme/models", "extension": extension}
    generate(read_schema(SPECS, "specs"), "typescript", tmp_path, "out", options)
    tsc = tools.find_tsc("7")
    if extension == "js":
        assert tsc.run("--project", tmp_path / "out").returncode == 0
    # npm links the packages of a workspace like this.
    (tmp_path / "node_modules/@acme").mkdir(parents=True)
    (tmp_path / "node_modules/@acme/models").symlink_to("../../out")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "use.ts").write_text(USE, encoding="utf-8")
    for module in ({"module": "nodenext"}, {"module": "esnext", "moduleResolution": "bundler"}):
        compiler = STRICT | module | {"noEmit": True, "allowImportingTsExtensions": True}
        config = {"compilerOptions": compiler, "files": ["use.ts"]}
        (tmp_path / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
        done = tsc.run("--project", tmp_path)
        assert (done.returncode, done.stdout) == (0, "")
    done = node.run("use.ts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_name_of_a_package_must_be_one_of_npm(tmp_path: Path) -> None:
    schema = read_schema(SPECS, "specs")
    generate(schema, "typescript", tmp_path, "out", {"package": True})
    package = json.loads((tmp_path / "out/package.json").read_text("utf-8"))
    assert package["name"] == "models"
    assert package["exports"] == {
        ".": "./index.ts",
        "./shop": "./shop/index.ts",
        "./*": "./*.ts",
    }
