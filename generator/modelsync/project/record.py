"""The manifest of a run: what earlier runs recorded, and what this one is going to record.

`project` knows what a run reads (specs, templates, options); the manifest has it as
:class:`~modelsync.plan.manifest.Input`, so that the next run can report what changed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from modelsync import disk
from modelsync.errors import Problem, ProblemsError, visible
from modelsync.paths import path_key
from modelsync.plan.changes import Present, digest
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
from modelsync.project.config import NAME as CONFIG
from modelsync.project.config import Config
from modelsync.project.load import Project
from modelsync.render.own_templates import OwnTemplates
from modelsync.spec.nodes import decode
from modelsync.targets import target_class
from modelsync.targets.base import Output, Settings

Inputs = Mapping[Input, frozenset[str]]
"""Everything that a run reads, with its digest; an option has its value, as JSON."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What earlier runs recorded of the files that modelsync owns."""

    text: str | None
    """The text of the manifest; None if there is none."""
    manifest: Manifest = field(default_factory=Manifest)
    interrupted: Manifest = field(default_factory=Manifest)
    """The manifest that an interrupted run was going to write."""

    def completed(self, present: Mapping[str, Present | None]) -> Manifest:
        """Return the manifest with the files that an interrupted run did write."""
        written = {
            path: entry
            for path, entry in self.interrupted.files.items()
            if (file := present[path]) and file.is_as_generated(entry)
        }
        return self.manifest | Manifest(written)


class Scope:
    """The targets that a run is for, and the output folder of every target.

    `names` are the targets of a run for some of them, empty for all.
    """

    def __init__(self, config: Config, names: Collection[str] = ()) -> None:
        self.names = names
        self.targets = {settings.out: settings.name for settings in config.targets}
        """The name of each target, by its output folder."""

    @property
    def folders(self) -> list[str]:
        """The output folders of the targets that the run is for."""
        return [out for out, name in self.targets.items() if not self.names or name in self.names]

    def folder_of(self, path: str) -> str | None:
        """Return the output folder that contains a file, None if there is none."""
        end = path.find("/")
        while end >= 0:
            if path[:end] in self.targets:
                return path[:end]
            end = path.find("/", end + 1)
        return None

    def owned(self, manifest: Manifest, wanted: Collection[str]) -> dict[str, Entry]:
        """Return the files of a manifest that the run is for, or that it wants."""
        return {
            path: entry
            for path, entry in manifest.files.items()
            if path in wanted or self._has(path, entry)
        }

    def _has(self, path: str, entry: Entry) -> bool:
        """Return whether the run is for the target of an owned file."""
        return not self.names or self._target_of(path, entry) in self.names

    def _target_of(self, path: str, entry: Entry) -> str:
        # Output folders may have been swapped since: the current one decides.
        folder = self.folder_of(path)
        return entry.target if folder is None else self.targets[folder]


# What earlier runs recorded --------------------------------------------------------------------


def read_recorded(project: Project) -> Recorded:
    """Read the manifest, and the one of an interrupted run.

    Raises :class:`ProblemsError` for a manifest that cannot be read, or that lists files which
    modelsync never generates.
    """
    data, pending = disk.read_manifests(project.folder)
    text = _decode(data) if data is not None else None
    manifest = read_manifest(text) if text is not None else Manifest()
    _check_files(project.config, manifest, MANIFEST, text or "")
    interrupted = Manifest()
    if pending is not None:
        pending_text = ""
        # A truncated pending manifest is useless: nothing was written yet.
        with contextlib.suppress(ProblemsError):
            pending_text = _decode(pending)
            interrupted = read_manifest(pending_text)
        name = disk.pending_place(MANIFEST)
        _check_files(project.config, interrupted, name, pending_text)
    return Recorded(text, manifest, interrupted)


def _decode(data: bytes) -> str:
    text, problems = decode(MANIFEST, data, limit=None)
    if problems:
        raise ProblemsError(unreadable(problem.position, problem.message) for problem in problems)
    return text.replace("\r\n", "\n")


def _check_files(config: Config, manifest: Manifest, name: str, text: str) -> None:
    """Raise for a manifest, at the path `name`, that lists files which the user wrote."""
    reserved = {
        f"{path_key(path)}/": what
        for path, what in {
            CONFIG: "is the config",
            MANIFEST: "is the manifest",
            config.specs: "is a spec",
            config.templates: "is a template",
        }.items()
    }
    forbidden = {
        path: what
        for path in manifest.files
        for place, what in reserved.items()
        if f"{path_key(path)}/".startswith(place)
    }
    if forbidden:
        what_to_remove = "that line" if name == MANIFEST else f"`{name}`"
        help_ = f"remove {what_to_remove}: modelsync does not generate this file"
        positions = listed_at(text, name)
        raise ProblemsError(
            Problem(positions[path], "MS090", f"the manifest lists `{path}`, which {what}", help_)
            for path, what in forbidden.items()
        )


# What this run records -------------------------------------------------------------------------


def inputs_of(project: Project, own: OwnTemplates, names: Collection[str] = ()) -> Inputs:
    """Return what the project's targets, or only those called `names`, are generated from."""
    config = project.config
    templates = own.digests(settings.target for settings in config.targets)
    inputs = {Input("spec", "", path): value for path, value in project.fingerprints.items()}
    inputs |= {Input("template", "", _word(path)): value for path, value in templates.items()}
    for settings in config.targets:
        if not names or settings.name in names:
            inputs |= {
                Input("option", settings.name, name): value
                for name, value in option_inputs(settings)
            }
    return {key: frozenset({value}) for key, value in inputs.items()}


def _word(path: str) -> str:
    """Return a path without spaces: the name of a template is not restricted."""
    return visible(path).replace(" ", "\\x20")


def option_inputs(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the name and the value, as JSON, of each setting of a target.

    Options with their default are omitted, so a new option in a later version is not a change.
    """
    yield "out", json.dumps(settings.out)
    if settings.target != settings.name:
        yield "target", json.dumps(settings.target)
    if settings.packages:
        yield "packages", json.dumps(settings.packages)
    if settings.naming.initialisms:
        yield "initialisms", json.dumps(settings.naming.initialisms)
    if settings.naming.names:
        yield "names", json.dumps(dict(settings.naming.names))  # the first that matches counts
    defaults = target_class(settings.target).defaults()
    for name, value in settings.options.items():
        if value != defaults.get(name):
            plain = dict(value) if isinstance(value, Mapping) else value
            yield name, json.dumps(plain, sort_keys=True)


def manifest_texts(
    outputs: Mapping[str, Output], inputs: Inputs, scope: Scope, recorded: Recorded, owned: Manifest
) -> tuple[bytes, bytes]:
    """Return the text of the manifest after a run, and the one while the run writes.

    The second also lists what an interrupted run may have written. `owned` is the recorded
    manifest with the files that the interrupted run did write.
    """
    manifest = _record(outputs, inputs)
    if scope.names:
        manifest = _keep_others(owned, manifest, scope)
    data = _text(manifest)
    if not recorded.interrupted.files:
        return data, data
    return data, _text(manifest | Manifest(recorded.interrupted.files))


def _text(manifest: Manifest) -> bytes:
    return write_manifest(manifest).encode("utf-8")


def _record(outputs: Mapping[str, Output], inputs: Inputs) -> Manifest:
    """Return the manifest of a run that leaves these files."""
    files = {
        path: Entry(frozenset({digest(output.data)}), output.target, _source(output))
        for path, output in outputs.items()
    }
    return Manifest(files, inputs)


def _source(output: Output) -> str:
    """Return the spec that a file comes from, or the folder of its specs, or `-`."""
    specs = {definition.spec for definition in output.definitions}
    if len(specs) == 1:
        return specs.pop()
    folders = [path.split("/")[:-1] for path in specs]
    common: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join(common) + "/" if common else "-"


def _keep_others(before: Manifest, after: Manifest, scope: Scope) -> Manifest:
    """Return the manifest of a run for some targets, with what `before` has of the others.

    A spec or template that changed since the other targets were generated gets both digests: the
    manifest does not record which of their files were generated from which version.
    """
    owned = scope.owned(before, after.files)
    files = {path: entry for path, entry in before.files.items() if path not in owned}
    if not files:
        return after
    others = before.without(scope.names)
    shared = {key for key in (*before.inputs, *after.inputs) if not key.target}
    mixed = {key: _both(before.inputs.get(key), after.inputs.get(key)) for key in shared}
    inputs = {**after.only(scope.names).inputs, **others.inputs, **mixed}
    return Manifest({**after.files, **files}, inputs)


def _both(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str]:
    """Return the digests of an input in two runs: at most two, which show that it changed."""
    digests = before or frozenset({ABSENT})
    return digests if len(digests) > 1 else digests | (after or frozenset({ABSENT}))
