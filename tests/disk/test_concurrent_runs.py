"""Several runs at the same time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from helpers.faults import (
    PROGRAM,
    Tree,
    copy,
    generate,
    leftovers,
    repairs,
    specs,
    tree,
)
from modelsync import check, cli, disk

pytestmark = [pytest.mark.posix, pytest.mark.slow]


def run_together(number: int, project: Path) -> list[int]:
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
        assert run_together(20, project) == [0] * 20
        assert tree(project) == states[1]
        assert leftovers(project) == []
        assert check(project).plan.in_sync
        assert len(list((project / ".modelsync/kept").rglob("keep.md"))) == 1


def test_the_last_of_several_runs_renders_the_latest_specs(
    memory: Path, before: Path, states: list[Tree]
) -> None:
    """A run that waits reads the specs after it has waited."""
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
        # A run may find the specs half written, and reject them.
        assert set(codes) <= {0, cli.INVALID}
    assert repairs(project, states[1])


def test_a_run_that_waits_for_another_one_reports_it(
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
