"""Runs that are killed, that the disk fails, or that meet: no half file, and the next run fixes it.

Each run fails at one system call; together the runs cover every call that writes.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from helpers.projects import write
from modelsync import check, cli, disk
from modelsync import generate as generate_here
from modelsync import tree as tree_
from modelsync.plan.changes import Kind

pytestmark = [pytest.mark.posix, pytest.mark.slow]

CONFIG: Final = """\
targets:
  go: {target: markdown, notation: go, out: gen/go}
  python: {target: markdown, notation: python, out: gen/python}
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
    """Return what a repository would have of a project: all but the specs and the state folder."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not {".modelsync", "specs"} & set(path.relative_to(project).parts)
    }


def leftovers(project: Path) -> list[str]:
    """Return the files that a finished run has no use for."""
    found = [path.name for path in project.rglob(".modelsync-*")]
    state = project / ".modelsync"
    return found + [path.name for path in state.glob("*") if path.name not in STATE_FILES]


STATE_FILES: Final = {".gitignore", "lock", "kept"}


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[Tree]:
    """What each state generates where nothing was before."""
    trees = []
    for state in range(len(STATES)):
        project = tmp_path_factory.mktemp("state")
        specs(project, state)
        generate_here(project)
        trees.append(tree(project) | {path: text.encode() for path, text in FOREIGN.items()})
    return trees


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if the machine has one: nobody waits there for an fsync."""
    place = Path("/dev/shm")  # noqa: S108 - the folder created in it has a unique name
    with tempfile.TemporaryDirectory(dir=place if place.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory, states: list[Tree]) -> Path:
    """A project with every kind of drift; each fault gets a copy of it."""
    project = tmp_path_factory.mktemp("before")
    specs(project, 0)
    generate_here(project)
    write(project, FOREIGN)
    assert tree(project) == states[0]
    specs(project, 1)
    (project / EDITED).write_text("edited")
    page = project / "gen/python/models/keep.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    (project / "gen/python/models/README.md").unlink()
    kinds = {change.kind for change in check(project).plan.changes}
    assert kinds == set(Kind) - {Kind.FOREIGN}
    return project


def copy(project: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(project, to)
    return to


# --- Faults by patched calls, in a process that is forked for each ---

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
    """Patches the calls by which `disk` writes: a fault strikes at call number `at`, from 1."""

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
                """Write a half before the fault may strike, as a full disk does."""
                whole(data[: len(data) // 2])
                made.flush()
                self.strike("write")
                return int(whole(data[len(data) // 2 :]))

            made = _Half(made, half)
        return made


class _Half:
    """A file whose `write` is another one."""

    def __init__(self, file: Any, write_: Callable[[bytes], int]) -> None:
        self.file, self.write = file, write_

    def __enter__(self) -> _Half:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def flush(self) -> None:
        self.file.flush()


def run_in_fork(arguments: list[str], faulty: Faulty | None = None) -> int:
    """Run a command in its own process, with faults, and return its exit code.

    A fork costs a fiftieth of what a new interpreter does.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        with faulty.patched() if faulty else contextlib.nullcontext():
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
    """Counts what came of the faults; a test ends by printing it."""

    def __init__(self) -> None:
        self.counts = Counter(faults=0, torn=0, false_success=0, not_repaired=0)

    def judge(self, code: int, found: Tree, old: Tree, new: Tree) -> None:
        """Judge what a run left that a fault has struck."""
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
    """Whether a run without a fault makes a project right, and takes nothing for what it is not."""
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


@pytest.mark.slow
def test_killed_at_every_write(memory: Path, before: Path, states: list[Tree]) -> None:
    calls = calls_of(copy(before, memory / "whole"))
    assert set(CALLS) - {"symlink"} <= set(calls), "each kind of call is to be struck"
    old = tree(before)
    tally = Tally()
    for at in range(1, len(calls) + 1):
        project = copy(before, memory / "project")
        code = generate(project, Faulty(killed, at))
        assert code == 128 + signal.SIGKILL
        tally.judge(code, tree(project), old, states[1])
        specs(project, 1 + at % 3)  # the specs are the same at the next run, or are not
        tally.repaired(repairs(project, states[1 + at % 3]))
    print(f"killed at every write: {tally}")
    assert tally.clean


@pytest.mark.slow
def test_killed_again_and_again(memory: Path, before: Path, states: list[Tree]) -> None:
    """What a run left is known to the second run after it too, whose predecessor was killed."""
    calls = calls_of(copy(before, memory / "whole"))
    # The first run has changed some files, or all of them; the second one is about to, or does.
    replaced = [at for at, call in enumerate(calls, start=1) if call == "replace"]
    firsts = (replaced[-4], replaced[-1])
    seconds = (*range(1, 12), *range(12, len(calls), 13))
    tally = Tally()
    for first, second in itertools.product(firsts, seconds):
        project = copy(before, memory / "project")
        assert generate(project, Faulty(killed, first)) == 128 + signal.SIGKILL
        specs(project, 2)
        middle = tree(project)
        code = generate(project, Faulty(killed, second))
        if code:
            tally.judge(code, tree(project), middle, states[2])
        specs(project, 3)
        tally.repaired(repairs(project, states[3]))
    print(f"killed twice: {tally}")
    assert tally.clean


@pytest.mark.slow
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
def test_a_failing_disk(memory: Path, before: Path, states: list[Tree], number: int) -> None:
    calls = len(calls_of(copy(before, memory / "whole")))
    old = tree(before)
    tally = Tally()
    for at in range(1, calls + 1, 4 if number == errno.ENOSPC else 7):
        project = copy(before, memory / "project")
        code = generate(project, Faulty(failing(number), at))
        found = tree(project)
        tally.judge(code, found, old, states[1])
        assert not [path for path in found if is_temporary(path)]
        tally.repaired(repairs(project, states[1]))
    print(f"{errno.errorcode[number]} at a write: {tally}")
    assert tally.clean


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_changes_nothing(memory: Path, before: Path, number: int) -> None:
    """From some write of new content on, the disk is full."""
    calls = calls_of(copy(before, memory / "whole"))
    last_content = len(calls) - calls[::-1].index("write")
    everything = {path.relative_to(before) for path in before.rglob("*")}

    def full(call: str) -> None:
        if call in ("open", "write", "mkdir", "chmod", "fsync"):
            failing(number)(call)

    for at in range(1, last_content, 3):
        project = copy(before, memory / "project")
        assert generate(project, Faulty(full, at, lasting=True)) == cli.FAILURE
        assert tree(project) == tree(before)
        assert leftovers(project) == []
        left = {path.relative_to(project) for path in project.rglob("*")}
        assert {path for path in left ^ everything if ".modelsync" not in path.parts} == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_terminated_run_cleans_up(
    memory: Path, before: Path, states: list[Tree], number: signal.Signals
) -> None:
    calls = len(calls_of(copy(before, memory / "whole")))
    tally = Tally()
    for at in range(1, calls + 1, 8):
        project = copy(before, memory / "project")
        faulty = Faulty(lambda _call: os.kill(os.getpid(), number), at)
        code = generate(project, faulty)
        found = tree(project)
        assert code == 128 + number
        assert not [path for path in found if is_temporary(path)]
        tally.judge(code, found, tree(before), states[1])
        tally.repaired(repairs(project, states[1]))
    print(f"{number.name} at a write: {tally}")
    assert tally.clean


# --- Faults by strace, in the real program ---

SYSCALLS: Final = {
    # How many of the last ones of each kind are struck: those before them only read.
    "openat": 40,
    "write": 12,
    "fsync": 12,
    "renameat": 12,
    "unlinkat": 7,
    "mkdirat": 2,
}
PROGRAM: Final = [sys.executable, "-m", "modelsync", "generate", "--project"]


@pytest.fixture(scope="session")
def strace() -> str:
    """The path of strace. Without it, the faults by patched calls have to do."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed; the patched calls above cover the same faults")
    probe = subprocess.run([found, "-f", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("strace may not trace here; the patched calls above have the same faults")
    return found


def traced(strace: str, project: Path, log: Path, *options: str) -> int:
    """Run the program under strace and return its exit code."""
    names = ",".join(f"?{name}" for name in SYSCALLS)
    words = [strace, "-f", "-qq", "-o", str(log), "-e", f"trace={names}", *options]
    done = subprocess.run([*words, *PROGRAM, str(project)], capture_output=True, check=False)
    return done.returncode


@pytest.mark.toolchain
def test_struck_by_strace(memory: Path, before: Path, states: list[Tree], strace: str) -> None:
    """The same faults, where the system itself makes them."""
    log = memory / "log"
    assert traced(strace, copy(before, memory / "whole"), log) == 0
    made = Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), flags=re.MULTILINE))
    old = tree(before)
    tallies = {"signal=KILL": Tally()}
    tallies |= {f"error={name}": Tally() for name in ("ENOSPC", "EIO", "EROFS", "EACCES")}
    errors = list(tallies)[1:]
    for name, last in SYSCALLS.items():
        assert made[name], f"the program makes no call of {name}"
        for at in range(max(1, made[name] - last + 1), made[name] + 1):
            for fault in ("signal=KILL", errors[at % 4]) if at % 3 == 0 else ("signal=KILL",):
                project = copy(before, memory / "project")
                code = traced(strace, project, log, "-e", f"inject={name}:{fault}:when={at}")
                if not re.search("INJECTED|killed by SIGKILL", log.read_text()):
                    assert code == 0, "how often the interpreter reads may differ by a few calls"
                    continue
                assert code in ((-signal.SIGKILL,) if "KILL" in fault else (0, cli.FAILURE))
                tallies[fault].judge(code, tree(project), old, states[1])
                after = 1 + at % 3 if "KILL" in fault else 1
                specs(project, after)
                tallies[fault].repaired(repairs(project, states[after]))
    for fault, tally in tallies.items():
        print(f"strace, {fault}: {tally}")
        assert tally.clean
        assert tally.counts["faults"] > 3


# --- Faults of a real disk ---

ON_A_SMALL_DISK: Final = """\
set -e
mount -t tmpfs -o size=1m none "$1"
cp -a "$2/." "$1"
if [ "$3" = full ]; then
    cat /dev/zero > "$1/fill" 2> /dev/null || truncate -s "-$4" "$1/fill"
else
    mount -o remount,ro "$1"
fi
code=0
"$5" -m modelsync generate --project "$1" >&2 || code=$?
"$5" -m modelsync check --project "$1" > /dev/null || echo "check: $?" >&2
cp -a "$1/." "$2"
exit $code
"""


def on_a_small_disk(project: Path, state: str, room: int = 0) -> tuple[int, str]:
    """Run in a copy of a project on its own disk, and copy the result back.

    The disk is `read-only`, or `full` except for `room` bytes. Return the exit code and the
    standard error.
    """
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-m", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no disk may be mounted here; the patched calls above have the same faults")
    mount = project.parent / "mount"
    mount.mkdir()
    words = [unshare, "-m", "sh", "-c", ON_A_SMALL_DISK, "sh"]
    words += [str(mount), str(project), state, str(room), sys.executable]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.toolchain
@pytest.mark.parametrize("room", [4096, 4 * 4096, 8 * 4096])
def test_a_disk_that_is_full(memory: Path, before: Path, states: list[Tree], room: int) -> None:
    project = copy(before, memory / "project")
    code, output = on_a_small_disk(project, "full", room)
    assert code == cli.FAILURE
    (output,) = [line for line in output.splitlines() if line.startswith("modelsync: ")]
    assert "No space left on device" in output
    (project / "fill").unlink()
    assert tree(project) == tree(before)
    assert leftovers(project) == []
    assert repairs(project, states[1])


@pytest.mark.toolchain
def test_a_disk_that_is_read_only(memory: Path, before: Path, states: list[Tree]) -> None:
    project = copy(before, memory / "project")
    code, output = on_a_small_disk(project, "read-only")
    assert code == cli.FAILURE
    assert "Read-only file system" in output
    assert "check: 1" in output, "a command that writes nothing works"
    assert tree(project) == tree(before)
    assert repairs(project, states[1])


# --- Runs that meet ---


def at_once(number: int, project: Path) -> list[int]:
    """Start runs that wait for each other to begin, and return their exit codes."""
    gate, opener = os.pipe()
    children = []
    for _ in range(number):
        child = os.fork()
        if not child:
            os.close(opener)
            os.read(gate, 1)
            os._exit(generate(project))
        children.append(child)
    os.close(gate)
    os.close(opener)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@pytest.mark.slow
def test_twenty_concurrent_runs_end_like_one(
    memory: Path, before: Path, states: list[Tree]
) -> None:
    for turn in range(3):
        project = copy(before, memory / f"project{turn}")
        assert at_once(20, project) == [0] * 20
        assert tree(project) == states[1]
        assert leftovers(project) == []
        assert check(project).plan.in_sync
        assert len(list((project / ".modelsync/kept").rglob("keep.md"))) == 1


def test_runs_with_other_specs_in_between_end_as_the_last_one(
    memory: Path, before: Path, states: list[Tree]
) -> None:
    """Whoever comes last renders the specs as they are then, and not as they were when it began."""
    project = copy(before, memory / "project")
    for turn in range(4):
        children = []
        for _ in range(5):
            child = os.fork()
            if not child:
                os._exit(generate(project))
            children.append(child)
        specs(project, 1 + turn % 3)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        # Those that met the specs half written may refuse them.
        assert set(codes) <= {0, cli.INVALID}
    assert repairs(project, states[1])


def test_a_run_waits_for_another_one_and_says_so(
    memory: Path, before: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = copy(before, memory / "project")
    with disk.locked(project):
        run = subprocess.Popen([*PROGRAM, str(project)], stdout=subprocess.PIPE, stderr=2)
        assert run.stdout is not None
        while "waiting for another modelsync run" not in capfd.readouterr().err:
            assert run.poll() is None
        assert tree(project) == tree(before)
    assert run.wait() == 0
    run.stdout.close()
