"""`modelsync list-outputs`: the paths of the generated files, without rendering them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from modelsync.errors import Problem, ProblemsError
from modelsync.project.load import load
from modelsync.project.targets import targets_of
from modelsync.targets import Owners, files_of


def list_outputs(folder: Path, names: Collection[str] = ()) -> list[str]:
    """Return the path of every file that `generate` writes, sorted.

    The paths follow from the specs and the config: nothing is rendered, and files on the disk do
    not matter. Raises :class:`ProblemsError`.
    """
    problems: list[Problem] = []
    owners: Owners = {}
    paths = [
        path
        for target in targets_of(load(folder), names)
        for path, _ in files_of(target, owners, problems)
    ]
    if problems:
        raise ProblemsError(problems)
    return sorted(paths)
