"""What the commands share: exit codes, options, and how problems are told."""

from __future__ import annotations

import os
import shlex
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from modelsync import disk
from modelsync.cli.console import Console
from modelsync.errors import Position, ProblemsError
from modelsync.plan.changes import Plan
from modelsync.project.config import NAME
from modelsync.report.changes import problem_lines
from modelsync.spec.nodes import MAX_BYTES

DRIFT: Final = 1
WRONG: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130

WAITING: Final = "waiting for another run of modelsync in this project"
UNWRITTEN: Final = "nothing was written"


project_option = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=f"The folder of {NAME}.  [default: this one, or the nearest above it]",
)
targets_argument = click.argument("targets", nargs=-1, metavar="[TARGET]...")
diff_option = click.option(
    "--diff",
    "with_diff",
    is_flag=True,
    help="Show how each file changes, cut to a readable length.",
)
tracked_option = click.option(
    "--tracked",
    is_flag=True,
    help="For hooks: exit with 1 also if the next commit lacks a spec or a generated file,"
    " has it otherwise, or has one left over.",
)


def printing(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options by which people say how much it prints, as one `console`."""

    @wraps(command)
    def with_console(*, quiet: bool, verbose: bool, color: str, **others: Any) -> int:
        console = Console(quiet=quiet, verbose=verbose, color=color)
        try:
            return command(console=console, **others)
        finally:
            console.clear()

    for option in (
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour the output; auto asks the terminal, NO_COLOR and FORCE_COLOR.",
        ),
        click.option("-v", "--verbose", is_flag=True, help="Leave out no file, cause or line."),
        click.option("-q", "--quiet", is_flag=True, help="Print only what is wrong."),
    ):
        with_console = option(with_console)
    return with_console


def folder_of(project: Path | None) -> Path:
    """Return the folder that a command is about: the one given, or the nearest with a config."""
    if project is not None:
        return project.resolve()
    here = Path.cwd()
    return disk.find_project(here, NAME) or here


def prefix_of(folder: Path) -> str:
    """Return what leads from the root of the repository to the project: nothing, or `path/`."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = Path(workspace).resolve() if workspace else folder
    if not workspace or not folder.is_relative_to(root):
        root = disk.find_repository(folder) or folder
    path = folder.relative_to(root).as_posix()
    return "" if path == "." else f"{path}/"


def mending(plan: Plan, folder: Path, targets: Sequence[str] = (), *, tracked: bool = False) -> str:
    """Return the command line that makes the changes of a plan, as it is run here.

    It is one for `targets` of the project in `folder`; if git is to have it all (`tracked`), it
    goes on to say what to stage.
    """
    from modelsync.commands.generate import relative  # noqa: PLC0415

    here = Path.cwd()
    words = ["modelsync", "generate", *(["--tracked"] if tracked else [])]
    if folder != folder_of(None):
        words += ["--project", os.path.relpath(folder, here)]
    return plan.mended_by(shlex.join([*words, *targets]), lambda path: relative(folder, path, here))


@contextmanager
def telling_problems(folder: Path, console: Console, so: str = "") -> Iterator[None]:
    """Show the problems that a block raises, and end the command with the code for them.

    `so` says what they have kept from being done.
    """
    try:
        yield
    except ProblemsError as error:
        show_problems(folder, console, error, so)
        raise click.exceptions.Exit(WRONG) from error


def show_problems(folder: Path, console: Console, error: ProblemsError, so: str) -> None:
    """Show problems beside the output, and what they have kept from being done."""
    error = located(folder, error)
    texts = texts_of(folder, error)
    for line in problem_lines(error.problems, texts, so, console.verbose):
        console.warn(line)


def located(folder: Path, error: ProblemsError) -> ProblemsError:
    """Return problems with their places called as the project in `folder` calls its files.

    Places in the code of a target from another package come with the whole path, which stays where
    that is not in the project. With MODELSYNC_DEBUG, the errors behind problems are printed.
    """

    def called(place: Position) -> Position:
        path = Path(place.path)
        if not path.is_absolute() or not path.is_relative_to(folder):
            return place
        return place._replace(path=path.relative_to(folder).as_posix())

    if os.environ.get("MODELSYNC_DEBUG"):
        for cause in {id(each.cause): each.cause for each in error.problems if each.cause}.values():
            traceback.print_exception(cause)
    return ProblemsError(
        replace(
            problem,
            position=called(problem.position),
            related=tuple((called(place), note) for place, note in problem.related),
        )
        for problem in error.problems
    )


def texts_of(folder: Path, error: ProblemsError, *, follow: bool = False) -> dict[str, str]:
    """Return the texts of the files that problems are in: of a project, or of others (`follow`)."""
    paths = {problem.position.path for problem in error.problems}
    paths |= {place.path for problem in error.problems for place, _ in problem.related}
    return disk.read_texts(folder, paths, MAX_BYTES, follow=follow)


def fault_text(error: OSError) -> str:
    """Return what to tell of an error of the machine."""
    help_ = disk.help_of(error)
    return f"modelsync: {error}" + (f"\nhelp: {help_}" if help_ else "")
