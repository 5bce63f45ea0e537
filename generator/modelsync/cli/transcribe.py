"""transcribe: specs from the pages of SDK docs, and from reference pages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from modelsync.cli.common import (
    DRIFT,
    WAITING,
    into_option,
    next_step,
    output_options,
    reporting_problems,
    texts_of,
)
from modelsync.cli.console import Console
from modelsync.commands.transcribe import transcribe_into
from modelsync.errors import ProblemsError
from modelsync.pages.notation import NOTATIONS
from modelsync.project.config import NAME
from modelsync.report.intake import edited_file_lines
from modelsync.report.transcribe import (
    disagreement_lines,
    missing_page_lines,
    problem_lines,
    summary_lines,
)


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="DIR...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@into_option(f"The folder to write {NAME} and the specs to.")
@click.option(
    "--notation",
    type=click.Choice(sorted(NOTATIONS)),
    help="The language in which the pages show names and types.  [default: detected]",
)
@click.option(
    "--json-keys",
    type=click.Choice(["camel", "snake", "as-shown"]),
    help="How JSON keys are derived from the names on the pages.  [default: detected]",
)
@output_options
def transcribe(
    folders: tuple[Path, ...],
    project: Path,
    notation: str | None,
    json_keys: str | None,
    console: Console,
) -> int:
    """Generate specs from the pages of SDK docs, or from reference pages.

    Each DIR contains the model pages of one API in one language. Pages in several languages are
    merged into one schema. Writes the specs to PROJECT, and a modelsync.yaml with a target for
    each folder, which reproduces its pages byte for byte. Keeps your edits to the specs. Exits
    with 1 if a page has a problem or is not reproduced exactly.

    Reference pages, those of the target `markdown`, are detected. Their edits go to the specs that
    they come from.
    """
    with reporting_problems(Path(), console):
        result = transcribe_into(
            folders,
            project.resolve(),
            notation=notation,
            json_keys=json_keys,
            progress=console.progress,
            waiting=partial(console.warn, WAITING),
        )
    texts = texts_of(Path(), ProblemsError(result.problems), follow=True)
    for line in problem_lines(result.problems, texts, console.verbose):
        console.warn(line)
    for line in disagreement_lines(result.transcription.disagreements, console.verbose):
        console.print(line)
    for line in missing_page_lines(result.transcription.missing_pages, console.verbose):
        console.print(line)
    console.lines(edited_file_lines(result.edited, "pages", console.verbose))
    for line in summary_lines(result):
        console.print(line)
    console.info(next_step("--project", str(project)))
    return DRIFT if result.problems else 0
