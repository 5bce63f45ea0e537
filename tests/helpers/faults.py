"""Projects for runs that fail, and faults at the system calls by which a run writes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import pytest

from helpers.projects import write
from modelsync import check, cli
from modelsync import generate as generate_here
from modelsync import tree as tree_

CONFIG: Final = """\
targets:
  go: {target: sdk-docs, notation: go, out: gen/go}
  python: {target: sdk-docs, notation: python, out: gen/python}
"""


FOREIGN: Final = {"gen/python/notes.txt": "mine", "gen/go/models/draft.md": "mine too"}


EDITED: Final = "gen/go/models/keep.md"


def model(name: str, field: str) -> str:
    return f"model: {name}\nfields: {{{field}}}\n"


STATES: Final = (
    # Each has a spec that changes, one that is deleted, and one that is added, in its own package.
    {"specs/a.yaml": model("A", "x: {type: string}"), "specs/b/b.yaml": model("B", "")},
    {"specs/a.yaml": model("A", "y: {type: int64}"), "specs/c/c.yaml": model("C", "")},
    {"specs/a.yaml": model("A", "z: {type: C}"), "specs/c/c.yaml": model("C", "x: {type: int64}")},
    {"specs/a.yaml": model("A", "x: {type: string}"), "specs/d/d.yaml": model("D", "")},
)


Tree = dict[str, bytes]


def specs(project: Path, state: int) -> None:
    """Give a project the specs of a state."""
    shutil.rmtree(project / "specs", ignore_errors=True)
    write(
        project,
        {
            "modelsync.yaml": CONFIG,
            "specs/keep.yaml": model("Keep", "x: {type: string}"),
            **STATES[state],
        },
    )


def tree(project: Path) -> Tree:
    """Return the files of a project without the specs and the state folder."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not {".modelsync", "specs"} & set(path.relative_to(project).parts)
    }


STATE_FILES: Final = {".gitignore", "lock", "kept"}


def leftovers(project: Path) -> list[str]:
    """Return the temporary files of a project, which a finished run has deleted."""
    found = [path.name for path in project.rglob(".modelsync-*")]
    state = project / ".modelsync"
    return found + [path.name for path in state.glob("*") if path.name not in STATE_FILES]


def copy(project: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(project, to)
    return to


CALLS: Final = ("open", "write", "fsync", "replace", "unlink", "mkdir", "rmdir", "chmod", "symlink")


Fault = Callable[[str], None]


def killed(_call: str) -> None:
    """Die immediately, as from SIGKILL: nothing is cleaned up."""
    os._exit(128 + signal.SIGKILL)


def failing(number: int) -> Fault:
    def fail(_call: str) -> None:
        raise OSError(number, os.strerror(number))

    return fail


class Faulty:
    """Patches the calls by which `disk` writes: call number `at`, counted from 1, has the fault."""

    def __init__(self, fault: Fault, at: int, *, lasting: bool = False) -> None:
        self.fault, self.at, self.lasting = fault, at, lasting
        self.calls: list[str] = []

    def strike(self, call: str) -> None:
        self.calls.append(call)
        if len(self.calls) == self.at or (self.lasting and len(self.calls) > self.at):
            self.fault(call)

    @contextlib.contextmanager
    def patched(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                if name not in ("open", "write"):
                    patch.setattr(os, name, self.wrapped(name, getattr(os, name)))
            patch.setattr(os, "open", self.opened(os.open))
            patch.setattr(tree_, "open", self.file, raising=False)
            yield

    def wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            self.strike(name)
            return call(*arguments, **options)

        return wrapper

    def opened(self, call: Callable[..., int]) -> Callable[..., int]:
        def wrapper(path: Any, flags: int, mode: int = 0o777, **options: Any) -> int:
            if flags & os.O_CREAT:
                self.strike("open")
            return call(path, flags, mode, **options)

        return wrapper

    def file(self, file: Any, mode: str = "r") -> Any:
        made: Any = open(file, mode)  # noqa: PTH123, SIM115 - replaces the function that disk calls
        if mode == "wb":
            whole = made.write

            def half(data: bytes) -> int:
                """Write half of the data before the fault, as a full disk does."""
                whole(data[: len(data) // 2])
                made.flush()
                self.strike("write")
                return int(whole(data[len(data) // 2 :]))

            made = _Half(made, half)
        return made


class _Half:
    """A file with another `write`."""

    def __init__(self, file: Any, write_: Callable[[bytes], int]) -> None:
        self.file, self.write = file, write_

    def __enter__(self) -> _Half:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def flush(self) -> None:
        self.file.flush()


def run_in_fork(arguments: list[str], faulty: Faulty | None = None) -> int:
    """Run a command in its own process, with faults, and return its exit code."""
    return exit_code(forked(arguments, faulty.patched() if faulty else contextlib.nullcontext()))


def exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def forked(arguments: list[str], context: AbstractContextManager[None]) -> int:
    """Start a command within a context in its own process, and return its id.

    A fork takes a fiftieth of the time of a new interpreter.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        with context:
            sys.argv = ["modelsync", *arguments]
            cli.main()
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    finally:
        os._exit(code)


def generate(project: Path, faulty: Faulty | None = None) -> int:
    return run_in_fork(["generate", "--project", str(project)], faulty)


def calls_of(project: Path) -> list[str]:
    """Return the calls that writing a project takes."""
    faulty = Faulty(killed, 0)
    with faulty.patched():
        generate_here(project)
    return faulty.calls


class Tally:
    """Counts the results of faults. A test prints it at its end."""

    def __init__(self) -> None:
        self.counts = Counter(faults=0, torn=0, false_success=0, not_repaired=0)

    def judge(self, code: int, found: Tree, old: Tree, new: Tree) -> None:
        """Count what a run left after a fault."""
        self.counts["faults"] += 1
        allowed = {path: {old.get(path), new.get(path)} for path in old.keys() | new.keys()}
        torn = [
            path
            for path, data in found.items()
            if data not in allowed.get(path, ()) and not is_temporary(path)
        ]
        lost = [path for path in old.keys() & new.keys() if path not in found]
        self.counts["torn"] += len(torn) + len(lost)
        self.counts["false_success"] += code == 0 and found != new

    def repaired(self, good: bool) -> None:
        self.counts["not_repaired"] += not good

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')}: {n}" for name, n in self.counts.items())

    @property
    def clean(self) -> bool:
        return not (+self.counts).keys() - {"faults"}


def is_temporary(path: str) -> bool:
    return path.rpartition("/")[2].startswith(".modelsync-")


def repairs(project: Path, wanted: Tree) -> bool:
    """Whether a run without a fault repairs a project, and mistakes no file for an edited one."""
    false = {
        change.path
        for change in check(project).plan.changes
        if change.edited and change.path != EDITED
    }
    return (
        not false
        and generate(project) == 0
        and tree(project) == wanted
        and check(project).plan.in_sync
        and leftovers(project) == []
    )


PROGRAM: Final = [sys.executable, "-m", "modelsync", "generate", "--project"]
