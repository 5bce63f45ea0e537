"""verify and vectors: check that the generated code of all languages behaves the same."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import click

from modelsync import disk
from modelsync.cli.common import (
    DRIFT,
    FAILURE,
    INVALID,
    WAITING,
    folder_of,
    located,
    output_options,
    prefix_of,
    project_option,
    reporting_problems,
    targets_argument,
    texts_of,
)
from modelsync.cli.console import Console
from modelsync.commands import verify as command
from modelsync.commands.verify import VerifyResult
from modelsync.errors import ProblemsError
from modelsync.project.root import place_of
from modelsync.report.changes import Line, Report, problem_lines
from modelsync.report.github import harmless
from modelsync.report.verify import missing_lines, verify_lines
from modelsync.report.verify_formats import VERIFY_FORMATS
from modelsync.report.verify_json import vector_json
from modelsync.spec.nodes import MAX_BYTES


@click.command()
@targets_argument
@click.option("--require", is_flag=True, help="Fail if a toolchain is missing.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(VERIFY_FORMATS)),
    default="text",
    help="The output format.",
)
@project_option
@output_options
def verify(
    targets: tuple[str, ...],
    project: Path | None,
    require: bool,
    format_: str,
    console: Console,
) -> int:
    """Check that generated code behaves the same in all languages.

    Compiles the code of all targets, or only the named ones, and runs it on JSON documents that
    test each field of each definition. All targets must accept the same documents, report errors at
    the same path, and write the same JSON. Exits with 0 if they do, with 1 if not, with 2 if a spec
    or the config is invalid, and with 3 if --require is set and a toolchain is missing.
    """
    gc.enable()  # the errors of a run refer to each other, and there are many
    folder = folder_of(project)
    waiting = partial(console.warn, WAITING)
    try:
        result = command.verify(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as error:
        _print_problems(folder, console, error, format_)
        return INVALID
    _print(folder, console, result, format_, require)
    if not result.agrees:
        return DRIFT
    return FAILURE if require and result.missing else 0


def _print(
    folder: Path, console: Console, result: VerifyResult, format_: str, require: bool
) -> None:
    for text in missing_lines(result):
        console.warn(text)
    output = VERIFY_FORMATS[format_]
    text = output.write(result, prefix_of(folder), require) if output else ""
    if text:
        console.print(text)
    if (output and output.is_document) or (result.agrees and console.quiet):
        return
    paths = {disagreement.position.path for disagreement in result.disagreements}
    texts = disk.read_texts(place_of(folder).root, paths, MAX_BYTES)
    lines = map(Line, verify_lines(result, texts, console.verbose))
    console.lines(harmless(lines) if output else lines)


def _print_problems(folder: Path, console: Console, error: ProblemsError, format_: str) -> None:
    """Print the problems that kept the code from being run."""
    root = place_of(folder).root
    error = located(root, error)
    report = Report(problems=error.problems, texts=texts_of(root, error), prefix=prefix_of(folder))
    output = VERIFY_FORMATS[format_]
    if output is not None:
        console.print(output.write_problems(report))
    texts = problem_lines(error.problems, report.texts, "nothing was run", console.verbose)
    lines = map(Line, texts)
    is_log = output is not None and not output.is_document
    console.lines(harmless(lines) if is_log else lines, err=True)


@click.command()
@project_option
@output_options
def vectors(project: Path | None, console: Console) -> int:
    """Print the documents of `verify` as JSON, for your own tests.

    Each line is a JSON object with a document and its expected outcome.
    """
    folder = folder_of(project)
    with reporting_problems(folder, console):
        for vector in command.vectors(folder, partial(console.warn, WAITING)):
            console.print(vector_json(vector))
    return 0
