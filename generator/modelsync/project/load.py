"""A project, read and rendered: config, specs and templates in, files out, all in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from modelsync import disk
from modelsync.errors import Names, Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.plan.changes import digest
from modelsync.plan.manifest import Entry, Input, Manifest, read_manifest
from modelsync.progress import Progress, silent, ticker
from modelsync.project.causes import option_inputs
from modelsync.project.config import NAME, Config, read_config
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import Schema, dangling, refs_of
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_specs
from modelsync.spec.rules import unknown_names
from modelsync.targets import is_target, problems_of, target_class, target_names
from modelsync.targets.base import Output, Settings, Target

_MAX_NAMED: Final = 10
"""How many of the packages that there are a problem names."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was read: its folder, its config, its schema, and what is wrong with it.

    `fingerprints` has a digest of what each spec says, by path. With `problems`, the schema is
    the sound part, to look for more of them.
    """

    folder: Path
    config: Config
    schema: Schema
    problems: tuple[Problem, ...] = ()
    fingerprints: Mapping[str, str] = field(default_factory=dict)


def load(folder: Path) -> Project:
    """Read the config and every spec of the project in `folder`.

    Raises :class:`ProblemsError` with every problem of the config, or of the specs.
    """
    project = read(folder)
    if project.problems:
        raise ProblemsError(project.problems)
    return project


def read(folder: Path) -> Project:
    """Read a project as far as it can be read. Raises :class:`ProblemsError` for its config."""
    config = read_project_config(folder)
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for path, data in disk.read_specs(folder, config.specs, MAX_BYTES).items():
        texts[path], wrong = decode(path, data)
        problems += wrong
    if problems:
        raise ProblemsError(problems)
    if not texts and not _had_specs(folder, config.specs):
        near = did_you_mean(config.specs, disk.folders_with(folder, (".yaml", ".yml")))
        first = f"{config.specs}/user.yaml"
        cure = f"write one, such as {first}; `modelsync init` writes one to start from"
        message = f'there is no spec below "{config.specs}"'
        raise ProblemsError([Problem(config.specs_position, "MS076", message, help=near or cure)])
    reading = read_specs(texts, config.specs)
    problems = [*reading.problems, *unknown_names(reading.schema, is_target, target_names)]
    return Project(folder, config, reading.schema, tuple(problems), reading.fingerprints)


def _had_specs(folder: Path, root: str) -> bool:
    """Return whether a project that has no spec below `root` had its specs there, if any.

    The manifest says so. Where it names specs elsewhere, or there is none, `root` is more likely
    to be wrong than to have lost its last spec.
    """
    data, _ = disk.read_manifests(folder)
    if data is None:
        return False
    inputs = read_manifest(data.decode("utf-8", "replace")).inputs
    return all(key.name.startswith(f"{root}/") for key in inputs if key.kind == "spec")


def read_project_config(folder: Path) -> Config:
    """Read the config of the project in `folder`. Raises :class:`ProblemsError`."""
    data = disk.read_config(folder, NAME, MAX_BYTES)
    if data is None:
        problem = Problem(
            Position(NAME), "MS070", f"there is no {NAME} here", help=_config_help(folder)
        )
        raise ProblemsError([problem])
    text, problems = decode(NAME, data)
    if problems:
        raise ProblemsError(problems)
    return read_config(text)


def _config_help(folder: Path) -> str:
    """Return what to do where there is no config: there may be one of another name or place."""
    stem = NAME.removesuffix(".yaml")
    for other in (f"{stem}.yml", f"{stem}.YAML", f"{stem}.yaml.txt", f".{NAME}", f".{stem}.yml"):
        if (folder / other).is_file():
            return f"rename {other} to {NAME}"
    below = [path for path in disk.folders_with(folder, (NAME,)) if path]
    if below:
        named = ", ".join(below[:_MAX_NAMED])
        more = f" and {len(below) - _MAX_NAMED} more" if len(below) > _MAX_NAMED else ""
        return f"there are projects in {named}{more}: --project {below[0]}"
    return "`modelsync init` writes one; --project names the folder of another project"


def targets_of(project: Project, names: Collection[str] = ()) -> list[Target]:
    """Return the project's targets, or those called `names`, with everything named.

    Raises :class:`ProblemsError` with everything that a target cannot say.
    """
    problems = [*project.problems, *_unknown_targets(project.config, names)]
    targets: list[Target] = []
    for settings in project.config.targets:
        if names and settings.name not in names:
            continue
        cls = target_class(settings.target)
        schema = of_language(project.schema, cls.language_of(settings))
        targets.append(cls(_selected(project, schema, settings, problems), settings))
    if project.schema.definitions or project.problems:
        problems += problems_of(targets)
    if problems:
        raise ProblemsError(problems)
    return targets


def render(
    project: Project, names: Collection[str] = (), progress: Progress = silent
) -> dict[str, Output]:
    """Return every file of the project's targets, or of those called `names`, by its path.

    Raises :class:`ProblemsError` with everything that a target cannot say, or a template.
    """
    targets = targets_of(project, names)
    # Jinja is imported by the one step that needs it: `--version` and wrong specs do not wait.
    from modelsync.render import render as rendering  # noqa: PLC0415

    expected = sum(len(target.schema.definitions) for target in targets)
    rendered = ticker("rendering", expected, progress)
    # Each target goes when it has been rendered: what it knows of a large schema is large too.
    one_by_one = (targets.pop(0) for _ in range(len(targets)))
    return rendering.render(one_by_one, project.folder, project.config.templates, rendered)


def _unknown_targets(config: Config, names: Collection[str]) -> Iterator[Problem]:
    known = {settings.name: settings for settings in config.targets}
    for name in names:
        if name not in known:
            yield Problem(
                Position(NAME),
                "MS079",
                f'{NAME} has no target "{visible(name)}"',
                help=did_you_mean(name, known) or "it has " + ", ".join(known),
            )


def _packages_told(schema: Schema) -> str:
    """Return which packages there are, as help; at most a few of them."""
    named = list(filter(None, schema.packages))
    if not named:
        return "all specs are in the root package: a folder below that of the specs is a package"
    more = f" and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
    return f"the packages are {', '.join(named[:_MAX_NAMED])}{more}"


def _selected(
    project: Project, schema: Schema, settings: Settings, problems: list[Problem]
) -> Schema:
    """Return the part of `schema` that a target is about.

    It has all that it refers to, so that no target has to expect a reference to nothing. What
    refers to an omitted definition is a problem, and is omitted as well: its names are looked at
    in the next run.
    """
    if not settings.packages:
        return schema
    where = settings.where("packages")
    known = Names(project.schema.packages)
    around = {outer for package in project.schema.packages for outer in _with_outer(package)}
    for package in settings.packages:
        # With problems, the package may be among what could not be read.
        has_all = project.schema.definitions and not project.problems
        if has_all and package not in around:
            problems.append(
                Problem(
                    where,
                    "MS077",
                    f'there is no package "{visible(package)}"',
                    help=did_you_mean(package, known, problems) or _packages_told(project.schema),
                )
            )
    wanted = set(settings.packages)
    selected = Schema(
        tuple(
            definition
            for definition in schema.definitions
            if not wanted.isdisjoint(_with_outer(definition.package))
        )
    )
    for definition in selected.definitions:
        for ref in refs_of(definition):
            if ref.id not in selected.by_id:
                problems.append(
                    Problem(
                        ref.position,
                        "MS078",
                        f'"{definition.name}" refers to "{ref.id}", which the target'
                        f' "{settings.name}" leaves out',
                        help="add its package to `packages` in modelsync.yaml",
                        related=((where, "the packages of the target"),),
                    )
                )
    omitted = dangling(selected)
    return Schema(tuple(each for each in selected.definitions if each.id not in omitted))


def _with_outer(package: str) -> list[str]:
    """Return a package and all those around it but for the root."""
    parts = package.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def inputs_of(project: Project, names: Collection[str] = ()) -> dict[Input, frozenset[str]]:
    """Return what the project's targets, or those called `names`, are made from."""
    from modelsync.render.render import own_digests  # noqa: PLC0415

    settings = [each for each in project.config.targets if not names or each.name in names]
    kinds = [each.target for each in project.config.targets]
    templates = own_digests(project.folder, project.config.templates, kinds)
    found = {("spec", "", path): value for path, value in project.fingerprints.items()}
    found |= {("template", "", _word(path)): value for path, value in templates.items()}
    for each in settings:
        found |= {("option", each.name, name): value for name, value in option_inputs(each)}
    return {Input(*key): frozenset({value}) for key, value in found.items()}


def _word(path: str) -> str:
    """Return a path as one word: a template may be called as it likes."""
    return visible(path).replace(" ", "\\x20")


def manifest_of(
    wanted: Mapping[str, bytes],
    outputs: Mapping[str, Output],
    inputs: Mapping[Input, frozenset[str]],
) -> Manifest:
    """Return the manifest of a run that leaves the files `wanted`."""
    files = {
        path: Entry(frozenset({digest(data)}), outputs[path].target, _source(outputs[path]))
        for path, data in wanted.items()
    }
    return Manifest(files, inputs)


def _source(output: Output) -> str:
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
