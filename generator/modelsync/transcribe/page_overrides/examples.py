"""Override examples of fields and of whole definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from modelsync.intake.each_item import ItemKey, key_of
from modelsync.pages.calls import has_calls, plain_numbers
from modelsync.pages.code import HiddenText, NotCode
from modelsync.pages.code_to_values import NoValue
from modelsync.pages.example import (
    example_text,
    read_sample,
    read_usage,
    without_comment,
)
from modelsync.pages.made_up_values import example_of
from modelsync.pages.page import Members, Page
from modelsync.schema.definitions import Definition, Enum, Field, Model, Union
from modelsync.schema.page_overrides import FieldPage
from modelsync.schema.types import Ref
from modelsync.schema.values import Object, Value
from modelsync.targets.sdk_docs.pages import Pages
from modelsync.transcribe.page_overrides.cell_values import fits, value_of_cell
from modelsync.transcribe.page_overrides.context import (
    AnyDefinition,
    Context,
    MatchedPage,
    with_field_page,
)
from modelsync.transcribe.typed_pages import TypedPage

_WithExample = TypeVar("_WithExample", bound="Model | Union")


def override_examples(definition: Definition, matched: MatchedPage, context: Context) -> Definition:
    """Return a definition with the examples of its page."""
    page = matched.page.page
    match definition:
        case Model():
            definition = _with_field_examples(definition, matched, context)
            if context.language == "typescript":
                return _with_usage(definition, page, context)
            return definition
        case Enum():
            return _with_code(_with_chosen_value(definition, matched.page, context), page, context)
        case Union() if context.pages.for_page(definition).shows_unions:
            return _with_usage(definition, page, context)
        case Union() if context.language == "typescript":
            return _with_member_examples(definition, page, context)
        case _:
            return definition


# Fields -------------------------------------------------------------------------------------------


def _with_field_examples(model: Model, matched: MatchedPage, context: Context) -> Model:
    texts = {matched.json_keys[row.key]: row.row.examples for row in matched.page.fields}

    def with_examples(field: Field) -> Field:
        if field.json_key not in texts:
            return field
        settled = context.settled.setdefault(key_of(model, field), [])
        return _with_examples(field, texts[field.json_key], settled, context)

    return replace(model, fields=tuple(map(with_examples, model.fields)))


def _with_examples(
    field: Field, texts: tuple[str, ...], settled: list[str], context: Context
) -> Field:
    """Return a field with the examples that its row shows.

    `settled` are the languages whose pages agree with the examples of the field so far.
    """
    if tuple(map(example_text, field.examples)) == texts:
        settled.append(context.language)
        return field
    if not field.examples and not any(page.examples for page in field.pages.values()):
        values = [value_of_cell(context.whole, field.type, text) for text in texts]
        if all(value is not None for value in values):
            # The pages that were compared before show no example, and must stay like that.
            for language in settled:
                field = _with_example_texts(field, language, ())
            return replace(field, examples=tuple(values))
    return _with_example_texts(field, context.language, texts)


def _with_example_texts(field: Field, language: str, texts: tuple[str, ...]) -> Field:
    """Return a field with different examples on the pages of a language."""
    page = replace(field.pages.get(language) or FieldPage(), examples=texts)
    return with_field_page(field, language, page)


# Definitions --------------------------------------------------------------------------------------


def _with_usage(definition: _WithExample, page: Page, context: Context) -> _WithExample:
    """Return a definition with the example that its page shows."""
    if page.usage is None:
        return definition
    try:
        example = context.pages.for_page(definition).example
        code = read_usage(page.usage, example.style.layout)
        if code is None:
            return definition
        value = example.read(Ref(definition.id), code)
    except HiddenText:
        return _with_code(definition, page, context)
    except (NotCode, NoValue):
        return definition
    plain = plain_numbers(value)
    if _is_example(definition, plain, context):
        definition = _with_example(definition, plain)
    if definition.example != value:
        definition = context.with_page(
            definition, replace(context.page_of(definition), example=value)
        )
    return _with_code(definition, page, context)


def _with_example(definition: _WithExample, value: Value) -> _WithExample:
    if isinstance(value, Object):
        return replace(definition, example=value)
    assert isinstance(definition, Union)
    return replace(definition, example=value)


def _is_example(definition: Model | Union, value: Value, context: Context) -> bool:
    """Return whether a spec accepts a value as the example of a definition."""
    if not isinstance(value, Object) and not isinstance(definition, Union):
        return False
    return (
        value is not None
        and not has_calls(value)
        and fits(context.whole, Ref(definition.id), value)
    )


def _with_code(definition: AnyDefinition, page: Page, context: Context) -> AnyDefinition:
    """Return a definition with the code of its page's example, if no value produces it."""
    usage = context.pages.for_page(definition).usage(definition)
    if usage is None or page.usage in (None, usage):
        return definition
    return context.with_page(definition, replace(context.page_of(definition), code=page.usage))


def _with_chosen_value(enum: Enum, typed: TypedPage, context: Context) -> Enum:
    value = _chosen_value(enum, typed, context.pages)
    if value is None:
        return enum
    # The first page with an example decides what the example of the enum is.
    settled = context.settled.setdefault(ItemKey(enum.id), [])
    is_first = not settled
    settled.append(context.language)
    if value == example_of(enum):
        return enum
    if is_first:
        return replace(enum, example=value)
    return context.with_page(enum, replace(context.page_of(enum), example=value))


def _chosen_value(enum: Enum, typed: TypedPage, pages: Pages) -> Value:
    """Return the value that the example on the page of an enum shows, None without an example."""
    usage = without_comment(typed.page.usage or "")
    if typed.notation == "typescript":
        try:
            code = read_usage(usage)
            value = None if code is None else pages.example.read(Ref(enum.id), code)
        except (NotCode, NoValue):
            return None
        return value if any(value == enum_value.json_value for enum_value in enum.values) else None
    for enum_value in enum.values:
        name = pages.value_names.get((enum.id, enum_value.json_value), "")
        literal = example_text(enum_value.json_value, quotes=True)
        if usage.endswith((f"= {literal}", f".{name}")) or f".{name}\n" in usage:
            return enum_value.json_value
    return None


def _with_member_examples(union: Union, page: Page, context: Context) -> Union:
    """Return a union with the value of each member on its page, and with code if needed."""
    assert isinstance(page.body, Members)
    values: list[Value] = []
    codes: list[str] = []
    example = context.pages.for_page(union).example
    types = context.pages.notation.shown_members(union)
    for member, type_ in zip(page.body.members, types, strict=False):
        try:
            code = read_sample(member.code, member.head.strip("`"), example.style.layout)
            values.append(example.read(type_, code))
            codes.append(member.code)
        except (NotCode, NoValue) as error:
            # It is reported later, as the page is not reproduced.
            values.append(example.stand_in(type_))
            codes.append(member.code if isinstance(error, HiddenText) else "")
    union = context.with_page(union, replace(context.page_of(union), examples=tuple(values)))
    rendered = [member.code for member in context.pages.for_page(union).members(union).members]
    codes = [code or other for code, other in zip(codes, rendered, strict=False)]
    if codes == rendered:
        return union
    return context.with_page(union, replace(context.page_of(union), codes=tuple(codes)))
