"""Faults that the system causes: by strace, and on a disk that is full or read-only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import posix
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from socket import socket, socketpair
from typing import Final

import pytest

from helpers.faults import (
    Tally,
    Tree,
    copy,
    exit_code,
    forked,
    leftovers,
    repairs,
    specs,
    tree,
)
from modelsync import cli

pytestmark = [pytest.mark.posix, pytest.mark.slow]


# By strace


SYSCALLS: Final = {
    # How many of the last calls of each kind fail: those before them only read.
    "openat": 40,
    "write": 12,
    "fsync": 12,
    "renameat": 12,
    "unlinkat": 7,
    "mkdirat": 2,
}


@pytest.fixture(scope="session")
def strace() -> str:
    """The path of strace. Without it, only test_faults.py covers these faults."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed; test_faults.py has the same faults")
    probe = subprocess.run([found, "-f", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("strace may not trace here; test_faults.py has the same faults")
    return found


PR_SET_PTRACER: Final = 0x59616D61


@contextlib.contextmanager
def attached(gate: socket) -> Iterator[None]:
    """Wait until strace has attached; then really flush files to the disk."""
    # Some kernels else only let an ancestor trace. Others have no such call.
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_long(-1))
    gate.send(b"ready")
    assert gate.recv(1)
    os.fsync = posix.fsync
    yield


def traced(strace: str, project: Path, log: Path, *options: str) -> int:
    """Generate in a fork under strace and return the exit code."""
    here, there = socketpair()
    with here, there:
        child = forked(["generate", "--project", str(project)], attached(there))
        assert here.recv(5)
        names = ",".join(f"?{name}" for name in SYSCALLS)
        words = [strace, "-f", "-qq", "-o", str(log), "-e", f"trace={names}", *options]
        with subprocess.Popen([*words, "-p", str(child)]) as tracer:
            status = Path(f"/proc/{child}/status")
            while f"TracerPid:\t{tracer.pid}\n" not in status.read_text():
                assert tracer.poll() is None, "strace could not attach"
                time.sleep(0.001)
            here.send(b"x")
            return exit_code(child)


@pytest.mark.toolchain
def test_a_run_that_fails_at_a_system_call_is_repaired_by_the_next(
    memory: Path, before: Path, states: list[Tree], strace: str
) -> None:
    """These are the faults of test_faults.py, but the system injects them.

    Half of the calls are killed, and the others fail. Of the calls that open, half are tried.
    """
    log = memory / "log"
    assert traced(strace, copy(before, memory / "whole"), log) == 0
    made = Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), flags=re.MULTILINE))
    old = tree(before)
    tallies = {"signal=KILL": Tally()}
    tallies |= {f"error={name}": Tally() for name in ("ENOSPC", "EIO", "EROFS", "EACCES")}
    errors = list(tallies)[1:]
    assert made.keys() == SYSCALLS.keys()
    places = [
        (name, at)
        for name, last in SYSCALLS.items()
        for at in range(max(1, made[name] - last + 1), made[name] + 1, 1 + (name == "openat"))
    ]
    for number, (name, at) in enumerate(places):
        fault = errors[number // 2 % 4] if number % 2 else "signal=KILL"
        project = copy(before, memory / "project")
        code = traced(strace, project, log, "-e", f"inject={name}:{fault}:when={at}")
        if not re.search("INJECTED|killed by SIGKILL", log.read_text()):
            assert code == 0, "the number of calls by which the interpreter reads varies"
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


# On a real disk


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
        pytest.skip("no disk may be mounted here; test_faults.py has the same faults")
    mount = project.parent / "mount"
    mount.mkdir()
    words = [unshare, "-m", "sh", "-c", ON_A_SMALL_DISK, "sh"]
    words += [str(mount), str(project), state, str(room), sys.executable]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.toolchain
@pytest.mark.parametrize("room", [4096, 4 * 4096, 8 * 4096])
def test_a_full_disk_changes_nothing(
    memory: Path, before: Path, states: list[Tree], room: int
) -> None:
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
def test_a_read_only_disk_changes_nothing(memory: Path, before: Path, states: list[Tree]) -> None:
    project = copy(before, memory / "project")
    code, output = on_a_small_disk(project, "read-only")
    assert code == cli.FAILURE
    assert "Read-only file system" in output
    assert "check: 1" in output, "a command that writes nothing works"
    assert tree(project) == tree(before)
    assert repairs(project, states[1])
