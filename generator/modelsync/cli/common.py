"""What the commands share: exit codes, options, and how problems are reported."""

from __future__ import annotations

import os
import shlex
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from modelsync import disk
from modelsync.cli.console import Console
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.plan.changes import Plan
from modelsync.project.config import NAME
from modelsync.project.root import place_of
from modelsync.report.changes import problem_lines
from modelsync.spec.nodes import MAX_BYTES

DRIFT: Final = 1
INVALID: Final = 2
FAILURE: Final = 3
INTERRUPTED: Final = 130

WAITING: Final = "waiting for another modelsync run in this project"
UNWRITTEN: Final = "nothing was written"


project_option = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=f"The folder with {NAME}.  [default: the current folder or the nearest one above it]",
)
targets_argument = click.argument("targets", nargs=-1, metavar="[TARGET]...")
diff_option = click.option(
    "--diff",
    "with_diff",
    is_flag=True,
    help="Show the diff of each file; long diffs are shortened.",
)
tracked_option = click.option(
    "--tracked",
    is_flag=True,
    help="For git hooks: also exit with 1 if specs or generated files are missing from the next"
    " commit, or out of date in it.",
)


def output_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options for output to a command, which gets them as its argument `console`."""

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
            help="Color the output; auto depends on the terminal, NO_COLOR and FORCE_COLOR.",
        ),
        click.option("-v", "--verbose", is_flag=True, help="Show every file, cause and line."),
        click.option("-q", "--quiet", is_flag=True, help="Print only problems and changes."),
    ):
        with_console = option(with_console)
    return with_console


def into_option(help_: str) -> Callable[..., Any]:
    """Return the option for the project that a command writes specs to, its argument `project`."""
    return click.option(
        "--into",
        "project",
        required=True,
        metavar="PROJECT",
        type=click.Path(file_okay=False, path_type=Path),
        help=help_,
    )


def next_step(*arguments: str) -> str:
    """Return the line that says how to generate code from new specs."""
    return f"next: {shlex.join(['modelsync', 'generate', *arguments])}"


def folder_of(project: Path | None) -> Path:
    """Return the project folder: `project`, or the nearest folder with a config."""
    if project is not None:
        return project.resolve()
    here = Path.cwd()
    return disk.find_project(here, NAME) or here


def prefix_of(folder: Path) -> str:
    """Return the path from the root of the repository to the project: empty, or `path/`.

    The config of the project is in `folder`.
    """
    folder = place_of(folder).root
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = Path(workspace).resolve() if workspace else folder
    if not workspace or not folder.is_relative_to(root):
        root = disk.find_repository(folder) or folder
    path = folder.relative_to(root).as_posix()
    return "" if path == "." else f"{path}/"


def fix_command(
    plan: Plan, folder: Path, targets: Sequence[str] = (), *, tracked: bool = False
) -> str:
    """Return the command line that makes the changes of a plan, to run in the current folder.

    It is for the project whose config is in `folder`, or only `targets` of it. With `tracked`, it
    also reports what to stage.
    """
    here = Path.cwd()
    words = ["modelsync", "generate", *(["--tracked"] if tracked else [])]
    if folder != folder_of(None):
        words += ["--project", os.path.relpath(folder, here)]
    root = place_of(folder).root
    return plan.fixed_by(
        shlex.join([*words, *targets]), lambda path: disk.path_from(here, root, path)
    )


@contextmanager
def reporting_problems(folder: Path, console: Console, consequence: str = "") -> Iterator[None]:
    """Print the problems that a block raises, and end the command with exit code 2.

    `consequence` says what was not done because of them.
    """
    try:
        yield
    except ProblemsError as error:
        show_problems(folder, console, error, consequence)
        raise click.exceptions.Exit(INVALID) from error


def show_problems(folder: Path, console: Console, error: ProblemsError, consequence: str) -> None:
    """Print problems to standard error, and what was not done because of them."""
    folder = place_of(folder).root
    error = located(folder, error)
    texts = texts_of(folder, error)
    for line in problem_lines(error.problems, texts, consequence, console.verbose):
        console.warn(line)


def located(folder: Path, error: ProblemsError) -> ProblemsError:
    """Return problems with positions relative to the project in `folder`, if they are in it.

    Positions in the code of a target from another package have absolute paths. With
    MODELSYNC_DEBUG, the exceptions that caused the problems are printed.
    """

    def relative(position: Position) -> Position:
        path = Path(position.path)
        if not path.is_absolute() or not path.is_relative_to(folder):
            return position
        return position._replace(path=path.relative_to(folder).as_posix())

    if os.environ.get("MODELSYNC_DEBUG"):
        causes = [problem.cause for problem in error.problems if problem.cause]
        for cause in {id(cause): cause for cause in causes}.values():
            traceback.print_exception(cause)
    return ProblemsError(
        replace(
            problem,
            position=relative(problem.position),
            related=tuple((relative(position), note) for position, note in problem.related),
        )
        for problem in error.problems
    )


def texts_of(folder: Path, error: ProblemsError, *, follow: bool = False) -> dict[str, str]:
    """Return the texts of the files that problems are in, by path.

    With `follow`, the files may be outside the project, in folders that are symbolic links.
    """
    return texts_of_problems(folder, error.problems, follow=follow)


def texts_of_problems(
    folder: Path, problems: Iterable[Problem], *, follow: bool = False
) -> dict[str, str]:
    """Return the texts of the files that problems or warnings are in, by path."""
    positions = [
        position
        for problem in problems
        for position in (problem.position, *(position for position, _ in problem.related))
    ]
    paths = {position.path for position in positions}
    return disk.read_texts(folder, paths, MAX_BYTES, follow=follow)


def error_message(error: OSError) -> str:
    """Return the message for an environment error."""
    help_ = disk.help_of(error)
    return f"modelsync: {error}" + (f"\nhelp: {help_}" if help_ else "")
