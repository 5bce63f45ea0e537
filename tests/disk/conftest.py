"""Projects for runs that fail."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.faults import (
    EDITED,
    FOREIGN,
    STATES,
    Tree,
    specs,
    tree,
)
from helpers.projects import write
from modelsync import check
from modelsync import generate as generate_here
from modelsync.plan.changes import Kind


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[Tree]:
    """The files that each state generates in a new project."""
    trees = []
    for state in range(len(STATES)):
        project = tmp_path_factory.mktemp("state")
        specs(project, state)
        generate_here(project)
        trees.append(tree(project) | {path: text.encode() for path, text in FOREIGN.items()})
    return trees


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if the machine has one: fsync is fast there."""
    place = Path("/dev/shm")  # noqa: S108 - the folder created in it has a unique name
    with tempfile.TemporaryDirectory(dir=place if place.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory, states: list[Tree]) -> Path:
    """A project with every kind of drift; each fault gets a copy of it."""
    project = tmp_path_factory.mktemp("before")
    specs(project, 0)
    generate_here(project)
    write(project, FOREIGN)
    assert tree(project) == states[0]
    specs(project, 1)
    (project / EDITED).write_text("edited")
    page = project / "gen/python/models/keep.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    (project / "gen/python/models/README.md").unlink()
    kinds = {change.kind for change in check(project).plan.changes}
    assert kinds == set(Kind) - {Kind.FOREIGN}
    return project
