"""Spec texts -> schema.

A definition may be used before it is written, so reading takes three steps: read every document,
resolve the references in types, then read examples and defaults, which only their types can
interpret.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem, ProblemsError
from modelsync.graphs import reachable
from modelsync.naming import snake
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Alias, Model, Union, refs_of
from modelsync.schema.lift_unions import without
from modelsync.schema.schema import Schema, dangling
from modelsync.spec.drafts import Draft, DraftReader
from modelsync.spec.inheritance import Inherited, with_inherited_fields
from modelsync.spec.nodes import Fingerprint, Node, documents, without_follow_ups
from modelsync.spec.resolve import UNKNOWN, Resolver
from modelsync.spec.rules import NEEDED, check
from modelsync.spec.tags import with_tags
from modelsync.spec.typed_values import check_values_of, with_values
from modelsync.spec.warnings import warnings_of

_WIDEST: Final = sys.maxsize
_FOLDER: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_PACKAGE_PART: Final = re.compile(r"[a-z][a-z0-9_]*")
_CUT_OFF: Final = frozenset({"MS001", "MS004"})
"""Problems that end the reading of a file: nothing after them is read."""
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.ya?ml")


def read_schema(texts: Mapping[str, str], root: str, progress: Progress = silent) -> Schema:
    """Read all specs: `texts` maps paths, which begin with the folder `root`, to file contents.

    Raises :class:`ProblemsError` with every problem of all of them.
    """
    reading = read_specs(texts, root, progress)
    if reading.problems:
        raise ProblemsError(reading.problems)
    return reading.schema


class Reading(NamedTuple):
    """The result of reading specs."""

    schema: Schema
    problems: list[Problem]
    fingerprints: Mapping[str, str]
    """The fingerprint of each spec, by path."""
    warnings: tuple[Problem, ...] = ()


def read_specs(texts: Mapping[str, str], root: str, progress: Progress = silent) -> Reading:
    """Return the definitions that could be read, and every problem.

    Definitions with a problem in their own document are omitted, and so are unions with such a
    member. References to them become `any`. So one run finds every problem, and reports none that
    is only the consequence of another one.
    """
    problems: list[Problem] = []
    return _reading(_read_documents(texts, root, progress, problems), problems)


def read_nodes(nodes: Iterable[tuple[str, Node]], problems: list[Problem]) -> Reading:
    """Read definitions as :func:`read_specs` does, each from its package and its document.

    `problems` are those that the nodes have already.
    """
    return NodeReader().read(nodes, problems)


class NodeReader:
    """Reads definitions again and again, while only some of their documents change."""

    def __init__(self) -> None:
        self._drafts: dict[int, tuple[Node, Draft | None, list[Problem]]] = {}
        """What the last run has read from each node, by its identity; the nodes stay alive."""

    def read(self, nodes: Iterable[tuple[str, Node]], problems: list[Problem]) -> Reading:
        """Read definitions as :func:`read_nodes` does."""
        before, self._drafts = self._drafts, {}
        for package, node in nodes:
            known = before.get(id(node))
            if known is None:
                found: list[Problem] = []
                known = (node, DraftReader(found, package).read(node), found)
            self._drafts[id(node)] = known
            problems += known[2]
        drafts = [draft for _, draft, _ in self._drafts.values() if draft is not None]
        is_complete = len(drafts) == len(self._drafts) and not problems
        return _reading(_Documents(drafts, {}, is_complete), problems)


def _reading(documents_: _Documents, problems: list[Problem]) -> Reading:
    drafts = _by_id(documents_.drafts, problems)
    resolved = _resolve(drafts, documents_.is_complete, problems)
    schema = _keep_valid(resolved, drafts, problems)
    for id_ in drafts.keys() - schema.by_id.keys():
        check_values_of(resolved.schema.by_id[id_], drafts[id_], schema, problems)
    schema = with_values(schema, drafts, problems)
    return Reading(
        schema,
        without_follow_ups(problems),
        documents_.fingerprints,
        tuple(sorted(warnings_of(schema, drafts))),
    )


# Documents ----------------------------------------------------------------------------------------


class _Documents(NamedTuple):
    drafts: list[Draft]
    fingerprints: Mapping[str, str]
    is_complete: bool
    """Whether every document has a valid definition."""


def _read_documents(
    texts: Mapping[str, str], root: str, progress: Progress, problems: list[Problem]
) -> _Documents:
    drafts: list[Draft] = []
    fingerprints: dict[str, str] = {}
    is_complete = True
    packages = _Packages(root, problems)
    for path in counted(sorted(texts), "reading specs", progress):
        reader = DraftReader(problems, packages.of(path))
        before = len(problems)
        digest = Fingerprint()
        # Drop the nodes of each document early: they take far more memory than its draft.
        for node in documents(path, texts[path], problems):
            digest.add(node)
            draft = reader.read(node)
            if draft is None:
                is_complete = False
            else:
                drafts.append(draft)
        fingerprints[path] = digest.digest()
        if any(problem.code in _CUT_OFF for problem in problems[before:]):
            is_complete = False
    return _Documents(drafts, fingerprints, is_complete)


class _Packages:
    """The packages of specs: the folders between the spec root and a file, spelled in one way."""

    def __init__(self, root: str, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems
        self._folders: dict[str, PurePosixPath] = {}
        """The folder of each package, relative to the root."""
        self._reported: set[PurePosixPath] = set()

    def of(self, path: str) -> str:
        """Return the package of the spec at a path: `my-api/V2` is `my_api.v2`."""
        place = PurePosixPath(path).relative_to(self.root)
        if not _FILE_NAME.fullmatch(place.name):
            message = f"invalid file name `{place.name}` for a spec"
            help_ = "rename the file: use only letters, digits, `_`, `-` and `.`, and the suffix"
            self._problem(path, message, f"{help_} `.yaml`")
        package = ".".join(self._part(folder, path) for folder in place.parent.parts)
        folder = self._folders.setdefault(package, place.parent)
        if folder != place.parent and place.parent not in self._reported:
            self._reported.add(place.parent)
            message = f"the folders `{folder}` and `{place.parent}` are the same package"
            self._problem(path, f"{message} `{package}`", "rename one of them")
        return package

    def _part(self, folder: str, path: str) -> str:
        part = folder if _PACKAGE_PART.fullmatch(folder) else snake(folder)
        if not _FOLDER.fullmatch(folder) or not _PACKAGE_PART.fullmatch(part):
            help_ = "rename the folder: use a letter, then letters, digits, `_`, `-` and `.`"
            self._problem(path, f"invalid package name `{folder}`", help_)
        return part

    def _problem(self, path: str, message: str, help_: str) -> None:
        self.problems.append(Problem(Position(path), "MS017", message, help=help_))


def _by_id(drafts: Iterable[Draft], problems: list[Problem]) -> dict[str, Draft]:
    """Return the drafts by the id of their definition. Duplicates are problems."""
    by_id: dict[str, Draft] = {}
    for draft in drafts:
        definition = draft.definition
        first = by_id.setdefault(definition.id, draft)
        if first is not draft:
            package = definition.package
            where = f"package `{package}`" if package else "the root package"
            problems.append(
                Problem(
                    definition.position,
                    "MS016",
                    f"duplicate definition `{definition.name}` in {where}",
                    help="rename one of the two, or move one to another folder (a package)",
                    related=((first.definition.position, "first defined here"),),
                )
            )
    return by_id


# Schemas ------------------------------------------------------------------------------------------


def _resolve(drafts: Mapping[str, Draft], is_complete: bool, problems: list[Problem]) -> Inherited:
    """Return the schema with all references resolved and all fields inherited, if possible."""
    before = len(problems)
    resolver = Resolver(drafts, problems)
    schema, mappings = resolver.schema(), resolver.mappings()
    if not is_complete:
        # The missing definition may be in a document that could not be read.
        problems[before:] = [problem for problem in problems[before:] if problem.code != UNKNOWN]
    inherited = with_inherited_fields(schema, drafts, problems)
    return inherited._replace(schema=with_tags(inherited.schema, mappings))


def _keep_valid(
    resolved: Inherited, drafts: Mapping[str, Draft], problems: list[Problem]
) -> Schema:
    """Return `resolved` without the definitions that later steps cannot rely on."""
    broken = {id_ for id_, draft in drafts.items() if draft.is_broken} | resolved.incomplete
    schema = _without(resolved.schema, broken)
    broken_rules = check(schema, dangling(resolved.schema, broken))
    problems += broken_rules
    positions = [problem.position for problem in broken_rules if problem.code in NEEDED]
    if not positions:
        return schema
    return _without(resolved.schema, broken | _owners(drafts, positions) | schema.circular_unions)


def _without(schema: Schema, broken: set[str]) -> Schema:
    """Return `schema` without the broken definitions, and without what cannot exist without them.

    These are the unions and aliases of one, and the models that extend one.
    """
    users: dict[str, list[str]] = {}
    missing = set(broken)
    for definition in schema.definitions:
        for ref in refs_of(definition):
            if ref.id not in schema.by_id:
                missing.add(ref.id)
            if isinstance(definition, Union | Alias):
                users.setdefault(ref.id, []).append(definition.id)
        for parent in definition.extends if isinstance(definition, Model) else ():
            users.setdefault(parent, []).append(definition.id)
    omitted = reachable(missing, users)
    return without(schema, omitted) if omitted else schema


def _owners(drafts: Mapping[str, Draft], positions: list[Position]) -> set[str]:
    """Return the ids of the definitions whose documents contain the positions."""
    ordered = sorted((draft.start, id_) for id_, draft in drafts.items())
    starts = [start for start, _ in ordered]
    numbers = (
        bisect(starts, Position(position.path, position.line, position.column, _WIDEST))
        for position in positions
    )
    return {ordered[number - 1][1] for number in numbers if number}
