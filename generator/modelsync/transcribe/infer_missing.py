"""Infer the contents of definitions without a page from the examples of other pages.

Only TypeScript pages have examples of models. If an example has an object, the definition is
assumed to be a model; if it has a string, an enum. Fields and values that no example shows
stay unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from modelsync.pages.code import Call, Code, Items, NotCode, Number, Properties, key_of
from modelsync.pages.example import read_usage
from modelsync.pages.page import Page
from modelsync.schema.types import ListOf, MapOf, Nullable, Ref, Scalar, ScalarName, Type

_ANYTHING: Final = Scalar("any")
_CALLS: Final[Mapping[str, ScalarName]] = {"new Date": "datetime", "new RFCDate": "date"}


@dataclass(slots=True)
class Inferred:
    """The parts of a definition that examples show."""

    fields: dict[str, Type] = field(default_factory=dict)
    """The types of fields, by their names."""
    values: dict[str, None] = field(default_factory=dict)
    """The values of an enum."""

    def add(self, sample: Properties | str) -> None:
        """Add what one example shows."""
        if isinstance(sample, str):
            self.values[sample] = None
            return
        for code, value in sample.items:
            key, type_ = key_of(code), _type(value)
            self.fields[key] = type_ if self.fields.get(key, type_) == type_ else _ANYTHING


def infer(
    models: Iterable[tuple[Page, Mapping[str, Type]]], missing: Collection[str]
) -> dict[str, Inferred]:
    """Return what `models` show of the definitions with the ids `missing`, which have no page.

    Each model is a page and the types of its fields by their names.
    """
    inferred = {id_: Inferred() for id_ in missing}
    for page, types in models:
        if not any(_leads_to(type_, missing) for type_ in types.values()):
            continue
        for name, code in _properties(page):
            for id_, sample in _samples(types.get(name, _ANYTHING), code, missing):
                inferred[id_].add(sample)
    return inferred


def _leads_to(type_: Type, missing: Collection[str]) -> bool:
    match type_:
        case ListOf(item=inner) | MapOf(value=inner) | Nullable(inner=inner):
            return _leads_to(inner, missing)
        case _:
            return isinstance(type_, Ref) and type_.id in missing


def _properties(page: Page) -> Iterator[tuple[str, Code]]:
    """Yield the name and the value of each field in the example on a page."""
    try:
        code = read_usage(page.usage) if page.usage is not None else None
    except NotCode:
        return  # it is reported later, as the page is not reproduced
    if isinstance(code, Properties):
        for key, value in code.items:
            yield key_of(key), value


def _samples(
    type_: Type, code: Code, missing: Collection[str]
) -> Iterator[tuple[str, Properties | str]]:
    """Yield the id of each missing definition in a value of a type, with its part of the value."""
    match type_, code:
        case Nullable(inner=inner), _:
            yield from _samples(inner, code, missing)
        case ListOf(item=inner), Items(items=items):
            yield from chain.from_iterable(_samples(inner, item, missing) for item in items)
        case MapOf(value=inner), Properties(items=pairs):
            yield from chain.from_iterable(_samples(inner, value, missing) for _, value in pairs)
        case Ref(id=id_), Properties() | str() if id_ in missing:
            yield id_, code
        case _:
            pass


def _type(code: Code) -> Type:
    """Return the type of a value, as narrow as one value allows."""
    match code:
        case bool():
            return Scalar("bool")
        case int() | float() | Number():
            return Scalar("float64")
        case str():
            return Scalar("string")
        case Call(name=name):
            return Scalar(_CALLS.get(name, "any"))
        case Items(items=items):
            types = set(map(_type, items))
            return ListOf(types.pop() if len(types) == 1 else _ANYTHING)
        case _:
            return _ANYTHING
