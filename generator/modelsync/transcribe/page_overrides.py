"""What the pages of each language say otherwise than the schema makes them say.

The Markdown target is asked for each page; where it would show something else than the real page
does, the difference goes into the `names:`, `pages:` and examples of the schema.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NoReturn, TypeVar

from modelsync.errors import HIDDEN
from modelsync.pages.code import MAX_NESTING, HiddenText, NotCode
from modelsync.pages.example import (
    NoValue,
    example_text,
    has_calls,
    plain_numbers,
    read_sample,
    read_usage,
    without_comment,
)
from modelsync.pages.notation.base import nullable
from modelsync.pages.notation.python import Python
from modelsync.pages.page import Fields, Members, Page, Values
from modelsync.progress import Progress, counted, silent
from modelsync.schema import meaning
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import (
    Definition,
    DefinitionPage,
    Enum,
    EnumValue,
    Field,
    FieldPage,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    Value,
)
from modelsync.targets.base import Settings
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe.typed_pages import Seen, SeenField

Resolve = Callable[[Type], Type]
_WithExample = TypeVar("_WithExample", Model, Union)
_WithUsage = TypeVar("_WithUsage", Model, Enum, Union)
_IMPORTED: Final = re.compile(r'import \{([\s\w,]+)\} from "(?:[^"/]*+/)*+([^"/]+)\.js";')
"""An import from a file: of which names, and what the file is called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that was read, and the field of the schema that each of its rows is."""

    page: Seen
    fields: Mapping[str, str]
    """Key of a row -> wire name."""


def as_shown(
    schema: Schema,
    shown: Mapping[str, Mapping[str, Shown]],
    settings: Mapping[str, Settings],
    resolve: Resolve,
    progress: Progress = silent,
) -> Schema:
    """Return `schema` with what the pages of each language say otherwise.

    `shown` has the pages by language and then by the identity of their definition, `settings` the
    Markdown target of each language, and `resolve` makes the types of pages those of the schema.
    """
    for step in (_Names, _Words, _Examples, _Options):
        settled: dict[int, list[str]] = {}
        for language, pages in shown.items():
            view = of_language(schema, language)
            target = MarkdownTarget(view, settings[language])
            worker = step(schema, view, target, language, resolve, settled)
            schema = Schema(
                tuple(
                    worker.definition(each, pages[each.id])
                    if each.id in pages
                    else worker.without_page(each)
                    for each in counted(schema.definitions, f"comparing with {language}", progress)
                )
            )
    return schema


class _Step(ABC):
    """Compares the pages of one language; `settled` has the languages that were compared before.

    It has them by the number of the item (an enum, a field) whose example they settled.
    """

    def __init__(
        self,
        whole: Schema,
        schema: Schema,
        target: MarkdownTarget,
        language: str,
        resolve: Resolve,
        settled: dict[int, list[str]],
    ) -> None:
        self.whole = whole
        self.schema = schema
        self.target = target
        self.language = language
        self.resolve = resolve
        self.settled = settled

    @abstractmethod
    def definition(self, definition: Definition, shown: Shown) -> Definition:
        """Return a definition with what its page says otherwise."""

    def without_page(self, definition: Definition) -> Definition:
        """Return a definition that has no page in this language."""
        return definition

    def words(self, definition: Definition, **found: object) -> dict[str, DefinitionPage]:
        """Return the `pages` of a definition with more of this language."""
        page = definition.pages.get(self.language) or DefinitionPage()
        return {**definition.pages, self.language: replace(page, **found)}  # type: ignore[arg-type]


class _Names(_Step):
    """The names that pages show, where the rules make others."""

    def definition(self, definition: Definition, shown: Shown) -> Definition:
        if shown.page.options:
            own = dict(sorted(shown.page.options.items()))
            definition = replace(definition, pages=self.words(definition, options=own))
        place = self.target.places[definition.id]
        if place.path.rpartition("/")[2] != f"{shown.page.stem}.md":
            definition = replace(definition, pages=self.words(definition, file=shown.page.stem))
        module = self.module(definition, shown.page)
        if module is not None:
            definition = replace(definition, pages=self.words(definition, module=module))
        match definition:
            case Model(fields=fields):
                names = {shown.fields[each.key]: each.row.name for each in shown.page.fields}
                return replace(
                    definition, fields=tuple(self.field(definition, f, names) for f in fields)
                )
            case Enum(values=values):
                assert isinstance(shown.page.page.body, Values)
                named = shown.page.page.body.form == "table"
                if named != self.target.as_table(definition):
                    definition = replace(definition, pages=self.words(definition, named=named))
                given = {str(value.wire): value.name for value in shown.page.values if value.name}
                return replace(
                    definition,
                    values=tuple(self.value(definition, value, given) for value in values),
                )
            case Union():
                return self.union(definition, shown.page)

    def module(self, definition: Definition, seen: Seen) -> str | None:
        """Return the file that an example imports a definition from, if it is not its page's."""
        if self.target.for_page(definition).example.style.imports != "files":
            return None
        for names, module in _IMPORTED.findall(seen.page.usage or ""):
            if seen.place.title in re.findall(r"\w+", names):
                return None if module == seen.stem else str(module)
        return None

    def union(self, union: Union, seen: Seen) -> Union:
        """Return a union with the members of its page, and with what the page calls them."""
        found: dict[str, object] = {}
        members = tuple(map(self.resolve, seen.members))
        if members != union.members:
            found["members"] = members
        if seen.tags and seen.tags != self.target.notation.tags(union, members):
            found["tags"] = seen.tags
        return replace(union, pages=self.words(union, **found)) if found else union

    def field(self, model: Model, field: Field, names: Mapping[str, str]) -> Field:
        name = names.get(field.json_key)
        if name is None or self.target.field_names.get((model.id, field.json_key)) == name:
            return field
        return replace(field, names={**field.names, self.language: name})

    def value(self, enum: Enum, value: EnumValue, names: Mapping[str, str]) -> EnumValue:
        name = names.get(str(value.json_value))
        if name is None or self.target.value_names.get((enum.id, value.json_value)) == name:
            return value
        return replace(value, names={**value.names, self.language: name})

    def without_page(self, definition: Definition) -> Definition:
        is_external = isinstance(definition, Union) and definition.external is not None
        if is_external or definition.id not in self.schema.by_id:
            return definition
        return replace(definition, pages=self.words(definition, shown=False))


class _Words(_Step):
    """Types, descriptions and the order of what stands on a page."""

    def definition(self, definition: Definition, shown: Shown) -> Definition:
        here = self.schema.by_id[definition.id]
        target = self.target.for_page(here)
        made = target.page(here)
        real = shown.page.page
        if made is None:
            return definition
        found: dict[str, object] = {}
        if made.description != real.description:
            found["description"] = real.description
        if made.deprecated != real.deprecated:
            found["deprecated"] = False if real.deprecated is None else real.deprecated
        if (made.usage is None) != (real.usage is None) and target.can_have_usage(definition):
            found["usage"] = real.usage is not None
        match definition:
            case Model():
                order = tuple(shown.fields[each.key] for each in shown.page.fields)
                assert isinstance(here, Model)
                if order != tuple(field.json_key for field in here.fields):
                    found["order"] = order
                definition = self.fields(definition, made, shown)
                assert isinstance(real.body, Fields)
                found |= {"width": real.body.width} if real.body.width else {}
            case Enum():
                assert isinstance(real.body, Values)
                found |= {"width": real.body.width} if real.body.width else {}
                order = tuple(str(value.wire) for value in shown.page.values)
                assert isinstance(here, Enum)
                if order != tuple(str(value.json_value) for value in here.values):
                    found["order"] = order
                if here.open != shown.page.open and self.shows_open(real):
                    found["open"] = shown.page.open
            case Union():
                assert isinstance(made.body, Members)
                found |= {"open": True} if shown.page.open else {}
                found |= self.members(made.body, real)
        if not found:
            return definition
        return replace(definition, pages=self.words(definition, **found))

    def members(self, made: Members, real: Page) -> dict[str, object]:
        """Return what stands above and below the members of a union if no type makes it."""
        assert isinstance(real.body, Members)
        found: dict[str, object] = {} if made.more == real.body.more else {"more": real.body.more}
        here, there = made.members, real.body.members
        if len(here) != len(there):
            return found
        heads = tuple(each.head for each in there)
        if heads != tuple(each.head for each in here):
            found["heads"] = tuple(head.strip("`") for head in heads)
        codes = tuple(each.code for each in there)
        # The values in those of TypeScript are not known yet.
        if self.language != "typescript" and codes != tuple(each.code for each in here):
            found["codes"] = codes
        return found

    def shows_open(self, page: Page) -> bool:
        """Whether the page of an enum would show that it is open."""
        assert isinstance(page.body, Values)
        return page.body.form != "table" or page.usage is not None or self.language == "typescript"

    def fields(self, model: Model, made: Page, shown: Shown) -> Model:
        assert isinstance(made.body, Fields)
        rows = {row.name: row for row in made.body.rows}
        seen = {shown.fields[each.key]: each for each in shown.page.fields}
        fields = []
        for field in model.fields:
            real = seen.get(field.json_key)
            row = rows.get(real.row.name) if real is not None else None
            if real is None or row is None:
                fields.append(field)
                continue
            found: dict[str, object] = {}
            if row.required != real.row.required:
                found["required"] = real.row.required
            made_cell, cell = row.type, real.row.type
            wrapper = self.odd_wrapper(real)
            if wrapper:
                made_cell, cell = (Python.unwrapped(each)[1] for each in (made_cell, cell))
            # The pointer, or the wrapper, follows from both.
            if found or made_cell != cell:
                found["type"] = self.type(real)
                if real.nullable and found["type"] == Scalar("any"):
                    found["nullable"] = True
                found |= self.cell(model, field, found, real)
                if "cell" in found and found["type"] == field.type:
                    del found["type"]
            if wrapper:
                found["wrapper"] = wrapper
            if row.description != real.row.description:
                found["description"] = real.row.description
            if row.deprecated != real.row.deprecated:
                found["deprecated"] = False if real.row.deprecated is None else real.row.deprecated
            if found:
                words = replace(field.pages.get(self.language) or FieldPage(), **found)  # type: ignore[arg-type]
                fields.append(replace(field, pages={**field.pages, self.language: words}))
            else:
                fields.append(field)
        return replace(model, fields=tuple(fields))

    def cell(
        self, model: Model, field: Field, found: Mapping[str, object], real: SeenField
    ) -> dict[str, object]:
        """Return the text of the type's cell if its type does not make it."""
        words = replace(field.pages.get(self.language) or FieldPage(), **found)  # type: ignore[arg-type]
        made = replace(field, pages={**field.pages, self.language: words})
        row = self.target.for_page(model).row(model, made)
        return {} if row.type == real.row.type or words.wrapper else {"cell": real.row.type}

    def odd_wrapper(self, real: SeenField) -> str:
        """Return what stands around a type in Python if the rest of the row says otherwise."""
        if self.language != "python" or real.nullable is None:
            return ""
        shown, _ = Python.unwrapped(real.row.type)
        return "" if shown == Python.wrapper(real.row.required, real.nullable) else shown

    def type(self, real: SeenField) -> Type:
        """Return the type that a page shows."""
        type_ = self.resolve(real.type)
        return nullable(type_) if real.nullable else type_


class _Examples(_Step):
    """Examples of fields and of whole definitions."""

    def definition(self, definition: Definition, shown: Shown) -> Definition:
        match definition:
            case Model():
                definition = self.fields(definition, shown)
                if self.language == "typescript":
                    definition = self.usage(definition, shown.page.page)
            case Enum():
                definition = self.with_code(self.chosen(definition, shown.page), shown.page.page)
            case Union() if self.target.for_page(definition).shows_unions:
                definition = self.usage(definition, shown.page.page)
            case Union() if self.language == "typescript":
                definition = self.members(definition, shown.page.page)
            case _:
                pass
        return definition

    def fields(self, model: Model, shown: Shown) -> Model:
        seen = {shown.fields[each.key]: each.row.examples for each in shown.page.fields}
        return replace(
            model,
            fields=tuple(
                self.field(field, seen[field.json_key]) if field.json_key in seen else field
                for field in model.fields
            ),
        )

    def field(self, field: Field, texts: tuple[str, ...]) -> Field:
        """Return a field with the examples that its row shows."""
        before = self.settled.setdefault(field.position.line, [])
        if tuple(map(example_text, field.examples)) == texts:
            before.append(self.language)
            return field
        if not field.examples and not any(page.examples for page in field.pages.values()):
            values = [self.value(field.type, text) for text in texts]
            if all(value is not None for value in values):
                # The pages that came before show none, and go on showing none.
                for language in before:
                    field = self.with_examples(field, language, ())
                return replace(field, examples=tuple(values))
        return self.with_examples(field, self.language, texts)

    def with_examples(self, field: Field, language: str, texts: tuple[str, ...]) -> Field:
        """Return a field with examples of its own on the page of a language."""
        words = replace(field.pages.get(language) or FieldPage(), examples=texts)
        return replace(field, pages={**field.pages, language: words})

    def value(self, type_: Type, text: str) -> Value:
        """Return the value of a type that the cell of an example shows; None where none fits."""
        for value in _readings(text):
            if example_text(value) == text and self.fits(type_, value):
                return value
        return None

    def fits(self, type_: Type, value: Value) -> bool:
        """Whether a spec takes a value as an example of a type: no key of it is unknown either."""
        try:
            meaning.read(self.whole, type_, meaning.to_json(value))
        except meaning.ValidationError:
            return False
        return self.known(type_, value)

    def known(self, type_: Type, value: Value) -> bool:
        """Whether the models in a type have a field for each key of a value."""
        match type_, value:
            case Nullable(inner=inner), _:
                return self.known(inner, value)
            case ListOf(item=inner), tuple():
                return all(self.known(inner, each) for each in value)
            case MapOf(value=inner), Object(items=items):
                return all(self.known(inner, each) for _, each in items)
            case Ref(), Object(items=items):
                model = self.whole[type_]
                if not isinstance(model, Model):
                    return True
                types = {field.json_key: field.type for field in model.fields}
                return all(key in types and self.known(types[key], each) for key, each in items)
            case _:
                return True

    def usage(self, definition: _WithExample, page: Page) -> _WithExample:
        """Return a definition with the example that its page shows."""
        if page.usage is None:
            return definition
        try:
            example = self.target.for_page(definition).example
            code = read_usage(page.usage, example.style.layout)
            if code is None:
                return definition
            value = example.read(Ref(definition.id), code)
        except HiddenText:
            return self.with_code(definition, page)
        except (NotCode, NoValue):
            return definition
        plain = plain_numbers(value)
        if self.is_example(definition, plain):
            definition = replace(definition, example=plain)  # type: ignore[arg-type]
        if definition.example != value:
            definition = replace(definition, pages=self.words(definition, example=value))
        return self.with_code(definition, page)

    def with_code(self, definition: _WithUsage, page: Page) -> _WithUsage:
        """Return a definition with the code of its page's example, if no value makes it."""
        usage = self.target.for_page(definition).usage(definition)
        if usage is None or page.usage in (None, usage):
            return definition
        return replace(definition, pages=self.words(definition, code=page.usage))

    def is_example(self, definition: Model | Union, value: Value) -> bool:
        """Whether a spec takes a value as the example of a definition."""
        if value is None or has_calls(value) or not self.fits(Ref(definition.id), value):
            return False
        return isinstance(value, Object) or isinstance(definition, Union)

    def chosen(self, enum: Enum, seen: Seen) -> Enum:
        shown = chosen_value(enum, seen, self.target)
        if shown is None:
            return enum
        # The first page with an example says what that of the enum is.
        before = self.settled.setdefault(enum.position.line, [])
        first = not before
        before.append(self.language)
        if shown == self.target.example.example_of(enum):
            return enum
        if first:
            return replace(enum, example=shown)
        return replace(enum, pages=self.words(enum, example=shown))

    def members(self, union: Union, page: Page) -> Union:
        assert isinstance(page.body, Members)
        values: list[Value] = []
        codes: list[str] = []
        example = self.target.for_page(union).example
        types = self.target.notation.shown_members(union)
        for member, type_ in zip(page.body.members, types, strict=False):
            try:
                code = read_sample(member.code, member.head.strip("`"), example.style.layout)
                values.append(example.read(type_, code))
                codes.append(member.code)
            except (NotCode, NoValue) as error:
                # What is wrong with it is told when the page does not come back.
                values.append(example.stand_in(type_))
                codes.append(member.code if isinstance(error, HiddenText) else "")
        union = replace(union, pages=self.words(union, examples=tuple(values)))
        made = self.target.for_page(union).members(union).members
        codes = [code or each.code for code, each in zip(codes, made, strict=False)]
        if codes == [each.code for each in made]:
            return union
        return replace(union, pages=self.words(union, codes=tuple(codes)))


class _Options(_Step):
    """The options of a page, of which those go that change nothing on it."""

    def definition(self, definition: Definition, shown: Shown) -> Definition:
        if not shown.page.options:
            return definition
        here = self.schema.by_id[definition.id]
        page = self.target.for_page(here).page(here)
        options = dict(here.pages[self.language].options)
        for name in sorted(options.keys() - {"ends"}):
            fewer = {other: text for other, text in options.items() if other != name}
            without = replace(here, pages=self.words(here, options=fewer))
            if self.target.for_page(without).page(without) == page:
                options = fewer
        return replace(definition, pages=self.words(definition, options=options))


def chosen_value(enum: Enum, seen: Seen, target: MarkdownTarget) -> Value:
    """Return the value that the example on the page of an enum shows, None where there is none."""
    usage = without_comment(seen.page.usage or "")
    if seen.notation == "typescript":
        try:
            code = read_usage(usage)
            shown = None if code is None else target.example.read(Ref(enum.id), code)
        except (NotCode, NoValue):
            return None
        return shown if any(shown == value.json_value for value in enum.values) else None
    for value in enum.values:
        name = target.value_names.get((enum.id, value.json_value), "")
        quoted = example_text(value.json_value, quotes=True)
        if usage.endswith((f"= {quoted}", f".{name}")) or f".{name}\n" in usage:
            return value.json_value
    return None


def _from_json(value: meaning.Json) -> Value:
    match value:
        case list():
            return tuple(map(_from_json, value))
        case dict():
            return Object(tuple((key, _from_json(each)) for key, each in value.items()))
        case _:
            return value


def _readings(text: str) -> list[Value]:
    """Return the values that a cell may mean: the text itself, and what JSON makes of it."""
    try:
        value = _from_json(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError):
        return [text]
    return [text, value] if _fits_a_spec(value) else [text]


def _fits_a_spec(value: Value, depth: int = 0) -> bool:
    """Whether a spec can hold a value: it nests not too deep, and hides nothing."""
    match value:
        case str():
            return not HIDDEN.search(value)
        case tuple():
            return depth < MAX_NESTING and all(_fits_a_spec(each, depth + 1) for each in value)
        case Object(items=items):
            return depth < MAX_NESTING and all(
                _fits_a_spec(part, depth + 1) for pair in items for part in pair
            )
        case _:
            return True


def _refuse(constant: str) -> NoReturn:
    # `NaN` and its like are JSON to Python alone.
    raise ValueError(constant)
