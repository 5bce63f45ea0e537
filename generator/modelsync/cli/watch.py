"""watch: generate again after each change."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from modelsync.cli.common import (
    INVALID,
    UNWRITTEN,
    WAITING,
    error_message,
    folder_of,
    output_options,
    project_option,
    show_problems,
    targets_argument,
)
from modelsync.cli.console import Console
from modelsync.cli.results import show_changes, show_result
from modelsync.commands.generate import generate
from modelsync.errors import Problem, ProblemsError, visible
from modelsync.report.changes import done_summary

if TYPE_CHECKING:
    from modelsync.commands.watch import Watcher

_INVALID_CALL: Final = frozenset({"MS070", "MS079"})
"""Problems that editing files rarely fixes: no project in this folder, or an unknown target."""
_MAX_NAMED: Final = 3
"""How many changed files are listed."""


@click.command()
@targets_argument
@project_option
@output_options
def watch(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """Regenerate on every change.

    Watches the specs, your own templates and the config, and generates all targets, or only the
    named ones. Continues after problems; press Ctrl-C to stop. Requires the package watchfiles (pip
    install watchfiles).
    """
    folder = folder_of(project)
    watcher = _new_watcher(folder)
    problems = _regenerate(console, watcher, targets)
    if _INVALID_CALL.intersection(problem.code for problem in problems):
        return INVALID
    console.info("watching the specs, the templates and the config; press Ctrl-C to stop")
    while True:
        # `main` turned off the garbage collector, so collect while nothing else happens.
        gc.collect()
        changed = watcher.wait()
        _regenerate(console, watcher, targets, changed)


def _new_watcher(folder: Path) -> Watcher:
    try:
        # It needs watchfiles, an optional dependency.
        from modelsync.commands.watch import Watcher  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        message = "watchfiles is not installed; run: pip install watchfiles"
        raise click.UsageError(message) from error
    return Watcher(folder)


def _regenerate(
    console: Console, watcher: Watcher, targets: Sequence[str], changed: Sequence[str] = ()
) -> Sequence[Problem]:
    """Generate, and print what changed and why in one line; or print and return the problems."""
    console.begin()
    try:
        generated = generate(
            watcher.folder,
            targets,
            progress=console.progress,
            waiting=partial(console.warn, WAITING),
            before_write=partial(show_changes, console, show_all=console.verbose),
        )
    except ProblemsError as error:
        watcher.include(problem.position.path for problem in error.problems)
        show_problems(watcher.folder, console, error, UNWRITTEN)
        return error.problems
    except OSError as error:
        console.warn(error_message(error))
        return ()
    show_result(console, generated, targets)
    clock = time.strftime("%H:%M:%S")
    summary = done_summary(generated.plan)
    console.info(f"{clock} {_names(changed)}{summary} ({console.elapsed():.2f} s)")
    return ()


def _names(changed: Sequence[str]) -> str:
    named = [visible(path) for path in changed[:_MAX_NAMED]]
    if len(changed) > _MAX_NAMED:
        named.append(f"{len(changed) - _MAX_NAMED} more")
    return f"{', '.join(named)}: " if named else ""
