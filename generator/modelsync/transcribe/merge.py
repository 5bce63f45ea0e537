"""Groups of pages -> definitions that combine what all languages show.

Each notation omits something: Go shows the width of numbers, Python distinguishes null from
absent, TypeScript shows literals. A fact that a notation does not show is unknown, not false.
If pages contradict each other, one of them is used, and there is a :class:`Disagreement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from modelsync.pages.notation.base import nullable
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.types import Ref, walk
from modelsync.transcribe.disagreements import Disagreement, on_required
from modelsync.transcribe.json_keys import JsonKeys
from modelsync.transcribe.match import Group
from modelsync.transcribe.merge_types import TypeMerger
from modelsync.transcribe.references import References
from modelsync.transcribe.typed_pages import (
    TypedField,
    TypedPage,
    TypedPages,
    by_key,
    by_precedence,
    free_name,
)


@dataclass(frozen=True, slots=True)
class Merged:
    """The definitions from all pages."""

    definitions: tuple[Definition, ...]
    """All definitions, external types among them."""
    json_keys: Mapping[str, Mapping[str, str]]
    """The JSON key of each field, by the id of its definition and its key on pages."""
    disagreements: tuple[Disagreement, ...]


class Merger:
    """Creates a definition from each group of pages."""

    def __init__(
        self, sets: Sequence[TypedPages], groups: Sequence[Group], json_keys: JsonKeys
    ) -> None:
        self.groups = groups
        self.derived_keys = json_keys
        self.languages = tuple(dict.fromkeys(typed.pages.notation for typed in sets))
        self.references = References(sets, groups)
        self.disagreements: list[Disagreement] = []
        self.types = TypeMerger(self.references, json_keys, self.disagreements)
        self.json_keys: dict[str, dict[str, str]] = {}

    def merge(self, progress: Progress = silent) -> Merged:
        """Return every definition, external types among them."""
        groups = counted(self.groups, "merging", progress)
        definitions = [self._definition(group) for group in groups]
        definitions += self.references.externals.values()
        return Merged(self._with_languages(definitions), self.json_keys, tuple(self.disagreements))

    # Definitions ------------------------------------------------------------------------------

    def _definition(self, group: Group) -> Definition:
        all_pages = by_precedence(group.pages.values())
        is_inferred = all(page.inferred for page in all_pages)
        pages = all_pages
        if is_inferred:
            # A language that only shows the name shows nothing of the contents.
            pages = [page for page in pages if page.fields or page.values] or pages[:1]
        name = self.references.names[group]
        return replace(
            self._bare_definition(group, pages),
            description=_first(page.page.description for page in pages),
            deprecated=_reason(page.page.deprecated for page in pages),
            names={
                page.notation: page.place.title
                for page in (*group.pages.values(), *group.missing.values())
                if page.place.title != name
            },
            only=self._only(page.notation for page in all_pages),
            inferred=is_inferred,
        )

    def _bare_definition(self, group: Group, pages: Sequence[TypedPage]) -> Definition:
        """Return a definition with nothing but its name and its fields, values or members."""
        name, package = self.references.names[group], group.package
        match pages[0].kind:
            case "model":
                keys = self.json_keys.setdefault(self.references.id_of(group), {})
                return Model(name=name, package=package, fields=tuple(self._fields(pages, keys)))
            case "enum":
                values, are_integers = self._values(pages)
                return Enum(
                    name=name,
                    package=package,
                    values=values,
                    type="int64" if are_integers else "string",
                    open=any(page.open for page in pages),
                )
            case "union":
                members = self.types.members(pages)
                key, mapping = self.types.discriminator(pages, members)
                return Union(
                    name=name,
                    package=package,
                    members=members,
                    discriminator=key,
                    mapping=mapping,
                )

    def _values(self, pages: Sequence[TypedPage]) -> tuple[tuple[EnumValue, ...], bool]:
        """Return the values of an enum, and whether they are integers."""
        # A table shows numbers and digits alike; a literal does not.
        are_integers = all(
            isinstance(value.json_value, int) for page in pages for value in page.values
        )
        lists = [[str(value.json_value) for value in page.values] for page in pages]
        texts_on = [(page.notation, set(texts)) for page, texts in zip(pages, lists, strict=True)]
        everywhere = self._only(page.notation for page in pages)
        values = []
        for text in merged_order(lists):
            here = self._only(notation for notation, texts in texts_on if text in texts)
            only = here if here != everywhere else ()
            values.append(EnumValue(int(text) if are_integers else text, only=only))
        return tuple(values), are_integers

    def _only(self, notations: Iterable[str]) -> tuple[str, ...]:
        """Return the languages that have something: none if all of them have it."""
        languages = set(notations)
        return () if languages >= set(self.languages) else tuple(sorted(languages))

    def _with_languages(self, definitions: Sequence[Definition]) -> tuple[Definition, ...]:
        """Return the definitions, each in all languages in which something refers to it."""
        everywhere = set(self.languages)
        by_id = {definition.id: definition for definition in definitions}
        languages: dict[str, set[str]] = {}
        for id_, definition in by_id.items():
            is_external = isinstance(definition, Union) and definition.external is not None
            languages[id_] = set() if is_external else set(definition.only) or set(everywhere)
        waiting = list(by_id)
        while waiting:
            id_ = waiting.pop()
            for ref, only in _references_of(by_id[id_]):
                needed = languages[id_] & (set(only) or everywhere)
                if not needed <= languages[ref.id]:
                    languages[ref.id] |= needed
                    waiting.append(ref.id)
        return tuple(
            replace(definition, only=self._only(languages[definition.id]))
            for definition in definitions
        )

    # Fields -----------------------------------------------------------------------------------

    def _fields(self, pages: Sequence[TypedPage], json_keys: dict[str, str]) -> Iterator[Field]:
        """Yield the fields of a model, and add their JSON keys to `json_keys`."""
        tables = [(page, by_key(page.fields)) for page in pages]
        taken: set[str] = set()
        for key in merged_order([list(table) for _, table in tables]):
            rows = [(page, table[key]) for page, table in tables if key in table]
            # Two names that differ on pages are two JSON keys.
            json_key = free_name(self.derived_keys.key(rows), rows[0][1].row.name, taken)
            taken.add(json_key)
            json_keys[key] = json_key
            yield self._field(rows, json_key, pages)

    def _field(
        self,
        rows: Sequence[tuple[TypedPage, TypedField]],
        json_key: str,
        pages: Sequence[TypedPage],
    ) -> Field:
        fields = [field for _, field in rows]
        type_, takes_null = self.types.field_type(rows)
        required = [field.row.required for field in fields]
        if len(set(required)) > 1:
            self.disagreements.append(on_required(rows, required))
        here = self._only(page.notation for page, _ in rows)
        everywhere = self._only(page.notation for page in pages)
        return Field(
            json_key=json_key,
            type=nullable(type_) if takes_null else type_,
            required=required[0],
            description=_first(field.row.description for field in fields),
            deprecated=_reason(field.row.deprecated for field in fields),
            only=here if here != everywhere else (),
        )


def _references_of(definition: Definition) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """Yield each reference with the languages that have it."""
    match definition:
        case Model(fields=fields):
            pairs = [(field.type, field.only) for field in fields]
        case Union(members=members):
            pairs = [(member, ()) for member in members]
        case Enum():
            return
    for type_, only in pairs:
        for inner in walk(type_):
            if isinstance(inner, Ref):
                yield inner, only


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _reason(reasons: Iterable[str | None]) -> str | None:
    """Return the reason of a deprecation: that of the first page that gives one."""
    given_reasons = [reason for reason in reasons if reason is not None]
    return _first(given_reasons) if given_reasons else None


def merged_order(orders: Sequence[Sequence[str]]) -> list[str]:
    """Return all keys in one order: that of the first list, with keys of the others in between."""
    after: dict[str | None, str | None] = {None: None}
    """The key after each key; the first one is after None."""
    for order in orders:
        last: str | None = None
        for key in order:
            if key not in after:
                after[key], after[last] = after[last], key
            last = key
    merged = []
    key_or_end = after[None]
    while key_or_end is not None:
        merged.append(key_or_end)
        key_or_end = after[key_or_end]
    return merged
