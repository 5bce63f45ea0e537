"""(wanted, present, manifest) -> the changes that make the second the first, each with its cause.

Pure: nothing here reads or writes a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from modelsync.errors import Position
from modelsync.manifest import Entry
from modelsync.paths import path_key

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody of the progress."""


class Kind(StrEnum):
    """What is the matter with a file, as `modelsync check` says it."""

    CREATED = "created"
    """The specs want it, and it was never generated."""
    OUTDATED = "outdated"
    """It is as it was generated, and something that it is made from has changed."""
    EDITED = "edited"
    """It is not as it was generated."""
    DELETED = "deleted"
    """It was generated, and is not there."""
    ORPHANED = "orphaned"
    """It was generated, and no spec wants it any more."""
    FOREIGN = "foreign"
    """The specs want a file here, and what stands here is not from modelsync."""
    LINE_ENDINGS = "line endings"
    """Only the ends of its lines are others."""


@dataclass(frozen=True, slots=True)
class Present:
    """What stands at a path.

    A file has a :func:`digest`, and where it has CR LF also that of the same text with LF;
    `conflict` says that git has left the marks of a merge in it.
    `link` is where a symbolic link leads. `blocked` says what else stands there, or in the place
    of the folder `blocked_at`. `stamp` is another one once the file has been written again.
    """

    digest: str = ""
    lf_digest: str = ""
    conflict: bool = False
    link: str | None = None
    blocked: str = ""
    blocked_at: str = ""
    stamp: tuple[int, ...] = field(default=(), compare=False)


class Cause(NamedTuple):
    """Why a file is to change, in words, and the place that has caused it."""

    text: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is not as it should be: its path relative to the project, and why.

    `data` is what it should hold, None for an orphan. `edited` says that what stands there would
    be lost: it is neither from modelsync nor what is wanted.
    """

    path: str
    kind: Kind
    causes: tuple[Cause, ...]
    data: bytes | None
    edited: bool = False

    @property
    def blocked(self) -> bool:
        """Whether something stands here that is no file, and that nobody but its owner removes."""
        return self.kind is Kind.FOREIGN and self.data is None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, sorted by path, and how many files are as they should be.

    `manifest` is the one change of the manifest itself, None where it is right already.
    """

    changes: tuple[Change, ...]
    unchanged: int
    manifest: Change | None = None

    @property
    def in_sync(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes and self.manifest is None

    @property
    def foreign(self) -> tuple[Change, ...]:
        """The changes that must not be made: something stands there that is not ours."""
        return tuple(change for change in self.changes if change.kind is Kind.FOREIGN)


def digest(data: bytes) -> str:
    """Return the sum by which two contents are held to be the same (SHA-256)."""
    return hashlib.sha256(data).hexdigest()


Why = Callable[[str], tuple[Cause, ...]]
"""Says of a path why it is to be created, or what has made it outdated."""


def plan(
    wanted: Mapping[str, bytes],
    present: Mapping[str, Present | None],
    owned: Mapping[str, Entry],
    why: Why,
    why_orphaned: Why,
) -> Plan:
    """Return what to do so that every file in `wanted` is there, and no other one that is owned.

    `present` has what stands at each path of `wanted` and `owned`, None for nothing.
    """
    changes: dict[str, Change] = {}
    unchanged = 0
    orphans = {path: entry for path, entry in owned.items() if path not in wanted}
    # Some file systems take two names for one: there, what is to get another one stands under both.
    twins = {path_key(path): entry for path, entry in orphans.items()}
    for path, data in wanted.items():
        entry = owned.get(path)
        if entry is None and twins:
            twin = twins.get(path_key(path))
            entry = twin if twin is not None and _is_as_generated(present[path], twin) else None
        change = _wanted_change(path, data, present[path], entry, why)
        if change is None:
            unchanged += 1
        else:
            changes[change.path] = change
    keys = {path_key(path): path for path in wanted} if orphans else {}
    for path, entry in orphans.items():
        change = _orphan_change(path, present[path], entry, why_orphaned)
        if change is None:
            continue
        changes[path] = change
        twin_path = keys.get(path_key(path))  # with the orphan, that one goes too
        if twin_path is not None and twin_path not in changes:
            changes[twin_path] = Change(twin_path, Kind.CREATED, why(twin_path), wanted[twin_path])
            unchanged -= 1
    return Plan(tuple(changes[path] for path in sorted(changes)), unchanged)


def _wanted_change(
    path: str, data: bytes, found: Present | None, entry: Entry | None, why: Why
) -> Change | None:
    if found is None:
        if entry is None:
            return Change(path, Kind.CREATED, why(path), data)
        return Change(path, Kind.DELETED, (Cause("deleted since it was generated"),), data)
    if found.blocked:
        return Change(found.blocked_at, Kind.FOREIGN, (Cause(found.blocked),), None)
    right = digest(data)
    if found.digest == right:
        return None
    if found.lf_digest == right:
        return Change(path, Kind.LINE_ENDINGS, (Cause("its lines end in CR LF"),), data)
    if entry is None:
        text = "modelsync did not write what stands here"
        if found.link is not None:
            text = f"a symbolic link to {found.link} stands here"
        return Change(path, Kind.FOREIGN, (Cause(text),), data, edited=True)
    if found.link is not None:
        cause = Cause(f"a symbolic link to {found.link} was put in its place")
        return Change(path, Kind.EDITED, (cause,), data, edited=True)
    if _is_as_generated(found, entry):
        return Change(path, Kind.OUTDATED, why(path), data)
    more = () if right in entry.digests else why(path)
    causes = (_edit(found), *more)
    return Change(path, Kind.EDITED, causes, data, edited=True)


def _orphan_change(path: str, found: Present | None, entry: Entry, why: Why) -> Change | None:
    if found is None or found.blocked:
        return None  # nothing of ours is there any more
    edited = not _is_as_generated(found, entry)
    causes = why(path)
    if edited:
        causes += (_edit(found),)
    return Change(path, Kind.ORPHANED, causes, None, edited=edited)


def _edit(found: Present) -> Cause:
    if found.conflict:
        return Cause("the marks of a merge conflict stand in it")
    return Cause("edited since it was generated")


def _is_as_generated(found: Present | None, entry: Entry) -> bool:
    return found is not None and not entry.digests.isdisjoint((found.digest, found.lf_digest))
