"""What a run found -> the text that `check` and `generate` print. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from modelsync.errors import visible
from modelsync.plan import Cause, Change, Kind, Plan

_WIDTH: Final = max(len(kind) for kind in Kind)
_MAX_CAUSES: Final = 3

_HELP: Final = {
    Kind.EDITED: "`modelsync generate` keeps a copy of edited files before it writes them anew;"
    " what is to stay belongs into a spec or a template",
    Kind.FOREIGN: "move these files away, or give the target another `out`;"
    " `modelsync generate --force` takes their place and keeps copies",
    Kind.LINE_ENDINGS: "have git leave them alone: add `<folder>/** text eol=lf` for each output"
    " folder to .gitattributes",
}


def because(change: Change) -> str:
    """Return the causes of a change as one line."""
    causes = [cause_text(cause) for cause in change.causes[:_MAX_CAUSES]]
    more = len(change.causes) - len(causes)
    return "; ".join(causes) + (f"; and {more} more" if more > 0 else "")


def cause_text(cause: Cause) -> str:
    """Return a cause with its position."""
    text, position = visible(cause.text), cause.position
    if position is None:
        return text
    if text.startswith(f"{position.path} "):
        return f"{position}{text.removeprefix(position.path)}"
    return f"{text} ({position})"


def change_line(change: Change) -> str:
    """Return one change as one line: kind, path, causes."""
    return f"{change.kind:<{_WIDTH}}  {change.path}: {because(change)}"


def hints(changes: Iterable[Change]) -> Iterator[str]:
    """Yield what to do about each kind of change that `modelsync generate` alone does not cure."""
    kinds = {change.kind for change in changes}
    for kind in (kind for kind in _HELP if kind in kinds):
        yield f"help: {_HELP[kind]}"


def drift_summary(plan: Plan) -> str:
    """Return how many files differ, by kind."""
    if plan.in_sync:
        return f"in sync: {count(plan.unchanged, 'file')}"
    counts = Counter(change.kind for change in plan.changes)
    if not counts:
        return f"the manifest differs; {count(plan.unchanged, 'file')} in sync"
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if kind in counts)
    return f"{count(len(plan.changes), 'file')} differ: {kinds}; {plan.unchanged} in sync"


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
    parts = [f"{made[what]} {what}" for what in ("created", "updated", "deleted")]
    return ", ".join([*parts, f"{plan.unchanged} unchanged"])


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
