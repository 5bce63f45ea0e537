"""`modelsync explain`: where a generated file or line comes from, or what a spec generates."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from modelsync import disk
from modelsync.commands.comparison import Comparison, compare
from modelsync.commands.explained import Explanation, Uses
from modelsync.commands.list_outputs import list_outputs
from modelsync.commands.origins import TracedFile, find_origin, option_values
from modelsync.commands.spec_uses import find_uses
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean
from modelsync.plan.changes import Change, Kind, because
from modelsync.project.config import Config
from modelsync.project.load import read, read_project_config
from modelsync.project.root import place_of
from modelsync.targets.base import Settings


def explain(
    folder: Path,
    file: str,
    line: int | None,
    here: Path,
    waiting: Callable[[], object] = lambda: None,
) -> Explanation | Uses:
    """Return where a generated file of the project in `folder`, or one line of it, comes from.

    `file` is a path relative to the folder `here`, or to the project. For a spec, or a line of one,
    return what is generated from it.

    Raises :class:`ProblemsError` for an invalid project, for a file that modelsync does not
    generate, and for a line that the file does not have. Raises OSError.
    """
    with disk.unchanging(place_of(folder).root, waiting):
        config = read_project_config(folder)
        path, settings = _find(config, file, here)
        project = read(folder, config)
        if settings is None and path.startswith(f"{config.specs}/"):
            return find_uses(project, path, line)
        # A file in no output folder may be an orphan of any target.
        compared = compare(project, [settings.name] if settings else ())
        change = _change_of(compared, path)
        if settings is None or path not in compared.outputs:
            if change is None:
                raise ProblemsError([_not_generated(folder, path)])
            return Explanation(path, settings, change, compared.plan)
        if change is not None and change.kind is Kind.FOREIGN:
            raise ProblemsError([_foreign(change)])
        traced = TracedFile(project, settings, path)
        explanation = _explain_file(compared, settings, traced, change)
        if line is None:
            return explanation
        origin = find_origin(traced, line)
        return replace(explanation, line=origin, texts=traced.texts(origin))


def parse_place(text: str) -> tuple[str, int | None]:
    """Return the file and the line of `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`."""
    match = re.fullmatch(r"(.+?)(?::(\d{1,9}))?(?::\d+)?:?", text, re.DOTALL)
    if match is None:
        return text, None
    return match[1], int(match[2]) if match[2] else None


def _find(config: Config, file: str, here: Path) -> tuple[str, Settings | None]:
    """Return the path of `file` relative to the project, and the target of its output folder."""
    folder = config.place.root
    candidates = [posixpath.normpath(file.replace(os.sep, "/"))]
    place = Path(os.path.normpath(here / file))
    real = place.parent.resolve() / place.name
    for root, absolute in ((folder, place), (folder.resolve(), real)):
        if absolute.is_relative_to(root):
            candidates.insert(0, absolute.relative_to(root).as_posix())
    outputs = [
        (path, settings)
        for path in candidates
        for settings in config.targets
        if path.startswith(f"{settings.out}/")
    ]
    # The path may be relative to either folder: prefer the file that exists.
    present = disk.read_present(folder, [path for path, _ in outputs])
    outputs.sort(key=lambda output: present[output[0]] is None)
    return next(iter(outputs), (candidates[0], None))


def _change_of(compared: Comparison, path: str) -> Change | None:
    """Return the change of a file, or of an obstacle at the path of its folder."""
    for change in compared.plan.changes:
        if change.path == path or path.startswith(f"{change.path}/"):
            return change
    return None


def _explain_file(
    compared: Comparison, settings: Settings, traced: TracedFile, change: Change | None
) -> Explanation:
    return Explanation(
        traced.path,
        settings,
        change,
        compared.plan,
        template=traced.template,
        is_built_in=not traced.tracer.is_own(traced.template.path),
        definitions=traced.file.definitions,
        options=tuple(option_values(settings)),
    )


def _not_generated(folder: Path, path: str) -> Problem:
    outputs = list_outputs(folder)
    name = path.rpartition("/")[2]
    same_name = [output for output in outputs if output.endswith(f"/{name}")]
    help_ = f"did you mean `{same_name[0]}`?" if same_name else did_you_mean(path, outputs)
    return Problem(
        Position(path),
        "MS092",
        "modelsync does not generate this file",
        help=help_ or "run `modelsync list-outputs` to list the generated files",
    )


def _foreign(change: Change) -> Problem:
    return Problem(
        Position(change.path),
        "MS092",
        f"cannot explain a foreign file: {because(change)}",
        help="run `modelsync generate` to see how to resolve this",
    )
