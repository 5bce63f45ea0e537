"""`--format github`: annotations, as GitHub workflow commands.

GitHub shows the first ten annotations of a step and lists the others in its log. So the most
helpful come first: one file and the position of the cause, for each group of changes with one
cause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.plan.changes import Cause, Change, Kind, because, cause_text
from modelsync.report.changes import Line, Report, count, fix_line

MAX_ANNOTATIONS: Final = 50
"""GitHub's limit for a job; the report after the annotations has the rest."""
_MAX_NAMED: Final = 10

_KINDS_BY_RANK: Final = (
    Kind.FOREIGN,
    Kind.EDITED,
    Kind.OUTDATED,
    Kind.ORPHANED,
    Kind.DELETED,
    Kind.CREATED,
    Kind.LINE_ENDINGS,
)
_COMMAND: Final = re.compile(r"^([^\S\n]*)::", re.MULTILINE)
_IN_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY: Final = _IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def annotations_text(report: Report) -> str:
    """Return the annotations of a report, one per line; if there are too many, the last says so."""
    annotations = chain(
        _of_problems(report, report.problems),
        _of_changes(report),
        _of_problems(report, report.warnings, "warning"),
    )
    first = list(islice(annotations, MAX_ANNOTATIONS + 1))
    if len(first) > MAX_ANNOTATIONS:
        first[MAX_ANNOTATIONS - 1 :] = [_in_all(report)]
    return "\n".join(first)


def _in_all(report: Report) -> str:
    return f"::notice title=modelsync::{report.summary}; see the log of this step"


def harmless(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines for the log that GitHub cannot mistake for commands.

    The lines may quote files, so anything that looks like a command is escaped.
    """
    for line in lines:
        text = _COMMAND.sub(r"\1\\x3a:", line.text).replace("##[", "#\\x23[")
        yield line._replace(text=text)


def _of_problems(
    report: Report, problems: Iterable[Problem], level: str = "error"
) -> Iterator[str]:
    for problem in problems:
        positions = [problem.position, *(position for position, _ in problem.related)]
        # GitHub annotates files of the repository; the code of a target may be elsewhere.
        inside = (position for position in positions if not Path(position.path).is_absolute())
        position = next(inside, problem.position)
        text = _problem_text(problem, position)
        yield annotation(report.prefix, position, f"modelsync: {problem.code}", text, level)


def _problem_text(problem: Problem, position: Position) -> str:
    lines = [problem.message]
    if position != problem.position:
        lines.append(f"at {problem.position}")
    lines += [f"{related}: {note}" for related, note in problem.related]
    if problem.help:
        lines.append(f"help: {problem.help}")
    return "\n".join(lines)


def _of_changes(report: Report) -> Iterator[str]:
    groups = _ranked(report.changes)
    annotated: set[Position] = set()
    for group in groups:
        yield _of_file(report, group[0])
        for cause in group[0].causes:
            if cause.position is not None and cause.position not in annotated:
                annotated.add(cause.position)
                yield _of_cause(report, cause.position)
    for group in groups:
        for change in group[1:]:
            yield _of_file(report, change)


def _ranked(changes: Iterable[Change]) -> list[list[Change]]:
    """Return groups of changes with one cause: the first group of each kind, then the second."""
    by_kind: dict[Kind, dict[tuple[Cause, ...], list[Change]]] = {
        kind: {} for kind in _KINDS_BY_RANK
    }
    for change in changes:
        by_kind[change.kind].setdefault(change.causes, []).append(change)
    rounds = zip_longest(*(groups.values() for groups in by_kind.values()))
    return [group for round_ in rounds for group in round_ if group is not None]


def _of_file(report: Report, change: Change) -> str:
    position = Position(change.path, report.line_of(change) or 1)
    text = f"{because(change)}\n{fix_line(report, change)}"
    return annotation(report.prefix, position, f"modelsync: {change.kind}", text)


def _of_cause(report: Report, position: Position) -> str:
    """Return the annotation of a cause, with all files that differ because of it."""
    caused = {
        change.path: cause
        for change in report.changes
        for cause in change.causes
        if cause.position == position
    }
    what, _ = Counter(map(cause_text, caused.values())).most_common(1)[0]
    named = [f"- {path}" for path in list(caused)[:_MAX_NAMED]]
    if len(caused) > len(named):
        named.append(f"- and {len(caused) - len(named)} more")
    title = f"modelsync: {count(len(caused), 'generated file')} out of date"
    text = "\n".join([f"{what}; out of date because of it:", *named, f"fix: {report.command}"])
    return annotation(report.prefix, position, title, text)


def annotation(prefix: str, position: Position, title: str, text: str, level: str = "error") -> str:
    """Return one annotation of a file; `prefix` is as in a :class:`Report`."""
    properties = {
        "title": title,
        "file": prefix + position.path,
        "line": str(position.line),
        "col": str(position.column),
    }
    if position.width > 1:
        properties["endColumn"] = str(position.column + position.width)
    in_one_line = ",".join(
        f"{name}={visible(value).translate(_IN_PROPERTY)}" for name, value in properties.items()
    )
    message = "\n".join(map(visible, text.split("\n")))
    return f"::{level} {in_one_line}::{message.translate(_IN_MESSAGE)}"
