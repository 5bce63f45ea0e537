"""import: specs from OpenAPI documents and JSON Schemas."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path

import click

from modelsync.cli.common import (
    DRIFT,
    INVALID,
    UNWRITTEN,
    WAITING,
    into_option,
    next_step,
    output_options,
    show_problems,
)
from modelsync.cli.console import Console
from modelsync.commands.importing import STDIN, ImportRun, import_into, why_no_package
from modelsync.errors import ProblemsError, visible
from modelsync.project.config import NAME
from modelsync.report.importing import json_text, problem_lines, problems_json, summary_lines
from modelsync.report.intake import edited_file_lines

_PACKAGE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@into_option(f"The folder to write the specs to, and {NAME} if there is none.")
@click.option(
    "--package",
    default="",
    metavar="NAME",
    help="The package of the definitions, such as `billing`.  [default: the root package]",
)
@click.option(
    "--allow-outside",
    is_flag=True,
    help="Also read files outside the folders of FILE that a `$ref` leads to.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The output format.",
)
@output_options
def import_(
    files: tuple[str, ...],
    project: Path,
    package: str,
    allow_outside: bool,
    format_: str,
    console: Console,
) -> int:
    """Write specs from OpenAPI documents and JSON Schemas.

    FILE is JSON or YAML; `-` is standard input, and a folder stands for all schemas below it.
    Reports everything that the specs cannot say, with its position. Run again, it keeps your edits
    of the specs. Exits with 0 if the specs say everything, with 1 if something is lost or a file
    cannot be read, and with 2 if nothing can be read.
    """
    for file in files:
        _require_file(file)
    try:
        if package:
            _require_package(package, project.resolve())
        run = import_into(
            files,
            project.resolve(),
            package=package,
            allow_outside=allow_outside,
            progress=console.progress,
            waiting=partial(console.warn, WAITING),
        )
    except ProblemsError as error:
        if format_ == "json":
            console.print(problems_json(error.problems))
        else:
            show_problems(_folder_of(error, project), console, error, UNWRITTEN)
        return INVALID
    if format_ == "json":
        console.print(json_text(run))
    else:
        _show(run, project, console)
    return DRIFT if run.losses or run.imported.problems or run.dangling else 0


def _folder_of(error: ProblemsError, project: Path) -> Path:
    """Return the folder that the paths of problems are in: those of specs are in the project."""
    path = error.problems[0].position.path
    is_of_project = not os.path.lexists(path) and os.path.lexists(project / path)
    return project.resolve() if is_of_project else Path()


def _show(run: ImportRun, project: Path, console: Console) -> None:
    """Print what was lost, what happened to edits, and the counts."""
    for line in problem_lines(run, console.verbose):
        console.warn(line)
    console.lines(edited_file_lines(run.edited, "source", console.verbose))
    for line in summary_lines(run):
        console.print(line)
    console.info(next_step("--project", str(project)))


def _require_package(package: str, project: Path) -> None:
    message = f"{package!r} is not a package; use lowercase letters, digits and `_`"
    if _PACKAGE.fullmatch(package):
        message = why_no_package(package, project)
    if message:
        raise click.BadParameter(message, param_hint="'--package'")


def _require_file(file: str) -> None:
    if re.match(r"https?://", file, re.I):
        message = f"modelsync fetches no URLs; run: curl -fsSL {visible(file)} -o FILE"
        raise click.BadParameter(message, param_hint="'FILE...'")
    if file != STDIN and not os.path.lexists(file):
        message = f"File {visible(file)!r} does not exist."
        raise click.BadParameter(message, param_hint="'FILE...'")
