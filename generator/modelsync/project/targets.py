"""The targets of a project, and the files that they render."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import Final

from modelsync.errors import Names, Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.progress import Progress, silent, ticker
from modelsync.project.config import NAME, Config
from modelsync.project.load import Project
from modelsync.render.own_templates import OwnTemplates
from modelsync.schema.definitions import refs_of
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema, dangling
from modelsync.schema.variants import variant_problems, with_variants
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import VARIANTS, Output, Settings, Target
from modelsync.targets.showcase import Shown

_MAX_NAMED: Final = 10
"""The maximum number of packages in a help line."""


def targets_of(project: Project, names: Collection[str] = ()) -> list[Target]:
    """Return the project's targets, or only those called `names`, with all identifiers chosen.

    Raises :class:`ProblemsError` with everything that a target cannot express.
    """
    every = project.config.targets
    return _made(project, names, [each for each in every if not names or each.name in names])


def _made(project: Project, names: Collection[str], chosen: Iterable[Settings]) -> list[Target]:
    """Return targets with all identifiers chosen. One in `names` that there is not is a problem."""
    problems = [*project.problems, *_unknown_targets(project.config, names)]
    targets: list[Target] = []
    for settings in chosen:
        cls = target_class(settings.target)
        schema = project.schema
        if not cls.is_complete:
            schema = of_language(schema, cls.language_of(settings))
        schema = _select_packages(project, schema, settings, problems)
        if settings.has_variants and VARIANTS in cls.options:
            problems += variant_problems(schema)
            schema = with_variants(schema)
        target = cls(schema, settings)
        target.find_shown = partial(_shown_by_others, project)
        targets.append(target)
    if project.schema.definitions or project.problems:
        problems += problems_of(targets)
    if problems:
        raise ProblemsError(problems)
    return targets


def own_templates(project: Project) -> OwnTemplates:
    """Return the project's own templates, which are read when they are first needed."""
    return OwnTemplates(project.folder, project.config.templates)


def render(
    project: Project,
    names: Collection[str] = (),
    progress: Progress = silent,
    own: OwnTemplates | None = None,
) -> dict[str, Output]:
    """Return every file of the project's targets, or only of those called `names`, by its path.

    Raises :class:`ProblemsError` with everything that a target cannot express, and every template
    that fails.
    """
    every = project.config.targets
    chosen = [settings for settings in every if not names or settings.name in names]
    shows_others = any(target_class(settings.target).shows_others for settings in chosen)
    targets = _made(project, names, every if shows_others else chosen)
    targets.sort(key=lambda target: target.shows_others)
    # Importing Jinja takes a while; a run that ends with invalid specs does not need it.
    from modelsync.render import render as rendering  # noqa: PLC0415

    expected = sum(len(target.schema.definitions) for target in targets)
    rendered = ticker("rendering", expected, progress)
    # The target of a large schema is large: free it after rendering.
    one_by_one = (targets.pop(0) for _ in range(len(targets)))
    showcase: dict[str, list[Shown]] | None = {} if shows_others else None
    outputs = rendering.render(one_by_one, own or own_templates(project), rendered, showcase)
    if names:
        outputs = {path: each for path, each in outputs.items() if each.target in names}
    return outputs


def _shown_by_others(project: Project) -> dict[str, list[Shown]]:
    """Return what the targets that show no others have generated, by the id of the definition."""
    from modelsync.render import render as rendering  # noqa: PLC0415

    showcase: dict[str, list[Shown]] = {}
    targets = [target for target in targets_of(project) if not target.shows_others]
    rendering.render(targets, own_templates(project), showcase=showcase)
    return showcase


def _unknown_targets(config: Config, names: Collection[str]) -> Iterator[Problem]:
    by_name = {settings.name: settings for settings in config.targets}
    for name in names:
        if name not in by_name:
            listed = ", ".join(f"`{name}`" for name in by_name)
            yield Problem(
                Position(config.place.config),
                "MS079",
                f"unknown target `{visible(name)}`",
                help=did_you_mean(name, by_name) or f"use one of {listed}",
            )


def _select_packages(
    project: Project, schema: Schema, settings: Settings, problems: list[Problem]
) -> Schema:
    """Return the definitions in the packages of a target, without dangling references.

    A reference to an omitted definition is a problem, and its definition is omitted too, so that
    targets never see a dangling reference.
    """
    if not settings.packages:
        return schema
    problems += _unknown_packages(project, settings, problems)
    packages = set(settings.packages)
    selected = Schema(
        tuple(
            definition
            for definition in schema.definitions
            if not packages.isdisjoint(_with_outer(definition.package))
        )
    )
    problems += _omitted_references(selected, settings)
    omitted = dangling(selected)
    return Schema(
        tuple(definition for definition in selected.definitions if definition.id not in omitted)
    )


def _unknown_packages(
    project: Project, settings: Settings, before: list[Problem]
) -> Iterator[Problem]:
    if not project.schema.definitions or project.problems:
        return  # the package may be in a spec that could not be read
    packages = project.schema.packages
    names = Names(packages)
    existing = {outer for package in packages for outer in _with_outer(package)}
    for package in settings.packages:
        if package not in existing:
            yield Problem(
                settings.where("packages"),
                "MS077",
                f"unknown package `{visible(package)}`",
                help=did_you_mean(package, names, before) or _packages_help(project.schema),
            )


def _packages_help(schema: Schema) -> str:
    named = [f"`{package}`" for package in schema.packages if package]
    if not named:
        return "remove it: all specs are in the root package; packages are folders of specs"
    more = f" and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
    return f"use one of {', '.join(named[:_MAX_NAMED])}{more}"


def _omitted_references(selected: Schema, settings: Settings) -> Iterator[Problem]:
    for definition in selected.definitions:
        for ref in refs_of(definition):
            if ref.id not in selected.by_id:
                yield Problem(
                    ref.position,
                    "MS078",
                    f"`{definition.name}` refers to `{ref.id}`, which the target"
                    f" `{settings.name}` omits",
                    help=f"add its package to `packages` in `{NAME}`",
                    related=((settings.where("packages"), "the packages of the target"),),
                )


def _with_outer(package: str) -> list[str]:
    """Return a package and all packages around it, except the root."""
    parts = package.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
