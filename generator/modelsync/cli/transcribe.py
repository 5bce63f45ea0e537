"""transcribe: specs from the pages of SDK docs."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path

import click

from modelsync.cli.common import DRIFT, WAITING, output_options, reporting_problems, texts_of
from modelsync.cli.console import Console
from modelsync.errors import ProblemsError
from modelsync.project.config import NAME


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="DIR...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--into",
    "project",
    required=True,
    metavar="PROJECT",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder to write {NAME} and the specs into.",
)
@click.option(
    "--notation",
    type=click.Choice(["go", "python", "typescript"]),
    help="The language in which the pages show names and types.  [default: as they look]",
)
@click.option(
    "--wire",
    type=click.Choice(["camel", "snake", "as-shown"]),
    help="How the keys in JSON are made of the names on the pages.  [default: as they look]",
)
@output_options
def transcribe(
    folders: tuple[Path, ...],
    project: Path,
    notation: str | None,
    wire: str | None,
    console: Console,
) -> int:
    """Make specs of the pages of SDK docs.

    Each DIR has the model pages of one API, in one language. The pages of several languages
    become one schema. PROJECT gets the specs, and a modelsync.yaml with a target that writes
    the pages of each folder back, byte for byte. What you have changed in the specs since the
    last time stays. Exits with 1 if a page has a problem or does not come back.
    """
    from modelsync.commands import transcribe as scribe  # noqa: PLC0415
    from modelsync.report import transcribe as transcript  # noqa: PLC0415

    with reporting_problems(Path(), console):
        done = scribe.transcribe_into(
            folders,
            project.resolve(),
            notation=notation,
            wire=wire,
            progress=console.progress,
            waiting=partial(console.warn, WAITING),
        )
    texts = texts_of(Path(), ProblemsError(done.problems), follow=True)
    for line in transcript.problem_lines(done.problems, texts, console.verbose):
        console.warn(line)
    for line in transcript.disagreement_lines(done.transcription.disagreements, console.verbose):
        console.print(line)
    for line in transcript.gone_lines(done.transcription.gone, console.verbose):
        console.print(line)
    console.lines(transcript.stale_lines(done, console.verbose))
    for line in transcript.summary_lines(done):
        console.print(line)
    console.info(f"next: {shlex.join(['modelsync', 'generate', '--project', str(project)])}")
    return DRIFT if done.problems else 0
