"""The flow of `check`: what it reads, and that nothing changes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from helpers.synced import PAGE, Project
from modelsync import disk
from modelsync.commands import check as command
from modelsync.commands import point_causes
from modelsync.commands.generate import generate
from modelsync.project import config, load
from modelsync.project.root import Place

PATIENCE = 30


def test_another_run_waits_until_the_report_is_complete(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run starts after the comparison, and before the causes are found."""
    project.edit("specs/user.yaml", "string", "int64")
    outdated = project.text(PAGE)
    waits = threading.Event()
    writer = threading.Thread(target=generate, args=[project.folder], kwargs={"waiting": waits.set})
    original = point_causes.point_causes

    def while_another_run_starts(*arguments: Any) -> Sequence[Any]:
        writer.start()
        assert waits.wait(PATIENCE), "the other run does not wait"
        return original(*arguments)

    monkeypatch.setattr(point_causes, "point_causes", while_another_run_starts)
    checked = command.check(project.folder)
    writer.join(PATIENCE)
    (change,) = [change for change in checked.plan.changes if change.path == PAGE]
    assert checked.present[PAGE].decode() == outdated
    assert [str(cause.position) for cause in change.causes] == ["specs/user.yaml:2:10"]
    assert project.text(PAGE) != outdated, "the other run has written now"


def test_the_config_is_read_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0
    original = config.read_config

    def counting(text: str, place: Place) -> Any:
        nonlocal reads
        reads += 1
        return original(text, place)

    monkeypatch.setattr(load, "read_config", counting)
    project.edit("specs/user.yaml", "string", "int64")
    for run in (command.check, generate):
        reads = 0
        run(project.folder)
        assert reads == 1, run


def test_the_config_is_read_again_after_waiting(project: Project) -> None:
    """It may have changed meanwhile."""
    done = threading.Event()
    waits = threading.Event()

    def other_run() -> None:
        generate(project.folder, waiting=waits.set)
        done.set()

    with disk.locked(project.folder):
        threading.Thread(target=other_run).start()
        assert waits.wait(PATIENCE)
        project.edit("modelsync.yaml", "out/ts", "out/typescript")
    assert done.wait(PATIENCE)
    assert (project.folder / "out/typescript/models/user.md").is_file()
