"""Runs that are killed or whose disk fails: no file is torn, and the next run repairs everything.

Each run fails at one system call; together the runs cover every call that writes.
"""

from __future__ import annotations

import errno
import itertools
import os
import signal
from pathlib import Path

import pytest

from helpers.faults import (
    CALLS,
    Faulty,
    Tally,
    Tree,
    calls_of,
    copy,
    failing,
    generate,
    is_temporary,
    killed,
    leftovers,
    repairs,
    specs,
    tree,
)
from modelsync import cli

pytestmark = [pytest.mark.posix, pytest.mark.slow]


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_write_is_repaired_by_the_next(
    memory: Path, before: Path, states: list[Tree]
) -> None:
    calls = calls_of(copy(before, memory / "whole"))
    assert set(calls) == set(CALLS) - {"symlink"}, "each kind of call fails once"
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
def test_two_runs_that_are_killed_in_a_row_are_repaired_by_the_third(
    memory: Path, before: Path, states: list[Tree]
) -> None:
    """The third run also knows what the first one left."""
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
def test_a_disk_error_at_any_write_is_repaired_by_the_next_run(
    memory: Path, before: Path, states: list[Tree], number: int
) -> None:
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
def test_a_disk_that_fills_up_changes_nothing(memory: Path, before: Path, number: int) -> None:
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
def test_a_run_that_is_terminated_at_any_write_cleans_up(
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
