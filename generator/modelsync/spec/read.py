"""Spec texts -> schema.

Three steps, so that a definition may be used before it is written: read every document, resolve
what the types refer to, then read the values, which only their types can interpret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final, cast

from modelsync import wire
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Schema,
    Type,
    Union,
    Value,
    refs_of,
)
from modelsync.spec import shape
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode, documents
from modelsync.spec.reader import SIMPLE, Reader, describe
from modelsync.spec.rules import NEEDED, check
from modelsync.spec.shape import Key
from modelsync.spec.values import place_of, unknown_keys, value_of
from modelsync.type_expr import TypeExpressionError, near_type, parse

_PACKAGE_PART: Final = re.compile(r"[a-z][a-z0-9_]*")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.ya?ml")
_VALUES: Final = frozenset({"value", "values"})
"""The kinds of key that only the types of the whole schema can interpret."""
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,18})")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A definition whose types still hold references as written, with the nodes of its values."""

    definition: Definition
    example: Node | None = None
    fields: Mapping[str, Mapping[Key, Node]] | None = None
    mapping: tuple[tuple[str, str, Position], ...] | None = None
    broken: bool = False
    """Whether something of it could not be read."""


def read_schema(texts: Mapping[str, str], root: str) -> Schema:
    """Read every spec: `texts` maps its path, which begins with the folder `root`, to its text.

    Raises :class:`ProblemsError` with every problem of all of them.
    """
    schema, problems = read_sound(texts, root)
    if problems:
        raise ProblemsError(problems)
    return schema


def read_sound(texts: Mapping[str, str], root: str) -> tuple[Schema, list[Problem]]:
    """Return the definitions that could be read, and every problem.

    Left out is what has a problem of its own form, and what refers to that, so that the rules,
    the values and the names of all the others can be looked at in the same run.
    """
    problems: list[Problem] = []
    drafts: list[_Draft] = []
    for path in sorted(texts):
        package = _package(path, root, problems)
        for node in documents(path, texts[path], problems):
            drafts += _Documents(problems, package).read(node)
    drafts = _without_repeats(drafts, problems)
    schema = _Resolver(drafts, problems).schema()
    sound = _sound(schema, {draft.definition.id for draft in drafts if draft.broken})
    schema = Schema(tuple(each for each in schema.definitions if each.id in sound))
    drafts = [draft for draft in drafts if draft.definition.id in sound]
    broken_rules = check(schema)
    problems += broken_rules
    if any(problem.code in NEEDED for problem in broken_rules):
        return Schema(()), problems
    return _with_values(schema, drafts, problems), problems


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


def _without_repeats(drafts: list[_Draft], problems: list[Problem]) -> list[_Draft]:
    first: dict[str, _Draft] = {}
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


class _Documents:
    """Reads the documents of one spec."""

    def __init__(self, problems: list[Problem], package: str) -> None:
        self.reader = Reader(problems)
        self.package = package

    def read(self, node: Node) -> Iterator[_Draft]:
        """Yield the definition of one document, if it can be read at all."""
        if not isinstance(node, MappingNode):
            self.reader.problem(
                node.position,
                "MS015",
                f"a document must be a mapping, and this is {describe(node)}",
                'begin it with "model: Name", "enum: Name" or "union: Name"',
            )
            return
        kinds = [key for key, _ in node.entries if key.text in shape.DEFINITIONS]
        if len(kinds) != 1:
            self._not_one_definition(node, kinds)
            return
        kind = kinds[0].text
        name_node = next(value for key, value in node.entries if key.text == kind)
        before = len(self.reader.problems)
        entries = self.reader.keys(node, shape.DEFINITIONS[kind])
        if entries is None:
            return
        draft = self._draft(kind, name_node, entries)
        if draft is not None:
            yield replace(draft, broken=len(self.reader.problems) > before)

    def _not_one_definition(self, node: MappingNode, kinds: list[ScalarNode]) -> None:
        if kinds:
            first, second = kinds[:2]
            self.reader.problem(
                second.position,
                "MS015",
                f'a document defines one thing, and this one has "{first.text}" and'
                f' "{second.text}"',
                'put a line "---" between two definitions',
            )
            return
        first_key = node.entries[0][0] if node.entries else None
        self.reader.problem(
            first_key.position if first_key else node.position,
            "MS015",
            "this document defines nothing",
            (did_you_mean(first_key.text, shape.DEFINITIONS) if first_key else "")
            or 'begin it with "model: Name", "enum: Name" or "union: Name"',
        )

    def _simple(self, entries: Mapping[Key, Node]) -> dict[str, Any]:
        """Read the keys whose kind says all; one that cannot be read is left out."""
        found = {}
        for key, node in entries.items():
            if key.kind in SIMPLE:
                value = SIMPLE[key.kind](self.reader, node, key)
                if value is not None:
                    found[key.name] = value
                if key.kind == "names":
                    found["names_position"] = node.position
        return found

    def _draft(self, kind: str, name_node: Node, entries: Mapping[Key, Node]) -> _Draft | None:
        simple = self._simple(entries)
        name = simple.pop(kind, None)
        others = {key.name: node for key, node in entries.items()}
        if name is None:
            # Read on all the same, to report every problem of the document.
            name = "_"
        simple |= {"name": name, "package": self.package, "position": name_node.position}
        example = others.get("example")
        definition: Definition
        match kind:
            case "model":
                fields = self._fields(others.get("fields"))
                definition = Model(**simple, fields=tuple(field for field, _ in fields))
                draft = _Draft(definition, example, {f.wire: nodes for f, nodes in fields})
            case "enum":
                values = self._enum_values(others.get("values"), simple.get("type", "string"))
                draft = _Draft(Enum(**simple, values=values), example)
            case _:
                members = self._members(others.get("members"))
                definition = Union(
                    **simple,
                    members=tuple(type_ for type_, _ in members),
                    member_positions=tuple(position for _, position in members),
                )
                draft = _Draft(definition, example, mapping=self._mapping(others.get("mapping")))
        return None if name == "_" else draft

    # Fields -----------------------------------------------------------------------------------

    def _fields(self, node: Node | None) -> list[tuple[Field, Mapping[Key, Node]]]:
        if node is None:
            return []
        if isinstance(node, SequenceNode):
            self.reader.problem(
                node.position,
                "MS012",
                '"fields" must be a mapping, and this is a list',
                'write "name:" and its keys below, without "-"',
            )
            return []
        mapping = self.reader.mapping(node, '"fields"', 'a model without fields has "fields: {}"')
        found = []
        for key, value in mapping.entries if mapping else ():
            field = self._field(key, value)
            if field is not None:
                found.append(field)
        return found

    def _field(self, key: ScalarNode, node: Node) -> tuple[Field, Mapping[Key, Node]] | None:
        cure = ""
        if isinstance(node, ScalarNode) and not node.is_null:
            cure = f'write "{visible(key.text)}: {{type: {visible(node.text)}}}"'
        entries = self.reader.keys(node, shape.FIELD, cure)
        if entries is None:
            return None
        simple = self._simple(entries)
        others = {entry.name: value for entry, value in entries.items()}
        type_node = others.get("type")
        type_ = self._type(type_node) if type_node is not None else None
        if type_ is None or type_node is None:
            return None
        if "example" in others and "examples" in others:
            self.reader.problem(
                others["examples"].position,
                "MS012",
                'a field has "example" or "examples", not both',
                'put all of them under "examples"',
            )
        if "default" in others and simple.get("required"):
            self.reader.problem(
                others["default"].position,
                "MS032",
                f'"{visible(key.text)}" is required and has a default, which never applies',
                'remove "required: true" or the default',
            )
        field = Field(
            wire=key.text,
            type=type_,
            position=key.position,
            type_position=type_node.position,
            **simple,
        )
        # Only the nodes of values are needed later; the others go with their document.
        return field, {key: each for key, each in entries.items() if key.kind in _VALUES}

    def _type(self, node: Node) -> Type | None:
        scalar = self.reader.scalar(node, "type")
        if scalar is None:
            return None
        start = scalar.position
        if not scalar.plain:
            start = start.shifted(1)
        try:
            return parse(scalar.text, start)
        except TypeExpressionError as error:
            self.reader.problems.append(error.at(start))
            return None

    # Enums and unions -------------------------------------------------------------------------

    def _enum_values(self, node: Node | None, type_: str) -> tuple[EnumValue, ...]:
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            self.reader.problem(
                node.position,
                "MS012",
                '"values" must be a mapping, and this is a list',
                'write "value:" with nothing or its description behind, without "-"',
            )
            return ()
        mapping = self.reader.mapping(node, '"values"')
        if mapping is None:
            return ()
        if not mapping.entries:
            self.reader.problem(mapping.position, "MS012", "an enum needs a value at least")
        found = []
        for key, value in mapping.entries:
            wire_value: str | int = key.text
            if type_ == "int64":
                if not _INTEGER.fullmatch(key.text) or not -(2**63) <= int(key.text) < 2**63:
                    self.reader.problem(
                        key.position,
                        "MS018",
                        f'"{visible(key.text)}" is not a 64-bit integer',
                        'the values of an enum of "type: int64" are integers',
                    )
                    continue
                wire_value = int(key.text)
            found.append(self._enum_value(wire_value, key.position, value))
        return tuple(found)

    def _enum_value(self, wire_value: str | int, position: Position, node: Node) -> EnumValue:
        if isinstance(node, ScalarNode):
            description = "" if node.is_null else self.reader.text(node, "description")
            return EnumValue(wire_value, description or "", position=position)
        entries = self.reader.keys(node, shape.ENUM_VALUE)
        return EnumValue(wire_value, position=position, **self._simple(entries or {}))

    def _members(self, node: Node | None) -> list[tuple[Type, Position]]:
        items = self.reader.sequence(node, "members") if node is not None else ()
        if node is not None and not items and isinstance(node, SequenceNode):
            self.reader.problem(node.position, "MS012", "a union needs a member at least")
        found = []
        for item in items:
            type_ = self._type(item)
            if isinstance(type_, Nullable):
                self.reader.problem(
                    item.position,
                    "MS012",
                    "null cannot be a member of a union",
                    'write "| null" where the union is used',
                )
            elif type_ is not None:
                flat = type_.members if isinstance(type_, AnyOf) else (type_,)
                found += [(member, item.position) for member in flat]
        return found

    def _mapping(self, node: Node | None) -> tuple[tuple[str, str, Position], ...] | None:
        if node is None:
            return None
        mapping = self.reader.mapping(node, '"mapping"')
        found = []
        for key, value in mapping.entries if mapping else ():
            text = self.reader.text(value, key.text)
            if text is not None:
                found.append((key.text, text, value.position))
        return tuple(found)


class _Resolver:
    """Turns references as written into identities."""

    def __init__(self, drafts: list[_Draft], problems: list[Problem]) -> None:
        self.drafts = drafts
        self.problems = problems
        self.ids = {draft.definition.id for draft in drafts}
        self.by_name: dict[str, list[str]] = {}
        for draft in drafts:
            self.by_name.setdefault(draft.definition.name, []).append(draft.definition.id)

    def schema(self) -> Schema:
        """Return the schema, with references resolved where they can be."""
        return Schema(tuple(self._definition(draft) for draft in self.drafts))

    def find(self, written: str, package: str) -> list[str]:
        """Return the identities that a reference written in `package` may mean.

        It is looked for in the package itself, then in each package around it, then anywhere.
        One result is an answer; none and several are problems.
        """
        around = package.split(".") if package else []
        for length in range(len(around), -1, -1):
            candidate = ".".join([*around[:length], written])
            if candidate in self.ids:
                return [candidate]
        named = self.by_name.get(written.rpartition(".")[2], [])
        return [id_ for id_ in named if id_ == written or id_.endswith(f".{written}")]

    def _ref(self, written: str, package: str, position: Position) -> Ref | None:
        found = self.find(written, package)
        if len(found) == 1:
            return Ref(found[0], position)
        if found:
            self.problems.append(
                Problem(
                    position,
                    "MS022",
                    f'"{visible(written)}" may mean {" or ".join(sorted(found))}',
                    help=f'write which one: "{sorted(found)[0]}"',
                )
            )
            return None
        known = [*self.by_name, *(id_ for id_ in self.ids if "." in written)]
        self.problems.append(
            Problem(
                position,
                "MS020",
                f'no definition is called "{visible(written)}"',
                help=near_type(written, known)
                or "define it in a spec, or mend the name; a literal text is written"
                f" '\"{visible(written)}\"'",
            )
        )
        return None

    def _type(self, type_: Type, package: str) -> Type:
        match type_:
            case Ref(id=written, position=position):
                return self._ref(written, package, position) or type_
            case ListOf(item=item):
                inner = self._type(item, package)
                return type_ if inner is item else ListOf(inner)
            case MapOf(value=value):
                inner = self._type(value, package)
                return type_ if inner is value else MapOf(inner)
            case Nullable(inner=of):
                inner = self._type(of, package)
                return type_ if inner is of else Nullable(inner)
            case AnyOf(members=members):
                return AnyOf(tuple(self._type(member, package) for member in members))
            case _:
                return type_

    def _definition(self, draft: _Draft) -> Definition:
        definition = draft.definition
        match definition:
            case Model(fields=fields):
                return replace(
                    definition, fields=tuple(self._field(field, definition) for field in fields)
                )
            case Union():
                members = tuple(self._type(m, definition.package) for m in definition.members)
                resolved = replace(definition, members=members)
                return replace(resolved, mapping=self._mapping(resolved, draft))
            case Enum():
                return definition

    def _field(self, field: Field, model: Model) -> Field:
        type_ = self._type(field.type, model.package)
        return field if type_ is field.type else replace(field, type=type_)

    def _mapping(self, union: Union, draft: _Draft) -> tuple[tuple[str, str], ...]:
        """Return the written mapping, or the one that the members' literals say."""
        if draft.mapping is not None:
            refs = [
                (value, self._ref(name, union.package, position))
                for value, name, position in draft.mapping
            ]
            return tuple((value, ref.id) for value, ref in refs if ref is not None)
        if union.discriminator is None:
            return ()
        models = {d.definition.id: d.definition for d in self.drafts}
        found = []
        for member in union.members:
            model = models.get(member.id) if isinstance(member, Ref) else None
            for field in model.fields if isinstance(model, Model) else ():
                if field.wire == union.discriminator and isinstance(field.type, Constant):
                    found.append((str(field.type.value), cast("Ref", member).id))
        return tuple(found)


# Values ------------------------------------------------------------------------------------------


def _with_values(schema: Schema, drafts: list[_Draft], problems: list[Problem]) -> Schema:
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

    def fields(self, definition: Definition, draft: _Draft) -> Definition:
        """Return a definition with the values of its fields."""
        if not isinstance(definition, Model) or not draft.fields:
            return definition
        nodes = draft.fields
        fields = tuple(self._field(field, nodes[field.wire]) for field in definition.fields)
        return replace(definition, fields=fields)

    def example(self, definition: Definition, draft: _Draft) -> Definition:
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
            position = place_of(node, error.steps)
            found_null = str(error).endswith("found null")
            self.problems.append(
                Problem(
                    position,
                    code,
                    f"{what} does not fit its type: {error}",
                    help='the text "null" is written in quotes' if found_null else "",
                )
            )
        for key, model in unknown_keys(self.schema, type_, node):
            message = f'{what} has the key "{visible(key.text)}", and "{model.name}" no such field'
            known = [field.wire for field in model.fields]
            self.problems.append(
                Problem(key.position, code, message, help=did_you_mean(key.text, known))
            )
        return value
