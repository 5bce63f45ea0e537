"""Each command's whole flow, as one function that reads from top to bottom."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.paths import path_key
from modelsync.plan.changes import Cause, Change, Kind, Plan, Present, plan
from modelsync.plan.manifest import (
    ABSENT,
    Entry,
    Input,
    Manifest,
    listed_at,
    read_manifest,
    unreadable,
    write_manifest,
)
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.progress import Progress, silent
from modelsync.project.causes import Causes
from modelsync.project.config import NAME as CONFIG
from modelsync.project.load import (
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

__all__ = ["Found", "check", "generate", "list_outputs", "load", "render"]

_ESCAPED: Final = re.compile(r"(\\*)([ #:])")
"""What a path in a makefile has a backslash before; one that stands there already is doubled."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found, and what it did about it.

    `outputs` has every file of the targets that it was about, and `templates` the paths of the
    project's own templates. `kept` has the path of the copy of each file that is no more and that
    was edited, foreign or not marked as generated; `left` are the changes that were not made:
    those that only a forced run makes, and those outside the output folders.
    """

    project: Project
    plan: Plan
    outputs: Mapping[str, Output]
    templates: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Change, ...] = ()


def generate(
    folder: Path,
    names: Collection[str] = (),
    *,
    force: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
    before_write: Callable[[Found], object] = lambda _found: None,
) -> Found:
    """Make the project in `folder`, or its targets called `names`, as its specs say.

    Everything is rendered and checked before the first write; a file that is as it should be is
    not touched. A file that was edited is kept as a copy before it is written over, and so is one
    that is deleted and does not say that modelsync generated it. Nothing outside the output folders
    is deleted. `before_write` is called with what is going to be done, and `waiting` when another
    run has to end first.

    Raises :class:`ProblemsError`, also for every file that stands in the way and is not ours:
    `force` takes the place of those, and deletes what says that it is ours and is not listed.
    Raises OSError.
    """
    read_project_config(folder)  # what is no project gets no state folder either
    with disk.locked(folder, waiting):
        project = read(folder)
        found, present, manifest, pending = _plan(project, names, progress)
        refuse(found.plan, force)
        found = permitted(found, force)
        before_write(found)
        changes = found.plan.changes
        kept = disk.keep(folder, [change.path for change in changes if change.keeps_copy])
        if not found.plan.in_sync or disk.is_interrupted(folder):
            disk.apply(folder, changes, present, manifest, pending, progress)
    return replace(found, kept=kept)


def check(
    folder: Path,
    names: Collection[str] = (),
    *,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Found:
    """Return what :func:`generate` would do, and write nothing.

    Raises :class:`ProblemsError` for specs, config, templates and a manifest that are wrong, and
    OSError.
    """
    with disk.unchanging(folder, waiting):
        project = read(folder)
        return _plan(project, names, progress).found


def permitted(found: Found, force: bool) -> Found:
    """Return `found` without the changes that no run makes, or a forced one: those are `left`."""
    left = found.plan.left(force)
    changes = tuple(change for change in found.plan.changes if change not in left)
    return replace(found, plan=replace(found.plan, changes=changes), left=left)


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


def depfile(found: Found, here: Path) -> str:
    """Return what the outputs of a run are made from, as a rule of make that ninja reads too.

    The inputs are the config, the specs and the project's own templates, and their folders, so
    that a new file counts as a change. Each has a rule without a recipe as well: make goes on when
    it is deleted. Paths are relative to the folder `here`, and escaped as GCC does it; there is
    no way to say a tab, `;`, `|` or `*` to both programs, nor `%` and `=` to make.
    """
    if not found.outputs:
        return ""
    project = found.project
    config = project.config
    inputs = {CONFIG, *project.fingerprints, *found.templates}
    for root in (config.specs, config.templates):
        inputs |= {folder for folder, _ in disk.walk(project.folder, root)}

    def shown(path: str) -> str:
        path = relative(project.folder, path, here)
        return _ESCAPED.sub(r"\1\1\\\2", path).replace("$", "$$")

    made, read = (" \\\n  ".join(map(shown, sorted(paths))) for paths in (found.outputs, inputs))
    return f"{made}: \\\n  {read}\n" + "".join(f"{shown(path)}:\n" for path in sorted(inputs))


def check_depfile(found: Found, place: Path) -> None:
    """Raise for a depfile that would take the place of a file that the run reads or makes."""
    project = found.project
    what = {
        **dict.fromkeys(found.outputs, "a generated file"),
        **dict.fromkeys(project.fingerprints, "a spec"),
        **dict.fromkeys(found.templates, "a template"),
        MANIFEST: "the manifest",
        CONFIG: "the config",
    }
    taken = {path_key(path): path for path in what}
    path = taken.get(path_key(relative(place.resolve(), "", project.folder.resolve())))
    if path is not None:
        message = f"the depfile would take the place of {what[path]}"
        help_ = "give --depfile another path"
        raise ProblemsError([Problem(Position(path), "MS094", message, help=help_)])


def relative(folder: Path, path: str, here: Path) -> str:
    """Return the `path` of a project in `folder` as it is called from the folder `here`."""
    return Path(os.path.relpath(folder / path, here)).as_posix()


class _Planned(NamedTuple):
    """What was found, on what that was planned, and the manifest for when it is done.

    `pending` is that manifest with what an interrupted run may have left, for when it is not done.
    """

    found: Found
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

    outs = {each.out: each.name for each in project.config.targets}

    def owned_by(manifest: Manifest) -> dict[str, Entry]:
        """Return what this run is about of what a manifest lists."""
        return {
            path: entry
            for path, entry in manifest.files.items()
            if not names or _target_of(path, entry, outs) in names or path in wanted
        }

    def is_in_out(path: str) -> bool:
        return _out_of(path, outs) is not None

    known = wanted.keys() | before.files.keys() | interrupted.files.keys()
    here = [out for out, name in outs.items() if not names or name in names]
    unlisted = disk.marked(folder, here, known, {PurePosixPath(path).suffix for path in wanted})
    paths = wanted.keys() | owned_by(before).keys() | interrupted.files.keys()
    temporary = disk.leftovers(
        folder, {path.rpartition("/")[0] for path in paths if is_in_out(path)}
    )
    present = disk.read_present(folder, [*paths, *unlisted])
    before |= _made(interrupted, present)
    if names:
        after = _with_others(before, manifest_of(wanted, outputs, inputs), names, outs)
        data = write_manifest(after).encode("utf-8")
    causes = Causes(
        project.config,
        project.schema,
        outputs,
        inputs,
        before,
        _templates_of(project),
        lambda config: render(replace(project, config=config)),
    )

    @cache
    def places() -> Mapping[str, Position]:
        return listed_at(text or "")

    def why_orphaned(path: str) -> tuple[Cause, ...]:
        if is_in_out(path):
            return causes.of_orphan(path)
        return (*causes.of_orphan(path), Cause("no `out` leads there", places().get(path)))

    owned = owned_by(before)
    made = plan(wanted, present, owned, causes.of, why_orphaned, unlisted, is_in_out)
    cause = Cause("a run that was interrupted left it")
    left = (Change(path, Kind.ORPHANED, (cause,), None) for path in temporary)
    changes = tuple(sorted((*made.changes, *left), key=lambda change: change.path))
    why = _why_not_so(text, data, made, interrupted, causes)
    kind = Kind.CREATED if text is None else Kind.OUTDATED
    manifest = Change(MANIFEST, kind, why, data) if why else None
    templates = tuple(sorted(key.name for key in inputs if key.kind == "template"))
    found = Found(project, Plan(changes, made.unchanged, manifest), outputs, templates)
    return _Planned(found, present, data, _with_interrupted(data, interrupted))


def _why_not_so(
    text: str | None, data: bytes, made: Plan, interrupted: Manifest, causes: Causes
) -> tuple[Cause, ...]:
    """Return why the manifest is not `data`: nothing where it is."""
    if text is None:
        there = ", though files that modelsync generates are there" if made.unchanged else " yet"
        return (Cause(f"there is none{there}"),)
    if text.encode("utf-8") == data:
        return ()
    if interrupted.files:
        return (Cause("a run that was interrupted did not come to write it"),)
    return causes.of_manifest()


def _with_interrupted(data: bytes, interrupted: Manifest) -> bytes:
    """Return the manifest `data` with what an interrupted run may have written too."""
    if not interrupted.files:
        return data
    after = read_manifest(data.decode("utf-8"))
    return write_manifest(after | Manifest(interrupted.files)).encode("utf-8")


def _manifest_data(
    wanted: Mapping[str, bytes],
    outputs: Mapping[str, Output],
    inputs: Mapping[Input, frozenset[str]],
) -> bytes:
    return write_manifest(manifest_of(wanted, outputs, inputs)).encode("utf-8")


def _out_of(path: str, outs: Mapping[str, str]) -> str | None:
    """Return the output folder that a path is below."""
    end = path.find("/")
    while end >= 0:
        if path[:end] in outs:
            return path[:end]
        end = path.find("/", end + 1)
    return None


def _target_of(path: str, entry: Entry, outs: Mapping[str, str]) -> str:
    """Return the target that an owned file is of: where it is counts, whatever the manifest says.

    `outs` has the name of each target by its output folder.
    """
    out = _out_of(path, outs)
    return entry.target if out is None else outs[out]


def _manifests(project: Project) -> tuple[str | None, Manifest, Manifest]:
    """Return the manifest as text and as what it says, and the one of an interrupted run."""
    data, pending = disk.read_manifests(project.folder)
    text = _manifest_text(data) if data is not None else None
    manifest = read_manifest(text) if text is not None else Manifest()
    _check_places(project, manifest, MANIFEST, text or "")
    interrupted = Manifest()
    if pending is not None:
        pending_text = ""
        # Half a file of ours, and of no more use, if it cannot be read.
        with contextlib.suppress(ProblemsError):
            pending_text = _manifest_text(pending)
            interrupted = read_manifest(pending_text)
        _check_places(project, interrupted, disk.pending_place(MANIFEST), pending_text)
    return text, manifest, interrupted


def _manifest_text(data: bytes) -> str:
    text, problems = decode(MANIFEST, data, limit=None)
    if problems:
        raise ProblemsError(unreadable(each.position, each.message) for each in problems)
    return text.replace("\r\n", "\n")


def _check_places(project: Project, manifest: Manifest, name: str, text: str) -> None:
    """Raise for a manifest that lists what a person wrote. `name` is its path, `text` its text."""
    config = project.config
    persons = {
        CONFIG: "is the config",
        MANIFEST: "is the manifest",
        config.specs: "stands among the specs",
        config.templates: "stands among the templates",
    }
    keys = {f"{path_key(place)}/": what for place, what in persons.items()}
    help_ = "remove that line: modelsync generates no file there"
    if name != MANIFEST:
        help_ = f"remove {name}: modelsync generates no file there"
    wrong = {
        path: what
        for path in manifest.files
        for place, what in keys.items()
        if f"{path_key(path)}/".startswith(place)
    }
    if wrong:
        places = listed_at(text, name)
        raise ProblemsError(
            Problem(places[path], "MS090", f"the manifest lists {path}, which {what}", help_)
            for path, what in wrong.items()
        )


def _made(interrupted: Manifest, present: Mapping[str, Present | None]) -> Manifest:
    """Return what of the manifest of an interrupted run had come to be."""
    files = {
        path: entry
        for path, entry in interrupted.files.items()
        if (found := present[path]) and found.is_as_generated(entry)
    }
    return Manifest(files)


def _with_others(
    before: Manifest, after: Manifest, names: Collection[str], outs: Mapping[str, str]
) -> Manifest:
    """Return the manifest of a run for the targets `names` alone.

    What the other targets have is as the runs before have left it. A spec or template that has
    changed since then has both of its digests: of no file is it known which one it was made from.
    """
    files = {
        path: entry
        for path, entry in before.files.items()
        if _target_of(path, entry, outs) not in names and path not in after.files
    }
    if not files:
        return after
    others = before.without(names)
    shared = {key for key in (*before.inputs, *after.inputs) if not key.target}
    mixed = {key: _both(before.inputs.get(key), after.inputs.get(key)) for key in shared}
    inputs = {**after.only(names).inputs, **others.inputs, **mixed}
    return Manifest({**after.files, **files}, inputs)


def _both(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str]:
    """Return the digests of an input of two runs. Two say that they differ, so no third is kept."""
    known = before or frozenset({ABSENT})
    return known if len(known) > 1 else known | (after or frozenset({ABSENT}))


def _templates_of(project: Project) -> Callable[[Output], frozenset[str]]:
    """Return what says of which templates a file is made, each called as the project's own one."""
    from modelsync.render.render import Templates  # noqa: PLC0415

    kinds = {settings.name: settings.target for settings in project.config.targets}

    @cache
    def used(kind: str, template: str) -> frozenset[str]:
        own = project.config.templates
        return Templates(target_class(kind), project.folder, own).used(template)

    return lambda output: used(kinds[output.target], output.template)


def refuse(found: Plan, force: bool) -> None:
    """Raise for each change that would harm what is not ours."""
    problems = [
        Problem(
            Position(change.path),
            "MS080" if change.blocked else "MS091",
            change.causes[0].text,
            help=change.help,
        )
        for change in found.foreign
        if change.blocked or not force
    ]
    if problems:
        raise ProblemsError(problems)
