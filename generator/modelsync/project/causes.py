"""Why a file changes: which spec, option or template is different since the last run.

The manifest has the inputs of the run that wrote the files. Compared with the inputs of this run,
they show what changed. The definitions, template and target of a file show which changes matter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from modelsync.errors import Position, ProblemsError, did_you_mean
from modelsync.plan.changes import Cause, digest
from modelsync.plan.manifest import ABSENT, Input, Manifest
from modelsync.project.config import NAME, NAMING_KEYS, settings_from
from modelsync.project.load import Project
from modelsync.project.record import Inputs, option_inputs
from modelsync.project.targets import render
from modelsync.render.own_templates import OwnTemplates
from modelsync.schema.definitions import Definition, Model, refs_of
from modelsync.targets import target_class
from modelsync.targets.base import Output, Settings

if TYPE_CHECKING:
    from modelsync.render.templates import Templates


class Causes:
    """Finds the causes of the changes of a run."""

    def __init__(
        self,
        project: Project,
        outputs: Mapping[str, Output],
        inputs: Inputs,
        before: Manifest,
        own: OwnTemplates,
    ) -> None:
        self.project = project
        self.settings = {settings.name: settings for settings in project.config.targets}
        self.outputs = outputs
        self.inputs = inputs
        """The inputs of this run."""
        self.before = before
        """The manifest of the last run."""
        self.own = own
        self.targets = {key.target for key in inputs}
        """The targets that the run is for."""
        self.changed = {
            key
            for key in inputs.keys() | before.inputs.keys()
            # An input with two values after a merge always counts as changed.
            if key.target in self.targets and inputs.get(key) != before.inputs.get(key)
        }
        self.changed_specs = {key.name for key in self.changed if key.kind == "spec"}
        self._digests_before: dict[tuple[Input, bool], Mapping[str, str] | None] = {}
        self._templates: dict[str, Templates] = {}
        self._used_templates: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, path: str) -> tuple[Cause, ...]:
        """Return why the wanted file `path` is missing or outdated."""
        output = self.outputs[path]
        settings = self.settings[output.target]
        is_new = path not in self.before.files
        if is_new and Input("option", output.target, "out") not in self.before.inputs:
            if self.before.files:
                return (_new_target(settings),)
            return (_needed_by(output, settings),)
        causes = [
            *(cause for each in self._shown_by(settings) for cause in self._options(each, path)),
            *self._templates_changed(output),
            *self._specs(output, path),
        ]
        causes = causes or [*self._options(settings)]
        if causes:
            return tuple(causes)
        if is_new:
            return (_needed_by(output, settings),)
        if self.changed_specs:
            return tuple(self._changed_anywhere())
        return (Cause("this version of modelsync generates it differently"),)

    def _shown_by(self, settings: Settings) -> Iterable[Settings]:
        """Return the settings of a target, and of the ones whose output it shows."""
        if target_class(settings.target).shows_others:
            return self.settings.values()
        return (settings,)

    def of_orphan(self, path: str) -> tuple[Cause, ...]:
        """Return why the owned file `path` is no longer needed."""
        _, target, source = self.before.files[path]
        settings = self.settings.get(target)
        if settings is None:
            return (self._removed_target(target),)
        causes = [*self._options(settings, path)]
        of_one_spec = source != "-" and not source.endswith("/")
        if of_one_spec and Input("spec", "", source) not in self.inputs:
            causes.append(self._what_happened("spec", source))
        elif of_one_spec and not causes:
            causes.append(Cause(f"{source} no longer needs it", Position(source)))
        elif not causes:
            text = f"the target `{target}` no longer generates it"
            causes.append(Cause(text, settings.position))
        return tuple(causes)

    def of_manifest(self) -> tuple[Cause, ...]:
        """Return why the manifest is outdated although no file is."""
        if not self.before.files:
            return (Cause("lists no files"),)
        if any(len(entry.digests) > 1 for entry in self.before.files.values()):
            return (Cause("contains both sides of a merge"),)
        causes = [
            *self._targets_changed(),
            *(
                self._what_happened(key.kind, key.name)
                for key in sorted(self.changed)
                if not key.target
            ),
        ]
        return tuple(causes) or (Cause("does not match the files"),)

    def _targets_changed(self) -> Iterator[Cause]:
        known = {key.target for key in self.before.inputs if key.target}
        if self.settings.keys() <= self.targets:
            yield from map(self._removed_target, sorted(known - self.settings.keys()))
        for name in sorted(self.settings.keys() & self.targets):
            if name in known:
                yield from self._options(self.settings[name])
            else:
                yield _new_target(self.settings[name])

    def _removed_target(self, name: str) -> Cause:
        text = f"{NAME} no longer has a target `{name}`"
        help_ = did_you_mean(name, self.settings)
        return Cause(
            f"{text}; {help_}" if help_ else text, Position(self.project.config.place.config)
        )

    # Options ----------------------------------------------------------------------------------

    def _options(self, settings: Settings, path: str | None = None) -> Iterator[Cause]:
        """Yield a cause for each changed option, or only for those that the file `path` needs."""
        defaults = target_class(settings.target).defaults()
        for key in sorted(self.changed):
            if key.target != settings.name or (path is not None and not self._depends(path, key)):
                continue
            default = defaults.get(key.name)
            unset = "unset" if default is None else json.dumps(default, default=dict)
            old, new = (
                " or ".join(sorted(values)) if values else unset
                for values in (self.before.inputs.get(key), self.inputs.get(key))
            )
            of_all = key.name in NAMING_KEYS
            what = f"`{key.name}`" if of_all else f"the option `{key.name}` of `{settings.name}`"
            yield Cause(
                f"{what} changed from {old} to {new}",
                settings.where(key.name),
            )

    def _depends(self, path: str, option: Input) -> bool:
        """Return whether the previous value of an option gives a different file."""
        output = self.outputs.get(path)
        # A file that shows others needs all targets.
        alone = output is None or output.target == option.target
        if (option, alone) not in self._digests_before:
            self._digests_before[option, alone] = self._digests_with_old(option, alone)
        before = self._digests_before[option, alone]
        return before is None or before.get(path) != (digest(output.data) if output else None)

    def _digests_with_old(self, option: Input, alone: bool) -> Mapping[str, str] | None:
        """Return the digest of each file of a target, rendered with the old value of an option.

        Without `alone`, the other targets are rendered too.

        None if the old value is not known, or is no longer valid.
        """
        old = self.before.inputs.get(option, frozenset())
        if len(old) > 1:
            return None
        values = dict(option_inputs(self.settings[option.target]))
        values.pop(option.name, None)
        for value in old:
            values[option.name] = value
        try:
            inputs = {name: json.loads(value) for name, value in values.items()}
            settings = settings_from(option.target, inputs)
            if settings is None:
                return None
            targets = [settings]
            if not alone:
                others = self.project.config.targets
                targets = [settings if each.name == settings.name else each for each in others]
            config = replace(self.project.config, targets=tuple(targets))
            outputs = render(replace(self.project, config=config), own=self.own)
        except (ProblemsError, ValueError):
            return None
        return {path: digest(output.data) for path, output in outputs.items()}

    # Templates --------------------------------------------------------------------------------

    def _templates_changed(self, output: Output) -> Iterator[Cause]:
        changed = {key.name for key in self.changed if key.kind == "template"}
        if not changed:
            return
        folder = f"{self.project.config.templates}/{self.settings[output.target].target}/"
        if target_class(self.settings[output.target].target).shows_others:
            others = {name for name in changed if not name.startswith(folder)}
            yield from (self._what_happened("template", name) for name in sorted(others))
        # What a deleted template included is unknown: then every deleted template counts.
        deleted = {
            name
            for name in changed
            if Input("template", "", name) not in self.inputs and name.startswith(folder)
        }
        for name in sorted(changed & self._templates_of(output) or deleted):
            yield self._what_happened("template", name)

    def _templates_of(self, output: Output) -> frozenset[str]:
        """Return the templates of a file, with the paths that the project's own ones have."""
        kind = self.settings[output.target].target
        key = (kind, output.template)
        if key not in self._used_templates:
            # Importing Jinja takes a while; a run that ends with invalid specs does not need it.
            from modelsync.render.templates import Templates  # noqa: PLC0415

            if kind not in self._templates:
                self._templates[kind] = Templates(target_class(kind), self.own)
            self._used_templates[key] = self._templates[kind].used(output.template)
        return self._used_templates[key]

    # Specs ------------------------------------------------------------------------------------

    def _specs(self, output: Output, path: str) -> tuple[Cause, ...]:
        """Return a cause for each changed spec that is nearest to the file's definitions."""
        if not self.changed_specs:
            return ()
        changed = self._nearest_changed(output.definitions)
        deleted = [*self._deleted_sources(path)]
        new = [cause for spec, cause in changed.items() if self._is_new("spec", spec)]
        if len({definition.spec for definition in output.definitions}) > 1 and (new or deleted):
            # Most likely a list of definitions, which changes when specs are added or deleted.
            return (*new, *deleted)
        return (*changed.values(), *deleted)

    def _nearest_changed(self, definitions: Collection[Definition]) -> dict[str, Cause]:
        """Return a cause for each changed spec with one of the definitions, by its path.

        If there is none, look at what the definitions extend and refer to, and so on.
        """
        by_id = self.project.schema.by_id
        level = list(definitions)
        seen = {definition.id for definition in level}
        changed = self._changed_in(level, "changed")
        while level and not changed:
            ids = {id_ for definition in level for id_ in _used_by(definition)} - seen
            seen |= ids
            level = [by_id[id_] for id_ in sorted(ids) if id_ in by_id]
            changed = self._changed_in(level, "changed, and the file refers to it")
        return changed

    def _changed_in(self, definitions: Iterable[Definition], how: str) -> dict[str, Cause]:
        causes: dict[str, Cause] = {}
        for definition in definitions:
            spec = definition.spec
            if spec in self.changed_specs and spec not in causes:
                what = "is new" if self._is_new("spec", spec) else how
                causes[spec] = Cause(f"{spec} {what}", definition.position)
        return causes

    def _deleted_sources(self, path: str) -> Iterator[Cause]:
        """Yield a cause for each deleted spec that a file of several specs may come from.

        No definition of it is left; the manifest only has the folder of all specs of the file.
        """
        entry = self.before.files.get(path)
        if entry is None or not entry.source.endswith("/"):
            return
        for name in sorted(self.changed_specs):
            if name.startswith(entry.source) and Input("spec", "", name) not in self.inputs:
                yield self._what_happened("spec", name)

    def _changed_anywhere(self) -> Iterator[Cause]:
        """Yield the causes of a file without definitions, such as a list of all of them.

        Such a list changes when specs are added or deleted, and rarely otherwise.
        """
        added_or_deleted = {
            name
            for name in self.changed_specs
            if self._is_new("spec", name) or Input("spec", "", name) not in self.inputs
        }
        for name in sorted(added_or_deleted or self.changed_specs):
            yield self._what_happened("spec", name)

    def _is_new(self, kind: str, name: str) -> bool:
        """Return whether some files were generated before this spec or template existed."""
        return ABSENT in self.before.inputs.get(Input(kind, "", name), {ABSENT})

    def _what_happened(self, kind: str, name: str) -> Cause:
        if Input(kind, "", name) not in self.inputs:
            return Cause(f"{name} was deleted")
        how = "is new" if self._is_new(kind, name) else "changed"
        return Cause(f"{name} {how}", Position(name))


def _used_by(definition: Definition) -> Iterator[str]:
    """Yield the ids of the definitions that one extends or refers to."""
    if isinstance(definition, Model):
        yield from definition.extends
    yield from (ref.id for ref in refs_of(definition))


def _new_target(settings: Settings) -> Cause:
    return Cause(f"the target `{settings.name}` is new", settings.position)


def _needed_by(output: Output, settings: Settings) -> Cause:
    if not output.definitions:
        return Cause(f"the target `{settings.name}` generates it", settings.position)
    first = output.definitions[0]
    return Cause(f"{first.spec} needs it", first.position)
