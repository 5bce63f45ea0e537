"""generate, check, watch and list-outputs: the files of a project and its specs, in step."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from modelsync import disk
from modelsync.cli.common import (
    DRIFT,
    UNWRITTEN,
    WAITING,
    WRONG,
    diff_option,
    fault_text,
    folder_of,
    located,
    mending,
    prefix_of,
    printing,
    project_option,
    show_problems,
    targets_argument,
    telling_problems,
    texts_of,
    tracked_option,
)
from modelsync.cli.console import Console
from modelsync.errors import Problem, ProblemsError, visible
from modelsync.plan.changes import Change
from modelsync.report.changes import (
    Line,
    Look,
    Report,
    change_lines,
    done_summary,
    hints,
    kept_lines,
    report_lines,
    told_changes,
    with_form_told,
)
from modelsync.report.formats import DOCUMENTS, FORMATS, harmless

if TYPE_CHECKING:
    from modelsync.commands.generate import Found
    from modelsync.commands.watch import Watcher

_OF_THE_CALL: Final = frozenset({"MS070", "MS079"})
"""The problems with which a watch does not begin: it was called at no project, or for no target."""
_MAX_NAMED: Final = 3
"""How many of the files that changed a watch names."""
_SOME_PATHS: Final = (
    "help: this commit has only the paths that it was given; stage these too, and commit without"
    " paths"
)
_MAX_UNSTAGED: Final = 30
"""How many of the files that are not staged are named."""


@click.command()
@targets_argument
@click.option(
    "--force", is_flag=True, help="Take the place of files that are not ours; keep copies."
)
@click.option("--fail-on-change", is_flag=True, help="Exit with 1 if a file had to be changed.")
@tracked_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@diff_option
@click.option(
    "--depfile",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE what the outputs are made from, as a rule of make, for a build engine.",
)
@project_option
@printing
def generate(
    targets: tuple[str, ...],
    project: Path | None,
    force: bool,
    fail_on_change: bool,
    tracked: bool,
    dry_run: bool,
    with_diff: bool,
    depfile: Path | None,
    console: Console,
) -> int:
    """Make every target, or those named.

    Files that were made before and are wanted no more are deleted, below the output folders alone.
    A file that somebody has edited is written anew; what was there is shown, and a copy of it is
    kept in .modelsync/kept.
    """
    from modelsync.commands import generate as sync  # noqa: PLC0415

    folder = folder_of(project)
    all_ = console.verbose or with_diff or (dry_run and not console.quiet)
    show_before = partial(_show_changes, console, all_=all_, with_diff=with_diff)

    def before_write(found: Found) -> None:
        if depfile is not None:
            sync.check_depfile(found, depfile)
        show_before(found)

    with telling_problems(folder, console, "" if dry_run else UNWRITTEN):
        waiting = partial(console.warn, WAITING)
        if dry_run:
            found = sync.check(folder, targets, progress=console.progress, waiting=waiting)
            done = sync.permitted(found, force)
            before_write(done)
            sync.refuse(done.plan, force)
        else:
            done = sync.generate(
                folder,
                targets,
                force=force,
                progress=console.progress,
                waiting=waiting,
                before_write=before_write,
            )
        if depfile is not None and not dry_run:
            disk.write_text(depfile, sync.depfile(done, Path.cwd()))
    _show_kept(console, done)
    _show_left(console, done, targets)
    console.say(("would be: " if dry_run else "") + done_summary(done.plan))
    if tracked and not dry_run and (not _is_staged(console, done) or done.left):
        return DRIFT
    return DRIFT if fail_on_change and (done.left or not done.plan.in_sync) else 0


@click.command()
@targets_argument
@diff_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    help="How to say it: to people, to programs, as annotations on GitHub, or as SARIF.",
)
@tracked_option
@project_option
@printing
def check(
    targets: tuple[str, ...],
    project: Path | None,
    with_diff: bool,
    format_: str,
    tracked: bool,
    console: Console,
) -> int:
    """Say whether every generated file is as its spec says.

    Everything is rendered anew, and nothing is written. Exits with 0 if all is in sync, with 1 if a
    file differs, is missing or is left over, and with 2 if a spec or the config is wrong.
    """
    from modelsync.commands import generate as sync  # noqa: PLC0415
    from modelsync.disk import git  # noqa: PLC0415

    folder = folder_of(project)
    report = Report(prefix=prefix_of(folder), with_diff=with_diff, verbose=console.verbose)
    waiting = partial(console.warn, WAITING)
    try:
        done = sync.check(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as found_error:
        error = located(folder, found_error)
        found = replace(report, problems=error.problems, texts=texts_of(folder, error))
        _tell_report(console, found, format_)
        return WRONG
    plan = done.plan
    present = _present(folder, [*plan.changes, *filter(None, [plan.manifest])])
    if plan.changes:
        from modelsync.commands.explain import pointed  # noqa: PLC0415

        changes = pointed(done.project, plan.changes, present)
        plan = replace(plan, changes=with_form_told(changes, present))
    outs = tuple(settings.out for settings in done.project.config.targets)
    command = mending(plan, folder, targets, tracked=tracked)
    report = replace(report, plan=plan, present=present, folders=outs, command=command)
    # What is to be generated is to be staged after that, and not before.
    is_generated = sync.permitted(done, force=False).plan.in_sync
    if tracked and not is_generated and git.commits_some_paths():
        console.warn(_SOME_PATHS)
    _tell_report(console, report, format_)
    is_staged = not (tracked and is_generated) or _is_staged(console, done)
    return 0 if is_staged and done.plan.in_sync else DRIFT


def _tell_report(console: Console, report: Report, format_: str) -> None:
    """Print a report. What is for a program goes to the output alone, and beside it what is not."""
    lines = report_lines(report)
    if format_ in FORMATS:
        text = FORMATS[format_](report)
        if text:
            console.tell(text)
        short = Line(report.summary, Look.ASIDE)
        lines = iter([short]) if format_ in DOCUMENTS else harmless(lines)
    console.lines(lines, err=format_ in FORMATS or report.plan is None)


def _is_staged(console: Console, done: Found) -> bool:
    """Whether the next commit is in sync, too; tell what it lacks, and how to stage that."""
    from modelsync.commands import tracked  # noqa: PLC0415
    from modelsync.disk import git  # noqa: PLC0415

    try:
        found = tracked.unstaged(done)
    except git.GitError as error:
        raise click.UsageError(f"--tracked: {error}") from error
    lines = list(tracked.lines(found))
    shown = len(lines) if console.verbose else _MAX_UNSTAGED
    for line in lines[:shown]:
        console.warn(line)
    if len(lines) > shown:
        console.warn(f"... and {len(lines) - shown:,} more (-v names all)")
    if lines:
        if git.commits_some_paths():
            console.warn(_SOME_PATHS)
        console.warn(tracked.command(found, done.project.folder, Path.cwd()))
    return not lines


def _show_changes(console: Console, done: Found, *, all_: bool, with_diff: bool = False) -> None:
    """Show what is going to be done; of what was edited also how it differs, for it goes."""
    shown = [change for change in told_changes(done.plan) if all_ or change.edited]
    present = _present(done.project.folder, shown)

    def diffed(change: Change) -> bool:
        return with_diff or change.edited

    told = with_form_told(shown, present)
    console.lines(change_lines(told, present, diffed, console.verbose))


def _show_kept(console: Console, done: Found) -> None:
    for line in kept_lines(done.kept, console.verbose):
        console.tell(line)


def _show_left(console: Console, done: Found, targets: Sequence[str]) -> None:
    """Tell of what was left alone, and of the command that deletes what only a forced run does."""
    if not done.left:
        return
    told = [*change_lines(done.left, {}, lambda _: False, console.verbose)]
    told += map(Line, hints(done.left))
    forced = tuple(change for change in done.left if change.needs_force)
    if forced:
        command = mending(replace(done.plan, changes=forced), done.project.folder, targets)
        told.append(Line(command))
    console.lines(told, err=True)


def _present(folder: Path, changes: Sequence[Change]) -> dict[str, bytes]:
    """Return what stands at the path of each change where a file does."""
    return disk.read_files(folder, [change.path for change in changes if not change.blocked])


@click.command()
@targets_argument
@project_option
@printing
def watch(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """Generate, and again after each change.

    Every target of the project is made, or those named. What counts are the specs, the
    project's own templates and the config. What is wrong with them is told, and the watch goes
    on; Ctrl-C ends it. It needs: pip install "modelsync[watch]"
    """
    try:
        from modelsync.commands.watch import Watcher  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        message = 'watchfiles is not installed: pip install "modelsync[watch]"'
        raise click.UsageError(message) from error

    folder = folder_of(project)
    watcher = Watcher(folder)
    problems = _regenerate(console, watcher, targets)
    if _OF_THE_CALL.intersection(problem.code for problem in problems):
        return WRONG
    console.say("watching the specs, the templates and the config; Ctrl-C ends it")
    while True:
        # A run is spared the search for cycles to free (see main): make up for it while idle.
        gc.collect()
        changed = watcher.wait()
        _regenerate(console, watcher, targets, changed)


def _regenerate(
    console: Console, watcher: Watcher, targets: Sequence[str], changed: Sequence[str] = ()
) -> Sequence[Problem]:
    """Generate, and say in one line why and what; or show and return what is wrong."""
    from modelsync.commands import generate as sync  # noqa: PLC0415

    console.begin()
    try:
        done = sync.generate(
            watcher.folder,
            targets,
            progress=console.progress,
            waiting=partial(console.warn, WAITING),
            before_write=partial(_show_changes, console, all_=console.verbose),
        )
    except ProblemsError as error:
        watcher.include(problem.position.path for problem in error.problems)
        show_problems(watcher.folder, console, error, UNWRITTEN)
        return error.problems
    except OSError as error:
        console.warn(fault_text(error))
        return ()
    _show_kept(console, done)
    _show_left(console, done, targets)
    named = [visible(path) for path in changed[:_MAX_NAMED]]
    if len(changed) > _MAX_NAMED:
        named.append(f"{len(changed) - _MAX_NAMED} more")
    why = f"{', '.join(named)}: " if named else ""
    clock = time.strftime("%H:%M:%S")
    console.say(f"{clock} {why}{done_summary(done.plan)} ({console.elapsed():.2f} s)")
    return ()


@click.command("list-outputs")
@targets_argument
@project_option
@printing
def list_outputs(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """Print the path of each generated file.

    Nothing is rendered or written, and what stands on the disk does not count: a build engine can
    ask before the first run. Paths are relative to the current folder.
    """
    from modelsync.commands import generate as sync  # noqa: PLC0415

    folder = folder_of(project)
    with telling_problems(folder, console):
        paths = sync.list_outputs(folder, targets)
    here = Path.cwd()
    if paths:
        console.tell("\n".join(sync.relative(folder, path, here) for path in paths))
    return 0
