"""Compare the files that a project's specs ask for with the files on the disk.

`generate` and `check` both start with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath

from modelsync import disk
from modelsync.errors import Position
from modelsync.plan.changes import Cause, Change, Kind, Plan, Present, plan
from modelsync.plan.manifest import Manifest, listed_at
from modelsync.progress import Progress, silent
from modelsync.project.causes import Causes
from modelsync.project.load import Project
from modelsync.project.record import (
    Inputs,
    Recorded,
    Scope,
    inputs_of,
    manifest_texts,
    read_recorded,
)
from modelsync.project.targets import own_templates, render
from modelsync.render.own_templates import OwnTemplates
from modelsync.targets.base import Output


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run would change, and what that is based on."""

    project: Project
    plan: Plan
    outputs: Mapping[str, Output]
    """Every file of the targets that the run is for, by path."""
    templates: tuple[str, ...]
    """The paths of the project's own templates."""
    present: Mapping[str, Present | None]
    """What is at each path that the run looked at."""
    manifest: bytes
    """The manifest after the run."""
    pending: bytes
    """The manifest while the run writes: also lists what an interrupted run may have written."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the specs ask for."""

    outputs: Mapping[str, Output]
    inputs: Inputs
    own: OwnTemplates

    @property
    def data(self) -> dict[str, bytes]:
        return {path: self.outputs[path].data for path in sorted(self.outputs)}


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """What is on the disk."""

    present: Mapping[str, Present | None]
    unlisted: Collection[str]
    """Other files that say that modelsync generated them."""
    temporary: Collection[str]
    """The temporary files of an interrupted run."""


def compare(
    project: Project, names: Collection[str] = (), progress: Progress = silent
) -> Comparison:
    """Render the project, or only the targets called `names`, and plan what to change.

    Raises :class:`ProblemsError` for invalid specs, templates and manifests. Raises OSError.
    """
    scope = Scope(project.config, names)
    wanted = _render(project, names, progress)
    recorded = read_recorded(project)
    on_disk = _look_up(project, scope, wanted, recorded)
    owned = recorded.completed(on_disk.present)
    causes = Causes(project, wanted.outputs, wanted.inputs, owned, wanted.own)
    changes = _plan(scope, wanted, on_disk, owned, causes, recorded)
    manifest, pending = manifest_texts(wanted.outputs, wanted.inputs, scope, recorded, owned)
    return Comparison(
        project,
        replace(changes, manifest=_manifest_change(manifest, recorded, changes, causes)),
        wanted.outputs,
        tuple(sorted(key.name for key in wanted.inputs if key.kind == "template")),
        on_disk.present,
        manifest,
        pending,
    )


def _render(project: Project, names: Collection[str], progress: Progress) -> _Wanted:
    own = own_templates(project)
    outputs = render(project, names, progress, own)
    return _Wanted(outputs, inputs_of(project, own, names), own)


def _look_up(project: Project, scope: Scope, wanted: _Wanted, recorded: Recorded) -> _OnDisk:
    """Read what is at the path of each wanted and owned file, and find files that are neither."""
    folder = project.folder
    interrupted = recorded.interrupted.files.keys()
    known = wanted.outputs.keys() | recorded.manifest.files.keys() | interrupted
    suffixes = {PurePosixPath(path).suffix for path in wanted.outputs}
    unlisted = disk.marked(folder, scope.folders, known, suffixes)
    owned = scope.owned(recorded.manifest, wanted.outputs)
    paths = wanted.outputs.keys() | owned.keys() | interrupted
    folders = {path.rpartition("/")[0] for path in paths if scope.folder_of(path) is not None}
    return _OnDisk(
        disk.read_present(folder, [*paths, *unlisted]),
        unlisted,
        disk.leftovers(folder, folders, project.config.place.manifest),
    )


def _plan(
    scope: Scope,
    wanted: _Wanted,
    on_disk: _OnDisk,
    owned: Manifest,
    causes: Causes,
    recorded: Recorded,
) -> Plan:
    """Return the plan for the files, without the manifest."""
    changes = plan(
        wanted.data,
        on_disk.present,
        scope.owned(owned, wanted.outputs),
        causes.of,
        _orphan_causes(scope, causes, recorded.text or ""),
        on_disk.unlisted,
        lambda path: scope.folder_of(path) is not None,
    )
    cause = Cause("left over from an interrupted run")
    leftovers = (Change(path, Kind.ORPHANED, (cause,), None) for path in on_disk.temporary)
    return replace(
        changes,
        changes=tuple(sorted((*changes.changes, *leftovers), key=lambda change: change.path)),
    )


def _orphan_causes(
    scope: Scope, causes: Causes, manifest: str
) -> Callable[[str], tuple[Cause, ...]]:
    @cache
    def positions() -> Mapping[str, Position]:
        return listed_at(manifest, causes.project.config.place.manifest)

    def causes_of(path: str) -> tuple[Cause, ...]:
        if scope.folder_of(path) is not None:
            return causes.of_orphan(path)
        outside = Cause("outside the `out` folders", positions().get(path))
        return (*causes.of_orphan(path), outside)

    return causes_of


def _manifest_change(data: bytes, recorded: Recorded, files: Plan, causes: Causes) -> Change | None:
    """Return the change of the manifest to `data`, None if it does not change."""
    path = causes.project.config.place.manifest
    if recorded.text is None:
        is_lost = ", but there are generated files" if files.unchanged else ""
        cause = Cause(f"does not exist{is_lost}" if is_lost else "does not exist yet")
        return Change(path, Kind.CREATED, (cause,), data)
    if recorded.text.encode("utf-8") == data:
        return None
    if recorded.interrupted.files:
        cause = Cause("not written by an interrupted run")
        return Change(path, Kind.OUTDATED, (cause,), data)
    return Change(path, Kind.OUTDATED, causes.of_manifest(), data)
