"""The command line: reads arguments, prints, and says the outcome by the exit code.

0: in sync, or done. 1: drift, or something changed under --fail-on-change.
2: something is wrong with a spec, the config, a template or the call.
3: the machine got in the way (a full disk, missing rights), or a fault of modelsync itself.
130: interrupted.
"""

from __future__ import annotations

import gc
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from modelsync import disk
from modelsync.config import NAME
from modelsync.console import Console
from modelsync.diff import diff
from modelsync.errors import ProblemsError, did_you_mean, show, visible
from modelsync.plan import Change
from modelsync.report import change_line, count, done_summary, drift_summary, hints
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import is_target, target_names

if TYPE_CHECKING:
    from modelsync.sync import Done

DRIFT: Final = 1
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
_targets_argument = click.argument("targets", nargs=-1, metavar="[TARGET]...")
_diff_option = click.option(
    "--diff",
    "with_diff",
    is_flag=True,
    help="Show how each file changes, cut to a readable length.",
)


def _printing(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options by which people say how much it prints, as one `console`."""

    @wraps(command)
    def with_console(*, quiet: bool, verbose: bool, color: str, **others: Any) -> int:
        return command(console=Console(quiet=quiet, verbose=verbose, color=color), **others)

    for option in (
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour the output; auto asks the terminal, NO_COLOR and FORCE_COLOR.",
        ),
        click.option("-v", "--verbose", is_flag=True, help="Name every file, and why."),
        click.option("-q", "--quiet", is_flag=True, help="Print only what is wrong."),
    ):
        with_console = option(with_console)
    return with_console


def _folder(project: Path | None) -> Path:
    if project is not None:
        return project.resolve()
    here = Path.cwd()
    return disk.find_project(here, NAME) or here


def _again(command: str, targets: Sequence[str], project: Path | None) -> str:
    """Return the command line that does `command` for the same project and targets."""
    words = ["modelsync", command, *(["--project", str(project)] if project else []), *targets]
    return shlex.join(words)


@cli.command()
@_targets_argument
@click.option(
    "--force", is_flag=True, help="Take the place of files that are not ours; keep copies."
)
@click.option("--fail-on-change", is_flag=True, help="Exit with 1 if a file had to be changed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@_diff_option
@click.option(
    "--depfile",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the outputs are made from there, as a makefile rule, for a build engine.",
)
@_project_option
@_printing
def generate(
    targets: tuple[str, ...],
    project: Path | None,
    force: bool,
    fail_on_change: bool,
    dry_run: bool,
    with_diff: bool,
    depfile: Path | None,
    console: Console,
) -> int:
    """Make every target of the project, or those named.

    Files that were made before and are wanted no more are deleted. A file that somebody has edited
    is written anew; what was there is shown, and a copy of it is kept in .modelsync/kept.
    """
    from modelsync import sync  # noqa: PLC0415

    folder = _folder(project)

    def show_before(done: Done) -> None:
        for change in done.plan.changes:
            if console.verbose or with_diff or change.edited or (dry_run and not console.quiet):
                console.tell(console.change(change_line(change), change.kind))
            if with_diff or change.edited:
                _show_diff(console, folder, change)

    with _telling_problems(folder, console):
        waiting = partial(console.note, "waiting for another run of modelsync in this project")
        if dry_run:
            done = sync.check(folder, targets, progress=console.progress, waiting=waiting)
            show_before(done)
        else:
            done = sync.generate(
                folder,
                targets,
                force=force,
                progress=console.progress,
                waiting=waiting,
                before_write=show_before,
            )
        if depfile is not None and not dry_run:
            disk.write_text(depfile, sync.depfile(done, Path.cwd()))
    for path, copy in done.kept.items():
        console.tell(f"{path}: a copy of what was there is {copy}")
    console.say(("would be: " if dry_run else "") + done_summary(done.plan))
    return DRIFT if fail_on_change and not done.plan.in_sync else 0


@cli.command()
@_targets_argument
@_diff_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="How to say it: to people, to programs, as annotations on GitHub, or as SARIF.",
)
@_project_option
@_printing
def check(
    targets: tuple[str, ...],
    project: Path | None,
    with_diff: bool,
    format_: str,
    console: Console,
) -> int:
    """Say whether every generated file is as its spec says.

    Everything is rendered anew, and nothing is written. Exits with 0 if all is in sync, with 1 if a
    file differs, is missing or is left over, and with 2 if a spec or the config is wrong.
    """
    from modelsync import sync  # noqa: PLC0415

    folder = _folder(project)
    with _telling_problems(folder, console):
        waiting = partial(console.note, "waiting for another run of modelsync in this project")
        done = sync.check(folder, targets, progress=console.progress, waiting=waiting)
    if done.plan.in_sync:
        console.say(drift_summary(done.plan))
        return 0
    changes = done.plan.changes or (done.plan.manifest,)
    for change in filter(None, changes):
        console.tell(console.change(change_line(change), change.kind))
        if with_diff:
            _show_diff(console, folder, change)
    for hint in hints(done.plan.changes):
        console.say(hint)
    console.say(drift_summary(done.plan))
    console.tell(_again("generate", targets, project))
    return DRIFT


def _show_diff(console: Console, folder: Path, change: Change) -> None:
    if change.blocked:
        return
    present = disk.read_file_or_nothing(folder, change.path)
    lines = diff(change.path, present, change.data or b"")
    if lines:
        console.tell(console.diff(lines))


@cli.command("list-outputs")
@_targets_argument
@_project_option
def list_outputs(targets: tuple[str, ...], project: Path | None) -> None:
    """Print the path of every file that `generate` makes, one a line.

    Nothing is rendered or written, and what stands on the disk does not count: a build engine can
    ask before the first run. Paths are relative to the current folder.
    """
    from modelsync import sync  # noqa: PLC0415

    folder = _folder(project)
    with _telling_problems(folder, Console()):
        for path in sync.list_outputs(folder, targets):
            click.echo(sync.relative(folder, path, Path.cwd()))


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
    with _telling_problems(folder, Console()):
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
def _telling_problems(folder: Path, console: Console) -> Iterator[None]:
    """Show the problems that a block raises, and end the command with the code for them."""
    try:
        yield
    except ProblemsError as error:
        paths = {problem.position.path for problem in error.problems}
        paths |= {place.path for problem in error.problems for place, _ in problem.related}
        texts = disk.read_texts(folder, paths, MAX_BYTES)
        for problem in error.problems:
            console.warn(show(problem, texts) + "\n")
        console.warn(f"{count(len(error.problems), 'problem')}; nothing was written")
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
