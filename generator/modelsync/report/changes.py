"""The lines that `check` and `generate` print about changes and problems."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from modelsync.errors import Problem, show
from modelsync.plan.changes import Cause, Change, Kind, Plan, because
from modelsync.plan.diff import MAX_LINES, diff, first_difference
from modelsync.plan.manifest import NAME as MANIFEST

_WIDTH: Final = max(len(kind) for kind in Kind)
_MAX_ALIKE: Final = 30
"""The maximum number of listed changes of one kind and cause."""
_MAX_NEW_LINES: Final = 12
"""The maximum number of lines shown of a new or deleted file, which differs in all lines."""
_MAX_PROBLEMS: Final = 100
"""The maximum number of problems shown."""
_MAX_WARNINGS: Final = 10
"""The maximum number of warnings shown."""
_MAX_DIFF_LINES: Final = 400
"""The maximum number of diff lines in one run."""


class Look(StrEnum):
    """How to print a line that is not plain text."""

    CHANGE = "change"
    """It begins with its kind of change."""
    DIFF = "diff"
    OPTIONAL = "optional"
    """-q omits it."""


class Line(NamedTuple):
    """One line to print."""

    text: str
    look: Look | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found, for every format."""

    plan: Plan | None = None
    """None if problems prevented it."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text of each file with a problem or a warning, by path."""
    present: Mapping[str, bytes] = field(default_factory=dict)
    """The content of each file that changes, by path."""
    folders: tuple[str, ...] = ()
    """The output folders."""
    prefix: str = ""
    """The path from the root of the repository to the project: empty, or `path/`."""
    with_diff: bool = False
    verbose: bool = False
    command: str = "modelsync generate"
    """The command line that fixes a drift."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The files that differ; the manifest if it is the only one."""
        return self.plan.reported_changes if self.plan else ()

    @property
    def summary(self) -> str:
        """The result in one line."""
        if self.plan is None:
            return problems_summary(self.problems, "nothing was compared")
        return drift_summary(self.plan)

    def line_of(self, change: Change) -> int | None:
        """Return the first line that differs in a file, or None if the file does not exist."""
        content = self.present.get(change.path)
        if content is None:
            return None
        return first_difference(content, change.data) if change.data is not None else 1


def report_lines(report: Report) -> Iterator[Line]:
    """Yield what `check` prints as text. The last line for a drift is the command that fixes it."""
    if report.plan is None:
        consequence = "nothing was compared"
        lines = problem_lines(report.problems, report.texts, consequence, report.verbose)
        yield from map(Line, lines)
        return
    yield from warning_lines(report.warnings, report.texts, report.verbose)
    yield from change_lines(
        report.changes, report.present, lambda _: report.with_diff, report.verbose
    )
    for hint in hints(report.changes, report.folders):
        yield Line(hint, Look.OPTIONAL)
    yield Line(report.summary, Look.OPTIONAL)
    if not report.plan.in_sync:
        yield Line(report.command)


def problem_lines(
    problems: Sequence[Problem],
    texts: Mapping[str, str],
    consequence: str = "",
    verbose: bool = False,
) -> Iterator[str]:
    """Yield the first problems, or with `verbose` all of them, and how many there are.

    `texts` has the text of each file with a problem, by path. `consequence` says what was not done
    because of them.
    """
    shown = problems if verbose else problems[:_MAX_PROBLEMS]
    for problem in shown:
        yield show(problem, texts) + "\n"
    if len(problems) > len(shown):
        more = count(len(problems) - len(shown), "more problem")
        yield f"... and {more} (-v shows all)\n"
    if shown:
        yield f"run `modelsync explain {shown[0].code}` for an example and its fix"
    yield problems_summary(problems, consequence)


def warning_lines(
    warnings: Sequence[Problem], texts: Mapping[str, str], verbose: bool = False
) -> Iterator[Line]:
    """Yield the first warnings, or with `verbose` all of them. `-q` omits them."""
    shown = warnings if verbose else warnings[:_MAX_WARNINGS]
    for warning in shown:
        yield Line(f"warning: {show(warning, texts)}\n", Look.OPTIONAL)
    if len(warnings) > len(shown):
        more = count(len(warnings) - len(shown), "more warning")
        yield Line(f"... and {more} (-v shows all)\n", Look.OPTIONAL)


def problems_summary(problems: Collection[Problem], consequence: str = "") -> str:
    """Return how many problems there are, and what was not done because of them."""
    return count(len(problems), "problem") + (f"; {consequence}" if consequence else "")


def change_lines(
    changes: Iterable[Change],
    present: Mapping[str, bytes],
    with_diff: Callable[[Change], bool],
    verbose: bool = False,
) -> Iterator[Line]:
    """Yield each change, followed by its difference for those that `with_diff` selects.

    Both are shortened, unless it is `verbose`.
    """
    listed, omitted = (list(changes), []) if verbose else _shorten(changes)
    room = _MAX_DIFF_LINES
    undiffed = 0
    for change in listed:
        yield Line(change_line(change, verbose), Look.CHANGE, change.kind)
        if not with_diff(change) or change.blocked:
            continue
        if room <= 0:
            undiffed += 1
            continue
        content = present.get(change.path)
        most = _MAX_NEW_LINES if content is None or change.data is None else MAX_LINES
        lines = diff(change.path, content, change.data, None if verbose else min(most, room))
        yield from (Line(line, Look.DIFF) for line in lines)
        if not verbose:
            room -= len(lines)
    if undiffed:
        yield Line(f"... and the differences in {count(undiffed, 'more file')} (-v shows all)")
    yield from map(Line, omitted)


def _shorten(changes: Iterable[Change]) -> tuple[list[Change], list[str]]:
    """Return the first changes of each kind and cause, and a line for each group of others."""
    groups: defaultdict[tuple[Kind, tuple[str, ...]], list[Change]] = defaultdict(list)
    listed = []
    for change in changes:
        group = groups[change.kind, tuple(map(_without_path, change.causes))]
        group.append(change)
        if len(group) <= _MAX_ALIKE:
            listed.append(change)
    return listed, [_omitted_line(group) for group in groups.values() if len(group) > _MAX_ALIKE]


def _without_path(cause: Cause) -> str:
    return cause.text.replace(cause.position.path, "") if cause.position else cause.text


def _omitted_line(group: list[Change]) -> str:
    why = f": {because(group[0])}" if len({change.causes for change in group}) == 1 else ""
    return f"... and {len(group) - _MAX_ALIKE:,} more {group[0].kind}{why} (-v shows all)"


def change_line(change: Change, verbose: bool = False) -> str:
    """Return one change as one line: kind, path, causes."""
    return f"{change.kind:<{_WIDTH}}  {change.path}: {because(change, verbose)}"


def fix_line(report: Report, change: Change) -> str:
    """Return what to do about one change."""
    return f"help: {change.help}" if change.help else f"fix: {report.command}"


def hints(changes: Collection[Change], folders: Collection[str] = ()) -> Iterator[str]:
    """Yield help for changes that `modelsync generate` alone does not resolve.

    `folders` are the output folders.
    """
    kinds = {change.kind for change in changes}
    if Kind.EDITED in kinds:
        yield (
            "help: `modelsync generate` overwrites edited files and keeps copies in"
            " `.modelsync/kept`; move anything you want to keep into a spec or template"
        )
    if any(change.keeps_copy and not change.edited for change in changes):
        yield (
            "help: `modelsync generate` deletes orphaned files, but keeps copies in"
            " `.modelsync/kept` of the ones without the header of a generated file"
        )
    yield from sorted({f"help: {change.help}" for change in changes if change.help})
    if Kind.LINE_ENDINGS in kinds:
        rules = [f"`{folder}/** text eol=lf`" for folder in sorted(folders)]
        rules = rules or ["`<folder>/** text eol=lf` for each output folder"]
        yield (
            "help: git or an editor has changed the line endings; to keep git from doing so, add"
            f" these lines to `.gitattributes`: {', '.join(rules)}"
        )


def drift_summary(plan: Plan) -> str:
    """Return how many files differ, by kind."""
    if plan.in_sync:
        return f"in sync: {count(plan.unchanged, 'file')}"
    counts = Counter(change.kind for change in plan.changes)
    if not counts:
        return f"only `{MANIFEST}` differs; {count(plan.unchanged, 'file')} in sync"
    kinds = ", ".join(f"{counts[kind]:,} {kind}" for kind in Kind if kind in counts)
    differ = "differs" if len(plan.changes) == 1 else "differ"
    files = count(len(plan.changes), "file")
    blocked = sum(change.files for change in plan.changes if change.blocked)
    unwritten = f"{count(blocked, 'file')} cannot be written; " if blocked else ""
    return f"{files} {differ}: {kinds}; {unwritten}{plan.unchanged:,} in sync"


def done_summary(plan: Plan) -> str:
    """Return how many files were created, updated and deleted."""
    counts: Counter[str] = Counter()
    for change in plan.changes:
        if change.data is None:
            counts["deleted"] += 1
        elif change.kind in (Kind.CREATED, Kind.DELETED):
            counts["created"] += 1
        else:
            counts["updated"] += 1
    parts = [f"{counts[what]:,} {what}" for what in ("created", "updated", "deleted")]
    summary = ", ".join([*parts, f"{plan.unchanged:,} unchanged"])
    # Other changes always change the manifest too.
    only_manifest = plan.manifest is not None and not plan.changes
    return f"{summary}; only `{MANIFEST}` changed" if only_manifest else summary


def backup_lines(backups: Mapping[str, str], verbose: bool = False) -> Iterator[str]:
    """Yield a line with the copy of each file that was overwritten or deleted."""
    shown = list(backups.items())[: None if verbose else _MAX_ALIKE]
    for path, copy in shown:
        yield f"{path}: previous version saved as {copy}"
    if len(backups) > len(shown):
        yield f"... and {len(backups) - len(shown):,} more copies in `.modelsync/kept`"


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
