"""Why a file is to change: which spec, option or template is not as it was.

The manifest has the inputs of the run that wrote the files; held against those of this run, they
say what has changed, and a file's definitions, template and target which of it counts for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from modelsync.errors import Position, ProblemsError, did_you_mean
from modelsync.plan.changes import Cause, digest
from modelsync.plan.manifest import ABSENT, Input, Manifest
from modelsync.project.config import NAME, Config, read_config
from modelsync.schema.ir import Definition, Schema, refs_of
from modelsync.targets import target_class
from modelsync.targets.base import Output, Settings


def option_inputs(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what `modelsync.yaml` says of a target: the name of an option, and its value as JSON.

    An option that has its default is left out, so that a new one of a later version is no change.
    """
    yield "out", json.dumps(settings.out)
    if settings.target != settings.name:
        yield "target", json.dumps(settings.target)
    if settings.packages:
        yield "packages", json.dumps(settings.packages)
    defaults = target_class(settings.target).defaults()
    for name, value in settings.options.items():
        if value != defaults.get(name):
            kept = dict(value) if isinstance(value, Mapping) else value
            yield name, json.dumps(kept, sort_keys=True)


class Causes:
    """Says of each file of a run why it is to change.

    `now` holds the inputs of this run, and `before` is the manifest that the last one left.
    `templates_of` says of which templates a file is made, each called as if it were the project's
    own. `render` makes what the same specs give with another config.
    """

    def __init__(
        self,
        config: Config,
        schema: Schema,
        outputs: Mapping[str, Output],
        now: Mapping[Input, frozenset[str]],
        before: Manifest,
        templates_of: Callable[[Output], frozenset[str]],
        render: Callable[[Config], Mapping[str, Output]],
    ) -> None:
        self.config = config
        self.settings = {settings.name: settings for settings in config.targets}
        self.schema = schema
        self.outputs = outputs
        self.now = now
        self.before = before
        self.templates_of = templates_of
        self.render = render
        self.about = {key.target for key in now}
        self.changed = {
            key
            for key in now.keys() | before.inputs.keys()
            # Of a value that a merge left twice, neither is known to be that of the files.
            if key.target in self.about and now.get(key) != before.inputs.get(key)
        }
        self.changed_specs = {key.name for key in self.changed if key.kind == "spec"}
        self._made_before: dict[Input, Mapping[str, str] | None] = {}

    def of(self, path: str) -> tuple[Cause, ...]:
        """Return why the wanted file `path` is to be created, or is outdated."""
        output = self.outputs[path]
        settings = self.settings[output.target]
        new = path not in self.before.files
        if new and Input("option", output.target, "out") not in self.before.inputs:
            if self.before.files:
                return (self._target_new(settings),)
            return (self._asks(output, settings),)
        causes = [
            *self._options(settings, path),
            *self._templates(output),
            *self._specs(output, path),
        ]
        causes = causes or [*self._options(settings)]
        if causes:
            return tuple(causes)
        if new:
            return (self._asks(output, settings),)
        if self.changed_specs:
            return tuple(self._changed_anywhere())
        return (Cause("another version of modelsync makes it otherwise"),)

    def of_orphan(self, path: str) -> tuple[Cause, ...]:
        """Return why the owned file `path` is wanted no more."""
        _, target, source = self.before.files[path]
        settings = self.settings.get(target)
        if settings is None:
            return (self._target_gone(target),)
        causes = [*self._options(settings, path)]
        of_one_spec = source != "-" and not source.endswith("/")
        if of_one_spec and Input("spec", "", source) not in self.now:
            causes.append(self._what_happened("spec", source))
        elif of_one_spec and not causes:
            causes.append(Cause(f"{source} asks for it no more", Position(source)))
        elif not causes:
            causes.append(Cause(f'the target "{target}" writes it no more', settings.position))
        return tuple(causes)

    def of_manifest(self) -> tuple[Cause, ...]:
        """Return why the manifest is outdated while no file is."""
        if not self.before.files:
            return (Cause("it lists no file"),)
        if any(len(entry.digests) > 1 for entry in self.before.files.values()):
            return (Cause("both sides of a merge stand in it"),)
        known = {key.target for key in self.before.inputs if key.target}
        causes = []
        if self.settings.keys() <= self.about:
            causes += [self._target_gone(name) for name in sorted(known - self.settings.keys())]
        for name in sorted(self.settings.keys() & self.about):
            settings = self.settings[name]
            causes += self._options(settings) if name in known else [self._target_new(settings)]
        causes += [
            self._what_happened(key.kind, key.name)
            for key in sorted(self.changed)
            if not key.target
        ]
        return tuple(causes) or (Cause("it does not list the files as they are"),)

    def _target_new(self, settings: Settings) -> Cause:
        return Cause(f'the target "{settings.name}" was never generated', settings.position)

    def _target_gone(self, name: str) -> Cause:
        text = f'{NAME} has no target "{name}" any more'
        help_ = did_you_mean(name, self.settings)
        return Cause(f"{text}; {help_}" if help_ else text, Position(NAME))

    def _asks(self, output: Output, settings: Settings) -> Cause:
        if not output.definitions:
            return Cause(f'the target "{settings.name}" writes it', settings.position)
        first = output.definitions[0]
        return Cause(f"{first.spec} asks for it", first.position)

    def _options(self, settings: Settings, path: str | None = None) -> Iterator[Cause]:
        """Yield a cause for each option that has changed, and that the file `path` depends on."""
        defaults = target_class(settings.target).defaults()
        for key in sorted(self.changed):
            if key.target != settings.name or (path is not None and not self._depends(path, key)):
                continue
            default = defaults.get(key.name)
            shown = "unset" if default is None else json.dumps(default, default=dict)
            old, new = (
                " or ".join(sorted(values)) if values else shown
                for values in (self.before.inputs.get(key), self.now.get(key))
            )
            yield Cause(
                f"the option {key.name} of {settings.name} changed from {old} to {new}",
                settings.where(key.name),
            )

    def _depends(self, path: str, option: Input) -> bool:
        """Whether a file is another one with the value that an option had before."""
        if option not in self._made_before:
            self._made_before[option] = self._made_with_old(option)
        made = self._made_before[option]
        output = self.outputs.get(path)
        return made is None or made.get(path) != (digest(output.data) if output else None)

    def _made_with_old(self, option: Input) -> Mapping[str, str] | None:
        """Return the digest of each file of a target as it is with the old value of an option.

        None where that is not known, or cannot be any more.
        """
        old = self.before.inputs.get(option, frozenset())
        if len(old) > 1:
            return None
        values = {
            name: value
            for name, value in option_inputs(self.settings[option.target])
            if name != option.name
        }
        for value in old:
            values[option.name] = value
        keys = ", ".join(f'"{name}": {value}' for name, value in values.items())
        folders = f'"specs": "{self.config.specs}", "templates": "{self.config.templates}"'
        # The manifest has each value as JSON, which is YAML as well.
        text = f'{{{folders}, "targets": {{"{option.target}": {{{keys}}}}}}}'
        try:
            made = self.render(read_config(text))
        except ProblemsError:
            return None
        return {path: digest(output.data) for path, output in made.items()}

    def _templates(self, output: Output) -> Iterator[Cause]:
        changed = {key.name for key in self.changed if key.kind == "template"}
        if not changed:
            return
        folder = f"{self.config.templates}/{self.settings[output.target].target}/"
        # What a template included that is gone cannot be known: then, all that are gone count.
        gone = {
            name
            for name in changed
            if Input("template", "", name) not in self.now and name.startswith(folder)
        }
        for name in sorted(changed & self.templates_of(output) or gone):
            yield self._what_happened("template", name)

    def _specs(self, output: Output, path: str) -> tuple[Cause, ...]:
        """Return a cause for each changed spec: of those that count, the nearest."""
        if not self.changed_specs:
            return ()
        level: list[Definition] = list(output.definitions)
        seen = {definition.id for definition in level}
        found = self._changed_in(level, "changed")
        while level and not found:
            ids = {ref.id for definition in level for ref in refs_of(definition)} - seen
            seen |= ids
            level = [self.schema.by_id[id_] for id_ in sorted(ids) if id_ in self.schema.by_id]
            found = self._changed_in(level, "changed, which this refers to")
        gone = [*self._gone(path)]
        new = [cause for spec, cause in found.items() if self._is_new("spec", spec)]
        if len({definition.spec for definition in output.definitions}) > 1 and (new or gone):
            # Most often a list: specs that come and go change it, and those that stay seldom do.
            return (*new, *gone)
        return (*found.values(), *gone)

    def _gone(self, path: str) -> Iterator[Cause]:
        """Yield a cause for each spec that is no more, of those that a file of several is made of.

        There is no definition left that says so; the manifest has the folder of them all.
        """
        entry = self.before.files.get(path)
        if entry is None or not entry.source.endswith("/"):
            return
        for name in sorted(self.changed_specs):
            if name.startswith(entry.source) and Input("spec", "", name) not in self.now:
                yield self._what_happened("spec", name)

    def _changed_anywhere(self) -> Iterator[Cause]:
        """Yield what made a file of no definition of its own outdated: most often a list of all.

        Specs that come and go change such a list, and those that stay do so seldom.
        """
        comes_or_goes = {
            name
            for name in self.changed_specs
            if self._is_new("spec", name) or Input("spec", "", name) not in self.now
        }
        for name in sorted(comes_or_goes or self.changed_specs):
            yield self._what_happened("spec", name)

    def _is_new(self, kind: str, name: str) -> bool:
        """Whether files were made before there was this spec or template."""
        return ABSENT in self.before.inputs.get(Input(kind, "", name), {ABSENT})

    def _what_happened(self, kind: str, name: str) -> Cause:
        """Return what has become of a spec or template that has changed."""
        if Input(kind, "", name) not in self.now:
            return Cause(f"{name} is gone")
        how = "is new" if self._is_new(kind, name) else "changed"
        return Cause(f"{name} {how}", Position(name))

    def _changed_in(self, definitions: Iterable[Definition], how: str) -> dict[str, Cause]:
        """Return a cause for each changed spec that has one of the definitions, by its path."""
        found: dict[str, Cause] = {}
        for definition in definitions:
            spec = definition.spec
            if spec in self.changed_specs and spec not in found:
                what = "is new" if self._is_new("spec", spec) else how
                found[spec] = Cause(f"{spec} {what}", definition.position)
        return found
