"""`modelsync import`: write the specs of a project from OpenAPI documents and JSON Schemas.

Edits are kept, as those of `modelsync transcribe` are. Several imports may write into one project:
each deletes only the specs that no other source needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from modelsync import disk
from modelsync.commands.init import new_project
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.importer.findings import Finding
from modelsync.importer.library.refused import RefusedError
from modelsync.importer.library.sources import UNKNOWN
from modelsync.importer.repair.valid_names import package_problem
from modelsync.importer.run import Imported, import_sources
from modelsync.importer.text.parse import MAX_BYTES as MAX_SOURCE
from modelsync.intake.last_run import Intake, sources_of
from modelsync.intake.renames import find_renames, renamed, uses_of_deleted
from modelsync.intake.writing import EditedFile, Wanted, Written, write_project
from modelsync.plan.changes import Plan, digest
from modelsync.plan.manifest import Manifest
from modelsync.progress import Progress, silent
from modelsync.project.config import NAME as CONFIG
from modelsync.project.load import read_project_config
from modelsync.project.root import place_of
from modelsync.schema.definitions import kind_of_definition
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_specs
from modelsync.spec.write import write_specs
from modelsync.targets.base import Settings

STDIN: Final = "-"
"""The argument for standard input, and its path in messages."""
_ENDINGS: Final = (".json", ".yaml", ".yml", ".jsonc", ".jsonschema")
"""The files of a folder that may be schemas."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """The result of an import."""

    imported: Imported
    kinds: Mapping[str, int]
    """How many definitions of each kind there are."""
    with_loss: int
    """How many definitions are not said in full."""
    written: Plan
    edited: tuple[EditedFile, ...]
    created: tuple[str, ...] = ()
    """The files of a new project, such as its config."""
    skipped: int = 0
    """How many files of folders are no schemas."""
    dangling: tuple[Problem, ...] = ()
    """The references of specs to definitions whose specs you have deleted."""

    @property
    def losses(self) -> tuple[Finding, ...]:
        """What the specs do not say."""
        return tuple(each for each in self.imported.findings if each.is_loss)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What the specs say in another form."""
        return tuple(each for each in self.imported.findings if not each.is_loss)


def import_into(
    arguments: Sequence[str],
    project: Path,
    *,
    package: str = "",
    allow_outside: bool = False,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> ImportRun:
    """Read files, and all schemas below folders, and write the specs of `project`.

    Raises :class:`ProblemsError` if nothing can be read, or if the project has definitions with the
    same names already; and OSError.
    """
    specs, settings = _config(project)
    given = _Given(arguments, project, allow_outside=allow_outside)
    imported = import_sources(
        given.paths,
        given.read,
        package,
        allow_outside=allow_outside,
        settings=settings,
        progress=progress,
    )
    imported, skipped = given.without_other_files(imported)
    if not imported.schema.definitions:
        raise ProblemsError(imported.problems or [_nothing(arguments)])
    intake = _intake(given.reads(imported.given))
    schema, texts = _texts(project, specs, imported.schema, intake, progress)
    wanted = Wanted(
        specs,
        {path: text.encode("utf-8") for path, text in texts.items()},
        sources=given.sources(imported, texts),
    )
    clashes = _Clashes(project, wanted, schema, intake)
    written = write_project(
        project, wanted, intake, progress=progress, waiting=waiting, check=clashes.check
    )
    created = () if os.path.lexists(project / CONFIG) else _create_config(project)
    run = _result(imported, written, created, skipped)
    return _with_dangling(run, project, wanted, schema)


def _texts(
    project: Path, specs: str, schema: Schema, intake: Intake, progress: Progress
) -> tuple[Schema, dict[str, str]]:
    """Return the schema with the names that you have given definitions, and its specs by path."""
    texts = write_specs(schema, specs, progress)
    paths = dict(zip((each.id for each in schema.definitions), texts, strict=True))
    names = find_renames(project, specs, intake, paths)
    if not names:
        return schema, texts
    schema = renamed(schema, names)
    places = {names.get(id_, id_): path for id_, path in paths.items()}
    return schema, write_specs(schema, specs, progress, places)


def _with_dangling(run: ImportRun, project: Path, wanted: Wanted, schema: Schema) -> ImportRun:
    """Return a result with the references to definitions whose specs you have deleted."""
    pairs = zip(schema.definitions, wanted.files, strict=True)
    deleted = {each.id: path for each, path in pairs if not os.path.lexists(project / path)}
    if not deleted:
        return run
    problems, texts = uses_of_deleted(project, wanted.specs, deleted)
    imported = replace(run.imported, sources={**run.imported.sources, **texts})
    return replace(run, imported=imported, dangling=problems)


def _intake(is_read: Callable[[str], bool]) -> Intake:
    return Intake(
        "import",
        ".imported",
        "imported.texts",
        "source",
        "its source has changed",
        "its source no longer has it",
        is_read,
    )


def _result(
    imported: Imported, written: Written, created: tuple[str, ...], skipped: int
) -> ImportRun:
    kinds: dict[str, int] = {}
    for definition in imported.schema.definitions:
        kind = kind_of_definition(definition)
        kinds[kind] = kinds.get(kind, 0) + 1
    # The texts contain everything, and a large schema needs much memory.
    kept = replace(imported, schema=Schema(()))
    return ImportRun(
        kept, kinds, _with_loss(imported), written.changes, written.edited, created, skipped
    )


def _with_loss(imported: Imported) -> int:
    """Return how many definitions have a loss: the one that starts last before it."""
    losses = {each.position for each in imported.findings if each.is_loss}
    # A reference that leads nowhere is `any`.
    losses |= {each.position for each in imported.problems}
    starts = sorted({*imported.positions.values(), *losses})
    found: set[Position] = set()
    current: Position | None = None
    definitions = set(imported.positions.values())
    for position in starts:
        if position in definitions:
            current = position
        if position in losses and current is not None and current.path == position.path:
            found.add(current)
    return len(found)


# Reading ------------------------------------------------------------------------------------------


class _Given:
    """The files that the command line names, as messages and as the list of specs show them."""

    def __init__(
        self, arguments: Iterable[str], project: Path, *, allow_outside: bool = False
    ) -> None:
        self._project = project
        self._allow_outside = allow_outside
        self._folders: list[str] = []
        self._found: set[str] = set()
        """The files that are in the folders."""
        self.paths: list[str] = []
        for argument in arguments:
            place = Path(argument)
            if argument != STDIN and place.is_dir():
                self._folders.append(self._key(argument))
                found = [_normalized(path) for path in disk.files_below(place, _ENDINGS)]
                self.paths += found
                self._found.update(found)
            else:
                self.paths.append(_normalized(argument))

    def without_other_files(self, imported: Imported) -> tuple[Imported, int]:
        """Return what was imported without the problems of files in folders that are no schemas.

        Also return their number.
        """
        other = [each for each in imported.problems if self._is_other(each)]
        kept = tuple(each for each in imported.problems if each not in other)
        return replace(imported, problems=kept), len({each.position.path for each in other})

    def _is_other(self, problem: Problem) -> bool:
        is_unknown = problem.code == UNKNOWN and not problem.message.endswith("is not supported")
        return is_unknown and problem.position.path in self._found

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None if there is none.

        Raises OSError for a file that was given, and RefusedError for another one.
        """
        if path in self._given:
            return self._content(None if path == STDIN else Path(path))
        try:
            place = Path(path).resolve(strict=True)
            self._refuse(path, place)
            return self._content(place)
        except (FileNotFoundError, NotADirectoryError, ValueError):  # or it contains NUL
            return None
        except OSError as error:
            message = f"the file `{path}` cannot be read: {error.strerror}"
            raise RefusedError(message, "correct the path, or make the file readable") from error

    @staticmethod
    def _content(place: Path | None) -> bytes | None:
        try:
            return disk.read_given(place, MAX_SOURCE)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def _refuse(self, path: str, place: Path) -> None:
        """Raise RefusedError if a file that was not given may not be read: links lead elsewhere."""
        if not place.is_file() and not place.is_dir():
            raise RefusedError(f"`{path}` is not a regular file", "refer to a file")
        if self._allow_outside or any(map(place.is_relative_to, self._real_folders)):
            return
        message = f"the file `{path}` is a link to one outside the folders of the given files"
        raise RefusedError(message, "give that file, too, or pass `--allow-outside`")

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(self.paths)

    @cached_property
    def _real_folders(self) -> frozenset[Path]:
        """The folders of the given files, without links."""
        places = [Path(path) for path in self.paths if path != STDIN]
        here = [Path.cwd()] if STDIN in self._given else []
        folders = {*here, *(place.parent for place in places)}
        resolved = {folder.resolve() for folder in folders}
        return frozenset(resolved | {place.resolve().parent for place in places})

    def _key(self, path: str) -> str:
        """Return a path relative to the project, so that it is the same in every checkout."""
        if path == STDIN:
            return STDIN
        try:
            return Path(os.path.relpath(path, self._project)).as_posix()
        except ValueError:  # on another drive of Windows
            return Path(path).absolute().as_posix()

    def sources(self, imported: Imported, texts: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the sources of each spec: the given file that its definition is in, or all."""
        all_ = frozenset(map(self._key, self.paths))
        files = {path: frozenset({self._key(path)}) for path in self.paths}
        places = (imported.positions.get(each.name) for each in imported.schema.definitions)
        return {
            spec: files.get(place.path, all_) if place is not None else all_
            for spec, place in zip(texts, places, strict=True)
        }

    def reads(self, imported: Collection[str]) -> Callable[[str], bool]:
        """Return whether a source is imported now, or no longer exists in a given folder."""
        read = {self._key(path) for path in self.paths if path in imported}
        failed = {self._key(path) for path in self.paths if path not in imported}

        def is_read(source: str) -> bool:
            inside = any(source.startswith(f"{folder}/") for folder in self._folders)
            return source in read or (inside and source not in failed)

        return is_read


def _normalized(path: str | Path) -> str:
    """Return a path as messages show it."""
    return Path(os.path.normpath(path)).as_posix()


def _config(project: Path) -> tuple[str, tuple[Settings, ...]]:
    """Return the folder of the specs, and the settings of the targets, of a project."""
    if not os.path.lexists(project / CONFIG):
        return "specs", ()
    config = read_project_config(project)
    return config.specs, config.targets


def why_no_package(package: str, project: Path) -> str:
    """Return why a package cannot be in a project, as a message; empty if it can.

    Raises :class:`ProblemsError`.
    """
    return package_problem(package, _config(project)[1])


def _nothing(arguments: Sequence[str]) -> Problem:
    help_ = "give an OpenAPI document with `components`, or a JSON Schema"
    return Problem(Position(arguments[0]), "MS140", "no schema was found", help_)


# Writing ------------------------------------------------------------------------------------------


class _Clashes:
    """Finds definitions that the project has already, from elsewhere."""

    def __init__(self, project: Path, wanted: Wanted, schema: Schema, intake: Intake) -> None:
        self._project = project
        self._wanted = wanted
        self._schema = schema
        self._intake = intake

    def check(self, listed: Manifest) -> None:
        """Raise :class:`ProblemsError` if the project would have a definition twice.

        `listed` has the specs of earlier imports.
        """
        problems = [*self._other_sources(listed), *self._other_specs(listed)]
        if problems:
            raise ProblemsError(problems)

    def _other_sources(self, listed: Manifest) -> Iterator[Problem]:
        """Yield a problem for each spec that another import has written, with another content."""
        for path, data in self._wanted.files.items():
            entry = listed.files.get(path)
            if entry is None or digest(data) in entry.digests:
                continue
            others = sources_of(entry)
            if not any(map(self._intake.is_read, others)):
                came_from = ", ".join(f"`{source}`" for source in sorted(others))
                message = f"`{path}` was imported from {came_from}, and would be another definition"
                yield Problem(Position(path), "MS141", message, _ELSEWHERE)

    def _other_specs(self, listed: Manifest) -> Iterator[Problem]:
        """Yield a problem for each definition that another spec has."""
        if not (self._project / self._wanted.specs).is_dir():
            return
        found = disk.read_specs(self._project, self._wanted.specs, MAX_BYTES)
        others = {
            path: decode(path, data)[0]
            for path, data in found.items()
            if path not in self._wanted.files and path not in listed.files
        }
        for definition in read_specs(others, self._wanted.specs).schema.definitions:
            if definition.id in self._schema.by_id:
                message = f"`{definition.id}` is already a definition of the project"
                yield Problem(definition.position, "MS141", message, _ELSEWHERE)


_ELSEWHERE: Final = "pass `--package NAME` to import into a package of its own"


def _create_config(project: Path) -> tuple[str, ...]:
    """Write what a new project has, apart from specs, and return the paths."""
    return tuple(disk.create(place_of(project).root, new_project(project).files))
