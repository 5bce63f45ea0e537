"""What is installed: constraints.txt fits pyproject.toml, on each Python and system."""

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
    """Yield all that pyproject.toml asks for, of users and of those who work on the project."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    lists = [project["build-system"]["requires"], project["project"]["dependencies"]]
    for each in (*lists, *extras, *groups):
        yield from (Requirement(text) for text in each if isinstance(text, str))


def locked(root: Path) -> list[Requirement]:
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_requirement_has_one_locked_version(root: Path, python: str, system: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    here |= {"sys_platform": system, "platform_system": SYSTEMS[system]}
    versions: dict[str, str] = {}
    for each in locked(root):
        if each.marker is None or each.marker.evaluate({**here}):
            (pin,) = each.specifier
            assert pin.operator == "=="
            assert versions.setdefault(canonicalize_name(each.name), pin.version) == pin.version
    for each in required(root):
        version = versions.get(canonicalize_name(each.name))
        assert version is not None, f"{each} has no line in constraints.txt; help: make lock"
        assert version in each.specifier, f"{each} is locked at {version}; help: make lock"


def test_each_requirement_says_its_oldest_version(root: Path) -> None:
    """The CI job `oldest` installs it."""
    for each in required(root):
        assert ">=" in {part.operator for part in each.specifier}, each


def test_no_registry_is_named_where_versions_are_locked(root: Path) -> None:
    assert "://" not in (root / "constraints.txt").read_text("utf-8")
    for folder in NPM:
        lock = json.loads((root / folder / "package-lock.json").read_text("utf-8"))
        assert [name for name, each in lock["packages"].items() if "resolved" in each] == []
