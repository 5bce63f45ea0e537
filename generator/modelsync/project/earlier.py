"""The schema that a project had in an earlier commit, or that another project has.

Nothing is checked out: git writes the files of the commit to its output.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from modelsync import disk
from modelsync.disk.git import GitError, Repository
from modelsync.disk.reading import is_spec
from modelsync.errors import Names, Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import is_hidden
from modelsync.project.config import NAME, read_config
from modelsync.project.load import decoded, reading_of
from modelsync.project.root import Place, place_from, place_of
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import MAX_BYTES, MappingNode, ScalarNode, documents

_SHOWN: Final = 12
"""How many digits of a commit are shown."""
_MAX_RELATED: Final = 10
"""The maximum number of problems shown of the earlier specs."""
_AT: Final = Position(NAME)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The other side of a comparison."""

    name: str
    """The folder as it was given, or the first digits of the commit."""
    commit: str
    """Empty for a folder."""
    folder: str
    """The folder of the project in the repository, with `/`; empty for its root, or a folder."""
    schema: Schema
    """The part of it that is valid."""
    problems: tuple[Problem, ...] = ()
    """A warning if only a part of the specs could be read."""

    def shown(self, position: Position) -> str:
        """Return a position in its specs, as `COMMIT:path:line:column`."""
        separator = ":" if self.commit else "/"
        path = posixpath.join(self.folder, position.path)
        return f"{visible(self.name)}{separator}{position._replace(path=path)}"


_Read = Callable[[str], Mapping[str, bytes]]
"""Takes a folder relative to the root of a project, and returns the specs below it."""


def read_earlier(project: Path, against: str) -> Earlier:
    """Return the schema of `against`: a git revision, a folder, or one of both and `#subfolder`.

    `project` is the folder with the config of the project. Raises :class:`ProblemsError` if there
    is no such revision or folder, or no project in it.
    """
    at = Position(place_of(project).config)
    try:
        earlier = _read_earlier(project, against)
    except ProblemsError as error:
        raise ProblemsError(_moved(error.problems, at)) from error
    return replace(earlier, problems=tuple(_moved(earlier.problems, at)))


def _moved(problems: Iterable[Problem], at: Position) -> Iterator[Problem]:
    """Yield the problems of `--against` at the config of the project, relative to its root."""
    for problem in problems:
        yield replace(problem, position=at) if problem.position == _AT else problem


def _read_earlier(project: Path, against: str) -> Earlier:
    folder, within = _folder_of(against)
    if folder is not None and _is_path(against):
        return _in_folder(folder / within, against)
    try:
        repository = Repository(project.resolve())
    except GitError as error:
        if folder is not None:
            return _in_folder(folder / within, against)
        raise ProblemsError([_no_repository(against, error)]) from error
    commit, subfolder = _commit_of(repository, against)
    if commit is None:
        if folder is not None:
            return _in_folder(folder / within, against)
        raise ProblemsError([_unknown(repository, against)])
    try:
        inside = repository.folder if subfolder is None else subfolder
        return _in_commit(repository, commit, inside, against)
    except GitError as error:
        raise ProblemsError([_unreadable(repository, commit, error)]) from error


def _is_path(against: str) -> bool:
    return against.startswith(("/", "./", "../")) or against in (".", "..")


def _folder_of(against: str) -> tuple[Path | None, str]:
    """Return the folder that is meant, None if there is none, and the folder inside it."""
    if against and Path(against).is_dir():
        return Path(against), ""
    outer, separator, within = against.rpartition("#")
    if separator and Path(outer).is_dir():
        return Path(outer), within
    return (Path(against), "") if _is_path(against) else (None, "")


def _commit_of(repository: Repository, against: str) -> tuple[str | None, str | None]:
    """Return the commit that is meant, and the folder inside it if one is given."""
    commit = repository.commit(against)
    if commit is not None or "#" not in against:
        return commit, None
    revision, _, within = against.rpartition("#")
    folder = posixpath.normpath(within.strip("/") or ".")
    return repository.commit(revision), "" if folder == "." else folder


def _in_folder(folder: Path, against: str) -> Earlier:
    data = disk.read_config(folder, NAME, MAX_BYTES) if folder.is_dir() else None
    if data is None:
        what = "has no `modelsync.yaml`" if folder.is_dir() else "does not exist"
        raise ProblemsError(
            [
                Problem(
                    _AT,
                    "MS156",
                    f"the folder `{visible(against)}` of `--against` {what}",
                    help="pass the folder of a project, with its `modelsync.yaml`",
                )
            ]
        )
    place = place_of(folder)
    read = partial(disk.read_specs, place.root, limit=MAX_BYTES)
    return _read(against.replace("#", "/"), "", "", data, place, read)


def _in_commit(repository: Repository, commit: str, folder: str, against: str) -> Earlier:
    path = posixpath.join(folder, NAME)
    config = repository.files(commit, path).get(path)
    if config is None:
        raise ProblemsError([_no_project(repository, commit, folder, against)])
    (data,) = repository.contents([config])
    place = place_from(repository.root / folder, data)
    root = _relative(place.root.resolve(), repository.root.resolve())

    def read(specs: str) -> dict[str, bytes]:
        above = posixpath.join(root, specs)
        found = {
            path: object_
            for path, object_ in repository.files(commit, above).items()
            if is_spec(path.rpartition("/")[2]) and not _in_hidden(path[len(above) :])
        }
        paths = [path[len(root) :].lstrip("/") for path in found]
        return dict(zip(paths, repository.contents(found.values()), strict=True))

    return _read(commit[:_SHOWN], commit, root, data, place, read)


def _relative(folder: Path, root: Path) -> str:
    path = folder.relative_to(root).as_posix()
    return "" if path == "." else path


def _in_hidden(path: str) -> bool:
    return any(map(is_hidden, filter(None, path.split("/"))))


def _read(
    name: str, commit: str, folder: str, data: bytes, place: Place, read_files: _Read
) -> Earlier:
    """Read a config and its specs; what does not load becomes one warning."""
    texts, problems = decoded({place.config: data})
    text = texts[place.config]
    specs = place.inside("specs")
    if not problems:
        try:
            specs = read_config(text, place).specs
        except ProblemsError as error:
            # Its targets may need another version of modelsync; its specs do not.
            problems += error.problems
            specs = _specs_of(text, place)
    files, undecodable = decoded(read_files(specs))
    bad = {problem.position.path for problem in undecodable}
    reading, wrong = reading_of({path: files[path] for path in files if path not in bad}, specs)
    problems += (*undecodable, *wrong)
    earlier = Earlier(name, commit, folder, reading.schema)
    warnings = (_partly_read(earlier, sorted(problems)),) if problems else ()
    return Earlier(name, commit, folder, reading.schema, warnings)


def _specs_of(text: str, place: Place) -> str:
    """Return the folder of the specs in a config that has problems."""
    for node in documents(place.config, text, []):
        for key, value in node.entries if isinstance(node, MappingNode) else ():
            if key.text == "specs" and isinstance(value, ScalarNode):
                return place.inside(value.text)
    return place.inside("specs")


def _partly_read(earlier: Earlier, problems: list[Problem]) -> Problem:
    where = f"commit `{earlier.name}`" if earlier.commit else f"`{visible(earlier.name)}`"
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    notes = "; ".join(
        f"{earlier.shown(each.position)}: {each.code} {each.message}"
        for each in problems[:_MAX_RELATED]
    )
    more = f"; and {len(problems) - _MAX_RELATED} more" if len(problems) > _MAX_RELATED else ""
    return Problem(
        _AT,
        "MS157",
        f"{count} in the project at {where}: only the valid part of its schema was compared",
        help=f"compare with a commit whose specs are valid; {notes}{more}",
    )


def _no_repository(against: str, error: GitError) -> Problem:
    return Problem(
        _AT,
        "MS155",
        f"cannot read `{visible(against)}` of `--against` from git: {_line(error)}",
        help="run the command in a checkout, or pass a folder, such as `--against ../before`",
    )


def _unknown(repository: Repository, against: str) -> Problem:
    help_ = did_you_mean(against.partition("#")[0], repository.names())
    if repository.is_shallow():
        help_ = (
            "this is a shallow clone: run `git fetch --unshallow`, or set `fetch-depth: 0` for"
            " `actions/checkout`"
        )
    return Problem(
        _AT,
        "MS154",
        f"unknown revision `{visible(against)}` in `--against`",
        help=help_ or "pass a branch, a tag, a commit or a folder",
    )


def _unreadable(repository: Repository, commit: str, error: GitError) -> Problem:
    help_ = "run `git fsck`"
    if repository.is_shallow():
        help_ = "this is a shallow clone: run `git fetch --unshallow`"
    message = f"cannot read commit `{commit[:_SHOWN]}`: {_line(error)}"
    return Problem(_AT, "MS155", message, help=help_)


def _no_project(repository: Repository, commit: str, folder: str, against: str) -> Problem:
    others = [
        posixpath.dirname(path)
        for path in repository.files(commit)
        if posixpath.basename(path) == NAME
    ]
    revision = against.partition("#")[0]
    help_ = "pass a commit that has it"
    if others:
        near = Names(others).nearest(folder) or others[0]
        help_ = f"pass `--against {visible(revision)}#{visible(near) or '.'}`"
    where = f"`{visible(folder)}/{NAME}`" if folder else f"`{NAME}`"
    message = f"commit `{commit[:_SHOWN]}` does not have {where}"
    return Problem(_AT, "MS156", message, help=help_)


def _line(error: GitError) -> str:
    return str(error).split("\n", 1)[0].removeprefix("fatal: ")
