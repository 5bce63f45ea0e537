"""The command line: reads arguments, prints, and says the outcome by the exit code.

0: in sync, or done. 2: something is wrong with a spec, the config, a template or the call.
3: the machine got in the way (a full disk, missing rights), or a fault of modelsync itself.
130: interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from modelsync import disk
from modelsync.config import NAME
from modelsync.errors import ProblemsError, show

WRONG: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="modelsync", message="%(prog)s %(version)s")
def cli() -> None:
    """One spec, and the same model in Python, TypeScript, Go and Markdown."""


_project_option = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=f"The folder of {NAME}.  [default: this one, or the nearest above it]",
)


def _folder(project: Path | None) -> Path:
    if project is not None:
        return project.resolve()
    here = Path.cwd()
    return disk.find_project(here, NAME) or here


@cli.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@_project_option
def generate(targets: tuple[str, ...], project: Path | None) -> None:
    """Write every target of the project, or those named."""
    from modelsync import sync  # noqa: PLC0415

    folder = _folder(project)
    with _Problems(folder):
        done = sync.generate(folder, targets)
    created = sum(change.kind == "create" for change in done.changes)
    updated = len(done.changes) - created
    click.echo(f"{created} created, {updated} updated, {done.unchanged} unchanged")


@cli.command()
@click.option(
    "--eject",
    multiple=True,
    metavar="TARGET",
    help="Copy the built-in templates of a target here, to change them.",
)
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=Path())
def init(eject: tuple[str, ...], project: Path) -> None:
    """Write a new project: modelsync.yaml, a first spec, and a JSON Schema for editors."""
    from modelsync import start  # noqa: PLC0415

    folder = project.resolve()
    with _Problems(folder):
        files = start.ejected(folder, eject) if eject else start.new_project(folder.name)
        written = disk.create(folder, files)
    for path in files:
        click.echo(f"{'wrote' if path in written else 'kept '} {path}")
    if not eject:
        click.echo("next: modelsync generate")


@cli.command()
def schema() -> None:
    """Print the JSON Schema (draft 7) of specs and modelsync.yaml, for editors."""
    from modelsync import start  # noqa: PLC0415

    click.echo(start.schema_text(), nl=False)


class _Problems:
    """Shows the problems that a block raises, and ends the run with the code for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, ProblemsError):
            return
        paths = {p.position.path for p in error.problems}
        paths |= {position.path for p in error.problems for position, _ in p.related}
        texts = disk.read_texts(self.folder, paths)
        for problem in error.problems:
            click.echo(show(problem, texts) + "\n", err=True)
        count = len(error.problems)
        click.echo(f"{count} problem{'s'[: count != 1]}; nothing was written", err=True)
        sys.exit(WRONG)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        cli.main(list(arguments), prog_name="modelsync", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except OSError as error:
        click.echo(f"modelsync: {error}", err=True)
        return FAULT
    except Exception as error:  # the last resort: a fault of ours is told, not shown
        if os.environ.get("MODELSYNC_DEBUG"):
            traceback.print_exc()
        click.echo(
            f"modelsync: a fault of modelsync itself, please report it: {error!r}\n"
            "MODELSYNC_DEBUG=1 shows where it happened",
            err=True,
        )
        return FAULT
    return 0


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))
