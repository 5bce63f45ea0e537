"""The wheel has the right files, and works without a checkout."""

import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from packaging.requirements import Requirement

pytestmark = pytest.mark.toolchain


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without network access."""
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--quiet", "--no-deps", "--no-build-isolation"]
    pip = [sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", str(folder), str(root)]
    # pip rejects build constraints together with --no-build-isolation.
    subprocess.run(pip, check=True, env=os.environ | {"PIP_BUILD_CONSTRAINT": ""})
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs in an environment that only has the wheel and its dependencies."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
    offline = ["--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "install", *offline, str(wheel)], check=True)

    (packages,) = environment.glob("lib/*/site-packages")
    for entry in dependency_entries("modelsync"):
        if not (packages / entry.name).exists():
            (packages / entry.name).symlink_to(entry)
    return environment / "bin"


def dependency_entries(name: str, seen: set[str] | None = None) -> set[Path]:
    """Return the entries in site-packages of the direct and indirect dependencies of a package."""
    seen = set() if seen is None else seen
    entries: set[Path] = set()
    for requirement in map(Requirement, distribution(name).requires or ()):
        is_needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if not is_needed or requirement.name in seen:
            continue
        seen.add(requirement.name)
        installed = distribution(requirement.name)
        tops = {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}
        entries |= {Path(str(installed.locate_file(top))) for top in tops}
        entries |= dependency_entries(requirement.name, seen)
    return entries


def test_the_wheel_has_the_package_and_its_templates_and_nothing_else(
    wheel: Path, root: Path
) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        path.relative_to(root / "generator").as_posix()
        for path in (root / "generator" / "modelsync").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    templates = {
        f"modelsync/{path.relative_to(root).as_posix()}"
        for path in (root / "templates").rglob("*")
        if path.is_file()
    }
    pages = {"modelsync/problems.md"}
    assert {name for name in names if ".dist-info/" not in name} == package | templates | pages
    assert "modelsync/py.typed" in package
    assert {Path(name).parts[2] for name in templates} >= {"go", "sdk-docs", "python", "typescript"}


def test_no_template_ends_in_py(root: Path) -> None:
    """It could be imported in an editable install."""
    assert list((root / "templates").rglob("*.py")) == []


def test_the_installed_wheel_creates_a_project_and_generates_its_files(
    installed: Path, tmp_path: Path
) -> None:
    def run(*argv: str) -> str:
        done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    imported = run(str(installed / "python"), "-c", "import modelsync; print(modelsync.__file__)")
    assert Path(imported).is_relative_to(installed.parent)

    modelsync = str(installed / "modelsync")
    assert distribution("modelsync").version in run(modelsync, "--version")
    run(modelsync, "init")
    config = yaml.safe_load((tmp_path / "modelsync.yaml").read_text(encoding="utf-8"))
    assert list((tmp_path / "specs").rglob("*.yaml")) != []

    run(modelsync, "generate")
    written = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert config["targets"]
    assert written >= {".go", ".md", ".py", ".ts"}
