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
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from modelsync import disk
from modelsync.config import NAME
from modelsync.console import Console, begin_printing, end_printing
from modelsync.errors import Problem, ProblemsError, did_you_mean, show, visible
from modelsync.formats import DOCUMENTS, FORMATS, explanation_json, harmless
from modelsync.plan import Change, Plan
from modelsync.report import (
    Line,
    Look,
    Report,
    change_lines,
    done_summary,
    hints,
    kept_lines,
    problems_summary,
    report_lines,
    told_changes,
    with_form_told,
)
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import is_target, target_names

if TYPE_CHECKING:
    from modelsync.sync import Found
    from modelsync.watch import Watcher

DRIFT: Final = 1
WRONG: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130

_WAITING: Final = "waiting for another run of modelsync in this project"
_UNWRITTEN: Final = "nothing was written"
_OF_THE_CALL: Final = frozenset({"MS070", "MS079"})
"""The problems with which a watch does not begin: it was called at no project, or for no target."""
_MAX_NAMED: Final = 3
"""How many of the files that changed a watch names."""
_SOME_PATHS: Final = (
    "help: this commit has only the paths that it was given; stage these too, and commit without"
    " paths"
)
_MAX_UNSTAGED: Final = 30
"""How many of the files that are not staged are named."""


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
_tracked_option = click.option(
    "--tracked",
    is_flag=True,
    help="For hooks: exit with 1 also if the next commit lacks a spec or a generated file,"
    " has it otherwise, or has one left over.",
)


def _printing(command: Callable[..., int]) -> Callable[..., int]:
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


def _folder(project: Path | None) -> Path:
    if project is not None:
        return project.resolve()
    here = Path.cwd()
    return disk.find_project(here, NAME) or here


def _prefix(folder: Path) -> str:
    """Return what leads from the root of the repository to the project: nothing, or `path/`."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = Path(workspace).resolve() if workspace else folder
    if not workspace or not folder.is_relative_to(root):
        root = disk.find_repository(folder) or folder
    path = folder.relative_to(root).as_posix()
    return "" if path == "." else f"{path}/"


def _mending(
    plan: Plan, folder: Path, targets: Sequence[str] = (), *, tracked: bool = False
) -> str:
    """Return the command line that makes the changes of a plan, as it is run here.

    It is one for `targets` of the project in `folder`; if git is to have it all (`tracked`), it
    goes on to say what to stage.
    """
    from modelsync.sync import relative  # noqa: PLC0415

    here = Path.cwd()
    words = ["modelsync", "generate", *(["--tracked"] if tracked else [])]
    if folder != (disk.find_project(here, NAME) or here):
        words += ["--project", os.path.relpath(folder, here)]
    return plan.mended_by(shlex.join([*words, *targets]), lambda path: relative(folder, path, here))


@cli.command()
@_targets_argument
@click.option(
    "--force", is_flag=True, help="Take the place of files that are not ours; keep copies."
)
@click.option("--fail-on-change", is_flag=True, help="Exit with 1 if a file had to be changed.")
@_tracked_option
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
    tracked: bool,
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
    all_ = console.verbose or with_diff or (dry_run and not console.quiet)
    show_before = partial(_show_changes, console, all_=all_, with_diff=with_diff)

    def before_write(found: Found) -> None:
        if depfile is not None:
            sync.check_depfile(found, depfile)
        show_before(found)

    with _telling_problems(folder, console, "" if dry_run else _UNWRITTEN):
        waiting = partial(console.warn, _WAITING)
        if dry_run:
            found = sync.check(folder, targets, progress=console.progress, waiting=waiting)
            done = sync.permitted(found, force)
            before_write(done)
            sync.refuse(done.plan, force)
        else:
            done = sync.generate(
                folder,
                targets,
                force=force,
                progress=console.progress,
                waiting=waiting,
                before_write=before_write,
            )
        if depfile is not None and not dry_run:
            disk.write_text(depfile, sync.depfile(done, Path.cwd()))
    _show_kept(console, done)
    _show_left(console, done, targets)
    console.say(("would be: " if dry_run else "") + done_summary(done.plan))
    if tracked and not dry_run and (not _is_staged(console, done) or done.left):
        return DRIFT
    return DRIFT if fail_on_change and (done.left or not done.plan.in_sync) else 0


@cli.command()
@_targets_argument
@_diff_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    help="How to say it: to people, to programs, as annotations on GitHub, or as SARIF.",
)
@_tracked_option
@_project_option
@_printing
def check(
    targets: tuple[str, ...],
    project: Path | None,
    with_diff: bool,
    format_: str,
    tracked: bool,
    console: Console,
) -> int:
    """Say whether every generated file is as its spec says.

    Everything is rendered anew, and nothing is written. Exits with 0 if all is in sync, with 1 if a
    file differs, is missing or is left over, and with 2 if a spec or the config is wrong.
    """
    from modelsync import git, sync  # noqa: PLC0415

    folder = _folder(project)
    report = Report(prefix=_prefix(folder), with_diff=with_diff, verbose=console.verbose)
    waiting = partial(console.warn, _WAITING)
    try:
        done = sync.check(folder, targets, progress=console.progress, waiting=waiting)
    except ProblemsError as error:
        found = replace(report, problems=error.problems, texts=_texts(folder, error))
        _tell_report(console, found, format_)
        return WRONG
    plan = done.plan
    present = _present(folder, [*plan.changes, *filter(None, [plan.manifest])])
    if plan.changes:
        from modelsync.explain import pointed  # noqa: PLC0415

        changes = pointed(done.project, plan.changes, present)
        plan = replace(plan, changes=with_form_told(changes, present))
    outs = tuple(settings.out for settings in done.project.config.targets)
    command = _mending(plan, folder, targets, tracked=tracked)
    report = replace(report, plan=plan, present=present, folders=outs, command=command)
    # What is to be generated is to be staged after that, and not before.
    is_generated = sync.permitted(done, force=False).plan.in_sync
    if tracked and not is_generated and git.commits_some_paths():
        console.warn(_SOME_PATHS)
    _tell_report(console, report, format_)
    is_staged = not (tracked and is_generated) or _is_staged(console, done)
    return 0 if is_staged and done.plan.in_sync else DRIFT


def _tell_report(console: Console, report: Report, format_: str) -> None:
    """Print a report. What is for a program goes to the output alone, and beside it what is not."""
    lines = report_lines(report)
    if format_ in FORMATS:
        text = FORMATS[format_](report)
        if text:
            console.tell(text)
        short = Line(report.summary, Look.ASIDE)
        lines = iter([short]) if format_ in DOCUMENTS else harmless(lines)
    console.lines(lines, err=format_ in FORMATS or report.plan is None)


def _is_staged(console: Console, done: Found) -> bool:
    """Whether the next commit is in sync, too; tell what it lacks, and how to stage that."""
    from modelsync import git, staging  # noqa: PLC0415

    try:
        found = staging.unstaged(done)
    except git.GitError as error:
        raise click.UsageError(f"--tracked: {error}") from error
    lines = list(staging.lines(found))
    shown = len(lines) if console.verbose else _MAX_UNSTAGED
    for line in lines[:shown]:
        console.warn(line)
    if len(lines) > shown:
        console.warn(f"... and {len(lines) - shown:,} more (-v names all)")
    if lines:
        if git.commits_some_paths():
            console.warn(_SOME_PATHS)
        console.warn(staging.command(found, done.project.folder, Path.cwd()))
    return not lines


def _show_changes(console: Console, done: Found, *, all_: bool, with_diff: bool = False) -> None:
    """Show what is going to be done; of what was edited also how it differs, for it goes."""
    shown = [change for change in told_changes(done.plan) if all_ or change.edited]
    present = _present(done.project.folder, shown)

    def diffed(change: Change) -> bool:
        return with_diff or change.edited

    told = with_form_told(shown, present)
    console.lines(change_lines(told, present, diffed, console.verbose))


def _show_kept(console: Console, done: Found) -> None:
    for line in kept_lines(done.kept, console.verbose):
        console.tell(line)


def _show_left(console: Console, done: Found, targets: Sequence[str]) -> None:
    """Tell of what is still not as it should be: only a forced run deletes it."""
    if not done.left:
        return
    told = [*change_lines(done.left, {}, lambda _: False, console.verbose)]
    command = _mending(replace(done.plan, changes=done.left), done.project.folder, targets)
    console.lines([*told, *map(Line, (*hints(done.left), command))], err=True)


def _present(folder: Path, changes: Sequence[Change]) -> dict[str, bytes]:
    """Return what stands at the path of each change where a file does."""
    return disk.read_files(folder, [change.path for change in changes if not change.blocked])


@cli.command()
@_targets_argument
@_project_option
@_printing
def watch(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """Make every target of the project, or those named, and again after each change.

    What counts are the specs, the project's own templates and the config. What is wrong with them
    is told, and the watch goes on; Ctrl-C ends it. It needs: pip install "modelsync[watch]"
    """
    try:
        from modelsync.watch import Watcher  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        message = 'watchfiles is not installed: pip install "modelsync[watch]"'
        raise click.UsageError(message) from error

    folder = _folder(project)
    watcher = Watcher(folder)
    problems = _regenerate(console, watcher, targets)
    if _OF_THE_CALL.intersection(problem.code for problem in problems):
        return WRONG
    console.say("watching the specs, the templates and the config; Ctrl-C ends it")
    while True:
        # A run is spared the search for cycles to free (see main): make up for it while idle.
        gc.collect()
        changed = watcher.wait()
        _regenerate(console, watcher, targets, changed)


def _regenerate(
    console: Console, watcher: Watcher, targets: Sequence[str], changed: Sequence[str] = ()
) -> Sequence[Problem]:
    """Generate, and say in one line why and what; or show and return what is wrong."""
    from modelsync import sync  # noqa: PLC0415

    console.begin()
    try:
        done = sync.generate(
            watcher.folder,
            targets,
            progress=console.progress,
            waiting=partial(console.warn, _WAITING),
            before_write=partial(_show_changes, console, all_=console.verbose),
        )
    except ProblemsError as error:
        watcher.include(problem.position.path for problem in error.problems)
        _show_problems(watcher.folder, console, error, _UNWRITTEN)
        return error.problems
    except OSError as error:
        console.warn(_fault(error))
        return ()
    _show_kept(console, done)
    _show_left(console, done, targets)
    named = [visible(path) for path in changed[:_MAX_NAMED]]
    if len(changed) > _MAX_NAMED:
        named.append(f"{len(changed) - _MAX_NAMED} more")
    why = f"{', '.join(named)}: " if named else ""
    clock = time.strftime("%H:%M:%S")
    console.say(f"{clock} {why}{done_summary(done.plan)} ({console.elapsed():.2f} s)")
    return ()


@cli.command()
@_targets_argument
@click.option("--require", is_flag=True, help="Fail where a toolchain is not there.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to say it: to people, to programs, or as annotations on GitHub.",
)
@_project_option
@_printing
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
    from modelsync import formats, verdict  # noqa: PLC0415
    from modelsync.proof import verify as prove  # noqa: PLC0415

    gc.enable()  # errors refer to what they come from, and there are many
    folder = _folder(project)
    with _telling_problems(folder, console, "nothing was run"):
        waiting = partial(console.warn, _WAITING)
        proof = prove(folder, targets, progress=console.progress, waiting=waiting)
    for text in verdict.missing_lines(proof):
        console.warn(text)
    if format_ == "json":
        console.tell(formats.proof_json(proof))
    else:
        annotations = formats.proof_annotations(proof, _prefix(folder))
        if format_ == "github" and annotations:
            console.tell(annotations)
        paths = {found.position.path for found in proof.disagreements}
        texts = disk.read_texts(folder, paths, MAX_BYTES)
        lines = map(Line, verdict.proof_lines(proof, texts, console.verbose))
        aside = proof.agrees and console.quiet
        console.lines(() if aside else lines if format_ == "text" else formats.harmless(lines))
    if not proof.agrees:
        return DRIFT
    return FAULT if require and proof.missing else 0


@cli.command()
@_project_option
@_printing
def vectors(project: Path | None, console: Console) -> int:
    """Print the documents of `verify` and what has to become of them, for tests of your own.

    Each line is one document, as JSON.
    """
    from modelsync import formats  # noqa: PLC0415
    from modelsync import proof as proving  # noqa: PLC0415

    folder = _folder(project)
    with _telling_problems(folder, console):
        for vector in proving.vectors(folder, partial(console.warn, _WAITING)):
            console.tell(formats.vector_json(vector))
    return 0


@cli.command()
@click.argument("place", metavar="FILE[:LINE]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to say it: to people or to programs.",
)
@_project_option
@_printing
def explain(place: str, project: Path | None, format_: str, console: Console) -> int:
    """Say where a generated file, or a line of it, comes from.

    Of a line that is the place in the spec, the line of the template, and the options that it
    depends on. FILE:LINE:COLUMN, as editors and compilers have it, means the line too. Of a spec,
    or of a line of it, say what is made of it.
    """
    from modelsync import explain as explaining  # noqa: PLC0415
    from modelsync import explanation  # noqa: PLC0415

    file, line = explaining.parse_place(place)
    here = Path.cwd()
    folder = _folder(project)
    if project is None:
        # Of a project within another one, the files are its own.
        place_of_file = Path(os.path.normpath(here / file))
        folder = disk.find_project(place_of_file.parent, NAME) or folder
    with _telling_problems(folder, console):
        waiting = partial(console.warn, _WAITING)
        found = explaining.explain(folder, file, line, here, waiting)
    command = ""
    if isinstance(found, explanation.Explanation):
        command = _mending(found.plan, folder)
    if format_ == "json":
        console.tell(explanation_json(found, command))
        return 0
    for text in explanation.shown(found, command, console.verbose):
        console.tell(text)
    return 0


@cli.command("list-outputs")
@_targets_argument
@_project_option
@_printing
def list_outputs(targets: tuple[str, ...], project: Path | None, console: Console) -> int:
    """Print the path of every file that `generate` makes, one a line.

    Nothing is rendered or written, and what stands on the disk does not count: a build engine can
    ask before the first run. Paths are relative to the current folder.
    """
    from modelsync import sync  # noqa: PLC0415

    folder = _folder(project)
    with _telling_problems(folder, console):
        paths = sync.list_outputs(folder, targets)
    here = Path.cwd()
    if paths:
        console.tell("\n".join(sync.relative(folder, path, here) for path in paths))
    return 0


@cli.command()
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
@_printing
def transcribe(
    folders: tuple[Path, ...],
    project: Path,
    notation: str | None,
    wire: str | None,
    console: Console,
) -> int:
    """Make specs of the model pages below some folders: those of one API, in one language each.

    The pages of several languages become one schema. PROJECT gets the specs, and a modelsync.yaml
    with a target that writes the pages of each folder back, byte for byte. What you have changed in
    the specs since the last time stays. Exits with 1 if a page has a problem or does not come back.
    """
    from modelsync import scribe, transcript  # noqa: PLC0415

    with _telling_problems(Path(), console):
        done = scribe.transcribe_into(
            folders,
            project.resolve(),
            notation=notation,
            wire=wire,
            progress=console.progress,
            waiting=partial(console.warn, _WAITING),
        )
    texts = _texts(Path(), ProblemsError(done.problems))
    for line in transcript.problem_lines(done.problems, texts, console.verbose):
        console.warn(line)
    for line in transcript.disagreement_lines(done.transcription.disagreements, console.verbose):
        console.tell(line)
    for line in (*transcript.stale_lines(done), *transcript.summary_lines(done)):
        console.tell(line)
    console.say(f"next: {shlex.join(['modelsync', 'generate', '--project', str(project)])}")
    return DRIFT if done.problems else 0


@cli.command()
@click.option(
    "--eject",
    multiple=True,
    metavar="TARGET",
    help="Copy the built-in templates of a target here, to change them.",
)
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=Path())
@_printing
def init(eject: tuple[str, ...], project: Path, console: Console) -> int:
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
    with _telling_problems(folder, console, _UNWRITTEN):
        files = start.ejected(folder, eject) if eject else start.new_project(folder.name)
        written = disk.create(folder, files)
    for path in files:
        console.say(f"{'wrote' if path in written else 'kept '} {path}")
    if not eject:
        console.say("next: modelsync generate")
    return 0


@cli.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors.

    It is of draft 7, and describes modelsync.yaml too.
    """
    from modelsync import start  # noqa: PLC0415

    click.echo(start.schema_text(), nl=False)


@contextmanager
def _telling_problems(folder: Path, console: Console, so: str = "") -> Iterator[None]:
    """Show the problems that a block raises, and end the command with the code for them.

    `so` says what they have kept from being done.
    """
    try:
        yield
    except ProblemsError as error:
        _show_problems(folder, console, error, so)
        raise click.exceptions.Exit(WRONG) from error


def _show_problems(folder: Path, console: Console, error: ProblemsError, so: str) -> None:
    texts = _texts(folder, error)
    for problem in error.problems:
        console.warn(show(problem, texts) + "\n")
    console.warn(problems_summary(error.problems, so))


def _texts(folder: Path, error: ProblemsError) -> dict[str, str]:
    """Return the texts of the files that problems are in."""
    paths = {problem.position.path for problem in error.problems}
    paths |= {place.path for problem in error.problems for place, _ in problem.related}
    return disk.read_texts(folder, paths, MAX_BYTES)


def _fault(error: OSError) -> str:
    """Return what to tell of an error of the machine."""
    help_ = disk.help_of(error)
    return f"modelsync: {error}" + (f"\nhelp: {help_}" if help_ else "")


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
        click.echo(_fault(error), err=True)
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
    # A run that is told to end takes its temporary files with it.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    begin_printing()
    code = run(sys.argv[1:])
    sys.exit(code if end_printing() else FAULT)
