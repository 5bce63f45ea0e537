"""Spec texts -> schema.

Three steps, so that a definition may be used before it is written: read every document, resolve
what the types refer to, then read the values, which only their types can interpret.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from modelsync.errors import Names, Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.graphs import reachable
from modelsync.progress import Progress, counted, silent
from modelsync.schema import meaning
from modelsync.schema.ir import (
    Definition,
    Field,
    Model,
    Object,
    Ref,
    Schema,
    Type,
    Union,
    Value,
    dangling,
    refs_in,
    refs_of,
)
from modelsync.schema.lift_unions import without
from modelsync.spec.drafts import Draft, DraftReader
from modelsync.spec.nodes import Fingerprint, Node, documents, without_follow_ups
from modelsync.spec.reader import Reader
from modelsync.spec.resolve import Resolver
from modelsync.spec.rules import DEEPEST, NEEDED, check
from modelsync.spec.shape import Key
from modelsync.spec.value_help import ValueHelp
from modelsync.spec.values import node_at, unknown_keys, value_of

_WIDEST: Final = sys.maxsize
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

    Left out is what has a problem of its own form, and a union that has such a member. Where others
    refer to that, they hold `any`: so each problem is found in the same run, and none that only
    follows from another one.
    """
    problems: list[Problem] = []
    drafts: list[Draft] = []
    fingerprints: dict[str, str] = {}
    all_found = True
    for path in counted(sorted(texts), "reading specs", progress):
        package = _package(path, root, problems)
        known = len(problems)
        digest = Fingerprint()
        # Each document goes when it was read: its nodes take much more room than what they say.
        for node in documents(path, texts[path], problems):
            digest.add(node)
            found = [*DraftReader(problems, package).read(node)]
            all_found &= bool(found)
            drafts += found
        fingerprints[path] = digest.digest()
        all_found &= not any(problem.code in _CUT_OFF for problem in problems[known:])
    drafts = _without_repeats(drafts, problems)
    schema = Resolver(drafts, problems).schema()
    if not all_found:
        # What could not be read may be what the others refer to.
        problems = [problem for problem in problems if problem.code != "MS020"]
    broken = {draft.definition.id for draft in drafts if draft.broken}
    all_of = schema
    schema = _without(all_of, broken)
    broken_rules = check(schema, dangling(all_of, broken))
    problems += broken_rules
    wrong = [problem.position for problem in broken_rules if problem.code in NEEDED]
    if wrong:
        # Later steps rely on these rules: what breaks one of them is left out, too.
        broken |= _owners(drafts, wrong) | schema.circular_unions
        schema = _without(all_of, broken)
    for draft in drafts:
        if draft.definition.id not in schema.by_id:
            _check_fields(schema, all_of.by_id[draft.definition.id], draft, problems)
    drafts = [draft for draft in drafts if draft.definition.id in schema.by_id]
    schema = _with_values(schema, drafts, problems)
    return Reading(schema, without_follow_ups(problems), fingerprints)


def _without(schema: Schema, broken: set[str]) -> Schema:
    """Return `schema` without the definitions that are broken, and the unions that hold one."""
    users: dict[str, list[str]] = {}
    missing = set(broken)
    for definition in schema.definitions:
        for ref in refs_of(definition):
            if ref.id not in schema.by_id:
                missing.add(ref.id)
            if isinstance(definition, Union):
                users.setdefault(ref.id, []).append(definition.id)
    left_out = reachable(missing, users)
    return without(schema, left_out) if left_out else schema


def _owners(drafts: list[Draft], places: list[Position]) -> set[str]:
    """Return the identities of the definitions in whose documents the places are."""
    ordered = sorted(drafts, key=lambda draft: draft.start)
    starts = [draft.start for draft in ordered]
    # The document that begins last before a place, or at it.
    found = (
        bisect(starts, Position(place.path, place.line, place.column, _WIDEST)) for place in places
    )
    return {ordered[number - 1].definition.id for number in found if number}


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
    fields = _Values(schema, problems).fields
    pairs = zip(schema.definitions, drafts, strict=True)
    schema = Schema(tuple(fields(definition, draft) for definition, draft in pairs))
    schema = _with_finite_defaults(schema, problems)
    example = _Values(schema, problems).example
    pairs = zip(schema.definitions, drafts, strict=True)
    return Schema(tuple(example(definition, draft) for definition, draft in pairs))


def _with_finite_defaults(schema: Schema, problems: list[Problem]) -> Schema:
    """Return `schema` without the defaults that nest too deep, or without end.

    A default that leaves out a field holds the default of that one, and so on.
    """
    levels = _levels_of_defaults(schema)

    def part(item: Definition) -> Definition:
        if not isinstance(item, Model) or not any(field.has_default for field in item.fields):
            return item
        fields = []
        for field in item.fields:
            # The model that has the field is a level, too.
            if field.has_default and levels.get(id(field), DEEPEST) >= DEEPEST:
                problems.append(_endless_default(item, field, ends=id(field) in levels))
                field = replace(field, default=None, has_default=False)  # noqa: PLW2901
            fields.append(field)
        return replace(item, fields=tuple(fields))

    return Schema(tuple(map(part, schema.definitions)))


def _endless_default(model: Model, field: Field, ends: bool) -> Problem:
    why = f"nests more than {DEEPEST} levels" if ends else "leads back to itself, without end"
    return Problem(
        field.position,
        "MS047",
        f'the default of "{visible(field.json_key)}" in "{model.name}" {why}, by the defaults of'
        " the fields that it leaves out",
        help="give the field on the way no default, or a value in this default",
    )


def _levels_of_defaults(schema: Schema) -> dict[int, int]:
    """Return how many levels each default has with those in it, by the :func:`id` of its field.

    One that holds itself has none.
    """
    models = (item for item in schema.definitions if isinstance(item, Model))
    fields = [field for item in models for field in item.fields if field.has_default]
    own: dict[int, int] = {}
    nested: dict[int, list[tuple[int, int]]] = {}
    holders: dict[int, list[int]] = {}
    for field in fields:
        own[id(field)], held = meaning.nested_defaults(schema, field)
        nested[id(field)] = [(id(inner), level) for inner, level in held]
        for inner in held:
            holders.setdefault(id(inner.field), []).append(id(field))
    left = {place: len(held) for place, held in nested.items()}
    found: dict[int, int] = {}
    waiting = [place for place in nested if not left[place]]
    while waiting:
        place = waiting.pop()
        # What is too deep is taken away, so that one problem does not follow from another.
        below = (found[other] % DEEPEST + level for other, level in nested[place])
        found[place] = min(max([own[place], *below]), DEEPEST)
        for holder in holders.get(place, ()):
            left[holder] -= 1
            if not left[holder]:
                waiting.append(holder)
    return found


def _check_fields(
    schema: Schema, definition: Definition, draft: Draft, problems: list[Problem]
) -> None:
    """Check the values of a model that is not part of `schema`, as far as their types are."""
    if isinstance(definition, Model):
        fields = tuple(
            field
            for field in definition.fields
            if all(ref.id in schema.by_id for ref in refs_in(field.type))
        )
        _Values(schema, problems).fields(replace(definition, fields=fields), draft)


class _Values:
    def __init__(self, schema: Schema, problems: list[Problem]) -> None:
        self.schema = schema
        self.problems = problems
        self.help = ValueHelp(schema)
        self.names: dict[str, Names] = {}

    def fields(self, definition: Definition, draft: Draft) -> Definition:
        """Return a definition with the values of its fields."""
        if not isinstance(definition, Model) or not draft.fields:
            return definition
        nodes = draft.fields
        fields = tuple(self._field(field, nodes[field.json_key]) for field in definition.fields)
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
            what = f'the {key.name} of "{visible(field.json_key)}"'
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
            meaning.read(self.schema, type_, meaning.to_json(value))
        except meaning.ValidationError as error:
            message = f"{what} does not fit its type: {visible(str(error))}"
            help_ = self.help.of(type_, error.steps, node, self.problems)
            self.problems.append(
                Problem(node_at(node, error.steps).position, code, message, help=help_)
            )
        for key, model in unknown_keys(self.schema, type_, node):
            message = f'{what} has the key "{visible(key.text)}", and "{model.name}" no such field'
            if model.id not in self.names:
                self.names[model.id] = Names(model.by_json_key)
            help_ = did_you_mean(key.text, self.names[model.id], self.problems)
            self.problems.append(Problem(key.position, code, message, help=help_))
        return value
