"""Spec texts -> schema.

Three steps, so that a definition may be used before it is written: read every document, resolve
what the types refer to, then read the values, which only their types can interpret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from modelsync import wire
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.ir import (
    Definition,
    Field,
    Model,
    Object,
    Ref,
    Schema,
    Type,
    Value,
    refs_of,
)
from modelsync.progress import Progress, counted, silent
from modelsync.spec.drafts import Draft, DraftReader
from modelsync.spec.nodes import Node, ScalarNode, documents, fingerprint
from modelsync.spec.reader import FLAGS, Reader
from modelsync.spec.resolve import Resolver
from modelsync.spec.rules import NEEDED, check
from modelsync.spec.shape import Key
from modelsync.spec.values import natural, node_at, unknown_keys, value_of

_NULL_HELP: Final = (
    'leave it out, or add "| null" to the type; the text "null" is written in quotes'
)
_PACKAGE_PART: Final = re.compile(r"[a-z][a-z0-9_]*")
_CUT_OFF: Final = frozenset({"MS001", "MS004"})
"""The problems that end a file: what stands behind them is not read."""
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.ya?ml")


def read_schema(texts: Mapping[str, str], root: str, progress: Progress = silent) -> Schema:
    """Read every spec: `texts` maps its path, which begins with the folder `root`, to its text.

    Raises :class:`ProblemsError` with every problem of all of them.
    """
    reading = read_sound(texts, root, progress)
    if reading.problems:
        raise ProblemsError(reading.problems)
    return reading.schema


class Reading(NamedTuple):
    """What specs say: the definitions, every problem, and the fingerprint of each spec by path."""

    schema: Schema
    problems: list[Problem]
    fingerprints: Mapping[str, str]


def read_sound(texts: Mapping[str, str], root: str, progress: Progress = silent) -> Reading:
    """Return the definitions that could be read, and every problem.

    Left out is what has a problem of its own form, and what refers to that, so that the rules,
    the values and the names of all the others can be looked at in the same run.
    """
    problems: list[Problem] = []
    drafts: list[Draft] = []
    fingerprints: dict[str, str] = {}
    all_found = True
    for path in counted(sorted(texts), "reading specs", progress):
        package = _package(path, root, problems)
        known = len(problems)
        nodes = documents(path, texts[path], problems)
        fingerprints[path] = fingerprint(nodes)
        all_found &= not any(problem.code in _CUT_OFF for problem in problems[known:])
        for node in nodes:
            found = [*DraftReader(problems, package).read(node)]
            all_found &= bool(found)
            drafts += found
    drafts = _without_repeats(drafts, problems)
    schema = Resolver(drafts, problems).schema()
    if not all_found:
        # What could not be read may be what the others refer to.
        problems = [problem for problem in problems if problem.code != "MS020"]
    sound = _sound(schema, {draft.definition.id for draft in drafts if draft.broken})
    schema = Schema(tuple(each for each in schema.definitions if each.id in sound))
    drafts = [draft for draft in drafts if draft.definition.id in sound]
    broken_rules = check(schema)
    problems += broken_rules
    if any(problem.code in NEEDED for problem in broken_rules):
        return Reading(Schema(()), problems, fingerprints)
    return Reading(_with_values(schema, drafts, problems), problems, fingerprints)


def _sound(schema: Schema, broken: set[str]) -> set[str]:
    """Return the identities of the definitions that refer to none that is broken or missing."""
    sound = schema.by_id.keys() - broken
    while True:
        kept = {id_ for id_ in sound if all(ref.id in sound for ref in refs_of(schema.by_id[id_]))}
        if kept == sound:
            return kept
        sound = kept


def _package(path: str, root: str, problems: list[Problem]) -> str:
    """Return the package of a spec: the folders between the spec root and the file."""
    *folders, name = PurePosixPath(path).relative_to(root).parts
    for folder in folders:
        if not _PACKAGE_PART.fullmatch(folder):
            problems.append(
                Problem(
                    Position(path),
                    "MS017",
                    f'the folder "{visible(folder)}" cannot be a package',
                    help="rename it: a lower-case letter, then lower-case letters, digits and _",
                )
            )
    if not _FILE_NAME.fullmatch(name):
        problems.append(
            Problem(
                Position(path),
                "MS017",
                f'"{visible(name)}" cannot be the name of a spec',
                help="rename it: letters, digits, _, - and . only, ending in .yaml",
            )
        )
    return ".".join(folders)


def _without_repeats(drafts: list[Draft], problems: list[Problem]) -> list[Draft]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        other = first.setdefault(draft.definition.id, draft)
        if other is not draft:
            package = draft.definition.package
            problems.append(
                Problem(
                    draft.definition.position,
                    "MS016",
                    f'"{draft.definition.name}" is defined twice in '
                    + (f'the package "{package}"' if package else "the root package"),
                    help="rename one, or move it to a folder (a package) of its own",
                    related=((other.definition.position, "the first one"),),
                )
            )
    return list(first.values())


def _with_values(schema: Schema, drafts: list[Draft], problems: list[Problem]) -> Schema:
    """Return `schema` with the examples and defaults, each checked against its type.

    The fields come first: what a whole document means depends on their defaults.
    """
    for step in (_Values.fields, _Values.example):
        reader = _Values(schema, problems)
        pairs = zip(schema.definitions, drafts, strict=True)
        schema = Schema(tuple(step(reader, definition, draft) for definition, draft in pairs))
    return schema


class _Values:
    def __init__(self, schema: Schema, problems: list[Problem]) -> None:
        self.schema = schema
        self.problems = problems

    def fields(self, definition: Definition, draft: Draft) -> Definition:
        """Return a definition with the values of its fields."""
        if not isinstance(definition, Model) or not draft.fields:
            return definition
        nodes = draft.fields
        fields = tuple(self._field(field, nodes[field.wire]) for field in definition.fields)
        return replace(definition, fields=fields)

    def example(self, definition: Definition, draft: Draft) -> Definition:
        """Return a definition with its example."""
        if draft.example is None:
            return definition
        what = f'the example of "{definition.name}"'
        value = self._value(Ref(definition.id), draft.example, "MS031", what)
        if not isinstance(definition, Model):
            return replace(definition, example=value)
        return replace(definition, example=value) if isinstance(value, Object) else definition

    def _field(self, field: Field, nodes: Mapping[Key, Node]) -> Field:
        found: dict[str, Any] = {}
        for key, node in nodes.items():
            what = f'the {key.name} of "{visible(field.wire)}"'
            if key.name == "example":
                found["examples"] = (self._value(field.type, node, "MS031", what),)
            elif key.name == "examples":
                found["examples"] = self._examples(field, node, what)
            elif key.name == "default":
                before = len(self.problems)
                found["default"] = self._value(field.type, node, "MS030", what)
                # A wrong default is told once, and not of every example that leaves it out too.
                found["has_default"] = len(self.problems) == before
        return replace(field, **found) if found else field

    def _examples(self, field: Field, node: Node, what: str) -> tuple[Value, ...]:
        items = Reader(self.problems).sequence(node, "examples")
        return tuple(self._value(field.type, item, "MS031", what) for item in items)

    def _value(self, type_: Type, node: Node, code: str, what: str) -> Value:
        value = value_of(self.schema, type_, node)
        try:
            wire.read(self.schema, type_, wire.to_json(value))
        except wire.WireError as error:
            place = node_at(node, error.steps)
            message = f"{what} does not fit its type: {error}"
            cure = _cure(place, error)
            is_number = isinstance(value, int | float)
            if not cure and is_number and "string" in wire.kinds(self.schema, type_):
                cure = "if it is text, put it in quotes"
            self.problems.append(Problem(place.position, code, message, help=cure))
        for key, model in unknown_keys(self.schema, type_, node):
            message = f'{what} has the key "{visible(key.text)}", and "{model.name}" no such field'
            known = [field.wire for field in model.fields]
            self.problems.append(
                Problem(key.position, code, message, help=did_you_mean(key.text, known))
            )
        return value


def _cure(node: Node, error: wire.WireError) -> str:
    """Return what to do about a value that does not fit, where its node says what is meant."""
    if error.reason.endswith("found null"):
        return _NULL_HELP
    if not isinstance(node, ScalarNode):
        return ""
    if "expected a boolean" in error.reason and node.text.lower() in FLAGS:
        return f"write {FLAGS[node.text.lower()]}, without quotes"
    if not node.plain and not isinstance(natural(node._replace(plain=True)), str | None):
        return "remove the quotes: in quotes it is text"
    return ""
