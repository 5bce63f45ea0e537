"""explain: where a generated file or line comes from."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import (
    WAITING,
    folder_of,
    mending,
    printing,
    project_option,
    telling_problems,
)
from modelsync.cli.console import Console
from modelsync.cli.explain_code import is_code, problem_section
from modelsync.commands.explanation import Explanation
from modelsync.project.config import NAME
from modelsync.report.formats import explanation_json


@click.command()
@click.argument("place", metavar="FILE[:LINE] | CODE")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to say it: to people or to programs.",
)
@project_option
@printing
def explain(place: str, project: Path | None, format_: str, console: Console) -> int:
    """Say where a generated file, or a line of it, comes from.

    Of a line that is the place in the spec, the line of the template, and the options that it
    depends on. FILE:LINE:COLUMN, as editors and compilers have it, means the line too. Of a spec,
    or of a line of it, say what is made of it. For the code of a problem, such as MS020, print what
    triggers it and how to fix it.
    """
    if is_code(place):
        console.tell(problem_section(place))
        return 0
    from modelsync.commands import explain as explaining  # noqa: PLC0415
    from modelsync.report import explain as explanation  # noqa: PLC0415

    file, line = explaining.parse_place(place)
    here = Path.cwd()
    folder = folder_of(project)
    if project is None:
        # Of a project within another one, the files are its own.
        place_of_file = Path(os.path.normpath(here / file))
        folder = disk.find_project(place_of_file.parent, NAME) or folder
    with telling_problems(folder, console):
        waiting = partial(console.warn, WAITING)
        found = explaining.explain(folder, file, line, here, waiting)
    command = ""
    if isinstance(found, Explanation):
        command = mending(found.plan, folder)
    if format_ == "json":
        console.tell(explanation_json(found, command))
        return 0
    for text in explanation.shown(found, command, console.verbose):
        console.tell(text)
    return 0
