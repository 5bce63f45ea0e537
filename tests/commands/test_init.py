"""`init` in projects of each language: what it finds, and where the output goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.disk.surroundings import Surroundings
from modelsync.project.config import read_config
from modelsync.targets.base import Settings
from modelsync.targets.typescript.tsconfig import compiler_options, read_jsonc


def started(folder: Path, files: dict[str, str], inside: str = "") -> dict[str, Settings]:
    """Run `init` among files, and return the targets of its config."""
    write(folder, {".git/HEAD": "", **files})
    place = folder / inside
    place.mkdir(exist_ok=True)
    assert run(["init", "--project", str(place)]) == 0
    config = read_config((place / "modelsync.yaml").read_text("utf-8"))
    return {settings.name: settings for settings in config.targets}


@pytest.mark.parametrize(
    ("files", "out", "module"),
    [
        ({"go.mod": "module a.io/b\n"}, "models", "a.io/b/models"),
        (
            {"go.mod": "module a.io/b\n", "internal/x.go": ""},
            "internal/models",
            "a.io/b/internal/models",
        ),
        (
            {"go.mod": "module (\n\ta.io/b\n)\n", "models/x.go": ""},
            "generated/go/models",
            "a.io/b/generated/go/models",
        ),
        (
            {"api/go.mod": "module a.io/b\n", "api/pkg/x.go": ""},
            "api/pkg/models",
            "a.io/b/pkg/models",
        ),
    ],
)
def test_code_in_go_is_in_the_module(
    tmp_path: Path, files: dict[str, str], out: str, module: str
) -> None:
    targets = started(tmp_path, files)
    assert targets.keys() == {"go"}
    assert (targets["go"].out, targets["go"].options["module"]) == (out, module)


def test_a_module_above_the_project_is_found(tmp_path: Path) -> None:
    targets = started(tmp_path, {"go.mod": "module a.io/b\n"}, inside="schemas")
    assert targets["go"].options["module"] == "a.io/b/schemas/models"


SETUPTOOLS = 'tool.setuptools = {packages = ["x"], package-dir = {"" = "lib"}}'


@pytest.mark.parametrize(
    ("files", "out"),
    [
        ({"pyproject.toml": '[project]\nname = "a-b"\n', "src/a_b/a.py": ""}, "src/a_b/models"),
        ({"pyproject.toml": '[tool.poetry]\nname = "Acme"\n', "acme/a.py": ""}, "acme/models"),
        ({"pyproject.toml": "", "src/x/__init__.py": ""}, "src/x/models"),
        ({"pyproject.toml": "[", "app/__init__.py": "", "tests/__init__.py": ""}, "app/models"),
        (
            {
                "pyproject.toml": 'tool.hatch.build.targets.wheel.packages = ["lib/x"]',
                "lib/x/a.py": "",
            },
            "lib/x/models",
        ),
        (
            {
                "pyproject.toml": 'tool.poetry.packages = [{include = "x", from = "lib"}]',
                "lib/x/a.py": "",
            },
            "lib/x/models",
        ),
        ({"pyproject.toml": SETUPTOOLS, "lib/x/a.py": ""}, "lib/x/models"),
        (
            {"pyproject.toml": 'tool.uv.build-backend.module-name = "x.y"', "src/x/y/a.py": ""},
            "src/x/y/models",
        ),
        ({"requirements.txt": ""}, "models"),
        ({"setup.py": "", "x/__init__.py": "", "x/models.py": ""}, "x/generated"),
        (
            {"setup.py": "", "x/__init__.py": "", "x/models.py": "", "x/generated/a.py": ""},
            "generated/python",
        ),
        ({"py/pyproject.toml": "", "py/x/__init__.py": ""}, "py/x/models"),
    ],
)
def test_code_in_python_is_in_the_package(tmp_path: Path, files: dict[str, str], out: str) -> None:
    targets = started(tmp_path, files)
    assert targets.keys() == {"python"}
    assert targets["python"].out == out


ESM = '{"type": "module"}'


@pytest.mark.parametrize(
    ("options", "package", "extension"),
    [
        ('"module": "nodenext"', ESM, "js"),
        ('"module": "NodeNext"', "{}", "none"),
        ('"module": "node16", "allowImportingTsExtensions": true', ESM, "ts"),
        ('"module": "nodenext", "rewriteRelativeImportExtensions": true', ESM, "ts"),
        ('"module": "nodenext", "rewriteRelativeImportExtensions": false', ESM, "js"),
        ('"module": "esnext", "moduleResolution": "bundler"', ESM, "none"),
        ('"module": "preserve"', "{}", "none"),
        ('"module": "commonjs"', "{}", "none"),
        ('"module": "es2022"', ESM, "js"),
        ('"module": "es2022"', '{"type": "module", "dependencies": {"vite": "7"}}', "none"),
        ('"module": "commonjs"', '{"devDependencies": {"jest": "30"}}', "none"),
        ("", "{}", "none"),
        ("broken", "broken", "none"),
    ],
)
def test_imports_in_typescript_end_as_the_tools_need(
    tmp_path: Path, options: str, package: str, extension: str
) -> None:
    tsconfig = f'{{\n  // the options\n  "compilerOptions": {{{options},}}, /* , ] */\n}}\n'
    targets = started(
        tmp_path, {"tsconfig.json": tsconfig, "package.json": package, "src/a.ts": ""}
    )
    assert targets.keys() == {"typescript"}
    assert targets["typescript"].out == "src/models"
    assert targets["typescript"].options["extension"] == extension


def test_a_package_json_counts_if_it_is_for_typescript(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = '{"devDependencies": {"prettier": "3"}}'
    files = {"web/package.json": package, "go.mod": "module a.io/b\n"}
    assert started(tmp_path, files).keys() == {"go"}
    said = "found web/package.json: without TypeScript or a bundler; for a target, add `typescript`"
    assert said in "".join(capsys.readouterr())
    for folder, tool, extension in (("a", "next", "none"), ("b", "typescript", "ts")):
        (tmp_path / folder).mkdir()
        package = f'{{"dependencies": {{"{tool}": "15"}}}}'
        targets = started(tmp_path / folder, {"package.json": package})
        assert targets["typescript"].options["extension"] == extension


def test_options_come_from_the_files_that_a_tsconfig_extends(tmp_path: Path) -> None:
    files = {
        "web/tsconfig.json": '{"extends": ["../base", "@acme/config/strict"],'
        ' "compilerOptions": {"a": 3}}',
        "base.json": '{"extends": "./web/tsconfig.json", "compilerOptions": {"a": 1, "b": 1}}',
        "node_modules/@acme/config/strict.json": '{"compilerOptions": {"b": 2, "c": 2}}',
    }
    write(tmp_path, files)
    assert compiler_options(Surroundings(tmp_path), "web/tsconfig.json") == {"a": 3, "b": 2, "c": 2}


def test_text_that_looks_like_a_comment_stays_in_strings() -> None:
    text = '\ufeff{"a": "//x", /* "b": 1, */ "c": ["/*", ",]", "\\\\",],} // ]'
    assert read_jsonc(text.removeprefix("\ufeff")) == {"a": "//x", "c": ["/*", ",]", "\\"]}
    assert read_jsonc("[1]") == {}
    assert read_jsonc("[" * 100_000) == {}


def test_a_repository_of_several_languages_gets_each_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "api/go.mod": "module a.io/b\n",
        "web/tsconfig.json": "{}",
        "jobs/pyproject.toml": "",
        "jobs/jobs/__init__.py": "",
    }
    targets = started(tmp_path, files)
    assert {name: settings.out for name, settings in targets.items()} == {
        "go": "api/models",
        "python": "jobs/jobs/models",
        "typescript": "web/models",
    }
    assert capsys.readouterr().out.splitlines()[:3] == [
        "found api/go.mod (module a.io/b): Go in `api/models`",
        "found jobs/pyproject.toml (package jobs/jobs): Python in `jobs/jobs/models`",
        "found web/tsconfig.json (no module setting): TypeScript in `web/models`,"
        " with imports without an ending",
    ]
    attributes = (tmp_path / ".gitattributes").read_text("utf-8")
    assert "api/models/** text eol=lf" in attributes
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    (tmp_path / ".gitattributes").unlink()
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert "found" not in capsys.readouterr().out
    assert (tmp_path / ".gitattributes").read_text("utf-8") == attributes


def test_another_import_path_in_go_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets: {go: {out: a/models, module: example.com/x}}\n"
    files = {"modelsync.yaml": config, "specs/a.yaml": "model: A\nfields: {}\n"}
    write(tmp_path, {"p/" + path: text for path, text in files.items()})
    for file, text, path in [
        ("go.mod", "module a.io/b", "a.io/b/p/a/models"),
        ("p/a/go.mod", "module a.io/c", "a.io/c/models"),
        ("p/a/models/go.mod", "module a.io/d", "a.io/d"),
    ]:
        write(tmp_path, {file: text})
        assert run(["generate", "--project", str(tmp_path / "p")]) == 0
        err = capsys.readouterr().err
        assert "warning: MS097" in err
        assert f"= help: write `module: {path}`" in err
    write(tmp_path, {"p/modelsync.yaml": config.replace("example.com/x", "a.io/d")})
    assert run(["generate", "--project", str(tmp_path / "p")]) == 0
    assert capsys.readouterr().err == ""
