"""Override types, descriptions and the order of items that the target renders differently.

Examples come later: see :mod:`modelsync.transcribe.page_overrides.examples`.
"""

from __future__ import annotations

from dataclasses import replace

from modelsync.pages.notation.base import nullable
from modelsync.pages.notation.python import Python
from modelsync.pages.page import Fields, Members, Page, Row, Values
from modelsync.schema.definitions import Definition, Enum, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.types import Scalar
from modelsync.transcribe.page_overrides.context import Context, MatchedPage, with_field_page
from modelsync.transcribe.typed_pages import TypedField


def override_text(definition: Definition, matched: MatchedPage, context: Context) -> Definition:
    """Return a definition with what its page shows differently, except examples."""
    here = context.schema.by_id[definition.id]
    own_pages = context.pages.for_page(here)
    rendered = own_pages.page(here)
    if rendered is None:
        return definition
    real = matched.page.page
    page = _with_texts(context.page_of(definition), rendered, real)
    if (rendered.usage is None) != (real.usage is None) and own_pages.can_have_usage(definition):
        page = replace(page, usage=real.usage is not None)
    match definition:
        case Model():
            assert isinstance(here, Model)
            page = _with_field_order(page, here, matched)
            definition = _with_fields(definition, rendered, matched, context)
        case Enum():
            assert isinstance(here, Enum)
            page = _with_values(page, here, matched, context)
        case Union():
            page = replace(page, open=True) if matched.page.open else page
            page = _with_members(page, rendered, real, context)
    return context.with_page(definition, page)


def _with_texts(page: DefinitionPage, rendered: Page, real: Page) -> DefinitionPage:
    if rendered.description != real.description:
        page = replace(page, description=real.description)
    if rendered.deprecated != real.deprecated:
        page = replace(page, deprecated=False if real.deprecated is None else real.deprecated)
    return page


def _with_field_order(page: DefinitionPage, here: Model, matched: MatchedPage) -> DefinitionPage:
    order = tuple(matched.json_keys[field.key] for field in matched.page.fields)
    if order != tuple(field.json_key for field in here.fields):
        page = replace(page, order=order)
    body = matched.page.page.body
    assert isinstance(body, Fields)
    return replace(page, width=body.width) if body.width else page


def _with_values(
    page: DefinitionPage, here: Enum, matched: MatchedPage, context: Context
) -> DefinitionPage:
    body = matched.page.page.body
    assert isinstance(body, Values)
    if body.width:
        page = replace(page, width=body.width)
    order = tuple(str(value.json_value) for value in matched.page.values)
    if order != tuple(str(value.json_value) for value in here.values):
        page = replace(page, order=order)
    shows_open = (
        body.form != "table"
        or matched.page.page.usage is not None
        or context.language == "typescript"
    )
    if here.open != matched.page.open and shows_open:
        page = replace(page, open=matched.page.open)
    return page


def _with_members(
    page: DefinitionPage, rendered: Page, real: Page, context: Context
) -> DefinitionPage:
    """Return `page` with the text of its members, if their types do not produce it."""
    assert isinstance(rendered.body, Members)
    assert isinstance(real.body, Members)
    if rendered.body.more != real.body.more:
        page = replace(page, more=real.body.more)
    rendered_members, real_members = rendered.body.members, real.body.members
    if len(rendered_members) != len(real_members):
        return page
    heads = tuple(member.head for member in real_members)
    if heads != tuple(member.head for member in rendered_members):
        page = replace(page, heads=tuple(head.strip("`") for head in heads))
    codes = tuple(member.code for member in real_members)
    # Code in TypeScript has values, which are compared later.
    if context.language != "typescript" and codes != tuple(
        member.code for member in rendered_members
    ):
        page = replace(page, codes=codes)
    return page


def _with_fields(model: Model, rendered: Page, matched: MatchedPage, context: Context) -> Model:
    assert isinstance(rendered.body, Fields)
    rows = {row.name: row for row in rendered.body.rows}
    typed = {matched.json_keys[field.key]: field for field in matched.page.fields}

    def with_row(field: Field) -> Field:
        real = typed.get(field.json_key)
        row = rows.get(real.row.name) if real is not None else None
        if real is None or row is None:
            return field
        return _with_row(model, field, row, real, context)

    return replace(model, fields=tuple(map(with_row, model.fields)))


def _with_row(model: Model, field: Field, row: Row, real: TypedField, context: Context) -> Field:
    """Return a field with what its row on the page shows differently from the rendered `row`."""
    page = field.pages.get(context.language) or FieldPage()
    differs = row.required != real.row.required
    if differs:
        page = replace(page, required=real.row.required)
    rendered_cell, cell = row.type, real.row.type
    wrapper = _odd_wrapper(real, context.language)
    if wrapper:
        rendered_cell, cell = (Python.unwrapped(text)[1] for text in (rendered_cell, cell))
    # The pointer, or the wrapper, depends on both.
    if differs or rendered_cell != cell:
        page = _with_type(page, model, field, real, context)
    if wrapper:
        page = replace(page, wrapper=wrapper)
    if row.description != real.row.description:
        page = replace(page, description=real.row.description)
    if row.deprecated != real.row.deprecated:
        reason = real.row.deprecated
        page = replace(page, deprecated=False if reason is None else reason)
    return with_field_page(field, context.language, page)


def _with_type(
    page: FieldPage, model: Model, field: Field, real: TypedField, context: Context
) -> FieldPage:
    """Return `page` with the type that it shows, or with the text of the cell if needed."""
    type_ = context.resolve(real.type)
    if real.nullable:
        type_ = nullable(type_)
    with_type = replace(page, type=type_)
    if real.nullable and type_ == Scalar("any"):
        with_type = replace(with_type, nullable=True)
    with_page_type = with_field_page(field, context.language, with_type)
    if context.pages.for_page(model).row(model, with_page_type).type == real.row.type:
        return with_type
    own_type = page.type if type_ == field.type else type_
    return replace(with_type, type=own_type, cell=real.row.type)


def _odd_wrapper(real: TypedField, language: str) -> str:
    """Return the wrapper of a type in Python if the rest of the row contradicts it, else empty."""
    if language != "python" or real.nullable is None:
        return ""
    wrapper, _ = Python.unwrapped(real.row.type)
    return "" if wrapper == Python.wrapper(real.row.required, real.nullable) else wrapper
