"""Each command's whole flow, as one function that reads from top to bottom."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from modelsync import disk, git
from modelsync.causes import Causes
from modelsync.config import NAME as CONFIG
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.manifest import NAME as MANIFEST
from modelsync.manifest import Entry, Input, Manifest, read_manifest, write_manifest
from modelsync.paths import path_key
from modelsync.plan import Cause, Change, Kind, Plan, Present, Progress, plan, silent
from modelsync.project import (
    Project,
    inputs_of,
    load,
    manifest_of,
    read,
    read_project_config,
    render,
    targets_of,
)
from modelsync.spec.nodes import decode
from modelsync.targets import Owners, files_of, target_class
from modelsync.targets.base import Output

__all__ = ["Done", "check", "generate", "list_outputs", "load", "render"]

_ESCAPED: Final = re.compile(r"(\\*)([ #:])")
"""What a path in a makefile has a backslash before; one that stands there already is doubled."""


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
    read_project_config(folder)  # what is no project gets no state folder either
    with disk.locked(folder, waiting):
        project = read(folder)
        done, present, manifest, pending = _plan(project, names, progress)
        refuse(done.plan, force)
        before_write(done)
        changes = done.plan.changes
        kept = disk.keep(folder, [change.path for change in changes if change.edited])
        if not done.plan.in_sync or disk.is_interrupted(folder):
            disk.apply(folder, changes, present, manifest, pending, progress)
    return replace(done, kept=kept)


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
        return _plan(project, names, progress).done


def list_outputs(folder: Path, names: Collection[str] = ()) -> list[str]:
    """Return the path of every file that :func:`generate` makes, sorted.

    They follow from the specs and the config alone: nothing is rendered, and what stands on the
    disk does not count. Raises :class:`ProblemsError`.
    """
    problems: list[Problem] = []
    owners: Owners = {}
    paths = [
        path
        for target in targets_of(load(folder), names)
        for path, _ in files_of(target, owners, problems)
    ]
    if problems:
        raise ProblemsError(problems)
    return sorted(paths)


def unstaged(done: Done) -> tuple[list[str], list[str]]:
    """Return which files a commit would lack after a run, and which it would have left over.

    A file that somebody has written in the place of one that was ours is not left over. Raises
    :class:`git.GitError`.
    """
    folder = done.project.folder
    data, _ = disk.read_manifests(folder)
    owned = read_manifest(_manifest_text(data)).files if data is not None else {}
    outs = [settings.out for settings in done.project.config.targets]
    missing, gone = git.unstaged(folder, outs, done.outputs, owned)
    present = disk.read_present(folder, gone)
    left = [
        path
        for path, entry in gone.items()
        if (found := present[path]) is None or {found.digest, found.lf_digest} & entry.digests
    ]
    return missing, left


def folders_of(project: Project, paths: Collection[str]) -> list[str]:
    """Return the output folders that hold the `paths`, and those of them that are in none."""
    outs = [settings.out for settings in project.config.targets]
    return sorted(
        {next((out for out in outs if path.startswith(f"{out}/")), path) for path in paths}
    )


def depfile(done: Done, here: Path) -> str:
    """Return what the outputs of a run are made from, as a rule of make that ninja reads too.

    The inputs are the config, the specs and the project's own templates, and their folders, so
    that a new file counts as a change. Each has a rule without a recipe as well: make goes on when
    it is deleted. Paths are relative to the folder `here`, and escaped as GCC does it; there is
    no way to say a tab, `;`, `|` or `*` to both programs, nor `%` and `=` to make.
    """
    if not done.outputs:
        return ""
    project = done.project
    config = project.config
    inputs = {CONFIG, *project.fingerprints, *done.templates}
    for root in (config.specs, config.templates):
        inputs |= {folder for folder, _ in disk.walk(project.folder, root)}

    def shown(path: str) -> str:
        path = relative(project.folder, path, here)
        return _ESCAPED.sub(r"\1\1\\\2", path).replace("$", "$$")

    made, read = (" \\\n  ".join(map(shown, sorted(paths))) for paths in (done.outputs, inputs))
    return f"{made}: \\\n  {read}\n" + "".join(f"{shown(path)}:\n" for path in sorted(inputs))


def relative(folder: Path, path: str, here: Path) -> str:
    """Return the `path` of a project in `folder` as it is called from the folder `here`."""
    return Path(os.path.relpath(folder / path, here)).as_posix()


class _Planned(NamedTuple):
    """What is to be done, on what it was planned, and the manifest for when it is done.

    `pending` is that manifest with what an interrupted run may have left, for when it is not done.
    """

    done: Done
    present: Mapping[str, Present | None]
    manifest: bytes
    pending: bytes


def _plan(project: Project, names: Collection[str], progress: Progress) -> _Planned:
    folder = project.folder
    outputs = render(project, names, progress)
    wanted = {path: outputs[path].data for path in sorted(outputs)}
    inputs = inputs_of(project, names)
    # Before the old manifest is read: of a large schema, each takes megabytes while it is made.
    data = b"" if names else _manifest_data(wanted, outputs, inputs)
    text, before, interrupted = _manifests(project)

    def owned_by(manifest: Manifest) -> dict[str, Entry]:
        """Return what this run is about of what a manifest lists."""
        return {
            path: entry
            for path, entry in manifest.files.items()
            if not names or entry.target in names or path in wanted
        }

    paths = wanted.keys() | owned_by(before).keys() | interrupted.files.keys()
    present = disk.read_present(folder, paths)
    before |= _made(interrupted, present)
    owned = owned_by(before)
    if names:
        after = _with_others(before, manifest_of(wanted, outputs, inputs), names)
        data = write_manifest(after).encode("utf-8")
    causes = Causes(project.config, project.schema, outputs, inputs, before, _templates_of(project))
    made = plan(wanted, present, owned, causes.of, causes.of_orphan)
    left = tuple(
        Change(path, Kind.ORPHANED, (Cause("a run that was interrupted left it"),), None)
        for path in disk.leftovers(folder, paths)
    )
    pending = data
    if interrupted.files:
        after = read_manifest(data.decode("utf-8"))
        pending = write_manifest(after | Manifest(interrupted.files)).encode("utf-8")
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
    done = Done(project, Plan(changes, made.unchanged, manifest), outputs, templates)
    return _Planned(done, present, data, pending)


def _manifest_data(
    wanted: Mapping[str, bytes],
    outputs: Mapping[str, Output],
    inputs: Mapping[Input, frozenset[str]],
) -> bytes:
    return write_manifest(manifest_of(wanted, outputs, inputs)).encode("utf-8")


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
    persons = {
        CONFIG: "is the config",
        MANIFEST: "is the manifest",
        config.specs: "stands among the specs",
        config.templates: "stands among the templates",
    }
    problems = [
        Problem(
            Position(MANIFEST),
            "MS090",
            f"the manifest lists {path}, which {what}",
            help="remove that line: modelsync generates no file there",
        )
        for path in manifest.files
        for place, what in persons.items()
        if f"{path_key(path)}/".startswith(f"{path_key(place)}/")
    ]
    if problems:
        raise ProblemsError(problems)


def _made(interrupted: Manifest, present: Mapping[str, Present | None]) -> Manifest:
    """Return what of the manifest of an interrupted run had come to be."""
    files = {
        path: entry
        for path, entry in interrupted.files.items()
        if (found := present[path]) and {found.digest, found.lf_digest} & entry.digests
    }
    return Manifest(files)


def _with_others(before: Manifest, after: Manifest, names: Collection[str]) -> Manifest:
    """Return the manifest of a run for the targets `names` alone.

    What the other targets have was made from the specs and templates of the run before.
    """
    others = before.without(names)
    files = {path: entry for path, entry in others.files.items() if path not in after.files}
    inputs = after.only(names).inputs if others.files else after.inputs
    return Manifest({**after.files, **files}, {**inputs, **others.inputs})


def _templates_of(project: Project) -> Callable[[Output], frozenset[str]]:
    """Return what says which of the project's own templates a file is made of."""
    from modelsync.render import Templates  # noqa: PLC0415

    kinds = {settings.name: settings.target for settings in project.config.targets}

    @cache
    def used(kind: str, template: str) -> frozenset[str]:
        own = project.config.templates
        return Templates(target_class(kind), project.folder / own, own).used(template)

    return lambda output: used(kinds[output.target], output.template)


def refuse(found: Plan, force: bool) -> None:
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
