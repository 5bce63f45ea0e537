"""Read a project: its config and its specs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from modelsync import disk
from modelsync.disk.surroundings import Surroundings
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean
from modelsync.plan.manifest import read_manifest
from modelsync.project.config import NAME, Config, read_config
from modelsync.project.neighbors import shared_outputs
from modelsync.project.root import place_of
from modelsync.schema.schema import Schema
from modelsync.spec.language_rules import unknown_names
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import Reading, read_specs
from modelsync.targets import is_target, target_class, target_names

_MAX_NAMED: Final = 10
"""The maximum number of projects below the current folder in a help line."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it was read."""

    folder: Path
    """Its root: all paths are relative to it."""
    config: Config
    schema: Schema
    """With `problems`, only the valid part of it."""
    problems: tuple[Problem, ...] = ()
    """The problems of the specs."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """A digest of the content of each spec, by path; comments and layout do not change it."""
    warnings: tuple[Problem, ...] = ()
    """What is allowed in the specs, but likely a mistake."""


def load(folder: Path) -> Project:
    """Read the config and every spec of the project whose config is in `folder`.

    Raises :class:`ProblemsError` with every problem of the config, or of the specs.
    """
    project = read(folder)
    if project.problems:
        raise ProblemsError(project.problems)
    return project


def read(folder: Path, config: Config | None = None) -> Project:
    """Read a project; problems of its specs are in the result.

    `config` is the project's config if it was read before. Raises :class:`ProblemsError` for
    problems of the config, and if there are no specs.
    """
    config = config or read_project_config(folder)
    folder = config.place.root
    if overlaps := [*shared_outputs(config)]:
        raise ProblemsError(overlaps)
    texts = _read_specs(folder, config)
    if not texts and not _had_specs(folder, config):
        raise ProblemsError([_no_specs(folder, config)])
    reading, problems = reading_of(texts, config.specs)
    surroundings = Surroundings(folder.resolve())
    around = [
        warning
        for settings in config.targets
        for warning in target_class(settings.target).surrounded_by(settings, surroundings)
    ]
    return Project(
        folder,
        config,
        reading.schema,
        tuple(problems),
        reading.fingerprints,
        (*around, *reading.warnings),
    )


def reading_of(texts: Mapping[str, str], specs: str) -> tuple[Reading, list[Problem]]:
    """Return what the texts of specs in the folder `specs` contain, and all their problems."""
    reading = read_specs(texts, specs)
    return reading, [*reading.problems, *unknown_names(reading.schema, is_target, target_names)]


def decoded(files: Mapping[str, bytes]) -> tuple[dict[str, str], list[Problem]]:
    """Return the text of each file, and problems with their encoding and size."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, data in files.items():
        text, found = decode(path, data)
        problems += found
        texts[path] = text
    return texts, problems


def _read_specs(folder: Path, config: Config) -> dict[str, str]:
    texts, problems = decoded(disk.read_specs(folder, config.specs, MAX_BYTES))
    if problems:
        raise ProblemsError(problems)
    return texts


def _no_specs(folder: Path, config: Config) -> Problem:
    near = did_you_mean(config.specs, disk.folders_with(folder, (".yaml", ".yml")))
    add = f"add a spec such as `{config.specs}/user.yaml`, or run `modelsync init`"
    message = f"no specs in `{config.specs}`"
    return Problem(config.specs_position, "MS076", message, help=near or add)


def _had_specs(folder: Path, config: Config) -> bool:
    """Return whether the last run read its specs, if any, from the folder that the config names.

    Then the project has lost its last spec, and its generated files have to be deleted. If the
    manifest lists specs elsewhere, or there is none, the folder in the config is more likely wrong.
    """
    data, _ = disk.read_manifests(folder, config.place.manifest)
    if data is None:
        return False
    inputs = read_manifest(data.decode("utf-8", "replace")).inputs
    return all(key.name.startswith(f"{config.specs}/") for key in inputs if key.kind == "spec")


def read_project_config(folder: Path) -> Config:
    """Read the config in `folder`. Raises :class:`ProblemsError`."""
    data = disk.read_config(folder, NAME, MAX_BYTES)
    if data is None:
        message = f"`{NAME}` does not exist"
        raise ProblemsError([Problem(Position(NAME), "MS070", message, help=_config_help(folder))])
    place = place_of(folder)
    text, problems = decode(place.config, data)
    if problems:
        raise ProblemsError(problems)
    return read_config(text, place)


def _config_help(folder: Path) -> str:
    """Return help for a missing config: it may have another name, or be in another folder."""
    stem = NAME.removesuffix(".yaml")
    for other in (f"{stem}.yml", f"{stem}.YAML", f"{stem}.yaml.txt", f".{NAME}", f".{stem}.yml"):
        if (folder / other).is_file():
            return f"rename `{other}` to `{NAME}`"
    below = [path for path in disk.folders_with(folder, (NAME,)) if path]
    if below:
        named = ", ".join(f"`{path}`" for path in below[:_MAX_NAMED])
        more = f" and {len(below) - _MAX_NAMED} more" if len(below) > _MAX_NAMED else ""
        return f"pass `--project {below[0]}`; there are projects in {named}{more}"
    return "run `modelsync init` to create one, or pass `--project` with the folder of a project"
