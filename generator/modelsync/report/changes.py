"""What a run found -> the lines that `check` and `generate` print for people. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from modelsync.errors import Problem, show
from modelsync.plan.changes import Cause, Change, Kind, Plan, because
from modelsync.plan.diff import MAX_LINES, diff, first_difference, only_form_differs
from modelsync.plan.manifest import NAME as MANIFEST

_WIDTH: Final = max(len(kind) for kind in Kind)
_MAX_ALIKE: Final = 30
"""How many changes of one kind and cause are named."""
_MAX_NEW_LINES: Final = 12
"""How many lines are shown of a file that is new or goes: it differs in all of them."""
_MAX_PROBLEMS: Final = 100
"""How many problems are shown."""
_MAX_DIFF_LINES: Final = 400
"""How many lines of differences one run shows."""


class Look(StrEnum):
    """How a line is shown, where that is not as it is."""

    CHANGE = "change"
    """It begins with its kind of change."""
    DIFF = "diff"
    ASIDE = "aside"
    """It can be done without: -q leaves it out."""


class Line(NamedTuple):
    """One line to print."""

    text: str
    look: Look | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that `check` has to tell, in whatever format.

    `plan` is None where `problems` kept it from being made; `texts` are the files that these are
    in. `present` has what stands at the path of each change where something does. `folders` are
    those of the outputs, and `prefix` leads from the root of the repository to the project.
    `command` is the command line that mends a drift.
    """

    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    present: Mapping[str, bytes] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    prefix: str = ""
    with_diff: bool = False
    verbose: bool = False
    command: str = "modelsync generate"

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is to be told of: the files that differ or, if none does, the manifest."""
        return told_changes(self.plan) if self.plan else ()

    @property
    def summary(self) -> str:
        """What was found, as one line."""
        if self.plan is None:
            return problems_summary(self.problems, "nothing was compared")
        return drift_summary(self.plan)

    def line_of(self, change: Change) -> int | None:
        """Return the line at which a file begins to differ, None if there is no file."""
        found = self.present.get(change.path)
        if found is None:
            return None
        return first_difference(found, change.data) if change.data is not None else 1


def report_lines(report: Report) -> Iterator[Line]:
    """Yield what `check` prints as text; the last line of a drift is the command that mends it."""
    if report.plan is None:
        so = "nothing was compared"
        lines = problem_lines(report.problems, report.texts, so, report.verbose)
        yield from map(Line, lines)
        return
    yield from change_lines(
        report.changes, report.present, lambda _: report.with_diff, report.verbose
    )
    for hint in hints(report.changes, report.folders):
        yield Line(hint, Look.ASIDE)
    yield Line(report.summary, Look.ASIDE)
    if not report.plan.in_sync:
        yield Line(report.command)


def told_changes(plan: Plan) -> tuple[Change, ...]:
    """Return the changes to tell of: those of files or, if there is none, that of the manifest."""
    return plan.changes or tuple(filter(None, (plan.manifest,)))


def problem_lines(
    problems: Sequence[Problem], texts: Mapping[str, str], so: str = "", verbose: bool = False
) -> Iterator[str]:
    """Yield problems, of which `texts` has the files: the first ones, unless it is `verbose`.

    `so` says what they have kept from being done.
    """
    shown = problems if verbose else problems[:_MAX_PROBLEMS]
    for problem in shown:
        yield show(problem, texts) + "\n"
    if len(problems) > len(shown):
        more = count(len(problems) - len(shown), "more problem")
        yield f"... and {more} (-v shows all)\n"
    if shown:
        yield f"run `modelsync explain {shown[0].code}` for an example and its fix"
    yield problems_summary(problems, so)


def problems_summary(problems: Collection[Problem], so: str = "") -> str:
    """Return how many problems there are; `so` says what they have kept from being done."""
    return count(len(problems), "problem") + (f"; {so}" if so else "")


def change_lines(
    changes: Iterable[Change],
    present: Mapping[str, bytes],
    with_diff: Callable[[Change], bool],
    verbose: bool = False,
) -> Iterator[Line]:
    """Yield each change, and the difference that it makes to the file if it is one `with_diff`.

    Both are cut to a length that people read, unless it is to be `verbose`.
    """
    named, left_out = (list(changes), []) if verbose else _cut(changes)
    room = _MAX_DIFF_LINES
    undiffed = 0
    for change in named:
        yield Line(change_line(change, verbose), Look.CHANGE, change.kind)
        if not with_diff(change) or change.blocked:
            continue
        if room <= 0:
            undiffed += 1
            continue
        found = present.get(change.path)
        most = _MAX_NEW_LINES if found is None or change.data is None else MAX_LINES
        lines = diff(change.path, found, change.data, None if verbose else min(most, room))
        yield from (Line(line, Look.DIFF) for line in lines)
        if not verbose:
            room -= len(lines)
    if undiffed:
        yield Line(f"... and how {count(undiffed, 'more file')} would change (-v shows all)")
    yield from map(Line, left_out)


def _cut(changes: Iterable[Change]) -> tuple[list[Change], list[str]]:
    """Return the changes to name, the first few of each sort, and lines that tell of the others."""
    sorts: defaultdict[tuple[Kind, tuple[str, ...]], list[Change]] = defaultdict(list)
    named = []
    for change in changes:
        alike = sorts[change.kind, tuple(map(_sort_of, change.causes))]
        alike.append(change)
        if len(alike) <= _MAX_ALIKE:
            named.append(change)
    return named, [_left_out(alike) for alike in sorts.values() if len(alike) > _MAX_ALIKE]


def _sort_of(cause: Cause) -> str:
    """Return a cause without the name of the file that it is about."""
    return cause.text.replace(cause.position.path, "") if cause.position else cause.text


def _left_out(alike: list[Change]) -> str:
    why = f": {because(alike[0])}" if len({change.causes for change in alike}) == 1 else ""
    return f"... and {len(alike) - _MAX_ALIKE:,} more {alike[0].kind}{why} (-v names all)"


def change_line(change: Change, verbose: bool = False) -> str:
    """Return one change as one line: kind, path, causes."""
    return f"{change.kind:<{_WIDTH}}  {change.path}: {because(change, verbose)}"


def with_form_told(changes: Iterable[Change], present: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Return changes with one more cause for each edited file that only a formatter has touched."""
    return tuple(_form_told(change, present.get(change.path)) for change in changes)


def _form_told(change: Change, found: bytes | None) -> Change:
    if change.kind is not Kind.EDITED or found is None or change.data is None:
        return change
    what = only_form_differs(found, change.data)
    if not what:
        return change
    verb = "differ" if " and " in what else "differs"
    cause = Cause(f"only {what} {verb}: does a formatter or another hook touch it?")
    return replace(change, causes=(*change.causes, cause))


def cure(report: Report, change: Change) -> str:
    """Return what to do about one change."""
    return f"help: {change.help}" if change.help else f"to mend it: {report.command}"


def hints(changes: Collection[Change], folders: Collection[str] = ()) -> Iterator[str]:
    """Yield what to do about changes that `modelsync generate` alone does not cure for good.

    `folders` are those of the outputs.
    """
    kinds = {change.kind for change in changes}
    if Kind.EDITED in kinds:
        yield (
            "help: `modelsync generate` writes the edited files anew and keeps copies in"
            " .modelsync/kept; put what should stay into a spec or a template"
        )
    if any(change.keeps_copy and not change.edited for change in changes):
        yield (
            "help: `modelsync generate` deletes orphaned files that do not say that modelsync"
            " generated them, and keeps copies in .modelsync/kept"
        )
    yield from sorted({f"help: {change.help}" for change in changes if change.help})
    if Kind.LINE_ENDINGS in kinds:
        rules = [f"`{folder}/** text eol=lf`" for folder in sorted(folders)]
        rules = rules or ["`<folder>/** text eol=lf` for each output folder"]
        yield (
            "help: git or an editor has changed the line ends; to have git leave them alone, add to"
            f" .gitattributes, a line each: {', '.join(rules)}"
        )


def drift_summary(plan: Plan) -> str:
    """Return how many files differ, by kind."""
    if plan.in_sync:
        return f"in sync: {count(plan.unchanged, 'file')}"
    counts = Counter(change.kind for change in plan.changes)
    if not counts:
        return f"only {MANIFEST} differs; {count(plan.unchanged, 'file')} in sync"
    kinds = ", ".join(f"{counts[kind]:,} {kind}" for kind in Kind if kind in counts)
    differ = "differs" if len(plan.changes) == 1 else "differ"
    files = count(len(plan.changes), "file")
    kept_out = sum(change.files for change in plan.changes if change.blocked)
    unwritten = f"{count(kept_out, 'file')} cannot be written; " if kept_out else ""
    return f"{files} {differ}: {kinds}; {unwritten}{plan.unchanged:,} in sync"


def done_summary(plan: Plan) -> str:
    """Return what was done about the changes, by what it did to the files."""
    made: Counter[str] = Counter()
    for change in plan.changes:
        if change.data is None:
            made["deleted"] += 1
        elif change.kind in (Kind.CREATED, Kind.DELETED):
            made["created"] += 1
        else:
            made["updated"] += 1
    parts = [f"{made[what]:,} {what}" for what in ("created", "updated", "deleted")]
    done = ", ".join([*parts, f"{plan.unchanged:,} unchanged"])
    # Other changes have one of the manifest in their train.
    return f"{done}; only {MANIFEST} changed" if plan.manifest and not plan.changes else done


def kept_lines(kept: Mapping[str, str], verbose: bool = False) -> Iterator[str]:
    """Yield where the copy of each file is that was edited or foreign, and is no more."""
    shown = list(kept.items())[: None if verbose else _MAX_ALIKE]
    for path, copy in shown:
        yield f"{path}: a copy of what was there is {copy}"
    if len(kept) > len(shown):
        yield f"... and {len(kept) - len(shown):,} more copies in .modelsync/kept"


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
