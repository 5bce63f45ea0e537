"""The plan: what `generate` does with wanted, present and owned files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.paths import path_key
from modelsync.plan.changes import Cause, Kind, Plan, Present, digest, plan
from modelsync.plan.manifest import Entry
from modelsync.tree import Obstacle

BECAUSE, NOT_NEEDED = Cause("because"), Cause("not needed")


def entry(*contents: bytes) -> Entry:
    return Entry(frozenset(map(digest, contents)), "go", "specs/a.yaml")


def file(data: bytes) -> Present:
    lf = digest(data.replace(b"\r\n", b"\n")) if b"\r\n" in data else ""
    return Present(digest(data), lf)


def made(
    wanted: Mapping[str, bytes],
    present: Mapping[str, Present | None],
    owned: Mapping[str, Entry],
) -> Plan:
    return plan(
        wanted, present, owned, lambda _: (BECAUSE,), lambda _: (NOT_NEEDED,), (), is_in_out
    )


def is_in_out(path: str) -> bool:
    return path.startswith("out/")


# --- One file in each possible state ---

NEW, OLD, MINE = b"new\n", b"old\n", b"mine\n"
BLOCKED = Present(obstacle=Obstacle("out/a", "a folder"))
UNLISTED = "has the header of a generated file, but is not in the manifest"


@pytest.mark.parametrize(
    ("owned", "present", "kind", "causes", "edited"),
    [
        (None, None, Kind.CREATED, ["because"], False),
        (None, file(NEW), None, [], False),
        (None, file(b"new\r\n"), Kind.LINE_ENDINGS, ["has CRLF line endings"], False),
        (None, file(MINE), Kind.FOREIGN, ["modelsync did not generate this file"], True),
        (None, file(OLD), Kind.FOREIGN, ["modelsync did not generate this file"], True),
        (None, Present(digest(MINE), marked=True), Kind.FOREIGN, [UNLISTED], True),
        (None, Present(link="x"), Kind.FOREIGN, ["a symbolic link to x is at this path"], True),
        (None, BLOCKED, Kind.FOREIGN, ["a folder is in the way"], False),
        (entry(OLD), None, Kind.DELETED, ["deleted since it was generated"], False),
        (entry(OLD), file(NEW), None, [], False),
        (entry(OLD), file(OLD), Kind.OUTDATED, ["because"], False),
        (entry(OLD), file(b"old\r\n"), Kind.OUTDATED, ["because"], False),
        (entry(OLD), file(b"new\r\n"), Kind.LINE_ENDINGS, ["has CRLF line endings"], False),
        (entry(NEW), file(b"new\r\n"), Kind.LINE_ENDINGS, ["has CRLF line endings"], False),
        (entry(NEW), file(MINE), Kind.EDITED, ["edited since it was generated"], True),
        (entry(OLD), file(MINE), Kind.EDITED, ["edited since it was generated", "because"], True),
        (
            entry(NEW),
            Present(digest(MINE), conflict=True),
            Kind.EDITED,
            ["contains merge conflict markers"],
            True,
        ),
        (entry(OLD, MINE), file(MINE), Kind.OUTDATED, ["because"], False),
        (
            entry(NEW),
            Present(link="x"),
            Kind.EDITED,
            ["replaced by a symbolic link to x"],
            True,
        ),
        (entry(NEW), BLOCKED, Kind.FOREIGN, ["a folder is in the way"], False),
    ],
)
def test_the_plan_for_a_wanted_file(
    owned: Entry | None, present: Present | None, kind: Kind | None, causes: list[str], edited: bool
) -> None:
    found = made({"out/a": NEW}, {"out/a": present}, {"out/a": owned} if owned else {})
    assert [change.kind for change in found.changes] == ([kind] if kind else [])
    assert found.unchanged == (0 if kind else 1)
    for change in found.changes:
        assert [cause.text for cause in change.causes] == causes
        assert change.edited is edited
        assert change.data == (None if change.blocked else NEW)


@pytest.mark.parametrize(
    ("present", "causes", "edited"),
    [
        (None, None, False),
        (BLOCKED, None, False),
        (file(OLD), ["not needed"], False),
        (file(b"old\r\n"), ["not needed"], False),
        (file(MINE), ["not needed", "edited since it was generated"], True),
        (Present(link="x"), ["not needed", "edited since it was generated"], True),
    ],
)
def test_the_plan_for_a_file_that_is_no_longer_needed(
    present: Present | None, causes: list[str] | None, edited: bool
) -> None:
    found = made({}, {"out/a": present}, {"out/a": entry(OLD)})
    assert [[cause.text for cause in change.causes] for change in found.changes] == (
        [] if causes is None else [causes]
    )
    for change in found.changes:
        assert (change.kind, change.data, change.edited) == (Kind.ORPHANED, None, edited)


def test_an_obstacle_is_reported_once() -> None:
    blocked = Present(obstacle=Obstacle("out", "a file", for_folder=True))
    present = {"out/a": blocked, "out/b": blocked, "other/c": file(NEW)}
    found = made(dict.fromkeys(present, NEW), present, {})
    assert [(change.path, change.files) for change in found.changes] == [("out", 2)]
    assert found.unchanged == 1, "all three are counted"
    assert found.changes[0].causes == (Cause("a file is here instead of a folder"),)


# --- Other properties of a plan ---


def test_only_force_deletes_an_unlisted_file() -> None:
    found = plan({}, {}, {}, lambda _: (), lambda _: (), ["out/x"])
    (change,) = found.changes
    assert (change.kind, change.causes, change.data) == (Kind.ORPHANED, (Cause(UNLISTED),), None)
    assert change.edited, "a copy is kept"
    assert found.skipped(force=False) == (change,)
    assert found.skipped(force=True) == ()
    assert not found.in_sync


FOREIGN, UNKNOWN = file(MINE), Present(digest(MINE), marked=True)


@pytest.mark.parametrize(
    ("present", "command", "help_"),
    [
        (None, "modelsync generate go", ""),
        (
            FOREIGN,
            "modelsync generate go --force",
            "move the file, change the `out` of the target, or",
        ),
        (UNKNOWN, "modelsync generate go --force", "restore `modelsync.manifest` from git"),
        (
            BLOCKED,
            "mv 'a b/out/a' 'a b/out/a.old' && modelsync generate go",
            "move it, or change the `out` of the target",
        ),
        (
            Present(obstacle=Obstacle("out", "a symbolic link", is_link=True, for_folder=True)),
            "mv 'a b/out' 'a b/out.old' && modelsync generate go",
            "move it, or use the real folder as the `out`",
        ),
    ],
)
def test_a_plan_has_the_command_that_fixes_it(
    present: Present | None, command: str, help_: str
) -> None:
    found = made({"out/a": NEW}, {"out/a": present}, {})
    assert found.fixed_by("modelsync generate go", lambda path: f"a b/{path}") == command
    assert found.changes[0].help.startswith(help_)
    assert bool(found.changes[0].help) is bool(help_)


# --- Any files, on a disk in memory ---


@dataclass
class Disk:
    """Files by path. Some file systems ignore case."""

    files: dict[str, bytes]
    ignores_case: bool

    def key(self, path: str) -> str:
        return path_key(path) if self.ignores_case else path

    def find(self, path: str) -> str | None:
        return next((name for name in self.files if self.key(name) == self.key(path)), None)

    def by_key(self) -> dict[str, bytes]:
        return {self.key(path): data for path, data in self.files.items()}

    def present(self, path: str) -> Present | None:
        name = self.find(path)
        return None if name is None else file(self.files[name])

    def delete(self, path: str) -> None:
        name = self.find(path)
        if name is not None:
            del self.files[name]

    def write(self, path: str, data: bytes) -> None:
        self.files[self.find(path) or path] = data

    def apply(self, done: Plan) -> None:
        left = done.skipped(force=False)
        for change in done.changes:
            if change.data is None and change not in left:
                self.delete(change.path)
        for change in done.changes:
            if change.data is not None:
                self.write(change.path, change.data)


PATHS = st.sampled_from(["out/a", "out/A", "out/b", "out/c/d", "out/C/d", "out/e", "src/main"])
CONTENTS = st.sampled_from([b"1\n", b"2\n", b"3\n"])
OWNED = st.dictionaries(PATHS, st.lists(CONTENTS, min_size=1).map(lambda list_: entry(*list_)))
PRESENT = st.one_of(CONTENTS, CONTENTS.map(lambda data: data.replace(b"\n", b"\r\n")))


@st.composite
def disks(draw: st.DrawFn) -> Disk:
    disk = Disk({}, draw(st.booleans()))
    for path, data in draw(st.dictionaries(PATHS, PRESENT)).items():
        disk.write(path, data)
    return disk


def distinct(paths: Mapping[str, bytes]) -> bool:
    """Whether the paths differ on every file system: the renderer refuses other paths."""
    return len({path_key(path) for path in paths}) == len(paths)


WANTED = st.dictionaries(PATHS, CONTENTS).filter(distinct)


def unfolded(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


@given(WANTED, disks(), OWNED)
def test_applying_a_plan_makes_the_wanted_files(
    wanted: dict[str, bytes], disk: Disk, owned: dict[str, Entry]
) -> None:
    before = dict(disk.files)
    present = {path: disk.present(path) for path in wanted.keys() | owned}
    found = made(wanted, present, owned)
    assert [change.path for change in found.changes] == sorted({c.path for c in found.changes})
    assert all(change.causes for change in found.changes)
    to_write = [change for change in found.changes if change.data is not None]
    assert len(to_write) + found.unchanged == len(wanted)
    disk.apply(found)
    owned_keys = {disk.key(path) for path in (*wanted, *filter(is_in_out, owned))}
    foreign = {path: data for path, data in before.items() if disk.key(path) not in owned_keys}
    assert disk.by_key() == {disk.key(path): data for path, data in (foreign | wanted).items()}
    assert foreign.items() <= disk.files.items(), "no other file was touched"
    again = made(
        wanted,
        {path: disk.present(path) for path in wanted},
        {path: entry(data) for path, data in wanted.items()},
    )
    assert again.in_sync
    assert again.unchanged == len(wanted)


@given(WANTED, disks(), OWNED)
def test_no_edit_is_lost_without_a_reported_change(
    wanted: dict[str, bytes], disk: Disk, owned: dict[str, Entry]
) -> None:
    before = dict(disk.files)
    present = {path: disk.present(path) for path in wanted.keys() | owned}
    found = made(wanted, present, owned)
    disk.apply(found)
    kept = {disk.key(change.path) for change in found.changes if change.keeps_copy}
    for path, data in before.items():
        key = disk.key(path)
        if key not in map(disk.key, disk.files):
            assert is_in_out(path), "no file outside the output folders is deleted"
            assert key in kept, "it has no header of a generated file"
        known = [each for name, each in owned.items() if path_key(name) == path_key(path)]
        generated = {checksum for each in known for checksum in each.digests}
        ours = {digest(data), digest(unfolded(data))} & generated
        if disk.files.get(path) is None or unfolded(disk.files[path]) != unfolded(data):
            assert ours or key in kept


@given(WANTED, disks(), OWNED)
def test_files_that_were_never_generated_are_refused(
    wanted: dict[str, bytes], disk: Disk, owned: dict[str, Entry]
) -> None:
    present = {path: disk.present(path) for path in wanted.keys() | owned}
    refused = {change.path for change in made(wanted, present, owned).foreign}
    for path, data in wanted.items():
        name = disk.find(path)
        current = disk.files[name] if name is not None else None
        if path in owned or current is None or unfolded(current) == data:
            assert path not in refused
        elif not {path_key(other) for other in owned} & {path_key(path)}:
            assert path in refused


@pytest.mark.parametrize("current", [OLD, NEW, b"old\r\n"])
def test_a_file_whose_name_changes_only_in_case_is_not_foreign(current: bytes) -> None:
    """If the disk considers two names equal, the file with the new name is modelsync's."""
    disk = Disk({"out/A": current}, ignores_case=True)
    present = {path: disk.present(path) for path in ("out/A", "out/a")}
    found = made({"out/a": NEW}, present, {"out/A": entry(OLD, NEW)})
    assert not found.foreign
    disk.apply(found)
    assert disk.files == {"out/a": NEW}
    disk = Disk({"out/A": MINE}, ignores_case=True)
    present = {path: disk.present(path) for path in ("out/A", "out/a")}
    assert made({"out/a": NEW}, present, {"out/A": entry(OLD, NEW)}).foreign
