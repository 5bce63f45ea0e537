"""Plan the changes that turn the present files into the wanted ones, each with its causes.

Nothing here reads or writes a file.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from modelsync.errors import Position, visible
from modelsync.paths import CONFIG, path_key
from modelsync.plan.diff import only_form_differs
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.plan.manifest import Entry
from modelsync.tree import Obstacle

_UNLISTED: Final = "has the header of a generated file, but is not in the manifest"
_MAX_CAUSES: Final = 3
_OR_FORCE: Final = "or overwrite the file with `modelsync generate --force`, which keeps a copy"


class Kind(StrEnum):
    """How a file differs from what the specs ask for."""

    CREATED = "created"
    """It was never generated."""
    OUTDATED = "outdated"
    """Something that it is generated from has changed."""
    EDITED = "edited"
    """It was changed since it was generated."""
    DELETED = "deleted"
    """It was deleted since it was generated."""
    ORPHANED = "orphaned"
    """It was generated, or its header says so, and it is no longer needed."""
    FOREIGN = "foreign"
    """modelsync did not generate what is at this path."""
    LINE_ENDINGS = "line endings"
    """Only its line endings differ."""


@dataclass(frozen=True, slots=True)
class Present:
    """What is at a path: a file, a symbolic link or an obstacle."""

    digest: str = ""
    """The :func:`digest` of a file."""
    lf_digest: str = ""
    """The digest of a file with CRLF line endings after converting them to LF."""
    conflict: bool = False
    """Whether the file contains the markers of a merge conflict."""
    marked: bool = False
    """Whether the file has the header of a generated file."""
    link: str | None = None
    """The target of a symbolic link."""
    obstacle: Obstacle | None = None
    stamp: tuple[int, ...] = field(default=(), compare=False)
    """Changes when the file is written again."""

    def is_as_generated(self, entry: Entry) -> bool:
        """Whether it is unchanged since the manifest was written, except for line endings."""
        return not entry.digests.isdisjoint((self.digest, self.lf_digest))


class Cause(NamedTuple):
    """Why a file changes, in words, and the position of the cause."""

    text: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file to change."""

    path: str
    """Relative to the project."""
    kind: Kind
    causes: tuple[Cause, ...]
    data: bytes | None
    """The new content; None to delete the file."""
    edited: bool = False
    """Whether edits would be lost: the content is neither the generated nor the wanted one."""
    unmarked: bool = False
    """Whether an orphaned file has no header of a generated file."""
    unlisted: bool = False
    """Whether the file has the header of a generated file, and is not in the manifest."""
    outside: bool = False
    """Whether the file is outside the output folders; then it is not changed."""
    obstacle: Obstacle | None = None
    """What is at the path instead of a file, or at that of its folder. It is not changed."""
    files: int = 1
    """How many wanted files the obstacle blocks."""

    @property
    def blocked(self) -> bool:
        """Whether something other than a file is at the path; only the user can remove it."""
        return self.obstacle is not None

    @property
    def keeps_copy(self) -> bool:
        """Whether the file is backed up first."""
        return self.edited or (self.unmarked and not self.outside)

    @property
    def needs_force(self) -> bool:
        """Whether only `modelsync generate --force` makes the change."""
        return not self.blocked and (self.kind is Kind.FOREIGN or self.unlisted)

    @property
    def help(self) -> str:
        """What to do if `modelsync generate` does not make the change, else empty."""
        if self.obstacle is not None:
            return self.obstacle.help
        if self.outside:
            return (
                "delete the file yourself if it is not needed: modelsync deletes nothing outside"
                f" the `out` folders of `{CONFIG}`; `modelsync generate` only removes it from"
                f" `{MANIFEST}`"
            )
        if not self.needs_force:
            return ""
        if self.data is None:
            return (
                f"delete the file, or run `modelsync generate --force`, which keeps a copy; if"
                f" `{MANIFEST}` has lost lines, restore it from git"
            )
        if self.unlisted:
            return (
                f"restore `{MANIFEST}` from git (`git checkout {MANIFEST}`, or `git stash pop`),"
                f" {_OR_FORCE}"
            )
        return f"move the file, change the `out` of the target, {_OR_FORCE}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run changes."""

    changes: tuple[Change, ...]
    """The changes of files, sorted by path."""
    unchanged: int
    """How many files are in sync."""
    manifest: Change | None = None
    """The change of the manifest itself; None if it is up to date."""

    @property
    def in_sync(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes and self.manifest is None

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """The changes of files, and the one of the manifest."""
        return self.changes if self.manifest is None else (*self.changes, self.manifest)

    @property
    def reported_changes(self) -> tuple[Change, ...]:
        """The changes of files; the one of the manifest only if there are no others."""
        return self.changes or self.all_changes

    @property
    def foreign(self) -> tuple[Change, ...]:
        """The changes of files that modelsync did not generate."""
        return tuple(change for change in self.changes if change.kind is Kind.FOREIGN)

    def skipped(self, force: bool) -> tuple[Change, ...]:
        """Return the orphans that a run does not delete.

        They are outside the output folders; or they are not in the manifest, and `force` is off.
        """
        return tuple(
            change
            for change in self.changes
            if change.outside or (change.unlisted and change.data is None and not force)
        )

    def fixed_by(self, generate: str, path_of: Callable[[str], str] = str) -> str:
        """Return the command line that makes every change, and first moves obstacles.

        `generate` is the command line of `modelsync generate`; `path_of` returns a path relative to
        the folder that the command is run in.
        """
        blocked = [path_of(change.path) for change in self.changes if change.blocked]
        moves = [shlex.join(["mv", place, f"{place}.old"]) for place in blocked]
        force = " --force" if any(change.needs_force for change in self.changes) else ""
        return " && ".join([*moves, f"{generate}{force}"])


def digest(data: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(data).hexdigest()


CausesOf = Callable[[str], tuple[Cause, ...]]
"""Returns why the file at a path changes."""


def plan(
    wanted: Mapping[str, bytes],
    present: Mapping[str, Present | None],
    owned: Mapping[str, Entry],
    causes_of: CausesOf,
    orphan_causes_of: CausesOf,
    unlisted: Collection[str] = (),
    may_delete: Callable[[str], bool] = lambda path: True,
) -> Plan:
    """Return what to change so that all `wanted` files exist, and no other `owned` file.

    `present` has what is at each wanted and owned path, None for nothing. `unlisted` are other
    files with the header of a generated file. Files that `may_delete` refuses are not deleted.
    """
    orphans = {path: entry for path, entry in owned.items() if path not in wanted}
    changes, unchanged = _plan_wanted(wanted, present, owned, orphans, causes_of)
    by_key = {path_key(path): path for path in wanted} if orphans else {}
    for path, entry in orphans.items():
        change = _orphan_change(path, present[path], entry, orphan_causes_of)
        if change is None:
            continue
        twin = by_key.get(path_key(path))
        is_one_file = twin is not None and _is_one_file(present[path], present[twin])
        outside = not may_delete(path) and not is_one_file
        changes[path] = replace(change, edited=False, outside=True) if outside else change
        if twin is not None and not outside and twin not in changes:
            # Deleting the orphan may delete the wanted file too, which then has to be created.
            changes[twin] = Change(twin, Kind.CREATED, causes_of(twin), wanted[twin])
            unchanged -= 1
    for path in unlisted:
        cause = Cause(_UNLISTED)
        changes[path] = Change(path, Kind.ORPHANED, (cause,), None, edited=True, unlisted=True)
    return Plan(tuple(changes[path] for path in sorted(changes)), unchanged)


def _plan_wanted(
    wanted: Mapping[str, bytes],
    present: Mapping[str, Present | None],
    owned: Mapping[str, Entry],
    orphans: Mapping[str, Entry],
    causes_of: CausesOf,
) -> tuple[dict[str, Change], int]:
    """Return the change of each wanted file by path, and how many files are in sync."""
    changes: dict[str, Change] = {}
    unchanged = 0
    # Where a file system ignores case, a file that was renamed may still have its old name.
    twins = {path_key(path): entry for path, entry in orphans.items()}
    for path, data in wanted.items():
        entry = owned.get(path)
        if entry is None and twins:
            twin = twins.get(path_key(path))
            file = present[path]
            entry = twin if twin and file and file.is_as_generated(twin) else None
        change = _wanted_change(path, data, present[path], entry, causes_of)
        if change is None:
            unchanged += 1
        elif change.path in changes:  # one obstacle blocks several files
            changes[change.path] = replace(change, files=changes[change.path].files + 1)
        else:
            changes[change.path] = change
    return changes, unchanged


def _wanted_change(
    path: str, data: bytes, file: Present | None, entry: Entry | None, causes_of: CausesOf
) -> Change | None:
    if file is None:
        if entry is None:
            return Change(path, Kind.CREATED, causes_of(path), data)
        return Change(path, Kind.DELETED, (Cause("deleted since it was generated"),), data)
    if file.obstacle is not None:
        path, cause = file.obstacle.path, Cause(file.obstacle.text)
        return Change(path, Kind.FOREIGN, (cause,), None, obstacle=file.obstacle)
    wanted_digest = digest(data)
    if file.digest == wanted_digest:
        return None
    if file.lf_digest == wanted_digest:
        return Change(path, Kind.LINE_ENDINGS, (Cause("has CRLF line endings"),), data)
    if entry is None:
        return _foreign_change(path, data, file)
    if file.link is not None:
        cause = Cause(f"replaced by a symbolic link to {file.link}")
        return Change(path, Kind.EDITED, (cause,), data, edited=True)
    if file.is_as_generated(entry):
        return Change(path, Kind.OUTDATED, causes_of(path), data)
    more = () if wanted_digest in entry.digests else causes_of(path)
    causes = (_edit(file), *more)
    return Change(path, Kind.EDITED, causes, data, edited=True)


def _foreign_change(path: str, data: bytes, file: Present) -> Change:
    text = _UNLISTED if file.marked else "modelsync did not generate this file"
    if file.link is not None:
        text = f"a symbolic link to {file.link} is at this path"
    cause = Cause(text)
    return Change(path, Kind.FOREIGN, (cause,), data, edited=True, unlisted=file.marked)


def _orphan_change(
    path: str, file: Present | None, entry: Entry, causes_of: CausesOf
) -> Change | None:
    if file is None or file.obstacle is not None:
        return None  # the generated file no longer exists
    edited = not file.is_as_generated(entry)
    causes = causes_of(path)
    if edited:
        causes += (_edit(file),)
    return Change(path, Kind.ORPHANED, causes, None, edited=edited, unmarked=not file.marked)


def _is_one_file(one: Present | None, other: Present | None) -> bool:
    """Whether one file was found under two names."""
    return one is not None and other is not None and one.stamp == other.stamp != ()


def _edit(file: Present) -> Cause:
    if file.conflict:
        return Cause("contains merge conflict markers")
    return Cause("edited since it was generated")


def add_formatter_cause(
    changes: Iterable[Change], present: Mapping[str, bytes]
) -> tuple[Change, ...]:
    """Return `changes` with one more cause for each edited file that only a formatter changed.

    `present` has the content of each file that changes.
    """
    return tuple(_add_formatter_cause(change, present.get(change.path)) for change in changes)


def _add_formatter_cause(change: Change, content: bytes | None) -> Change:
    if change.kind is not Kind.EDITED or content is None or change.data is None:
        return change
    what = only_form_differs(content, change.data)
    if not what:
        return change
    verb = "differ" if " and " in what else "differs"
    cause = Cause(f"only {what} {verb}: is a formatter or another hook changing it?")
    return replace(change, causes=(*change.causes, cause))


def because(change: Change, verbose: bool = False) -> str:
    """Return the causes of a change in one line: the first few, or with `verbose` all."""
    causes = change.causes if verbose else change.causes[:_MAX_CAUSES]
    more = len(change.causes) - len(causes)
    return "; ".join(map(cause_text, causes)) + (f"; and {more} more" if more > 0 else "")


def cause_text(cause: Cause) -> str:
    """Return a cause with its position."""
    text, position = cause
    if position is not None and text.startswith(f"{position.path} "):
        text = f"{position}{text.removeprefix(position.path)}"
    elif position is not None:
        text = f"{text} ({position})"
    return visible(text)
