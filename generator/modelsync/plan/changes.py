"""(wanted, present, manifest) -> the changes that make the second the first, each with its cause.

Pure: nothing here reads or writes a file.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from modelsync.errors import Position, visible
from modelsync.paths import CONFIG, path_key
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.plan.manifest import Entry
from modelsync.tree import HANDS_OFF, Obstacle

_UNLISTED: Final = "it says that modelsync generated it, and the manifest does not list it"
_MAX_CAUSES: Final = 3
_OR_FORCE: Final = "or let `modelsync generate --force` replace it and keep a copy"


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
    """It was generated, or says so, and no spec wants it any more."""
    FOREIGN = "foreign"
    """The specs want a file here, and what stands here is not from modelsync."""
    LINE_ENDINGS = "line endings"
    """Only the ends of its lines are others."""


@dataclass(frozen=True, slots=True)
class Present:
    """What stands at a path.

    A file has a :func:`digest`, and where it has CR LF also that of the same text with LF;
    `conflict` says that git has left the marks of a merge in it, and `marked` that it says of
    itself that modelsync generated it. `link` is where a symbolic link leads, and `obstacle` is
    what else stands there. `stamp` is another one once the file has been written again.
    """

    digest: str = ""
    lf_digest: str = ""
    conflict: bool = False
    marked: bool = False
    link: str | None = None
    obstacle: Obstacle | None = None
    stamp: tuple[int, ...] = field(default=(), compare=False)

    def is_as_generated(self, entry: Entry) -> bool:
        """Whether it is as the manifest has it, but for the ends of its lines."""
        return not entry.digests.isdisjoint((self.digest, self.lf_digest))


class Cause(NamedTuple):
    """Why a file is to change, in words, and the place that has caused it."""

    text: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is not as it should be: its path relative to the project, and why.

    `data` is what it should hold, None for what is to go. `edited` says that what stands there
    would be lost: it is neither from modelsync nor what is wanted. `unmarked` says that it is as
    the manifest has it, but does not say of itself that modelsync generated it. `unlisted` says
    that it claims to be from modelsync, and the manifest does not know it. What is `outside` of
    every output folder is not changed at all. An `obstacle` is not changed either: it keeps
    `files` of ours from being made.
    """

    path: str
    kind: Kind
    causes: tuple[Cause, ...]
    data: bytes | None
    edited: bool = False
    unmarked: bool = False
    unlisted: bool = False
    outside: bool = False
    obstacle: Obstacle | None = None
    files: int = 1

    @property
    def blocked(self) -> bool:
        """Whether something stands here that is no file, and that nobody but its owner removes."""
        return self.obstacle is not None

    @property
    def keeps_copy(self) -> bool:
        """Whether a copy of what stands here is kept."""
        return self.edited or (self.unmarked and not self.outside)

    @property
    def needs_force(self) -> bool:
        """Whether it is made by `modelsync generate --force` alone."""
        return not self.blocked and (self.kind is Kind.FOREIGN or self.unlisted)

    @property
    def help(self) -> str:
        """What to do about it where `modelsync generate` does not make it; empty where it does."""
        if self.obstacle is not None:
            return self.obstacle.help
        if self.outside:
            return (
                f"modelsync deletes nothing outside the `out` folders of {CONFIG}: `modelsync"
                f" generate` drops the file from {MANIFEST} and leaves it alone; delete it yourself"
                " if nothing needs it"
            )
        if not self.needs_force:
            return ""
        if self.data is None:
            return (
                f"modelsync deletes only what {MANIFEST} lists: `modelsync generate --force`"
                " deletes it and keeps a copy; where the manifest has lost lines, take it from git"
                " again"
            )
        if self.unlisted:
            return (
                f"modelsync replaces only what {MANIFEST} lists: take that from git again"
                f" (`git checkout {MANIFEST}`, or `git stash pop`), {_OR_FORCE}"
            )
        return f"{HANDS_OFF}: move it away, or give the target another `out`, {_OR_FORCE}"


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

    def left(self, force: bool) -> tuple[Change, ...]:
        """Return the orphans that a run leaves alone, which may be a forced one.

        They are outside of every output folder; or the manifest does not list them.
        """
        return tuple(
            change
            for change in self.changes
            if change.outside or (change.unlisted and change.data is None and not force)
        )

    def mended_by(self, generate: str, called: Callable[[str], str] = str) -> str:
        """Return the command line that makes every change, and moves away what is in the way.

        `generate` is the one that generates; `called` returns what a path is called where it is
        run. What `--force` takes away is kept as a copy.
        """
        blocked = [called(change.path) for change in self.changes if change.blocked]
        moves = [shlex.join(["mv", place, f"{place}.old"]) for place in blocked]
        force = " --force" if any(change.needs_force for change in self.changes) else ""
        return " && ".join([*moves, f"{generate}{force}"])


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
    unlisted: Collection[str] = (),
    may_delete: Callable[[str], bool] = lambda path: True,
) -> Plan:
    """Return what to do so that every file in `wanted` is there, and no other one that is owned.

    `present` has what stands at each path of `wanted` and `owned`, None for nothing. `unlisted`
    are the paths of other files that say that modelsync generated them. Files where `may_delete`
    says no are left alone.
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
            found = present[path]
            entry = twin if twin and found and found.is_as_generated(twin) else None
        change = _wanted_change(path, data, present[path], entry, why)
        if change is None:
            unchanged += 1
        elif change.path in changes:
            changes[change.path] = replace(change, files=changes[change.path].files + 1)
        else:
            changes[change.path] = change
    keys = {path_key(path): path for path in wanted} if orphans else {}
    for path, entry in orphans.items():
        change = _orphan_change(path, present[path], entry, why_orphaned)
        if change is None:
            continue
        twin_path = keys.get(path_key(path))
        is_one_file = twin_path is not None and _is_one_file(present[path], present[twin_path])
        outside = not may_delete(path) and not is_one_file
        changes[path] = replace(change, edited=False, outside=True) if outside else change
        # With the orphan, the file of the other name goes too.
        if twin_path is not None and not outside and twin_path not in changes:
            changes[twin_path] = Change(twin_path, Kind.CREATED, why(twin_path), wanted[twin_path])
            unchanged -= 1
    for path in unlisted:
        cause = Cause(_UNLISTED)
        changes[path] = Change(path, Kind.ORPHANED, (cause,), None, edited=True, unlisted=True)
    return Plan(tuple(changes[path] for path in sorted(changes)), unchanged)


def _wanted_change(
    path: str, data: bytes, found: Present | None, entry: Entry | None, why: Why
) -> Change | None:
    if found is None:
        if entry is None:
            return Change(path, Kind.CREATED, why(path), data)
        return Change(path, Kind.DELETED, (Cause("deleted since it was generated"),), data)
    if found.obstacle is not None:
        path, cause = found.obstacle.path, Cause(found.obstacle.text)
        return Change(path, Kind.FOREIGN, (cause,), None, obstacle=found.obstacle)
    right = digest(data)
    if found.digest == right:
        return None
    if found.lf_digest == right:
        return Change(path, Kind.LINE_ENDINGS, (Cause("its lines end in CR LF"),), data)
    if entry is None:
        return _foreign_change(path, data, found)
    if found.link is not None:
        cause = Cause(f"a symbolic link to {found.link} was put in its place")
        return Change(path, Kind.EDITED, (cause,), data, edited=True)
    if found.is_as_generated(entry):
        return Change(path, Kind.OUTDATED, why(path), data)
    more = () if right in entry.digests else why(path)
    causes = (_edit(found), *more)
    return Change(path, Kind.EDITED, causes, data, edited=True)


def _foreign_change(path: str, data: bytes, found: Present) -> Change:
    text = _UNLISTED if found.marked else "modelsync did not write what stands here"
    if found.link is not None:
        text = f"a symbolic link to {found.link} stands here"
    cause = Cause(text)
    return Change(path, Kind.FOREIGN, (cause,), data, edited=True, unlisted=found.marked)


def _orphan_change(path: str, found: Present | None, entry: Entry, why: Why) -> Change | None:
    if found is None or found.obstacle is not None:
        return None  # nothing of ours is there any more
    edited = not found.is_as_generated(entry)
    causes = why(path)
    if edited:
        causes += (_edit(found),)
    return Change(path, Kind.ORPHANED, causes, None, edited=edited, unmarked=not found.marked)


def _is_one_file(one: Present | None, other: Present | None) -> bool:
    """Whether a file was found under two names."""
    return one is not None and other is not None and one.stamp == other.stamp != ()


def _edit(found: Present) -> Cause:
    if found.conflict:
        return Cause("the marks of a merge conflict stand in it")
    return Cause("edited since it was generated")


def because(change: Change, verbose: bool = False) -> str:
    """Return the causes of a change as one line, the first few unless it is to be `verbose`."""
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
