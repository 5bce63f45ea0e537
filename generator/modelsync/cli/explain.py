"""explain: where a generated file or line comes from, or what is generated from a spec."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import (
    WAITING,
    fix_command,
    folder_of,
    output_options,
    project_option,
    reporting_problems,
)
from modelsync.cli.console import Console
from modelsync.cli.explain_code import is_code, problem_section
from modelsync.commands import explain as command
from modelsync.commands.explained import Explanation
from modelsync.project.config import NAME
from modelsync.report.explain import explanation_lines
from modelsync.report.json import explanation_json


@click.command()
@click.argument("place", metavar="FILE[:LINE] | CODE")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The output format.",
)
@project_option
@output_options
def explain(place: str, project: Path | None, format_: str, console: Console) -> int:
    """Show where a generated file or line comes from.

    For a line of a generated file, shows the position in the spec, the line of the template, and
    the options that it depends on. FILE:LINE:COLUMN also works. For a spec or a line of a spec,
    lists what is generated from it. For a problem code, such as MS020, shows what causes the
    problem and how to fix it.
    """
    if is_code(place):
        console.print(problem_section(place))
        return 0
    file, line = command.parse_place(place)
    here = Path.cwd()
    folder = folder_of(project)
    if project is None:
        # The file may be in a project inside another one.
        absolute = Path(os.path.normpath(here / file))
        folder = disk.find_project(absolute.parent, NAME) or folder
    with reporting_problems(folder, console):
        result = command.explain(folder, file, line, here, partial(console.warn, WAITING))
    fix = fix_command(result.plan, folder) if isinstance(result, Explanation) else ""
    if format_ == "json":
        console.print(explanation_json(result, fix))
        return 0
    for text in explanation_lines(result, fix, console.verbose):
        console.print(text)
    return 0
