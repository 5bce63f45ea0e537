"""check: report every generated file that does not match the specs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from modelsync.cli.common import (
    DRIFT,
    INVALID,
    WAITING,
    diff_option,
    fix_command,
    folder_of,
    located,
    output_options,
    prefix_of,
    project_option,
    targets_argument,
    texts_of,
    texts_of_problems,
    tracked_option,
)
from modelsync.cli.console import Console
from modelsync.cli.results import show_unstaged, warn_of_some_paths
from modelsync.commands import check as command
from modelsync.commands.check import Checked
from modelsync.disk.git import GitError
from modelsync.errors import ProblemsError
from modelsync.project.root import place_of
from modelsync.report.changes import Line, Look, Report, report_lines
from modelsync.report.check_formats import CHECK_FORMATS
from modelsync.report.github import harmless


@click.command()
@targets_argument
@diff_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(CHECK_FORMATS)),
    default="text",
    help="The output format.",
)
@tracked_option
@project_option
@output_options
def check(
    targets: tuple[str, ...],
    project: Path | None,
    with_diff: bool,
    format_: str,
    tracked: bool,
    console: Console,
) -> int:
    """Check that generated files match their specs.

    Renders all files in memory and writes nothing. Exits with 0 if all files are in sync, with 1 if
    a file differs, is missing or is no longer needed, and with 2 if a spec or the config is
    invalid.
    """
    folder = folder_of(project)
    report = Report(prefix=prefix_of(folder), with_diff=with_diff, verbose=console.verbose)
    waiting = partial(console.warn, WAITING)
    try:
        checked = command.check(
            folder, targets, tracked=tracked, progress=console.progress, waiting=waiting
        )
    except ProblemsError as error:
        _print(console, _with_problems(report, folder, error), format_)
        return INVALID
    except GitError as error:
        raise click.UsageError(f"--tracked: {error}") from error
    fix = fix_command(checked.plan, folder, targets, tracked=tracked)
    report = _with_result(report, checked, fix)
    if checked.project.warnings:
        texts = texts_of_problems(checked.project.folder, checked.project.warnings)
        report = replace(report, warnings=checked.project.warnings, texts=texts)
    if tracked and not checked.is_generated:
        warn_of_some_paths(console)
    _print(console, report, format_)
    if checked.unstaged is not None:
        show_unstaged(console, checked.unstaged, checked.project.folder)
    is_staged = checked.unstaged is None or checked.unstaged.is_empty
    return 0 if is_staged and checked.plan.in_sync else DRIFT


def _with_problems(report: Report, folder: Path, error: ProblemsError) -> Report:
    folder = place_of(folder).root
    error = located(folder, error)
    return replace(report, problems=error.problems, texts=texts_of(folder, error))


def _with_result(report: Report, checked: Checked, fix: str) -> Report:
    return replace(
        report,
        plan=checked.plan,
        present=checked.present,
        folders=tuple(settings.out for settings in checked.project.config.targets),
        command=fix,
    )


def _print(console: Console, report: Report, format_: str) -> None:
    """Print a report: a machine-readable format to standard output, the rest to standard error."""
    written = CHECK_FORMATS[format_]
    lines = report_lines(report)
    if written is not None:
        text = written.write(report)
        if text:
            console.print(text)
        summary = Line(report.summary, Look.OPTIONAL)
        lines = iter([summary]) if written.is_document else harmless(lines)
    console.lines(lines, err=written is not None or report.plan is None)
