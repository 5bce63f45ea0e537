"""`--format github` of `check` and `verify`: annotations, as workflow commands of GitHub.

GitHub shows the first ten annotations of a step and lists the others in its log, so those come
first that tell most: of each group of changes with one cause, a file and the place of the cause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

from modelsync.commands.verify import VerifyResult
from modelsync.errors import Position, Problem, visible
from modelsync.plan.changes import Cause, Change, Kind, because, cause_text
from modelsync.report.changes import Line, Report, count, cure
from modelsync.report.verify import answer_text, missing_text

_MAX_ANNOTATIONS: Final = 50
"""GitHub keeps no more of a job; the report below them has the rest."""
_MAX_NAMED: Final = 10

_MOST_TELLING_FIRST: Final = (
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
    """Return the annotations of a report, one a line; of too many, the last one says so."""
    annotations = chain(_of_problems(report), _of_changes(report))
    first = list(islice(annotations, _MAX_ANNOTATIONS + 1))
    if len(first) > _MAX_ANNOTATIONS:
        first[_MAX_ANNOTATIONS - 1 :] = [_in_all(report)]
    return "\n".join(first)


def _in_all(report: Report) -> str:
    return f"::notice title=modelsync::in all {report.summary}; see the log of this step"


def verify_annotations(result: VerifyResult, prefix: str, *, require: bool = False) -> str:
    """Return the annotations of `verify`; `prefix` is as in a :class:`Report`.

    With `require`, a missing tool is an error.
    """
    annotations = chain(_of_missing(result, prefix, require), _of_verify(result, prefix))
    return "\n".join(islice(annotations, _MAX_ANNOTATIONS))


def _of_missing(result: VerifyResult, prefix: str, require: bool) -> Iterator[str]:
    for missing in result.missing:
        tools = ((each.position, tool.tool) for each in result.targets for tool in each.missing)
        position = next(position for position, tool in tools if tool == missing.tool)
        text = f"{missing_text(result, missing)}\nhelp: {missing.cure}"
        title = f"modelsync: {missing.tool} is missing"
        yield _annotation(prefix, position, title, text, "error" if require else "warning")


def _of_verify(result: VerifyResult, prefix: str) -> Iterator[str]:
    for target in result.targets:
        for error in target.errors:
            title = f"modelsync: {target.target}, {error.tool}"
            yield _annotation(prefix, target.position, title, error.text.rstrip())
    for disagreement in result.representative:
        title = f"modelsync: {', '.join(disagreement.wrong)} disagrees"
        answers = disagreement.answers.items()
        lines = [f"{target}: {answer_text(answer)}" for target, answer in answers]
        case = disagreement.case
        text = "\n".join([f"{case.definition}, {case.what}", *lines])
        yield _annotation(prefix, disagreement.position, title, text)


def harmless(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines for the log such that GitHub takes none for a command: they quote what files say.

    As elsewhere, what something would act on is shown as an escape.
    """
    for line in lines:
        text = _COMMAND.sub(r"\1\\x3a:", line.text).replace("##[", "#\\x23[")
        yield line._replace(text=text)


def _of_problems(report: Report) -> Iterator[str]:
    for problem in report.problems:
        places = [problem.position, *(place for place, _ in problem.related)]
        # GitHub annotates files of the repository: a target may be installed elsewhere.
        within = (place for place in places if not Path(place.path).is_absolute())
        place = next(within, problem.position)
        text = _told(problem, place)
        yield _annotation(report.prefix, place, f"modelsync: {problem.code}", text)


def _told(problem: Problem, place: Position) -> str:
    lines = [problem.message]
    if place != problem.position:
        lines.append(f"at {problem.position}")
    lines += [f"{position}: {note}" for position, note in problem.related]
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
    """Return changes in groups with one cause: of each kind a group, then those that are left."""
    by_kind: dict[Kind, dict[tuple[Cause, ...], list[Change]]] = {
        kind: {} for kind in _MOST_TELLING_FIRST
    }
    for change in changes:
        by_kind[change.kind].setdefault(change.causes, []).append(change)
    rounds = zip_longest(*(groups.values() for groups in by_kind.values()))
    return [group for each in rounds for group in each if group is not None]


def _of_file(report: Report, change: Change) -> str:
    position = Position(change.path, report.line_of(change) or 1)
    text = f"{because(change)}\n{cure(report, change)}"
    return _annotation(report.prefix, position, f"modelsync: {change.kind}", text)


def _of_cause(report: Report, position: Position) -> str:
    """Return the annotation of a place for all the files that it has made differ."""
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
    title = f"modelsync: {count(len(caused), 'generated file')} not in step"
    text = "\n".join([f"{what}; not in step with it:", *named, f"to mend it: {report.command}"])
    return _annotation(report.prefix, position, title, text)


def _annotation(
    prefix: str, position: Position, title: str, text: str, level: str = "error"
) -> str:
    properties = {
        "title": title,
        "file": prefix + position.path,
        "line": str(position.line),
        "col": str(position.column),
    }
    if position.width > 1:
        properties["endColumn"] = str(position.column + position.width)
    shown = ",".join(
        f"{name}={visible(value).translate(_IN_PROPERTY)}" for name, value in properties.items()
    )
    message = "\n".join(map(visible, text.split("\n")))
    return f"::{level} {shown}::{message.translate(_IN_MESSAGE)}"
