"""verify and vectors: the proof that every language means the same."""

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
from modelsync.errors import ProblemsError
from modelsync.report.changes import Line, Report, problem_lines
from modelsync.report.github import harmless
from modelsync.report.verify import missing_lines, proof_lines
from modelsync.report.verify_formats import VERIFY_FORMATS
from modelsync.report.verify_json import vector_json
from modelsync.spec.nodes import MAX_BYTES


@click.command()
@targets_argument
@click.option("--require", is_flag=True, help="Fail where a toolchain is not there.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(VERIFY_FORMATS)),
    default="text",
    help="How to say it: to people, to programs, or as annotations on GitHub.",
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
    """Prove that the code of every language means the same.

    Every target of code, or those named, is compiled, and run on JSON documents that probe each
    field of each definition: all have to take the same documents, to refuse the others at the same
    path, and to write back the same JSON. Exits with 0 if they agree, with 1 if not, with 2 if the
    project is wrong, and with 3 if --require is given and a toolchain is not there.
    """
    gc.enable()  # errors refer to what they come from, and there are many
    folder = folder_of(project)
    waiting = partial(console.warn, WAITING)
    try:
        proof = command.verify(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as error:
        _tell_problems(folder, console, error, format_)
        return INVALID
    for text in missing_lines(proof):
        console.warn(text)
    written = VERIFY_FORMATS[format_]
    text = written.write(proof, prefix_of(folder), require) if written else ""
    if text:
        console.print(text)
    if written is None or not written.is_document:
        paths = {found.position.path for found in proof.disagreements}
        texts = disk.read_texts(folder, paths, MAX_BYTES)
        lines = map(Line, proof_lines(proof, texts, console.verbose))
        if not (proof.agrees and console.quiet):
            console.lines(harmless(lines) if written else lines)
    if not proof.agrees:
        return DRIFT
    return FAILURE if require and proof.missing else 0


def _tell_problems(folder: Path, console: Console, error: ProblemsError, format_: str) -> None:
    """Print the problems that have kept `verify` from running anything, for programs as well."""
    error = located(folder, error)
    report = Report(
        problems=error.problems, texts=texts_of(folder, error), prefix=prefix_of(folder)
    )
    written = VERIFY_FORMATS[format_]
    if written is not None:
        console.print(written.write_problems(report))
    lines = map(
        Line, problem_lines(error.problems, report.texts, "nothing was run", console.verbose)
    )
    is_log = written is not None and not written.is_document
    console.lines(harmless(lines) if is_log else lines, err=True)


@click.command()
@project_option
@output_options
def vectors(project: Path | None, console: Console) -> int:
    """Print the documents of `verify`, as JSON.

    Each line is one document, and what has to become of it: for tests of your own.
    """
    folder = folder_of(project)
    with reporting_problems(folder, console):
        for vector in command.vectors(folder, partial(console.warn, WAITING)):
            console.print(vector_json(vector))
    return 0
