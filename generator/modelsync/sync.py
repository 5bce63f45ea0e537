"""Each command's whole flow, as one function that reads from top to bottom."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from modelsync import disk
from modelsync.config import NAME, Config, read_config
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.ir import Schema, refs_of
from modelsync.plan import Plan, plan
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_sound
from modelsync.spec.rules import unknown_names
from modelsync.targets import is_target, problems_of, target_class, target_names
from modelsync.targets.base import Settings, Target


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was read: its folder, its config, its schema, and what is wrong with it.

    With `problems`, the schema is the sound part, to look for more of them.
    """

    folder: Path
    config: Config
    schema: Schema
    problems: tuple[Problem, ...] = ()


def load(folder: Path) -> Project:
    """Read the config and every spec of the project in `folder`.

    Raises :class:`ProblemsError` with every problem of the config, or of the specs.
    """
    project = _read(folder)
    if project.problems:
        raise ProblemsError(project.problems)
    return project


def _read(folder: Path) -> Project:
    """Read a project as far as it can be read. Raises :class:`ProblemsError` for its config."""
    config = read_config(_text(folder, NAME, _read_config_bytes(folder)))
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for path, data in disk.read_specs(folder, config.specs, MAX_BYTES).items():
        texts[path], wrong = decode(path, data)
        problems += wrong
    if problems:
        raise ProblemsError(problems)
    if not texts:
        raise ProblemsError(
            [
                Problem(
                    Position(NAME),
                    "MS076",
                    f'there is no spec below "{config.specs}"',
                    help=f"write one, such as {config.specs}/user.yaml; `modelsync init` writes one"
                    " to start from",
                )
            ]
        )
    schema, problems = read_sound(texts, config.specs)
    problems += unknown_names(schema, is_target, target_names)
    return Project(folder, config, schema, tuple(problems))


def _read_config_bytes(folder: Path) -> bytes:
    try:
        return (folder / NAME).read_bytes()
    except FileNotFoundError:
        problem = Problem(
            Position(NAME),
            "MS070",
            f"there is no {NAME} here",
            help="`modelsync init` writes one; --project names the folder of another project",
        )
        raise ProblemsError([problem]) from None


def _text(folder: Path, path: str, data: bytes) -> str:
    text, problems = decode(path, data)
    if problems:
        raise ProblemsError(problems)
    return text


def render(project: Project, names: Collection[str] = ()) -> dict[str, str]:
    """Return what the project's targets, or those called `names`, consist of: path -> text.

    Raises :class:`ProblemsError` with everything that a target cannot say.
    """
    problems = [*project.problems, *_unknown_targets(project.config, names)]
    targets: list[Target] = []
    for settings in project.config.targets:
        if names and settings.name not in names:
            continue
        schema = _selected(project, settings, problems)
        targets.append(target_class(settings.target)(schema, settings))
    problems += problems_of(targets)
    if problems:
        raise ProblemsError(problems)
    # Jinja is imported by the one step that needs it: `--version` and wrong specs do not wait.
    from modelsync import render as rendering  # noqa: PLC0415

    # Each target goes when it has been rendered: what it knows of a large schema is large too.
    one_by_one = (targets.pop(0) for _ in range(len(targets)))
    return rendering.render(one_by_one, project.folder, project.config.templates)


def _unknown_targets(config: Config, names: Collection[str]) -> Iterator[Problem]:
    known = [settings.name for settings in config.targets]
    for name in names:
        if name not in known:
            yield Problem(
                Position(NAME),
                "MS079",
                f'{NAME} has no target "{visible(name)}"',
                help=did_you_mean(name, known) or "it has " + ", ".join(known),
            )


def _selected(project: Project, settings: Settings, problems: list[Problem]) -> Schema:
    """Return the part of the project's schema that a target is about."""
    schema = project.schema
    if not settings.packages:
        return schema
    where = settings.where("packages")
    for package in settings.packages:
        # With problems, the package may be among what could not be read.
        if not project.problems and not any(_within(known, package) for known in schema.packages):
            problems.append(
                Problem(
                    where,
                    "MS077",
                    f'there is no package "{package}"',
                    help=did_you_mean(package, schema.packages),
                )
            )
    selected = Schema(
        tuple(
            definition
            for definition in schema.definitions
            if any(_within(definition.package, package) for package in settings.packages)
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
    return selected


def _within(package: str, outer: str) -> bool:
    return package == outer or package.startswith(f"{outer}.")


def generate(folder: Path, names: Collection[str] = ()) -> Plan:
    """Write every file of the project in `folder`, or of the targets called `names`.

    Everything is rendered and checked before the first write; a file that is as it should be is
    not touched. Returns what was done. Raises :class:`ProblemsError` and OSError.
    """
    texts = render(_read(folder), names)
    # Each text goes as its bytes come: of a large schema there are a hundred megabytes.
    wanted = {path: texts.pop(path).encode("utf-8") for path in sorted(texts)}
    done = plan(wanted, disk.read_present(folder, wanted))
    disk.apply(folder, done.changes)
    return done
