"""`modelsync generate --depfile`: what the outputs depend on, for build tools."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from modelsync import disk
from modelsync.commands.comparison import Comparison
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.paths import path_key

_ESCAPED: Final = re.compile(r"(\\*)([ #:])")
"""Characters of a path that get a backslash; backslashes before them are doubled."""


def depfile(compared: Comparison, here: Path) -> str:
    """Return a rule for make, which ninja reads too, from the inputs of a run to its outputs.

    The inputs are the config, the specs, the project's own templates, and the folders of both, so
    that a new file counts as a change. Every input also has a rule without a recipe: make does not
    fail when one is deleted. Paths are relative to the folder `here`, and escaped as GCC does it; a
    tab, `;`, `|` and `*` cannot be escaped for both programs, nor `%` and `=` for make.
    """
    if not compared.outputs:
        return ""
    project = compared.project
    inputs = {project.config.place.config, *project.fingerprints, *compared.templates}
    for root in (project.config.specs, project.config.templates):
        inputs |= {folder for folder, _ in disk.walk(project.folder, root)}

    def escaped(path: str) -> str:
        path = disk.path_from(here, project.folder, path)
        return _ESCAPED.sub(r"\1\1\\\2", path).replace("$", "$$")

    outputs = _joined(map(escaped, sorted(compared.outputs)))
    rule = f"{outputs}: \\\n  {_joined(map(escaped, sorted(inputs)))}\n"
    return rule + "".join(f"{escaped(path)}:\n" for path in sorted(inputs))


def _joined(paths: Iterable[str]) -> str:
    return " \\\n  ".join(paths)


def check_depfile(compared: Comparison, place: Path) -> None:
    """Raise if the depfile at `place` would overwrite a file that the run reads or writes."""
    project = compared.project
    files = {
        **dict.fromkeys(compared.outputs, "a generated file"),
        **dict.fromkeys(project.fingerprints, "a spec"),
        **dict.fromkeys(compared.templates, "a template"),
        project.config.place.manifest: "the manifest",
        project.config.place.config: "the config",
    }
    by_key = {path_key(path): path for path in files}
    path = by_key.get(path_key(disk.path_from(project.folder.resolve(), place.resolve(), "")))
    if path is not None:
        message = f"the depfile would overwrite {files[path]}"
        help_ = "use another path for `--depfile`"
        raise ProblemsError([Problem(Position(path), "MS094", message, help=help_)])
