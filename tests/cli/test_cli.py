"""The commands, as users and scripts run them."""

from __future__ import annotations

import select
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from helpers.commands import options_of
from helpers.projects import write
from modelsync import cli, disk
from modelsync.__main__ import main
from modelsync.cli import run
from modelsync.commands import generate as generate_command
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.targets import target_class, target_names


def test_a_new_project_generates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "My Models"
    assert run(["init", "--project", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote modelsync.yaml",
        "wrote specs/user.yaml",
        "wrote modelsync.schema.json",
        "wrote .gitattributes",
        f"next: modelsync generate --project '{folder}'",
    ]
    assert run(["generate", "--project", str(folder)]) == 0
    generated = folder / "generated"
    files = (path.relative_to(generated).as_posix() for path in generated.rglob("*[uU]ser*"))
    assert sorted(files) == [
        "docs/User.md",
        "go/models/user.go",
        "python/user.py",
        "typescript/user.ts",
    ]


def test_init_keeps_existing_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "modelsync.yaml").write_text("mine")
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "kept  modelsync.yaml",
        "wrote specs/user.yaml",
        "wrote modelsync.schema.json",
        "wrote .gitattributes",
        f"next: modelsync generate --project {tmp_path}",
    ]
    assert (tmp_path / "modelsync.yaml").read_text() == "mine"


def test_init_writes_a_spec_only_if_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "specs: shop/models\ntargets: {python: {out: out}}\n"
    write(tmp_path, {"modelsync.yaml": config})
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    result = capsys.readouterr().out
    assert "wrote shop/models/user.yaml\n" in result
    assert result.endswith("next: modelsync generate\n")
    first = tmp_path / "shop/models/user.yaml"
    assert first.read_text("utf-8").startswith(
        "# yaml-language-server: $schema=../../modelsync.schema.json\n"
    )
    first.rename(tmp_path / "shop/models/mine.yml")
    assert run(["init"]) == 0
    assert "user.yaml" not in capsys.readouterr().out
    assert not first.exists()


def test_a_new_project_keeps_git_from_changing_line_endings(tmp_path: Path) -> None:
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert run(["generate", "--project", str(tmp_path)]) == 0
    generated = [path for path in (tmp_path / "generated").rglob("*") if path.is_file()]
    paths = [path.relative_to(tmp_path).as_posix() for path in (*generated, tmp_path / MANIFEST)]
    words = ["git", "init", "-q", str(tmp_path)]
    subprocess.run(words, check=True)
    words = ["git", "-C", str(tmp_path), "check-attr", "eol", "merge", "--", *paths]
    result = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert result.count("eol: lf\n") == len(paths)
    assert result.count("merge: union\n") == 1
    assert f"{MANIFEST}: merge: union\n" in result
    (tmp_path / ".gitattributes").write_text("mine")
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert (tmp_path / ".gitattributes").read_text() == "mine"


def test_generate_finds_the_project_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["init", "--project", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path / "specs")
    assert run(["generate", "docs"]) == 0
    assert (tmp_path / "generated/docs").is_dir()
    assert not (tmp_path / "generated/python").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generat"], "No such command 'generat'. Did you mean 'generate'?"),
        (["xyz"], "No such command 'xyz'."),
        (["generate", "--force-it"], "No such option '--force-it'. Did you mean '--force'?"),
        (
            ["init", "--eject", "rust"],
            "Invalid value for '--eject': unknown target `rust`;"
            " the targets are `go`, `json-schema`, `markdown`, `openapi`, `pydantic`, `python`,"
            " `sdk-docs`, `typescript`",
        ),
    ],
)
def test_invalid_arguments_exit_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    assert run(["init", "--project", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run(arguments) == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"Error: {message}"


def test_a_missing_project_is_reported_with_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["generate"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "MS070 `modelsync.yaml` does not exist",
        " --> modelsync.yaml:1:1",
        "  |",
        "  = help: run `modelsync init` to create one, or pass `--project` with the folder of a"
        " project",
        "",
        "run `modelsync explain MS070` for an example and its fix",
        "1 problem; nothing was written",
    ]


def test_missing_specs_are_reported_with_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--project", str(tmp_path)]) == 0
    (tmp_path / "specs/user.yaml").unlink()
    assert run(["generate", "--project", str(tmp_path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "MS076 no specs in `specs`"
    assert "  = help: add a spec such as `specs/user.yaml`, or run `modelsync init`" in lines


_OPTIONS = {"go": "module: example.com/acme, ", "sdk-docs": "notation: go, "}


def _write_targets_of_one_package(folder: Path, kind: str, a: str) -> None:
    target = f"{kind}, {_OPTIONS.get(kind, '')}out: out, packages: [a]"
    files = {
        "specs/a/x.yaml": a,
        "specs/b/y.yaml": "model: Y\nfields: {}\n",
        "modelsync.yaml": f"targets: {{made: {{target: {target}}}}}\n",
    }
    write(folder, files)


@pytest.mark.parametrize("command", ["generate", "check", "verify", "vectors", "explain out/x:1"])
@pytest.mark.parametrize("kind", target_names())
def test_a_reference_that_a_target_omits_is_a_problem_in_each_language_and_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, command: str
) -> None:
    user = "model: User\nfields: {x: {type: 'list[X]'}}\n"
    a = f"model: X\nfields: {{y: {{type: b.Y}}}}\n---\n{user}"
    _write_targets_of_one_package(tmp_path, kind, a)
    assert run([*command.split(), "--project", str(tmp_path)]) == 2
    reported = capsys.readouterr().err
    assert "MS078 `X` refers to `b.Y`, which the target `made` omits" in reported
    assert "specs/a/x.yaml:2:20" in reported
    assert "1 problem" in reported  # the use of X is not another problem


@pytest.mark.parametrize(
    "kind", [name for name in target_names() if not target_class(name).is_complete]
)
def test_a_reference_that_another_language_omits_is_not_a_problem(
    tmp_path: Path, kind: str
) -> None:
    # No target is in the languages of both.
    others = "[python, typescript]" if kind in ("go", "sdk-docs") else "[go]"
    fields = f"y: {{type: b.Y, only: {others}}}, z: {{type: int32}}"
    other = f"model: Z\nonly: {others}\nfields: {{y: {{type: b.Y}}}}\n"
    a = f"model: X\nfields: {{{fields}}}\n---\n{other}"
    _write_targets_of_one_package(tmp_path, kind, a)
    assert run(["generate", "--project", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("arguments", "consequence"),
    [
        (["generate"], "; nothing was written"),
        (["generate", "--dry-run"], ""),
        (["check"], "; nothing was compared"),
        (["list-outputs"], ""),
    ],
)
def test_the_summary_of_problems_shows_what_was_not_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], consequence: str
) -> None:
    assert run(["init", "-q", "--project", str(tmp_path)]) == 0
    (tmp_path / "specs/user.yaml").write_text("model: A\nfields: {b: {type: B}}\n")
    assert run([*arguments, "--project", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""  # also of `init -q`
    assert err.endswith(f"\n1 problem{consequence}\n")


@pytest.mark.parametrize("command", ["init", "generate", "check", "explain", "list-outputs"])
def test_each_command_takes_the_output_options(command: str) -> None:
    assert {"-q", "--quiet", "-v", "--verbose", "--color"} <= options_of(command)


@pytest.mark.skipif(sys.platform == "win32", reason="select() takes no pipe there")
def test_a_run_that_waits_reports_it_even_if_quiet(tmp_path: Path) -> None:
    assert run(["init", "-q", "--project", str(tmp_path)]) == 0
    argv = [sys.executable, "-m", "modelsync", "generate", "-q", "--project", str(tmp_path)]
    with disk.locked(tmp_path), subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as waits:
        try:
            assert waits.stderr is not None
            assert select.select([waits.stderr], [], [], 30)[0], "it reports nothing"
            assert waits.stderr.readline().startswith("waiting for another modelsync run")
        finally:
            waits.kill()


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"modelsync {version('modelsync')}\n"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-h"]) == 0
    _, _, commands = capsys.readouterr().out.partition("Commands:\n")
    assert [line.split()[0] for line in commands.splitlines()] == [
        *("breaking", "check", "explain", "generate", "import", "init", "list-outputs"),
        *("schema", "transcribe", "vectors", "verify", "watch"),
    ]


@pytest.mark.parametrize("help_", ["-h", "--help"])
def test_each_command_has_help(help_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", help_]) == 0
    assert capsys.readouterr().out.startswith("Usage: modelsync generate [OPTIONS] [TARGET]...\n")


def test_an_internal_error_has_a_short_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **_options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(generate_command, "generate", broken)
    assert run(["generate", "--project", str(tmp_path)]) == cli.FAILURE
    message = (
        "modelsync: internal error (please report it): RuntimeError('boom')\n"
        "help: set MODELSYNC_DEBUG=1 to see the traceback\n"
    )
    assert capsys.readouterr().err == message
    monkeypatch.setenv("MODELSYNC_DEBUG", "1")
    assert run(["generate", "--project", str(tmp_path)]) == cli.FAILURE
    traceback = capsys.readouterr().err
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert "\nRuntimeError: boom\n" in traceback


def test_modelsync_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "modelsync", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"modelsync {version('modelsync')}\n"


@pytest.mark.slow
def test_only_the_modules_that_a_run_needs_are_imported(tmp_path: Path) -> None:
    assert run(["init", "--project", str(tmp_path)]) == 0
    probe = (
        "import sys; from modelsync.cli import run; run(sys.argv[1:]);"
        "rare = {'black', 'jinja2', 'yaml', 'modelsync.patterns.parse', 'modelsync.spec.limiter'};"
        "print(*sorted(rare & set(sys.modules)))"
    )

    def loaded(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", probe, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[-1]

    (tmp_path / "specs/user.yaml").write_text("model: User\nfields: {a: {type: string}}\n")
    assert loaded("generate", "--project", str(tmp_path)) == "jinja2 yaml"
    (tmp_path / "specs/user.yaml").write_text("model: 1")
    assert loaded("generate", "--project", str(tmp_path)) == "yaml"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("module github.com/acme/svc", "github.com/acme/svc/api/models"),
        (
            "// module a.b/c\n\nmodule  github.com/acme/svc // ours",
            "github.com/acme/svc/api/models",
        ),
        ('module "github.com/acme/svc"', "github.com/acme/svc/api/models"),
        ("module (\n\tgithub.com/acme/svc\n)", "github.com/acme/svc/api/models"),
        ("go 1.24", "example.com/api/generated/go/models"),
        ("module \xff", "example.com/api/generated/go/models"),
    ],
)
def test_init_in_a_go_module_writes_its_import_path(tmp_path: Path, line: str, path: str) -> None:
    (tmp_path / "go.mod").write_text(f"{line}\n", "latin-1")
    folder = tmp_path / "api"
    assert run(["init", "--project", str(folder)]) == 0
    assert f"    module: {path} # " in (folder / "modelsync.yaml").read_text("utf-8")
    assert run(["generate", "--project", str(folder)]) == 0


@pytest.mark.parametrize(
    ("config", "code"),
    [(b"specs: \xff\n", "MS001"), (b"", "MS070"), (b"targets: {go: {out: x\n", "MS001")],
)
def test_eject_with_an_invalid_config_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: bytes, code: str
) -> None:
    (tmp_path / "modelsync.yaml").write_bytes(config)
    assert run(["init", "--eject", "go", "--project", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(code)
    assert "--> modelsync.yaml:1:" in error
    assert not (tmp_path / "templates").exists()
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert (tmp_path / "modelsync.yaml").read_bytes() == config


def test_an_interrupt_while_modules_are_imported_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupt:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "modelsync.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "modelsync.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupt, *sys.meta_path])
    with pytest.raises(SystemExit) as exited:
        main()
    assert exited.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"
