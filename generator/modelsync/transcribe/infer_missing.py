"""Definitions without a page -> what they hold, as far as the examples of other pages show it.

Only TypeScript's pages have such examples. What stands as an object is a model, and what stands as
a text an enum. A field or a value that no example shows is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from modelsync.pages.code import Call, Code, Items, NotCode, Number, Properties, key_of
from modelsync.pages.example import read_usage
from modelsync.pages.page import Page
from modelsync.schema.ir import ListOf, MapOf, Nullable, Ref, Scalar, ScalarName, Type

_ANYTHING: Final = Scalar("any")
_CALLS: Final[Mapping[str, ScalarName]] = {"new Date": "datetime", "new RFCDate": "date"}


@dataclass(slots=True)
class Inferred:
    """What examples show of a definition: the types of fields by their names, or values."""

    fields: dict[str, Type] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)

    def add(self, sample: Properties | str) -> None:
        """Add what one example shows."""
        if isinstance(sample, str):
            self.values[sample] = None
            return
        for code, value in sample.items:
            key, type_ = key_of(code), _type(value)
            self.fields[key] = type_ if self.fields.get(key, type_) == type_ else _ANYTHING


def infer(
    pages: Iterable[tuple[Page, Mapping[str, Type]]], missing: Collection[str]
) -> dict[str, Inferred]:
    """Return what pages show of the definitions that have none, by their identities `missing`.

    `pages` are those of models, each with the types of its fields by their names.
    """
    found = {id_: Inferred() for id_ in missing}
    for page, types in pages:
        if not any(_leads_to(type_, missing) for type_ in types.values()):
            continue
        for name, code in _properties(page):
            for id_, sample in _samples(types.get(name, _ANYTHING), code, missing):
                found[id_].add(sample)
    return found


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
        return  # what is wrong with it is told when the page does not come back
    if isinstance(code, Properties):
        for key, value in code.items:
            yield key_of(key), value


def _samples(
    type_: Type, code: Code, missing: Collection[str]
) -> Iterator[tuple[str, Properties | str]]:
    """Yield the identity of each missing definition in a value of a type, and what stands there."""
    match type_, code:
        case Nullable(inner=inner), _:
            yield from _samples(inner, code, missing)
        case ListOf(item=inner), Items(items=items):
            yield from chain.from_iterable(_samples(inner, each, missing) for each in items)
        case MapOf(value=inner), Properties(items=pairs):
            yield from chain.from_iterable(_samples(inner, each, missing) for _, each in pairs)
        case Ref(id=id_), Properties() | str() if id_ in missing:
            yield id_, code
        case _:
            pass


def _type(code: Code) -> Type:
    """Return the type of a value: as narrow as one value can tell."""
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
