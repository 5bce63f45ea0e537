"""`modelsync generate`: make the generated files match the specs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from modelsync import disk
from modelsync.commands.comparison import Comparison, compare
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.plan.changes import Change, Plan
from modelsync.progress import Progress, silent
from modelsync.project.load import Project, read, read_project_config
from modelsync.project.root import place_of
from modelsync.targets.base import Output


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run changed."""

    compared: Comparison
    plan: Plan
    """The changes that were made."""
    skipped: tuple[Change, ...] = ()
    """Changes that only `--force` makes, and files outside the output folders."""
    backups: Mapping[str, str] = field(default_factory=dict)
    """The copy of each file that was not as generated and is now replaced or deleted, by path."""

    @property
    def project(self) -> Project:
        """The project that was generated."""
        return self.compared.project

    @property
    def outputs(self) -> Mapping[str, Output]:
        """Every file of the targets that the run was for, by path."""
        return self.compared.outputs

    @property
    def templates(self) -> tuple[str, ...]:
        """The paths of the project's own templates."""
        return self.compared.templates


def generate(
    folder: Path,
    names: Collection[str] = (),
    *,
    force: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
    before_write: Callable[[Generated], object] = lambda _planned: None,
) -> Generated:
    """Generate the project in `folder`, or only its targets called `names`.

    Everything is rendered and checked before the first write, and unchanged files are not touched.
    Edited files are backed up before they are overwritten or deleted, as are deleted files without
    the header of a generated file. Nothing outside the output folders is deleted. `before_write`
    is called with what will be done, and `waiting` if another run has to end first.

    Raises :class:`ProblemsError`, also for foreign files at wanted paths. `force` overwrites those,
    and deletes files that have the header of a generated file and are not in the manifest.
    Raises OSError.
    """
    config = read_project_config(folder)  # without a project there is nothing to lock
    root, name = config.place.root, config.place.manifest
    with disk.locked(root, waiting) as had_to_wait:
        project = read(folder, None if had_to_wait else config)
        compared = compare(project, names, progress)
        planned = plan_run(compared, force)
        before_write(planned)
        changes = planned.plan.changes
        backups = disk.keep(root, [change.path for change in changes if change.keeps_copy])
        if not planned.plan.in_sync or disk.is_interrupted(root, name):
            manifest, pending = compared.manifest, compared.pending
            disk.apply(root, changes, compared.present, manifest, pending, progress, name)
    return replace(planned, backups=backups)


def preview(
    folder: Path,
    names: Collection[str] = (),
    *,
    force: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
    before_write: Callable[[Generated], object] = lambda _planned: None,
) -> Generated:
    """Return what :func:`generate` would do, and write nothing. Raises what it raises."""
    with disk.unchanging(place_of(folder).root, waiting):
        compared = compare(read(folder), names, progress)
        before_write(without_skipped(compared, force))
        return plan_run(compared, force)


def plan_run(compared: Comparison, force: bool = False) -> Generated:
    """Return what a run does. Raises for foreign files, unless `force` overwrites them."""
    problems = [
        Problem(
            Position(change.path),
            "MS080" if change.blocked else "MS091",
            change.causes[0].text,
            help=change.help,
        )
        for change in compared.plan.foreign
        if change.blocked or not force
    ]
    if problems:
        raise ProblemsError(problems)
    return without_skipped(compared, force)


def without_skipped(compared: Comparison, force: bool = False) -> Generated:
    """Return the changes that a run makes, apart from those that it skips."""
    skipped = compared.plan.skipped(force)
    changes = tuple(change for change in compared.plan.changes if change not in skipped)
    return Generated(compared, replace(compared.plan, changes=changes), skipped)
