"""Each folder of tests/cases: its specs, and what every target generates from them.

The goldens are for reviewers; the compilers check whether they are correct. All cases of one
language are compiled together, as one program.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.places import CASES
from helpers.projects import Options, distinct, generate, schema_in, target, texts_of, write
from modelsync.targets import target_class, target_names
from modelsync.targets.base import STRUCTURED, VARIANTS
from modelsync.verify.languages import go as go_language
from modelsync.verify.languages import python as python_language
from modelsync.verify.languages import typescript as typescript_language
from modelsync.verify.toolchains import Tool

NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
REQUIRED: Options = {"module": "example.com/models"}
"""The required options of all targets."""
NOTATION = "notation"
"""The option of a target that has goldens for each choice."""


def kinds() -> dict[str, tuple[str, Options]]:
    """Return the targets and options that have goldens, by the folder of the goldens."""
    found: dict[str, tuple[str, Options]] = {}
    for name in target_names():
        options = {option.name: option for option in target_class(name).options}
        required: Options = {key: value for key, value in REQUIRED.items() if key in options}
        if NOTATION in options:
            choices = options[NOTATION].choices
            found |= {f"docs-{choice}": (name, {NOTATION: choice}) for choice in choices}
        else:
            found[name] = (name, required)
    return found


KINDS = kinds()
VARIANT_KINDS = {
    f"{kind}_variants": (name, {**options, VARIANTS.name: True})
    for kind, (name, options) in KINDS.items()
    if VARIANTS in target_class(name).options
}
PRESETS = next(each for each in target_class("json-schema").options if each.name == "preset")
PRESET_KINDS: dict[str, tuple[str, Options]] = {
    f"json-schema_{preset}": ("json-schema", {PRESETS.name: preset})
    for preset in PRESETS.choices
    if preset != PRESETS.default
}
OF_PRESETS = [("unions", kind) for kind in PRESET_KINDS]
OF_ALL = [(case, kind) for case in NAMES for kind in KINDS]
OF_VARIANTS = [("extends", kind) for kind in VARIANT_KINDS]


@pytest.mark.parametrize(("case", "kind"), [*OF_ALL, *OF_VARIANTS, *OF_PRESETS])
def test_output_matches_the_goldens(case: str, kind: str, root: Path, update_goldens: bool) -> None:
    target_name, options = (KINDS | VARIANT_KINDS | PRESET_KINDS)[kind]
    rendered = texts_of(target(schema_in(CASES / case), target_name, kind, options))
    # A support file is the same everywhere, and the project's own output is its golden.
    files = {
        path: text
        for path, text in rendered.items()
        if not _is_file(root / "generated" / path, text)
    }
    expected = CASES / case / "expected"
    if update_goldens:
        for path in _files(expected / kind):
            path.unlink()
        write(expected, files)
    golden = {path.relative_to(expected).as_posix(): path for path in _files(expected / kind)}
    assert sorted(files) == sorted(golden)
    for name, text in files.items():
        assert text == golden[name].read_bytes().decode("utf-8"), name


def _is_file(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def _check(tool: Tool, *arguments: str, cwd: Path) -> str:
    done = tool.run(*arguments, cwd=cwd)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with `python/<case>`, `typescript/<case>` and `go/<case>`, each also of the
    project's own specs, as the case `own`."""
    folder = tmp_path_factory.mktemp("everything")
    for case in (*NAMES, "own"):
        schema = schema_in(root if case == "own" else CASES / case)
        generate(schema, "python", folder, f"python/{case}")
        generate(schema, "pydantic", folder, f"python/{case}_pydantic")
        generate(schema, "typescript", folder, f"typescript/{case}")
        generate(schema, "typescript", folder, f"typescript/{case}_bigint", {"int64": "bigint"})
        generate(schema, "go", folder, f"go/{case}", {"module": f"example.com/all/{case}"})
    schema = schema_in(CASES / "extends")
    more: Options = {VARIANTS.name: True, STRUCTURED.name: True}
    generate(schema, "python", folder, "python/variants", more)
    generate(schema, "pydantic", folder, "python/variants_pydantic", {VARIANTS.name: True})
    generate(schema, "typescript", folder, "typescript/variants", more)
    generate(schema, "go", folder, "go/variants", {"module": "example.com/all/variants", **more})
    return folder


@pytest.mark.toolchain
def test_python_tools_find_nothing(everything: Path, pyright: Tool) -> None:
    # All cases are in one package: one of them has the name of a standard library module.
    (everything / "python/__init__.py").touch()
    ruff = Path(sys.executable).with_name("ruff")
    rules = "I,UP,W"
    files = distinct(everything, "*.py")
    _run(sys.executable, "-m", "black", "--check", "--quiet", *files, cwd=everything)
    _run(ruff, "check", "--isolated", "--extend-select", rules, "python", cwd=everything)
    assert python_language.check(everything / "python", python_language.find_mypy()) == []
    config = {"typeCheckingMode": "strict", "include": ["python"], "pythonVersion": "3.11"}
    (everything / "pyrightconfig.json").write_text(json.dumps(config))
    # pyright looks for pydantic in the packages of this Python, not of one on PATH.
    _check(
        pyright, "--pythonpath", sys.executable, "--project", "pyrightconfig.json", cwd=everything
    )


@pytest.mark.toolchain
def test_typescript_tools_find_nothing(everything: Path, prettier: Tool) -> None:
    folder = everything / "typescript"
    _check(prettier, "--check", "--log-level", "warn", *distinct(folder, "*.ts"), cwd=folder)


@pytest.mark.toolchain
def test_typescript_compiles(everything: Path, tsc: Tool) -> None:
    folder = everything / "typescript"
    (folder / "package.json").write_text('{"type": "module"}')
    assert typescript_language.check(folder, tsc) == []


@pytest.mark.toolchain
def test_the_generated_code_of_this_repository_compiles(root: Path, tsc: Tool, go: Tool) -> None:
    _check(tsc, "--project", "generated/typescript", cwd=root)
    _check(go, "vet", "-trimpath", "./...", cwd=root / "generated/go")


@pytest.mark.toolchain
def test_go_tools_find_nothing(everything: Path, go: Tool, gofmt: Tool, staticcheck: Tool) -> None:
    folder = everything / "go"
    (folder / "go.mod").write_text("module example.com/all\n\ngo 1.24\n")
    assert go_language.check_format(folder, gofmt) + go_language.check(folder, go) == []
    _check(staticcheck, "./...", cwd=folder)
