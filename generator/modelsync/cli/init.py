"""init: create the files that a project starts from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import UNWRITTEN, next_step, output_options, reporting_problems
from modelsync.cli.console import Console
from modelsync.commands import init as command
from modelsync.commands.site import PAGES, SITE_CONFIG
from modelsync.errors import did_you_mean, visible
from modelsync.project.config import NAME
from modelsync.project.root import place_of
from modelsync.targets import is_target, target_names


@click.command()
@click.option(
    "--eject",
    multiple=True,
    metavar="TARGET",
    help="Copy the built-in templates of a target into the project, so that you can change them.",
)
@click.option(
    "--docs",
    is_flag=True,
    help=f"Also write {SITE_CONFIG}, with which MkDocs makes a site of the reference pages.",
)
@click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=f"The folder to write {NAME} into.  [default: the current folder]",
)
@output_options
def init(eject: tuple[str, ...], docs: bool, project: Path, console: Console) -> int:
    """Create a project.

    Writes modelsync.yaml, a spec if there are none, a JSON Schema for editors, and a
    .gitattributes. Does not change existing files.
    """
    if docs and eject:
        raise click.UsageError("--docs and --eject exclude each other")
    for name in eject:
        _require_target(name)
    folder = project.resolve()
    with reporting_problems(folder, console, UNWRITTEN):
        found: tuple[str, ...] = ()
        if eject:
            files = command.ejected(folder, eject)
        else:
            files, found = command.new_project(folder, docs)
            if docs and not any(path.endswith(SITE_CONFIG) for path in files):
                raise click.UsageError(f"{NAME} has no target `{PAGES}`, whose pages a site shows")
        written = disk.create(place_of(folder).root, files)
    for line in found:
        console.info(f"found {line}")
    for path in files:
        console.info(f"{'wrote' if path in written else 'kept '} {path}")
    if not eject:
        arguments = [] if folder == Path.cwd() else ["--project", str(project)]
        console.info(next_step(*arguments))
    if docs:
        config = [] if folder == Path.cwd() else ["--config-file", str(project / SITE_CONFIG)]
        console.info(
            f"then: pip install mkdocs-material; {shlex.join(['mkdocs', 'serve', *config])}"
        )
    return 0


def _require_target(name: str) -> None:
    if not is_target(name):
        names = ", ".join(f"`{target}`" for target in target_names())
        help_ = did_you_mean(name, target_names()) or f"the targets are {names}"
        message = f"unknown target `{visible(name)}`; {help_}"
        raise click.BadParameter(message, param_hint="'--eject'")
