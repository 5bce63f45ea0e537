"""breaking: report what changed since another version of the specs, and what it breaks."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.common import (
    DRIFT,
    INVALID,
    folder_of,
    located,
    output_options,
    prefix_of,
    project_option,
    show_problems,
    texts_of_problems,
)
from modelsync.cli.console import Console
from modelsync.commands import breaking as command
from modelsync.commands.breaking import Compared
from modelsync.errors import ProblemsError, show
from modelsync.project.root import place_of
from modelsync.report.breaking import breaking_lines, changelog
from modelsync.report.breaking_formats import BREAKING_FORMATS, Found
from modelsync.report.github import harmless


@click.command()
@click.option(
    "--against",
    required=True,
    metavar="REF|FOLDER[#SUBFOLDER]",
    help="What to compare with: a branch, a tag, a commit or a folder.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(BREAKING_FORMATS)),
    default="text",
    help="The output format.",
)
@click.option(
    "--changelog",
    "as_changelog",
    is_flag=True,
    help="Print all changes as Markdown, with the step of the version for documents.",
)
@project_option
@output_options
def breaking(
    against: str, format_: str, as_changelog: bool, project: Path | None, console: Console
) -> int:
    """Report changes of the specs that break documents.

    Compares the specs with those of a git revision or of a folder, and checks nothing out. Each
    change that breaks something comes with the smallest document that shows it. Exits with 0 if
    nothing breaks, with 1 if something does, and with 2 if a spec or the config is invalid, or if
    there is nothing to compare with.
    """
    if as_changelog and format_ != "text":
        raise click.UsageError("--changelog is Markdown: omit --format")
    folder = folder_of(project)
    prefix = prefix_of(folder)
    try:
        compared = command.breaking(folder, against)
    except ProblemsError as error:
        write = BREAKING_FORMATS[format_]
        if write is not None:
            problems = located(place_of(folder).root, error).problems
            console.print(write(Found(None, problems, prefix=prefix)))
        show_problems(folder, console, error, "nothing was compared")
        return INVALID
    _warn(console, compared)
    if as_changelog:
        console.print(changelog(compared))
    else:
        _print(console, compared, format_, prefix)
    return DRIFT if compared.breaking else 0


def _warn(console: Console, compared: Compared) -> None:
    """Print what was not compared, and what is odd in the specs, to standard error."""
    warnings = compared.earlier.problems
    texts = texts_of_problems(compared.project.folder, warnings)
    for warning in warnings:
        console.warn(show(warning, texts))


def _print(console: Console, compared: Compared, format_: str, prefix: str) -> None:
    write = BREAKING_FORMATS[format_]
    lines = breaking_lines(compared, verbose=console.verbose)
    if write is None:
        console.lines(lines)
        return
    text = write(Found(compared, warnings=compared.earlier.problems, prefix=prefix))
    if text:
        console.print(text)
    if format_ == "github":
        console.lines(harmless(lines), err=True)
