"""Each command's whole flow, as one function that reads from top to bottom."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from modelsync import disk
from modelsync.causes import Causes
from modelsync.config import NAME as CONFIG
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.manifest import NAME as MANIFEST
from modelsync.manifest import Manifest, read_manifest, write_manifest
from modelsync.paths import path_key
from modelsync.plan import Cause, Change, Kind, Plan, Present, Progress, plan, silent
from modelsync.project import Project, inputs_of, load, manifest_of, read, render, targets_of
from modelsync.spec.nodes import decode
from modelsync.targets import target_class
from modelsync.targets.base import Output

__all__ = ["Done", "check", "generate", "list_outputs", "load", "render"]

_ESCAPED: Final = re.compile(r"[ #:\\]")
"""What a path in a makefile has a backslash before."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run found, and what it did about it.

    `outputs` has every file of the targets that it was about, and `templates` the paths of the
    project's own templates. `kept` has the path of the copy of each file that was edited or
    foreign, and is no more.
    """

    project: Project
    plan: Plan
    outputs: Mapping[str, Output]
    templates: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def generate(
    folder: Path,
    names: Collection[str] = (),
    *,
    force: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
    before_write: Callable[[Done], object] = lambda _done: None,
) -> Done:
    """Make the project in `folder`, or its targets called `names`, as its specs say.

    Everything is rendered and checked before the first write; a file that is as it should be is
    not touched. A file that was edited is kept as a copy before it is written over. `before_write`
    is called with what is going to be done, and `waiting` when another run has to end first.

    Raises :class:`ProblemsError`, also for every file that stands in the way and is not ours:
    `force` takes the place of those. Raises OSError.
    """
    with disk.locked(folder, waiting):
        project = read(folder)
        found, manifest = _plan(project, names, progress)
        _refuse(found.plan, force)
        before_write(found)
        changes = found.plan.changes
        kept = disk.keep(folder, [change.path for change in changes if change.edited])
        if not found.plan.in_sync or disk.is_interrupted(folder):
            disk.apply(folder, changes, manifest, progress)
    return replace(found, kept=kept)


def check(
    folder: Path,
    names: Collection[str] = (),
    *,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Done:
    """Return what :func:`generate` would do, and write nothing.

    Raises :class:`ProblemsError` for specs, config, templates and a manifest that are wrong, and
    OSError.
    """
    with disk.unchanging(folder, waiting):
        project = read(folder)
        found, _ = _plan(project, names, progress)
    return found


def list_outputs(folder: Path, names: Collection[str] = ()) -> list[str]:
    """Return the path of every file that :func:`generate` makes, sorted.

    They follow from the specs and the config alone: nothing is rendered, and what stands on the
    disk does not count. Raises :class:`ProblemsError`.
    """
    targets = targets_of(load(folder), names)
    return sorted(f"{each.settings.out}/{file.path}" for each in targets for file in each.files())


def depfile(done: Done, here: Path) -> str:
    """Return what the outputs of a run are made from, as a rule of make that ninja reads too.

    The inputs are the config, the specs and the project's own templates, and their folders, so
    that a new spec counts as a change. Paths are relative to the folder `here`.
    """
    project = done.project
    config = project.config
    inputs = {CONFIG, config.specs, *project.fingerprints, *done.templates}
    for path in (*project.fingerprints, *done.templates):
        inputs |= {str(folder) for folder in PurePosixPath(path).parents[:-1]}

    def shown(paths: Collection[str]) -> str:
        return " \\\n  ".join(
            _ESCAPED.sub(r"\\\g<0>", relative(project.folder, path, here)).replace("$", "$$")
            for path in sorted(paths)
        )

    return f"{shown(done.outputs)}: \\\n  {shown(inputs)}\n"


def relative(folder: Path, path: str, here: Path) -> str:
    """Return the `path` of a project in `folder` as it is called from the folder `here`."""
    return Path(os.path.relpath(folder / path, here)).as_posix()


def _plan(project: Project, names: Collection[str], progress: Progress) -> tuple[Done, bytes]:
    """Return what is to be done, and the manifest for when it is done."""
    folder = project.folder
    outputs = render(project, names, progress)
    wanted = {path: outputs[path].data for path in sorted(outputs)}
    text, before, interrupted = _manifests(project)
    paths = wanted.keys() | before.files.keys() | interrupted.files.keys()
    present = disk.read_present(folder, paths)
    before |= _made(interrupted, present)
    inputs = inputs_of(project, names)
    after = manifest_of(wanted, outputs, inputs)
    owned = dict(before.files)
    if names:
        after = _with_others(before, after, names)
        owned = {
            path: entry for path, entry in owned.items() if entry.target in names or path in wanted
        }
    causes = Causes(project.config, project.schema, outputs, inputs, before, _templates_of(project))
    made = plan(wanted, present, owned, causes.of, causes.of_orphan)
    left = tuple(
        Change(path, Kind.ORPHANED, (Cause("a run that was interrupted left it"),), None)
        for path in disk.leftovers(folder, paths)
    )
    data = write_manifest(after).encode("utf-8")
    manifest = None
    if text is None:
        manifest = Change(MANIFEST, Kind.CREATED, (Cause("there is none yet"),), data)
    elif text.encode("utf-8") != data:
        why = causes.of_manifest()
        if interrupted.files:
            why = (Cause("a run that was interrupted did not come to write it"),)
        manifest = Change(MANIFEST, Kind.OUTDATED, why, data)
    changes = tuple(sorted((*made.changes, *left), key=lambda change: change.path))
    templates = tuple(sorted(key.name for key in inputs if key.kind == "template"))
    return Done(project, Plan(changes, made.unchanged, manifest), outputs, templates), data


def _manifests(project: Project) -> tuple[str | None, Manifest, Manifest]:
    """Return the manifest as text and as what it says, and the one of an interrupted run."""
    data, pending = disk.read_manifests(project.folder)
    text = _manifest_text(data) if data is not None else None
    manifest = read_manifest(text) if text is not None else Manifest()
    _check_places(project, manifest)
    interrupted = Manifest()
    if pending is not None:
        # Half a file of ours, and of no more use, if it cannot be read.
        with contextlib.suppress(ProblemsError):
            interrupted = read_manifest(_manifest_text(pending))
    return text, manifest, interrupted


def _manifest_text(data: bytes) -> str:
    text, problems = decode(MANIFEST, data, limit=None)
    if problems:
        raise ProblemsError(problems)
    return text.replace("\r\n", "\n")


def _check_places(project: Project, manifest: Manifest) -> None:
    """Raise for a manifest that would have us delete what a person wrote."""
    config = project.config
    folders = {config.specs: "specs", config.templates: "templates"}
    problems = [
        Problem(
            Position(MANIFEST),
            "MS090",
            f"the manifest lists {path}, which stands among the {what}",
            help="remove that line: modelsync generates no file there",
        )
        for path in manifest.files
        for folder, what in folders.items()
        if path_key(path).startswith(f"{path_key(folder)}/")
    ]
    if problems:
        raise ProblemsError(problems)


def _made(interrupted: Manifest, present: Mapping[str, Present | None]) -> Manifest:
    """Return what of the manifest of an interrupted run had come to be."""
    files = {
        path: entry
        for path, entry in interrupted.files.items()
        if (found := present[path]) is not None and found.digest in entry.digests
    }
    return Manifest(files)


def _with_others(before: Manifest, after: Manifest, names: Collection[str]) -> Manifest:
    """Return the manifest of a run for the targets `names` alone.

    What the other targets have was made from the specs and templates of the run before.
    """
    others = before.without(names)
    files = {path: entry for path, entry in others.files.items() if path not in after.files}
    return Manifest({**after.files, **files}, {**after.inputs, **others.inputs})


def _templates_of(project: Project) -> Callable[[Output], frozenset[str]]:
    """Return what says which of the project's own templates a file is made of."""
    from modelsync.render import Templates  # noqa: PLC0415

    kinds = {settings.name: settings.target for settings in project.config.targets}

    @cache
    def used(kind: str, template: str) -> frozenset[str]:
        own = project.config.templates
        return Templates(target_class(kind), project.folder / own, own).used(template)

    return lambda output: used(kinds[output.target], output.template)


def _refuse(found: Plan, force: bool) -> None:
    """Raise for each change that would harm what is not ours."""
    problems = []
    for change in found.foreign:
        what = change.causes[0].text
        if change.blocked:
            link = "symbolic link" in what and "folder" in what
            help_ = (
                "modelsync writes through no link: name the real folder in modelsync.yaml"
                if link
                else "remove it, or move it away"
            )
            problems.append(Problem(Position(change.path), "MS080", what, help=help_))
        elif not force:
            help_ = (
                "move or rename that file, or give the target another `out` in modelsync.yaml;"
                " `modelsync generate --force` takes its place and keeps a copy of it"
            )
            problems.append(Problem(Position(change.path), "MS091", what, help=help_))
    if problems:
        raise ProblemsError(problems)
