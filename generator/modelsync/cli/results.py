"""Print what a run changes: shared by generate, check and watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from modelsync.cli.common import fix_command, texts_of_problems
from modelsync.cli.console import Console
from modelsync.commands.check import read_changed
from modelsync.commands.generate import Generated
from modelsync.commands.tracked import Unstaged, stage_command, unstaged_lines
from modelsync.disk.git import commits_some_paths
from modelsync.plan.changes import Change, add_formatter_cause
from modelsync.report.changes import (
    Line,
    backup_lines,
    change_lines,
    hints,
    warning_lines,
)

_MAX_UNSTAGED: Final = 30
"""How many unstaged files are listed."""
_SOME_PATHS: Final = (
    "help: this commit only has the paths passed to `git commit`; stage these files too, and run"
    " `git commit` without paths"
)


def show_changes(
    console: Console, planned: Generated, *, show_all: bool, with_diff: bool = False
) -> None:
    """Print the changes that a run is about to make, always with the edits that would be lost."""
    changes = planned.plan.reported_changes
    shown = [change for change in changes if show_all or change.edited]
    present = read_changed(planned.project.folder, shown)

    def has_diff(change: Change) -> bool:
        return with_diff or change.edited

    shown_changes = add_formatter_cause(shown, present)
    console.lines(change_lines(shown_changes, present, has_diff, console.verbose))


def show_result(console: Console, generated: Generated, targets: Sequence[str]) -> None:
    """Print warnings, where the backups are, and which files were not deleted."""
    warnings = generated.project.warnings
    if warnings:
        texts = texts_of_problems(generated.project.folder, warnings)
        console.lines(warning_lines(warnings, texts, console.verbose), err=True)
    for line in backup_lines(generated.backups, console.verbose):
        console.print(line)
    _show_skipped(console, generated, targets)


def _show_skipped(console: Console, generated: Generated, targets: Sequence[str]) -> None:
    """Print which files were not deleted, and the command that deletes them, if there is one."""
    if not generated.skipped:
        return
    lines = [*change_lines(generated.skipped, {}, lambda _: False, console.verbose)]
    lines += map(Line, hints(generated.skipped))
    forced = tuple(change for change in generated.skipped if change.needs_force)
    if forced:
        plan = replace(generated.plan, changes=forced)
        place = generated.project.config.place
        lines.append(Line(fix_command(plan, place.root / place.folder, targets)))
    console.lines(lines, err=True)


def show_unstaged(console: Console, unstaged: Unstaged, project: Path) -> None:
    """Print what the next commit lacks, and the command that stages it."""
    lines = list(unstaged_lines(unstaged))
    shown = len(lines) if console.verbose else _MAX_UNSTAGED
    for line in lines[:shown]:
        console.warn(line)
    if len(lines) > shown:
        console.warn(f"... and {len(lines) - shown:,} more (-v shows all)")
    if lines:
        warn_of_some_paths(console)
        console.warn(stage_command(unstaged, project, Path.cwd()))


def warn_of_some_paths(console: Console) -> None:
    """Warn that `git commit PATH` does not commit what is staged now."""
    if commits_some_paths():
        console.warn(_SOME_PATHS)
