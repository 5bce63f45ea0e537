"""What build engines rely on: the list of outputs, the depfile, and unchanged files.

The tests run ninja and make with the files that docs/build-engines.md shows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync import check, load
from modelsync.cli import run
from modelsync.commands import depfile as depfile_command
from modelsync.commands.list_outputs import list_outputs

pytestmark = pytest.mark.posix

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: generated/docs}}\n"
SPECS = {
    "specs/user.yaml": "model: User\nfields: {role: {type: Role}}\n",
    "specs/role.yaml": "model: Role\nfields: {name: {type: string}}\n",
}
FILES = {"modelsync.yaml": CONFIG, **SPECS}
MODELS = "generated/docs/models"
CASES = (
    *("additional", "aliases", "extends", "limits", "names", "packages", "tags", "text", "types"),
    "unions",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


# list-outputs -------------------------------------------------------------------------------------


def generated(folder: Path) -> set[str]:
    """Return the files in the output folders of a project."""
    outs = [settings.out for settings in load(folder).config.targets]
    return {
        path.relative_to(folder).as_posix()
        for out in outs
        for path in (folder / out).rglob("*")
        if path.is_file()
    }


def config_of_case(folder: Path) -> str:
    """Return a config with every target of a case, and each kind of option."""
    targets = {
        "python": {"out": "out/python"},
        "typescript": {"out": "out/typescript", "package": True},
        "go": {"out": "out/go", "module": "example.com/models", "gomod": True},
        "docs-go": {"target": "sdk-docs", "notation": "go", "out": "out/docs-go"},
    }
    in_case = {
        name: value for name, value in targets.items() if (folder / "expected" / name).is_dir()
    }
    assert in_case
    return json.dumps({"targets": in_case})


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_case_generates_the_listed_files(root: Path, tmp_path: Path, case: str) -> None:
    shutil.copytree(root / "tests/cases" / case / "specs", tmp_path / "specs")
    (tmp_path / "modelsync.yaml").write_text(config_of_case(root / "tests/cases" / case))
    listed = list_outputs(tmp_path)
    assert not list(tmp_path.glob("out*"))
    assert run(["generate", "--project", str(tmp_path)]) == 0
    assert set(listed) == generated(tmp_path)
    assert listed == sorted(set(listed))
    for name in (settings.name for settings in load(tmp_path).config.targets):
        outputs = list_outputs(tmp_path, [name])
        assert outputs == [path for path in listed if path.startswith(f"out/{name}/")]


def test_every_case_is_tested(root: Path) -> None:
    assert {path.name for path in (root / "tests/cases").iterdir() if path.is_dir()} == set(CASES)


def test_this_repository_has_the_listed_files(root: Path) -> None:
    """Other tests check that their contents are up to date."""
    assert set(list_outputs(root)) == generated(root)


def test_paths_are_relative_to_the_current_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "specs")
    assert run(["list-outputs", "docs"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"../{MODELS}/README.md",
        f"../{MODELS}/role.md",
        f"../{MODELS}/user.md",
    ]
    assert not (project / "generated").exists()
    assert not (project / ".modelsync").exists()


def test_listing_renders_nothing(project: Path) -> None:
    probe = (
        "import sys; from modelsync.cli import run;"
        f"code = run(['list-outputs', '--project', {str(project)!r}]);"
        "sys.exit(code or 'jinja2' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("specs/user.yaml", "model: User\nfields: {a: {type: Rloe}}\n", "MS020"),
        ("specs/other.yaml", "model: USER\nfields: {}\n", "MS043"),
        ("specs/device.yaml", "model: Con\nfields: {}\n", "MS044"),
        ("modelsync.yaml", "targets: []\n", "MS012"),
    ],
)
def test_listing_reports_the_same_problems_as_generating(
    project: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, code: str
) -> None:
    write(project, {path: text})
    assert run(["list-outputs", "--project", str(project)]) == 2
    listed = capsys.readouterr()
    assert listed.out == ""
    assert code in listed.err
    assert run(["generate", "--project", str(project)]) == 2
    assert capsys.readouterr().err == listed.err.rstrip("\n") + "; nothing was written\n"


# The depfile --------------------------------------------------------------------------------------


def depfile(project: Path, here: Path) -> str:
    return depfile_command.depfile(check(project).compared, here)


def test_a_depfile_lists_every_input_and_its_folder(project: Path) -> None:
    write(project, {"specs/more/deep/line.yml": "model: Line\nfields: {}\n"})
    write(project, {"specs/.hidden/x.yaml": "", "specs/notes.txt": ""})
    (project / "specs/empty").mkdir()
    assert run(["init", "--eject", "sdk-docs", "--project", str(project)]) == 0
    inputs = [
        "modelsync.yaml",
        "specs",
        "specs/empty",
        "specs/more",
        "specs/more/deep",
        "specs/more/deep/line.yml",
        "specs/role.yaml",
        "specs/user.yaml",
        "templates",
        "templates/sdk-docs",
        *sorted(f"templates/sdk-docs/{name}.md.j2" for name in ("index", "page", "union")),
    ]
    rule, *phony = depfile(project, project).replace(" \\\n ", "").splitlines()
    outputs, _, rest = rule.partition(": ")
    assert outputs.split(" ") == list_outputs(project)
    assert rest.split(" ") == inputs
    assert phony == [f"{path}:" for path in inputs]


def test_a_depfile_is_only_written_after_a_successful_run_and_if_it_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    command = ["generate", "--depfile", "build/models.d"]
    assert run([*command, "--dry-run"]) == 0
    place = project / "build/models.d"
    assert not place.exists()
    assert run(command) == 0
    text = place.read_text()
    assert text == depfile(project, project)
    os.utime(place, (1, 1))
    assert run(command) == 0
    write(project, {"specs/role.yaml": "model: ["})
    assert run(command) == 2
    assert (place.read_text(), place.stat().st_mtime) == (text, 1)
    (project / "specs/role.yaml").rename(project / "specs/other.yaml")
    write(project, {"specs/other.yaml": SPECS["specs/role.yaml"]})
    assert run(command) == 0
    assert "specs/other.yaml" in place.read_text()


def test_a_depfile_without_outputs_is_empty(project: Path) -> None:
    for path in SPECS:
        write(project, {path: "# nothing yet\n"})
    assert list_outputs(project) == []
    assert depfile(project, project) == ""


# The engines themselves ---------------------------------------------------------------------------


def engine(folder: Path, *command: str, fails: bool = False) -> str:
    """Run a build engine, preferably one from the environment of this Python; return its output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which(folder / command[0], path=path) or shutil.which(command[0], path=path)
    assert program is not None, f"{command[0]} is not installed"
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) is fails, done.stdout
    return done.stdout


def blocks(root: Path, section: str) -> dict[str, str]:
    """Return the blocks of code in a section of docs/build-engines.md, by language."""
    text = (root / "docs/build-engines.md").read_text("utf-8")
    (part,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", part, re.M | re.S))


AWKWARD = ("a b", "a#b", "a$b", "a:b", "a: b", r"a\b", r"a\ b", "a'b", "a&b", "[a]", "ünï")
"""Names of folders that both ninja and make can read from a depfile. Specs have plain names."""


@pytest.mark.toolchain
@pytest.mark.parametrize("name", AWKWARD)
def test_ninja_and_make_read_the_names_of_a_depfile(tmp_path: Path, name: str) -> None:
    """Both consider the outputs up to date until an input is changed, created or deleted."""
    project = tmp_path / name
    write(project, {"modelsync.yaml": CONFIG, "specs/role.yaml": SPECS["specs/role.yaml"]})
    spec = project / "specs/role.yaml"
    assert run(["generate", "--project", str(project)]) == 0
    (tmp_path / "models.d").write_text(depfile(project, tmp_path), "utf-8")
    outputs = [f"{name}/{path}" for path in list_outputs(project)]
    escaped = " ".join(re.sub(r"[ :$]", r"$\g<0>", path) for path in outputs)
    build = "rule r\n  command = touch done; cp models.d new.d\n  depfile = new.d\n"
    (tmp_path / "build.ninja").write_text(f"{build}build {escaped}: r\n", "utf-8")
    (tmp_path / "Makefile").write_text("include models.d\n%.md:\n\ttouch done\n")

    def age(seconds: int, *places: Path) -> None:
        for place in places:
            os.utime(place, (seconds, seconds))

    def is_done(done: bool) -> None:
        assert ("no work to do" in engine(tmp_path, "ninja", "-n")) is done
        engine(tmp_path, "make", "-rR", "-q", outputs[0], fails=not done)

    age(1_000_000_000, *project.rglob("*"))
    age(1_100_000_000, *(tmp_path / path for path in outputs))
    engine(tmp_path, "ninja")
    is_done(True)
    age(1_200_000_000, spec)
    is_done(False)
    age(1_000_000_000, spec)
    is_done(True)
    new = project / "specs/new.yaml"
    new.touch()
    is_done(False)
    new.unlink()
    age(1_000_000_000, spec.parent)
    is_done(True)
    spec.unlink()
    age(1_000_000_000, spec.parent)
    is_done(False)


@pytest.fixture
def ninja(root: Path, project: Path) -> Callable[..., list[str]]:
    """Set up the project like the page; return a function that returns what ninja ran."""
    files = blocks(root, "ninja")
    write(project, {"configure": files["sh"], "rules.ninja": files["ninja"]})
    (project / "configure").chmod(0o755)
    engine(project, "configure")

    def run_ninja(fails: bool = False) -> list[str]:
        log = engine(project, "ninja", "-v", "-j2", fails=fails)
        commands = re.findall(r"^\[\d+/\d+\] (.*)$", log, re.M)
        return [
            re.sub(r"^modelsync (\w+) .*|^\./(\w+)$|^cp .*/(\S+)$", r"\1\2\3", command)
            for command in commands
        ]

    return run_ninja


@pytest.mark.toolchain
def test_ninja_only_runs_what_depends_on_a_change(
    project: Path, ninja: Callable[..., list[str]]
) -> None:
    assert sorted(ninja()) == ["generate", "role.md", "user.md"]
    assert ninja() == []
    # The spec changes, and the generated files do not.
    write(project, {"specs/role.yaml": SPECS["specs/role.yaml"] + "# a comment\n"})
    assert ninja() == ["configure", "generate"]
    assert ninja() == []
    write(project, {"specs/role.yaml": SPECS["specs/role.yaml"].replace("name", "title")})
    assert ninja() == ["configure", "generate", "role.md"]
    assert "`Title`" in (project / "site/role.md").read_text()
    assert ninja() == []


@pytest.mark.toolchain
def test_ninja_notices_new_and_deleted_specs(
    project: Path, ninja: Callable[..., list[str]]
) -> None:
    ninja()
    write(project, {"specs/more/line.yaml": "model: Line\nfields: {}\n"})
    (line,) = set(list_outputs(project)) - generated(project) - {f"{MODELS}/more/README.md"}
    with (project / "rules.ninja").open("a") as rules:
        rules.write(f"build site/line.md: page {line}\n")
    assert ninja() == ["configure", "generate", "line.md"]
    assert ninja() == []
    (project / "specs/more/line.yaml").unlink()
    rules_before = (project / "rules.ninja").read_text()
    (project / "rules.ninja").write_text(rules_before.rpartition("build ")[0])
    assert ninja() == ["configure", "generate"]
    assert not (project / line).exists()
    assert ninja() == []


@pytest.mark.toolchain
def test_ninja_stops_at_a_problem_and_recovers(
    project: Path, ninja: Callable[..., list[str]]
) -> None:
    ninja()
    write(project, {"specs/role.yaml": "model: ["})
    assert ninja(fails=True) == ["configure"]
    assert ninja(fails=True) == ["configure"]
    # Only generating reports this problem: listing succeeds.
    write(project, {"specs/role.yaml": SPECS["specs/role.yaml"].replace("name", "title")})
    write(project, {f"{MODELS}/role.md": "x"})
    (project / "modelsync.manifest").unlink()
    assert ninja(fails=True) == ["configure", "generate"]
    (project / f"{MODELS}/role.md").unlink()
    assert ninja() == ["generate", "role.md"]
    assert "`Title`" in (project / "site/role.md").read_text()


@pytest.mark.toolchain
def test_ninja_regenerates_a_deleted_file(project: Path, ninja: Callable[..., list[str]]) -> None:
    ninja()
    (project / f"{MODELS}/role.md").unlink()
    assert ninja()[0] == "generate"
    assert (project / f"{MODELS}/role.md").exists()
    assert ninja() == []


@pytest.mark.toolchain
def test_make_only_runs_what_depends_on_a_change(root: Path, project: Path) -> None:
    rules = blocks(root, "make")["make"]
    write(project, {"Makefile": f"all: site/user.md site/role.md\n{rules}", "site/.keep": ""})

    def make() -> list[str]:
        return sorted(re.findall(r"^cp \S+ (\S+)$", engine(project, "make"), re.M))

    assert make() == ["site/role.md", "site/user.md"]
    assert make() == []
    write(project, {"specs/role.yaml": SPECS["specs/role.yaml"] + "# a comment\n"})
    assert make() == []
    write(project, {"specs/role.yaml": SPECS["specs/role.yaml"].replace("name", "title")})
    assert make() == ["site/role.md"]
    assert make() == []
    write(project, {"specs/role.yaml": "model: ["})
    assert "MS001" in engine(project, "make", fails=True)


@pytest.mark.toolchain
def test_the_list_for_bazel_is_starlark(root: Path, project: Path) -> None:
    write(project, {"models.sh": blocks(root, "Bazel")["sh"]})
    engine(project, "sh", "models.sh")
    text = (project / "models.bzl").read_text()
    variables: dict[str, list[str]] = {}
    exec(text, variables)  # noqa: S102 - this list is also valid Python
    assert variables["MODELS"] == list_outputs(project)


def test_the_examples_of_turborepo_and_nx_are_valid_json(root: Path) -> None:
    for section in ("Turborepo", "Nx"):
        assert json.loads(blocks(root, section)["json"])
