"""generate: make the generated files match the specs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import (
    DRIFT,
    UNWRITTEN,
    WAITING,
    diff_option,
    folder_of,
    output_options,
    project_option,
    reporting_problems,
    targets_argument,
    tracked_option,
)
from modelsync.cli.console import Console
from modelsync.cli.results import show_changes, show_result, show_unstaged
from modelsync.commands import generate as command
from modelsync.commands.depfile import check_depfile
from modelsync.commands.depfile import depfile as depfile_of
from modelsync.commands.generate import Generated
from modelsync.commands.tracked import find_unstaged
from modelsync.disk.git import GitError
from modelsync.report.changes import done_summary


@click.command()
@targets_argument
@click.option(
    "--force", is_flag=True, help="Overwrite files that modelsync did not generate (keeps copies)."
)
@click.option(
    "--fail-on-change", is_flag=True, help="Exit with 1 if a file was created, changed or deleted."
)
@tracked_option
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@diff_option
@click.option(
    "--depfile",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the dependencies of the outputs to FILE, as a make rule for build engines.",
)
@project_option
@output_options
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
    """Generate all targets, or only the named ones.

    Deletes generated files that are no longer needed, but only in the output folders. Overwrites
    files that were edited by hand, shows the edits, and keeps copies of the files in
    .modelsync/kept.
    """
    folder = folder_of(project)
    show_all = console.verbose or with_diff or (dry_run and not console.quiet)

    def before_write(planned: Generated) -> None:
        if depfile is not None:
            check_depfile(planned.compared, depfile)
        show_changes(console, planned, show_all=show_all, with_diff=with_diff)

    run = partial(
        command.preview if dry_run else command.generate,
        progress=console.progress,
        waiting=partial(console.warn, WAITING),
    )
    with reporting_problems(folder, console, "" if dry_run else UNWRITTEN):
        generated = run(folder, targets, force=force, before_write=before_write)
        if depfile is not None and not dry_run:
            disk.write_text(depfile, depfile_of(generated.compared, Path.cwd()))
    show_result(console, generated, targets)
    console.info(("would be: " if dry_run else "") + done_summary(generated.plan))
    is_complete = not generated.skipped
    if tracked and not dry_run and not (_is_staged(console, generated) and is_complete):
        return DRIFT
    return DRIFT if fail_on_change and not (is_complete and generated.plan.in_sync) else 0


def _is_staged(console: Console, generated: Generated) -> bool:
    """Return whether the next commit is in sync too; print what it lacks."""
    try:
        unstaged = find_unstaged(generated.compared)
    except GitError as error:
        raise click.UsageError(f"--tracked: {error}") from error
    show_unstaged(console, unstaged, generated.project.folder)
    return unstaged.is_empty
