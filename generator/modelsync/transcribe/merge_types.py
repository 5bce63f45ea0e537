"""Join the types that pages of several languages show for one field or member."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from modelsync.naming import INITIALISMS, pascal
from modelsync.schema.types import (
    NUMBERS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Type,
)
from modelsync.transcribe.disagreements import Disagreement, on_members, on_null, on_type
from modelsync.transcribe.json_keys import JsonKeys
from modelsync.transcribe.match import Group
from modelsync.transcribe.references import References
from modelsync.transcribe.typed_pages import TypedField, TypedPage, by_key, by_precedence


def join_types(one: Type, other: Type, references: References) -> Type | None:
    """Return the type that combines both types, None if they contradict each other."""
    match one, other:
        case _ if one == other:
            return one
        case (Nullable(), _) | (_, Nullable()):
            joined = join_types(without_null(one), without_null(other), references)
            return joined and Nullable(joined)
        case ListOf(item=left), ListOf(item=right):
            joined = join_types(left, right, references)
            return joined and ListOf(joined)
        case MapOf(value=left), MapOf(value=right):
            joined = join_types(left, right, references)
            return joined and MapOf(joined)
        case Scalar(name=left), Scalar(name=right):
            return _join_numbers(left, right)
        case (Scalar(), Constant()) if _is_literal_of(one, other):
            return other
        case (Constant(), Scalar()) if _is_literal_of(other, one):
            return one
        case (Ref() as ref, Constant() as constant) | (Constant() as constant, Ref() as ref):
            return _join_literal(ref, constant, references)
        case Ref(), Ref():
            return references.join_externals(one, other)
        case _:
            return None


def without_null(type_: Type) -> Type:
    """Return a type without `| null`."""
    return type_.inner if isinstance(type_, Nullable) else type_


def _is_literal_of(scalar: Type, constant: Type) -> bool:
    match scalar, constant:
        case Scalar(name="string"), Constant(value=value):
            return isinstance(value, str)
        case Scalar(name="bool"), Constant(value=value):
            return isinstance(value, bool)
        case _:
            return False


_MOST_SPECIFIC: Final[Sequence[ScalarName]] = ("int32", "uint32", "uint64", "int64", "float32")
"""Numbers, most specific first: Python shows `int` for all integers."""


def _join_numbers(one: ScalarName, other: ScalarName) -> Scalar | None:
    """Return the scalar that combines two: `float64` of TypeScript may be any number."""
    if not {one, other} <= NUMBERS:
        return None
    return next(Scalar(name) for name in _MOST_SPECIFIC if name in (one, other))


def _join_literal(ref: Ref, constant: Constant, references: References) -> Type | None:
    """Return the type that combines an enum and a literal of it: Go shows the enum."""
    group = references.group_of.get(ref.id)
    values = _json_values(group) if group is not None else set()
    if constant.value not in values:
        return None
    return ref if len(values) == 1 else constant


def _json_values(group: Group) -> set[str | int]:
    return {value.json_value for page in group.pages.values() for value in page.values}


class TypeMerger:
    """Joins the types of fields and the members of unions, and collects disagreements."""

    def __init__(
        self, references: References, json_keys: JsonKeys, disagreements: list[Disagreement]
    ) -> None:
        self.references = references
        self.json_keys = json_keys
        self.disagreements = disagreements

    # Fields -----------------------------------------------------------------------------------

    def field_type(self, rows: Sequence[tuple[TypedPage, TypedField]]) -> tuple[Type, bool]:
        """Return the type of a field, and whether null is a value of it."""
        type_ = self.references.resolve(rows[0][1].type)
        for _, other in rows[1:]:
            joined = join_types(type_, self.references.resolve(other.type), self.references)
            if joined is None:
                self.disagreements.append(on_type(rows, other))
            else:
                type_ = joined
        with_null = [(field, field.nullable) for _, field in rows if field.nullable is not None]
        if len({takes_null for _, takes_null in with_null}) > 1:
            fields, answers = zip(*with_null, strict=True)
            self.disagreements.append(on_null(rows, fields, answers))
        return type_, any(takes_null for _, takes_null in with_null)

    # Unions -----------------------------------------------------------------------------------

    def members(self, pages: Sequence[TypedPage]) -> tuple[Type, ...]:
        """Return the members of the union that all pages show."""
        first = pages[0]
        members = list(self._members_on(first))
        for page in pages[1:]:
            others = list(self._members_on(page))
            rest = self._join_members(members, others)
            if rest and len(others) == len(members):
                self.disagreements.append(on_members(first, page, "the first"))
            elif len(others) != len(members):
                self.disagreements.append(on_members(first, page, "all of them"))
                members += rest
        return tuple(dict.fromkeys(members))

    def _members_on(self, page: TypedPage) -> Iterator[Type]:
        """Yield the members that one page shows, without null and without nested unions."""
        for member in page.members:
            type_ = without_null(self.references.resolve(member))
            for inner in type_.members if isinstance(type_, AnyOf) else (type_,):
                yield without_null(inner)

    def _join_members(self, members: list[Type], others: Sequence[Type]) -> list[Type]:
        """Join each of `others` to one of `members`; return those that none agrees with.

        Pages may show them in different orders: an equal member is tried first, then the one at
        the same index.
        """
        free = dict.fromkeys(range(len(members)))
        rest = []
        for index, other in enumerate(others):
            equal = (number for number in free if members[number] == other)
            for number in (*equal, *([index] if index in free else ()), *free):
                joined = join_types(members[number], other, self.references)
                if joined is not None:
                    members[number] = joined
                    del free[number]
                    break
            else:
                rest.append(other)
        return rest

    # Discriminators ---------------------------------------------------------------------------

    def discriminator(
        self, pages: Sequence[TypedPage], members: Sequence[Type]
    ) -> tuple[str | None, tuple[tuple[str, str], ...]]:
        """Return the JSON key of the field that identifies the member, and the mapping.

        The tags on Go's pages are derived from the values of this field: if they do not match,
        no field is a discriminator.
        """
        values_of: dict[str, Mapping[str, frozenset[str]]] = {}
        for member in members:
            group = self.references.group_of.get(member.id) if isinstance(member, Ref) else None
            if group is None or group.kind != "model" or not isinstance(member, Ref):
                return None, ()
            values_of[member.id] = self._required_values(group)
        tags = self._tags(pages)
        common = set.intersection(*map(set, values_of.values())) if values_of else set()
        for key in sorted(common):
            mapping = _mapping({id_: values[key] for id_, values in values_of.items()}, tags)
            if mapping is None or len(dict(mapping)) < len(mapping):
                continue
            json_keys = {self._json_key(id_, key) for id_ in values_of}
            if len(json_keys) == 1:
                return json_keys.pop(), mapping
        return None, ()

    def _tags(self, pages: Sequence[TypedPage]) -> dict[str, set[str]]:
        """Return the names of the members of a union on Go's pages, by the id of the member.

        A member may have several tags, and one that only other languages show has none.
        """
        tags: dict[str, set[str]] = {}
        for page in pages:
            # A page has a tag for each member, or none at all.
            for member, tag in zip(page.members, page.tags, strict=False):
                type_ = without_null(self.references.resolve(member))
                if isinstance(type_, Ref):
                    tags.setdefault(type_.id, set()).add(tag)
        return tags

    def _required_values(self, group: Group) -> dict[str, frozenset[str]]:
        """Return the strings that each required field of a model may be, if pages show them."""
        values_of: dict[str, frozenset[str]] = {}
        for page in by_precedence(group.pages.values()):
            for field in page.fields:
                values = self._strings_of(field.type) if field.row.required else None
                if values is not None:
                    before = values_of.get(field.key, values)
                    values_of[field.key] = before & values or before
        return values_of

    def _strings_of(self, type_: Type) -> frozenset[str] | None:
        """Return the strings that a literal or an enum takes, None for any other type."""
        match type_:
            case Constant(value=str(value)):
                return frozenset({value})
            case Ref(id=id_):
                group = self.references.group_at(id_)
                if group is not None and group.kind == "enum":
                    return frozenset(map(str, _json_values(group)))
        return None

    def _json_key(self, id_: str, key: str) -> str:
        """Return the JSON key of the field of a definition that has the key `key`."""
        pages = by_precedence(self.references.group_of[id_].pages.values())
        tables = ((page, by_key(page.fields)) for page in pages)
        return self.json_keys.key([(page, table[key]) for page, table in tables if key in table])


def _mapping(
    values_of: Mapping[str, frozenset[str]], tags: Mapping[str, Collection[str]]
) -> tuple[tuple[str, str], ...] | None:
    """Return a pair (value, id) for each value of a discriminator, None if it is not one.

    `values_of` has the values that the field has in each member, and `tags` the tags of members.
    """
    pairs: list[tuple[str, str]] = []
    for id_, all_values in values_of.items():
        values = all_values
        if id_ in tags:
            values = frozenset(v for v in all_values if pascal(v, INITIALISMS) in tags[id_])
        if len(values) != max(1, len(tags.get(id_, ()))):
            return None
        pairs += ((value, id_) for value in sorted(values))
    return tuple(pairs)
