"""The command line: reads arguments, prints, and says the outcome by the exit code.

0: in sync, or done. 2: something is wrong with a spec, the config, a template or the call.
3: the machine got in the way (a full disk, missing rights), or a fault of modelsync itself.
130: interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from modelsync import disk
from modelsync.config import NAME
from modelsync.errors import ProblemsError, did_you_mean, show, visible
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import is_target, target_names

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
    with _telling_problems(folder):
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
    """Start a project.

    Writes modelsync.yaml, a first spec, and a JSON Schema for editors. A file that is there already
    is kept.
    """
    from modelsync import start  # noqa: PLC0415

    for name in eject:
        if not is_target(name):
            known = did_you_mean(name, target_names()) or "they are " + ", ".join(target_names())
            raise click.BadParameter(f'there is no target "{visible(name)}"; {known}')
    folder = project.resolve()
    with _telling_problems(folder):
        files = start.ejected(folder, eject) if eject else start.new_project(folder.name)
        written = disk.create(folder, files)
    for path in files:
        click.echo(f"{'wrote' if path in written else 'kept '} {path}")
    if not eject:
        click.echo("next: modelsync generate")


@cli.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors.

    It is of draft 7, and describes modelsync.yaml too.
    """
    from modelsync import start  # noqa: PLC0415

    click.echo(start.schema_text(), nl=False)


@contextmanager
def _telling_problems(folder: Path) -> Iterator[None]:
    """Show the problems that a block raises, and end the command with the code for them."""
    try:
        yield
    except ProblemsError as error:
        paths = {problem.position.path for problem in error.problems}
        paths |= {place.path for problem in error.problems for place, _ in problem.related}
        texts = disk.read_texts(folder, paths, MAX_BYTES)
        for problem in error.problems:
            click.echo(show(problem, texts) + "\n", err=True)
        count = len(error.problems)
        click.echo(f"{count} problem{'s' if count > 1 else ''}; nothing was written", err=True)
        raise click.exceptions.Exit(WRONG) from error


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        # Without its own handling of errors, click returns the code of an `Exit`.
        code: int | None = cli.main(list(arguments), prog_name="modelsync", standalone_mode=False)
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
    return code or 0


def main() -> None:
    """Run the command line and exit."""
    # A run makes values without cycles and ends: looking for cycles to free costs a tenth of the
    # time of a small schema, and half of that of a large one.
    gc.disable()
    sys.exit(run(sys.argv[1:]))
