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
from modelsync.errors import ProblemsError
from modelsync.report.changes import Line, Report, problem_lines
from modelsync.report.github import annotations_text
from modelsync.spec.nodes import MAX_BYTES


@click.command()
@targets_argument
@click.option("--require", is_flag=True, help="Fail where a toolchain is not there.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
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
    from modelsync.commands.verify import verify as prove  # noqa: PLC0415
    from modelsync.report import formats  # noqa: PLC0415
    from modelsync.report import verify as verdict  # noqa: PLC0415

    gc.enable()  # errors refer to what they come from, and there are many
    folder = folder_of(project)
    waiting = partial(console.warn, WAITING)
    try:
        proof = prove(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as error:
        _tell_problems(folder, console, error, format_)
        return INVALID
    for text in verdict.missing_lines(proof):
        console.warn(text)
    if format_ == "json":
        console.tell(formats.proof_json(proof))
    else:
        annotations = formats.proof_annotations(proof, prefix_of(folder), require=require)
        if format_ == "github" and annotations:
            console.tell(annotations)
        paths = {found.position.path for found in proof.disagreements}
        texts = disk.read_texts(folder, paths, MAX_BYTES)
        lines = map(Line, verdict.proof_lines(proof, texts, console.verbose))
        aside = proof.agrees and console.quiet
        console.lines(() if aside else lines if format_ == "text" else formats.harmless(lines))
    if not proof.agrees:
        return DRIFT
    return FAILURE if require and proof.missing else 0


def _tell_problems(folder: Path, console: Console, error: ProblemsError, format_: str) -> None:
    """Print the problems that have kept `verify` from running anything, for programs as well."""
    from modelsync.report import formats  # noqa: PLC0415

    error = located(folder, error)
    report = Report(
        problems=error.problems, texts=texts_of(folder, error), prefix=prefix_of(folder)
    )
    if format_ == "json":
        console.tell(formats.unproven_json(error.problems))
    if format_ == "github":
        console.tell(annotations_text(report))
    lines = problem_lines(error.problems, report.texts, "nothing was run", console.verbose)
    told = map(Line, lines)
    console.lines(formats.harmless(told) if format_ == "github" else told, err=True)


@click.command()
@project_option
@output_options
def vectors(project: Path | None, console: Console) -> int:
    """Print the documents of `verify`, as JSON.

    Each line is one document, and what has to become of it: for tests of your own.
    """
    from modelsync.commands import verify as proving  # noqa: PLC0415
    from modelsync.report import formats  # noqa: PLC0415

    folder = folder_of(project)
    with reporting_problems(folder, console):
        for vector in proving.vectors(folder, partial(console.warn, WAITING)):
            console.tell(formats.vector_json(vector))
    return 0
