"""Documents -> drafts: definitions whose types still hold references as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

from modelsync.errors import Position, Problem, did_you_mean, visible
from modelsync.schema.ir import (
    NOWHERE,
    AnyOf,
    Definition,
    DefinitionPage,
    Enum,
    EnumValue,
    External,
    Field,
    FieldPage,
    Model,
    Nullable,
    Scalar,
    Type,
    Union,
    ValuePage,
)
from modelsync.schema.other_types import Meaning, meaning_of, meaning_of_list
from modelsync.schema.type_expr import TypeExpressionError, parse, valid_help
from modelsync.spec import shape
from modelsync.spec.nodes import NO_SPACE, MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.reader import MAX_NAME, SIMPLE, Reader, describe
from modelsync.spec.shape import Key
from modelsync.spec.values import natural

MAX_PARTS: Final = 50_000
"""How many fields a model may have, or values an enum, or members a union."""
_PAGES: Final = frozenset({"field pages", "value pages", "definition pages"})
_VALUES: Final = frozenset({"value", "values"})
"""The kinds of key that only the types of the whole schema can interpret."""
_HARMLESS: Final = frozenset({"MS032"})
"""Problems that leave no doubt about what a definition says."""
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,18})")


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.plain and node.text == ""


def _is_text(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not _is_nothing(node)


def _fields_cure(node: SequenceNode) -> str:
    """Return help for fields that are a list: with the name of the first one."""
    if not node.items:
        return 'write "fields: {}"'
    first = node.items[0]
    name, keys = "name", "its keys below"
    if isinstance(first, ScalarNode) and len(first.text) <= MAX_NAME:
        name, keys = first.text, "{type: string}"
    for key, value in first.entries if isinstance(first, MappingNode) else ():
        if key.text == "name" and isinstance(value, ScalarNode) and len(value.text) <= MAX_NAME:
            name = value.text
    shown = f'"{visible(name)}:" and {keys}' if keys[0] != "{" else f'"{visible(name)}: {keys}"'
    return f'write {shown}, without "-"'


def _field_cure(key: ScalarNode, node: ScalarNode | SequenceNode) -> str:
    """Return help for a field that is only its type: `id: string`, or `tags: [string]`."""
    meaning = None
    if isinstance(node, ScalarNode) and not node.is_null:
        meaning = meaning_of(node.text.removeprefix("type:"))
    elif isinstance(node, SequenceNode):
        meaning = _list_meaning(node)
    written = meaning.text if meaning is not None and valid_help(meaning) else "string"
    if not written.replace(" | ", "").isidentifier():
        return f"write `{visible(key.text)}: {{type: '{visible(written)}'}}`"
    return f'write "{visible(key.text)}: {{type: {written}}}"'


def _values_cure(node: Node) -> str:
    """Return help for the values of an enum that are a list, or one text."""
    texts = []
    if isinstance(node, SequenceNode):
        texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
    elif isinstance(node, ScalarNode):
        texts = re.split(r"\s*[,|]\s*", node.text[:MAX_NAME])
    first = next((text for text in texts if re.fullmatch(r"[\w-]{1,40}", text)), "value")
    return f'write a line "{first}:" for each value, with nothing or its description behind'


def _list_meaning(node: SequenceNode) -> Meaning | None:
    texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
    if len(texts) == len(node.items) == 1:
        return meaning_of(f"list[{texts[0]}]")
    return meaning_of_list(texts) if len(texts) == len(node.items) else None


def _list_cure(node: SequenceNode) -> str:
    """Return help for a list where a type is needed: JSON Schema has one for several types."""
    general = 'a list is written "list[string]"; of several types, "string | int64"'
    return valid_help(_list_meaning(node)) or general


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition whose types still hold references as written, with the nodes of its values."""

    definition: Definition
    example: Node | None = None
    fields: Mapping[str, Mapping[Key, Node]] | None = None
    mapping: tuple[tuple[str, str, Position], ...] | None = None
    broken: bool = False
    """Whether something of it could not be read."""
    start: Position = NOWHERE
    """Where its document begins."""


class DraftReader:
    """Reads the documents of one spec."""

    def __init__(self, problems: list[Problem], package: str) -> None:
        self.reader = Reader(problems)
        self.package = package

    def read(self, node: Node) -> Iterator[Draft]:
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
        if self._is_too_large(node):
            return
        name_node = next(value for key, value in node.entries if key.text == kind)
        before = len(self.reader.problems)
        entries = self.reader.keys(node, shape.DEFINITIONS[kind])
        if entries is None:
            return
        draft = self._draft(kind, name_node, entries)
        if draft is not None:
            wrong = self.reader.problems[before:]
            broken = any(problem.code not in _HARMLESS for problem in wrong)
            yield replace(draft, broken=broken, start=node.position)

    def _is_too_large(self, node: MappingNode) -> bool:
        """Whether a definition has too many parts: that is a problem, and it is not read."""
        for key, value in node.entries:
            if key.text not in ("fields", "values", "members") or isinstance(value, ScalarNode):
                continue
            number = len(value.items if isinstance(value, SequenceNode) else value.entries)
            if number > MAX_PARTS:
                message = (
                    f"a definition has up to {MAX_PARTS:,} {key.text}, and this has {number:,}"
                )
                self.reader.problem(key.position, "MS019", message, "split it")
                return True
        return False

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
            elif key.kind in _PAGES:
                found["pages"] = self._pages(node, key.kind)
        return found

    def _pages(self, node: Node, kind: str) -> dict[str, FieldPage | ValuePage | DefinitionPage]:
        """Read what the pages of each language say otherwise."""
        mapping = self.reader.mapping(node, '"pages"', 'write "pages: {go: {...}}"')
        found: dict[str, FieldPage | ValuePage | DefinitionPage] = {}
        for key, value in mapping.entries if mapping else ():
            if kind == "field pages":
                found[key.text] = self._field_page(value)
            elif kind == "value pages":
                entries = self.reader.keys(value, shape.VALUE_PAGE) or {}
                found[key.text] = ValuePage(**self._simple(entries))
            elif isinstance(value, ScalarNode) and value.plain and value.text == "false":
                found[key.text] = DefinitionPage(shown=False)
            else:
                found[key.text] = self._definition_page(value)
        return found

    def _field_page(self, node: Node) -> FieldPage:
        entries = self.reader.keys(node, shape.FIELD_PAGE) or {}
        others = {key.name: value for key, value in entries.items()}
        type_ = self._type(others["type"]) if "type" in others else None
        return FieldPage(type=type_, **self._simple(entries))

    def _definition_page(self, node: Node) -> DefinitionPage:
        cure = "write false, without quotes, for a definition that has no page there"
        entries = self.reader.keys(node, shape.DEFINITION_PAGE, cure) or {}
        found = self._simple(entries)
        for key, value in entries.items():
            if key.kind == "value":
                found[key.name] = natural(value)
            elif key.kind == "values":
                items = self.reader.sequence(value, key.name)
                found[key.name] = tuple(natural(item) for item in items)
            elif key.kind == "shown types":
                types = map(self._type, self.reader.sequence(value, key.name))
                found[key.name] = tuple(type_ for type_ in types if type_ is not None)
        return DefinitionPage(**found)

    def _draft(self, kind: str, name_node: Node, entries: Mapping[Key, Node]) -> Draft | None:
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
                draft = Draft(definition, example, {f.json_key: nodes for f, nodes in fields})
            case "enum":
                values = self._enum_values(others.get("values"), simple.get("type", "string"))
                draft = Draft(Enum(**simple, values=values), example)
            case "external":
                external = External(simple.pop("shown", {}), simple.pop("links", {}))
                anything = (Scalar("any"),)
                draft = Draft(Union(**simple, members=anything, external=external))
            case _:
                members = self._members(others.get("members"))
                definition = Union(
                    **simple,
                    members=tuple(type_ for type_, _ in members),
                    member_positions=tuple(position for _, position in members),
                )
                draft = Draft(definition, example, mapping=self._mapping(others.get("mapping")))
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
                _fields_cure(node),
            )
            return []
        cure = 'indent the fields below it; a model without fields has "fields: {}"'
        if isinstance(node, ScalarNode) and (glued := NO_SPACE.match(node.text)):
            cure = f'put a space behind "{visible(glued[1])}"'
        mapping = self.reader.mapping(node, '"fields"', cure)
        found = []
        for key, value in self._indented(mapping.entries) if mapping else ():
            field = self._field(key, value)
            if field is not None:
                found.append(field)
        return found

    def _indented(
        self, entries: tuple[tuple[ScalarNode, Node], ...]
    ) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield fields; a field whose keys stand beside it, and not in it, is a problem."""
        above: ScalarNode | None = None
        is_dedented = False
        for (key, value), following in zip_longest(entries, entries[1:]):
            # What stands beside the field `above` is a key of it.
            if above is not None and shape.FIELD.key(key.text) and _is_text(value):
                continue
            above = None
            after = following[0] if following and _is_text(following[1]) else None
            if _is_nothing(value) and after is not None and after.text in ("type", "$ref"):
                above = key
                self.reader.problem(
                    after.position,
                    "MS012",
                    f'"{after.text}" is beside the field "{visible(key.text)}", not in it',
                    f'indent the keys of "{visible(key.text)}" below it',
                )
                is_dedented = True
                continue
            if not (is_dedented and _is_nothing(value)):
                yield key, value

    def _field(self, key: ScalarNode, node: Node) -> tuple[Field, Mapping[Key, Node]] | None:
        cure = "" if isinstance(node, MappingNode) else _field_cure(key, node)
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
            json_key=key.text,
            type=type_,
            position=key.position,
            type_position=type_node.position,
            **simple,
        )
        # Only the nodes of values are needed later; the others go with their document.
        return field, {key: each for key, each in entries.items() if key.kind in _VALUES}

    def _type(self, node: Node) -> Type | None:
        cure = 'write a type, such as "string" or "list[User]"'
        if isinstance(node, SequenceNode):
            cure = _list_cure(node)
        elif isinstance(node, MappingNode):
            cure = "define a model in a document of its own, and write its name here"
        scalar = self.reader.scalar(node, "type", cure)
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
                _values_cure(node),
            )
            return ()
        mapping = self.reader.mapping(node, '"values"', _values_cure(node))
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
