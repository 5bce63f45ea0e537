"""(targets, templates) -> {path: output}: everything is rendered in memory, nothing is written.

:mod:`modelsync.render.templates` finds the templates and reports their errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import is_hidden
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.templates import TemplateError, Templates
from modelsync.targets import Owners, files_of, is_target, target_names
from modelsync.targets.base import Output, Target
from modelsync.targets.showcase import Shown
from modelsync.tree import InTheWay, Tree


def render(
    targets: Iterable[Target],
    own: OwnTemplates | None = None,
    rendered: Callable[[], object] = lambda: None,
    showcase: dict[str, list[Shown]] | None = None,
) -> dict[str, Output]:
    """Return every file of `targets`, by its path relative to the project.

    `showcase` receives what the targets show of each definition. A target that shows others has to
    come after them.

    `own` has the project's own templates. `rendered` is called after each file.

    Raises :class:`ProblemsError` with every template that failed and every pair of files with the
    same path (paths that differ only in case or Unicode form are the same on some file systems).
    """
    own = own or OwnTemplates()
    outputs: dict[str, Output] = {}
    problems = list(_unused_folders(own))
    owners: Owners = {}
    compiled: dict[type[Target], Templates] = {}
    for target in targets:
        cls = type(target)
        try:
            if cls not in compiled:
                compiled[cls] = Templates(cls, own)
                problems += compiled[cls].unused()
            if showcase is not None:
                target.shown = showcase
            for path, output in _outputs(compiled[cls], target, owners, problems):
                outputs[path] = output
                if showcase is not None:
                    _show(target, output, showcase)
                rendered()
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return outputs


def _outputs(
    templates: Templates, target: Target, owners: Owners, problems: list[Problem]
) -> Iterator[tuple[str, Output]]:
    """Yield each file of a target by its path, and add the problems of its templates."""
    templates.environment.start_target()
    failed: set[object] = set()
    for path, file in files_of(target, owners, problems):
        try:
            data = templates.formatted(target, file, templates.render(target, file))
        except TemplateError as error:
            # A template that fails on one file may fail on thousands.
            place = error.problem.position, error.problem.code
            problems += [error.problem] if place not in failed else []
            failed.add(place)
            if templates.environment.exhausted:
                return
            continue
        yield path, Output(data, target.settings.name, file.template, file.definitions)


def _show(target: Target, output: Output, showcase: dict[str, list[Shown]]) -> None:
    """Add what a target shows of a definition that has a file of its own."""
    if len(output.definitions) == 1:
        (definition,) = output.definitions
        shown = target.showcase(definition, output.data.decode("utf-8"))
        if shown is not None and shown.declaration:
            showcase.setdefault(definition.id, []).append(shown)


def _unused_folders(own: OwnTemplates) -> Iterator[Problem]:
    """Yield a problem for each entry of the templates folder that belongs to no target."""
    with Tree(own.project) as tree:
        try:
            entries = tree.entries(own.folder)
        except InTheWay:
            return  # each target reports it
    for entry in entries:
        if entry.for_folder and not is_hidden(entry.name) and not is_target(entry.name):
            yield Problem(
                Position(f"{own.folder}/{entry.name}"),
                "MS063",
                f"unknown target `{visible(entry.name)}`: its templates are not used",
                help=did_you_mean(entry.name, target_names()),
            )
