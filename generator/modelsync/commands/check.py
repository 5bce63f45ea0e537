"""`modelsync check`: report every generated file that does not match the specs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from modelsync import disk
from modelsync.commands.comparison import Comparison, compare
from modelsync.commands.generate import without_skipped
from modelsync.commands.tracked import Unstaged, find_unstaged
from modelsync.plan.changes import Change, Plan, add_formatter_cause
from modelsync.progress import Progress, silent
from modelsync.project.load import Project, read
from modelsync.project.root import place_of


@dataclass(frozen=True, slots=True)
class Checked:
    """How a project's files differ from what its specs ask for."""

    compared: Comparison
    plan: Plan
    """All differences. Their causes have the exact position in a spec, if it is known."""
    present: Mapping[str, bytes]
    """The content of each file that differs, by path."""
    is_generated: bool
    """Whether `generate` has nothing to do."""
    unstaged: Unstaged | None = None
    """What the next commit lacks. None without `tracked`, or if a file has to be generated."""

    @property
    def project(self) -> Project:
        """The project that was checked."""
        return self.compared.project


def check(
    folder: Path,
    names: Collection[str] = (),
    *,
    tracked: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Checked:
    """Compare the project in `folder`, or only its targets called `names`, with its files.

    Writes nothing, and other runs do not write until it ends. With `tracked`, files that are
    generated are compared with git's index too.

    Raises :class:`ProblemsError` for invalid specs, config, templates and manifests,
    :class:`~modelsync.disk.git.GitError` and OSError.
    """
    with disk.unchanging(place_of(folder).root, waiting):
        compared = compare(read(folder), names, progress)
        present = read_changed(compared.project.folder, compared.plan.all_changes)
        plan = _with_exact_causes(compared, present)
        # Files are generated first and staged after that.
        is_generated = without_skipped(compared).plan.in_sync
        unstaged = find_unstaged(compared) if tracked and is_generated else None
    return Checked(compared, plan, present, is_generated, unstaged)


def _with_exact_causes(compared: Comparison, present: Mapping[str, bytes]) -> Plan:
    plan = compared.plan
    if not plan.changes:
        return plan
    # Only a drift needs it, and it imports Jinja.
    from modelsync.commands.point_causes import point_causes  # noqa: PLC0415

    changes = point_causes(compared.project, plan.changes, present)
    return replace(plan, changes=add_formatter_cause(changes, present))


def read_changed(folder: Path, changes: Collection[Change]) -> dict[str, bytes]:
    """Return the content of each file that changes, by path."""
    return disk.read_files(folder, [change.path for change in changes if not change.blocked])
