"""What `breaking` found, as lines of text and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from modelsync.breaking.change import Axis, Change
from modelsync.breaking.rules import RULES
from modelsync.commands.breaking import Compared, Verdict
from modelsync.errors import NOWHERE, visible
from modelsync.report.changes import Line, Look, count

_WHOM: Final[Mapping[Axis, str]] = {
    Axis.OLD_READERS: "old code refuses new documents",
    Axis.NEW_READERS: "new code refuses old documents",
    Axis.SILENT: "documents are accepted, but part of them is lost or changes its meaning",
}
_MAX_DOCUMENT: Final = 300
"""The maximum number of characters shown of a document."""
_BACKTICKS: Final = re.compile("`+")


def whom(axis: Axis) -> str:
    """Return in words whom a change breaks."""
    return _WHOM.get(axis) or f"breaks {axis.replace('-', ' ')}"


def axes_of(change: Change) -> list[Axis]:
    """Return what a change breaks, documents first."""
    return [axis for axis in Axis if axis in change.breaks]


def subject(change: Change) -> str:
    """Return the definition that changed, and the part of it."""
    return f"{change.id} {change.item}".strip()


def was_and_is(change: Change) -> str:
    """Return what the specs had and have, empty if the rule says it all."""
    if change.old and change.new:
        return f"was `{change.old}`, is `{change.new}`"
    if change.old and change.old != change.item:
        return f"was `{change.old}`"
    return f"is `{change.new}`" if change.new and change.new != change.item else ""


def summary(compared: Compared) -> str:
    """Return the result in one line."""
    total, breaking = len(compared.verdicts), len(compared.breaking)
    if not total:
        return f"no changes since {visible(compared.earlier.name)}"
    changes = f"{count(total, 'change')} since {visible(compared.earlier.name)}"
    if not breaking:
        return f"{changes}, none of which breaks anything"
    numbers = (
        (axis, sum(axis in verdict.change.breaks for verdict in compared.breaking)) for axis in Axis
    )
    parts = ", ".join(f"{axis} {number}" for axis, number in numbers if number)
    return f"{changes}, {breaking} breaking: {parts}"


def breaking_lines(compared: Compared, *, verbose: bool) -> Iterator[Line]:
    """Yield the report; with `verbose`, also the changes that break nothing."""
    shown = compared.verdicts if verbose else compared.breaking
    for id_, verdicts in _by_definition(shown):
        yield Line(visible(id_))
        for verdict in verdicts:
            yield from (Line(f"  {visible(text)}") for text in _verdict_lines(compared, verdict))
    hidden = len(compared.verdicts) - len(shown)
    hint = f"; -v also shows {hidden} that break nothing" if hidden else ""
    yield Line(summary(compared) + hint, Look.OPTIONAL)


def _by_definition(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, list[Verdict]]]:
    for id_, group in groupby(verdicts, lambda verdict: verdict.change.id):
        yield id_, list(group)


def _verdict_lines(compared: Compared, verdict: Verdict) -> Iterator[str]:
    change = verdict.change
    item = f" `{change.item}`" if change.item else ""
    yield f"{change.rule}{item}: {RULES[change.rule]}"
    if text := was_and_is(change):
        yield f"  {text}"
    if change.position != NOWHERE:
        yield f"  --> {change.position}"
    if change.old_position != NOWHERE:
        yield f"  was at {compared.earlier.shown(change.old_position)}"
    for axis in axes_of(change):
        yield f"  {axis}: {whom(axis)}"
        if axis in verdict.witnesses:
            witness = verdict.witnesses[axis]
            yield f"    document: {_short(witness.document)}"
            yield f"    {_short(witness.says)}"


def _short(text: str) -> str:
    return text if len(text) <= _MAX_DOCUMENT else f"{text[:_MAX_DOCUMENT]}..."


def message(verdict: Verdict) -> str:
    """Return what an annotation says about a change."""
    change = verdict.change
    lines = [f"`{subject(change)}`: {RULES[change.rule]}"]
    if text := was_and_is(change):
        lines.append(text)
    for axis in axes_of(change):
        lines.append(f"{axis}: {whom(axis)}")
        if axis in verdict.witnesses:
            witness = verdict.witnesses[axis]
            lines += [f"document: {_short(witness.document)}", _short(witness.says)]
    return "\n".join(lines)


def changelog(compared: Compared) -> str:
    """Return all changes as Markdown, with the step of the version."""
    lines = [f"Version step for documents: **{compared.step}**"]
    for id_, verdicts in _by_definition(compared.verdicts):
        lines += ["", f"### {_code(id_)}", ""]
        lines += map(_entry, verdicts)
    return "\n".join(lines)


def _entry(verdict: Verdict) -> str:
    change = verdict.change
    item = f"{_code(change.item)}: " if change.item else ""
    text = RULES[change.rule]
    if change.old and change.new:
        text += f" Was {_code(change.old)}, is {_code(change.new)}."
    whoms = "; ".join(map(whom, axes_of(change)))
    note = f" ({whoms})" if whoms else ""
    return f"- {'**Breaking:** ' if verdict.breaks else ''}{item}{text}{note}"


def _code(text: str) -> str:
    """Return text as code in Markdown, whatever it contains."""
    text = visible(text)
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}"
