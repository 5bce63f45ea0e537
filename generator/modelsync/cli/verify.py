"""verify and vectors: check that the code of every language has the same meaning."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelsync import disk
from modelsync.cli.common import (
    DRIFT,
    FAULT,
    WAITING,
    WRONG,
    folder_of,
    located,
    prefix_of,
    printing,
    project_option,
    targets_argument,
    telling_problems,
    texts_of,
)
from modelsync.cli.console import Console
from modelsync.errors import ProblemsError
from modelsync.report.changes import Line, Report, problem_lines
from modelsync.spec.nodes import MAX_BYTES

if TYPE_CHECKING:
    from modelsync.commands.verify import VerifyResult


@click.command()
@targets_argument
@click.option("--require", is_flag=True, help="Fail if a toolchain is missing.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Output format: text, JSON, or GitHub annotations.",
)
@project_option
@printing
def verify(
    targets: tuple[str, ...],
    project: Path | None,
    require: bool,
    format_: str,
    console: Console,
) -> int:
    """Check that the generated code of all languages has the same meaning.

    Compiles the code of each target, or of those named, and runs it on JSON documents that probe
    each field of each definition. All targets must accept the same documents, report errors at the
    same path, and write the same JSON. Exits with 0 if they agree, with 1 if not, with 2 if the
    project has problems, and with 3 if --require is given and a toolchain is missing.
    """
    from modelsync.commands import verify as command  # noqa: PLC0415

    gc.enable()  # the errors of a run refer to each other, and there are many
    folder = folder_of(project)
    waiting = partial(console.warn, WAITING)
    try:
        result = command.verify(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as error:
        _print_problems(folder, console, error, format_)
        return WRONG
    _print(folder, console, result, format_, require)
    if not result.agrees:
        return DRIFT
    return FAULT if require and result.missing else 0


def _print(
    folder: Path, console: Console, result: VerifyResult, format_: str, require: bool
) -> None:
    from modelsync.report import formats  # noqa: PLC0415
    from modelsync.report import verify as report  # noqa: PLC0415

    for text in report.missing_lines(result):
        console.warn(text)
    if format_ == "json":
        console.tell(formats.verify_json(result))
        return
    if format_ == "github":
        annotations = formats.verify_annotations(result, prefix_of(folder), require=require)
        if annotations:
            console.tell(annotations)
    if result.agrees and console.quiet:
        return
    paths = {disagreement.position.path for disagreement in result.disagreements}
    texts = disk.read_texts(folder, paths, MAX_BYTES)
    lines = map(Line, report.verify_lines(result, texts, console.verbose))
    console.lines(lines if format_ == "text" else formats.harmless(lines))


def _print_problems(folder: Path, console: Console, error: ProblemsError, format_: str) -> None:
    """Print the problems because of which nothing was run."""
    from modelsync.report import formats  # noqa: PLC0415

    error = located(folder, error)
    report = Report(
        problems=error.problems, texts=texts_of(folder, error), prefix=prefix_of(folder)
    )
    if format_ == "json":
        console.tell(formats.verify_problems_json(error.problems))
    if format_ == "github":
        console.tell(formats.FORMATS["github"](report))
    texts = problem_lines(error.problems, report.texts, "nothing was run", console.verbose)
    lines = map(Line, texts)
    console.lines(formats.harmless(lines) if format_ == "github" else lines, err=True)


@click.command()
@project_option
@printing
def vectors(project: Path | None, console: Console) -> int:
    """Print the documents of `verify`, as JSON.

    Each line has one document and its expected outcome, for your own tests.
    """
    from modelsync.commands import verify as command  # noqa: PLC0415
    from modelsync.report import formats  # noqa: PLC0415

    folder = folder_of(project)
    with telling_problems(folder, console):
        for vector in command.vectors(folder, partial(console.warn, WAITING)):
            console.tell(formats.vector_json(vector))
    return 0
