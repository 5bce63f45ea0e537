"""init: the files that a project starts from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import UNWRITTEN, printing, telling_problems
from modelsync.cli.console import Console
from modelsync.errors import did_you_mean, visible
from modelsync.project.config import NAME
from modelsync.targets import is_target, target_names


@click.command()
@click.option(
    "--eject",
    multiple=True,
    metavar="TARGET",
    help="Copy the built-in templates of a target here, to change them.",
)
@click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=f"The folder to write {NAME} into.  [default: this one]",
)
@printing
def init(eject: tuple[str, ...], project: Path, console: Console) -> int:
    """Start a project.

    Writes modelsync.yaml, a first spec where there is none, a JSON Schema for editors, and what
    git should know. A file that is there already is kept.
    """
    from modelsync.commands import init  # noqa: PLC0415

    for name in eject:
        if not is_target(name):
            known = did_you_mean(name, target_names()) or "they are " + ", ".join(target_names())
            message = f'there is no target "{visible(name)}"; {known}'
            raise click.BadParameter(message, param_hint="'--eject'")
    folder = project.resolve()
    with telling_problems(folder, console, UNWRITTEN):
        files = init.ejected(folder, eject) if eject else init.new_project(folder)
        written = disk.create(folder, files)
    for path in files:
        console.say(f"{'wrote' if path in written else 'kept '} {path}")
    if not eject:
        there = [] if folder == Path.cwd() else ["--project", str(project)]
        console.say(f"next: {shlex.join(['modelsync', 'generate', *there])}")
    return 0
