"""Documents -> drafts: definitions whose types still hold references as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypedDict, cast

from modelsync.errors import NOWHERE, Position, Problem, did_you_mean
from modelsync.schema.definitions import Alias, Definition, Enum, External, Model, Names, Union
from modelsync.schema.page_overrides import DefinitionPage
from modelsync.schema.types import Scalar
from modelsync.schema.values import NOTHING, Value
from modelsync.spec.definitions import (
    DEFINITIONS,
    AliasKeys,
    EnumKeys,
    ExternalKeys,
    MappingEntry,
    ModelKeys,
    UnionKeys,
    integer_values,
)
from modelsync.spec.fields import FieldValues, check_format
from modelsync.spec.limits import NO_LIMITS, Limits, read_limits
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.other_keys import instead_in_alias
from modelsync.spec.reader import Entries, Reader, describe
from modelsync.spec.shape import Key
from modelsync.spec.shared_keys import (
    DEPRECATED,
    DESCRIPTION,
    INFERRED,
    NAMES,
    ONLY,
    PAGES,
    extensions_of,
)

MAX_PARTS: Final = 50_000
"""The maximum number of fields of a model, values of an enum, or members of a union."""
_FIRST_KEY_HELP: Final = "start it with `model: Name`, `enum: Name`, `union: Name` or `alias: Name`"


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition whose types still hold references as written, with the nodes of its values."""

    definition: Definition
    example: Node | None = None
    fields: Mapping[str, FieldValues] = field(default_factory=dict)
    """The values of each field of a model, by JSON key."""
    mapping: tuple[MappingEntry, ...] | None = None
    limits: Limits = NO_LIMITS
    """The constraints of an alias."""
    is_broken: bool = False
    """Whether some part of it could not be read."""
    start: Position = NOWHERE
    """The start of its document."""


class _Common(TypedDict):
    """The keys that all kinds of definitions have."""

    name: str
    package: str
    description: str
    deprecated: str | None
    names: Names
    inferred: bool
    only: tuple[str, ...]
    pages: Mapping[str, DefinitionPage]
    extensions: Mapping[str, Value]
    position: Position
    names_position: Position


class DraftReader:
    """Reads the documents of one spec."""

    def __init__(self, problems: list[Problem], package: str) -> None:
        self.reader = Reader(problems)
        self.package = package

    def read(self, node: Node) -> Draft | None:
        """Return the definition of one document; None and a problem if it cannot be read."""
        document = self._document(node)
        if document is None:
            return None
        kind, mapping = document
        if self._is_too_large(mapping):
            return None
        problems = self.reader.problems
        before = len(problems)
        entries = self.reader.read(mapping, DEFINITIONS[kind])
        draft = self._draft(kind, entries) if entries is not None else None
        if draft is None:
            return None
        is_broken = len(problems) > before
        return replace(draft, is_broken=is_broken, start=node.position)

    def _document(self, node: Node) -> tuple[str, MappingNode] | None:
        """Return which kind of definition a document is; otherwise add a problem."""
        if not isinstance(node, MappingNode):
            message = f"expected a mapping for a definition, found {describe(node)}"
            self.reader.problem(node.position, "MS015", message, _FIRST_KEY_HELP)
            return None
        kinds = [key for key, _ in node.entries if key.text in DEFINITIONS]
        if len(kinds) == 1:
            return kinds[0].text, node
        if kinds:
            first, second = kinds[:2]
            value = next(value for key, value in node.entries if key is second)
            instead = None
            if first.text == "alias" and not isinstance(value, ScalarNode):
                instead = instead_in_alias(second.text, value, node)
            self.reader.problem(
                second.position,
                "MS015",
                f"the document has both `{first.text}` and `{second.text}`",
                instead.help if instead else "put a line `---` between the two definitions",
            )
            return None
        first_key = node.entries[0][0] if node.entries else None
        self.reader.problem(
            first_key.position if first_key else node.position,
            "MS015",
            "the document does not define anything",
            (did_you_mean(first_key.text, DEFINITIONS) if first_key else "") or _FIRST_KEY_HELP,
        )
        return None

    def _is_too_large(self, node: MappingNode) -> bool:
        """Whether a definition has too many parts to be read, which is a problem."""
        for key, value in node.entries:
            if key.text not in ("fields", "values", "members") or isinstance(value, ScalarNode):
                continue
            number = len(value.items if isinstance(value, SequenceNode) else value.entries)
            if number > MAX_PARTS:
                message = f"the definition has {number:,} {key.text}; the limit is {MAX_PARTS:,}"
                self.reader.problem(key.position, "MS019", message, "split the definition")
                return True
        return False

    def _draft(self, kind: str, entries: Entries) -> Draft | None:
        match kind:
            case "model":
                return self._model(entries)
            case "enum":
                return self._enum(entries)
            case "union":
                return self._union(entries)
            case "alias":
                return self._alias(entries)
            case _:
                return self._external(entries)

    def _model(self, entries: Entries) -> Draft | None:
        common = self._common(ModelKeys.MODEL, entries)
        fields = entries.get_or(ModelKeys.FIELDS, [])
        if common is None:
            return None
        parents = entries.get_or(ModelKeys.EXTENDS, [])
        model = Model(
            **common,
            fields=tuple(field for field, _ in fields),
            extends=tuple(parent for parent, _ in parents),
            extends_positions=tuple(position for _, position in parents),
            abstract=entries.get_or(ModelKeys.ABSTRACT, False),
            additional_properties=entries.get(ModelKeys.ADDITIONAL_PROPERTIES),
            additional_position=entries.position_of(ModelKeys.ADDITIONAL_PROPERTIES, NOWHERE),
        )
        values = {field.json_key: values for field, values in fields}
        return Draft(model, entries.get(ModelKeys.EXAMPLE), values)

    def _enum(self, entries: Entries) -> Draft | None:
        common = self._common(EnumKeys.ENUM, entries)
        values = entries.get_or(EnumKeys.VALUES, ())
        # The reader has checked that it is one of the choices.
        type_ = cast("Literal['string', 'int64']", entries.get_or(EnumKeys.TYPE, "string"))
        if type_ == "int64":
            values = tuple(integer_values(self.reader, values))
        if common is None:
            return None
        is_open = entries.get_or(EnumKeys.OPEN, False)
        enum = Enum(**common, values=values, type=type_, open=is_open)
        return Draft(enum, entries.get(EnumKeys.EXAMPLE))

    def _union(self, entries: Entries) -> Draft | None:
        common = self._common(UnionKeys.UNION, entries)
        if common is None:
            return None
        members = entries.get_or(UnionKeys.MEMBERS, [])
        union = Union(
            **common,
            members=tuple(type_ for type_, _ in members),
            discriminator=entries.get(UnionKeys.DISCRIMINATOR),
            open=entries.get_or(UnionKeys.OPEN, False),
            overlapping=entries.get_or(UnionKeys.OVERLAPPING, False),
            member_positions=tuple(position for _, position in members),
        )
        example = entries.get(UnionKeys.EXAMPLE)
        return Draft(union, example, mapping=entries.get(UnionKeys.MAPPING))

    def _alias(self, entries: Entries) -> Draft | None:
        common = self._common(AliasKeys.ALIAS, entries)
        type_ = entries.get(AliasKeys.TYPE)
        if common is None or type_ is None:
            return None
        check_format(self.reader, entries, type_)
        position = entries.position_of(AliasKeys.TYPE, NOWHERE)
        format_ = entries.get_or(AliasKeys.FORMAT, "")
        alias = Alias(**common, type=type_, format=format_, type_position=position)
        return Draft(alias, entries.get(AliasKeys.EXAMPLE), limits=read_limits(entries))

    def _external(self, entries: Entries) -> Draft | None:
        common = self._common(ExternalKeys.EXTERNAL, entries)
        if common is None:
            return None
        links = entries.get_or(ExternalKeys.LINKS, {})
        external = External(entries.get_or(ExternalKeys.SHOWN, {}), links)
        return Draft(Union(**common, members=(Scalar("any"),), external=external))

    def _common(self, name_key: Key[str], entries: Entries) -> _Common | None:
        """Return the common keys of a definition; None if it has no valid name."""
        name = entries.get(name_key)
        if name is None:
            return None
        return {
            "name": name,
            "package": self.package,
            "description": entries.get_or(DESCRIPTION, ""),
            "deprecated": entries.get(DEPRECATED),
            "names": entries.get_or(NAMES, NOTHING),
            "inferred": entries.get_or(INFERRED, False),
            "only": entries.get_or(ONLY, ()),
            "pages": entries.get_or(PAGES, {}),
            "extensions": extensions_of(entries),
            "position": entries.nodes[name_key].position,
            "names_position": entries.position_of(NAMES, NOWHERE),
        }
