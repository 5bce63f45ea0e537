"""list-outputs: the paths of the generated files."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import (
    folder_of,
    output_options,
    project_option,
    reporting_problems,
    targets_argument,
)
from modelsync.cli.console import Console
from modelsync.commands import list_outputs as command
from modelsync.project.root import place_of


@click.command("list-outputs")
@targets_argument
@project_option
@output_options
def list_outputs(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """List the paths of the generated files.

    Paths are relative to the current folder. They depend only on the specs and the config, so
    build engines can list them before the first run. Nothing is written.
    """
    folder = folder_of(project)
    with reporting_problems(folder, console):
        paths = command.list_outputs(folder, targets)
    here, root = Path.cwd(), place_of(folder).root
    if paths:
        console.print("\n".join(disk.path_from(here, root, path) for path in paths))
    return 0
