"""constraints.txt satisfies pyproject.toml on each Python and system."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
NPM = ["tests/toolchains", "benchmarks"]


def required(root: Path) -> Iterator[Requirement]:
    """Yield all requirements of pyproject.toml, of users and of contributors."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    lists = [project["build-system"]["requires"], project["project"]["dependencies"]]
    for texts in (*lists, *extras, *groups):
        yield from (Requirement(text) for text in texts if isinstance(text, str))


def locked(root: Path) -> list[Requirement]:
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_requirement_has_one_locked_version(root: Path, python: str, system: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    here |= {"sys_platform": system, "platform_system": SYSTEMS[system]}
    versions: dict[str, str] = {}
    for lock in locked(root):
        if lock.marker is None or lock.marker.evaluate({**here}):
            (pin,) = lock.specifier
            assert pin.operator == "=="
            assert versions.setdefault(canonicalize_name(lock.name), pin.version) == pin.version
    for requirement in required(root):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in constraints.txt; help: make lock"
        assert version in requirement.specifier, f"{requirement} is locked at {version}"


def test_each_requirement_has_an_oldest_version(root: Path) -> None:
    """The CI job `oldest` installs it."""
    for requirement in required(root):
        assert ">=" in {part.operator for part in requirement.specifier}, requirement


def test_lock_files_name_no_registry(root: Path) -> None:
    assert "://" not in (root / "constraints.txt").read_text("utf-8")
    for folder in NPM:
        lock = json.loads((root / folder / "package-lock.json").read_text("utf-8"))
        assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
