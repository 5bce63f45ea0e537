"""Several schemas -> one with the keywords of all, which accepts what all of them accept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final

from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.keywords import LOST, is_structural
from modelsync.importer.translation.parts import Part
from modelsync.importer.translation.virtual import VirtualObject, virtual, virtual_list

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_MAX_PARTS: Final = 200

_LONG_QUOTIENTS: Final = Context(prec=1_000, traps=[])
"""Divides any two doubles. The remainder of numbers that are too far apart is NaN."""


def merged(translator: Translator, schema: JsonObject, parts: tuple[Part, ...]) -> VirtualObject:
    """Return one schema for the parts of `schema`; what cannot be said together is a loss."""

    def make() -> VirtualObject:
        merge = _Merge(translator, schema)
        for part in _flat(translator, parts):
            merge.add(part)
        return merge.result()

    return translator.combined.made("merged", [schema], make)


def _flat(translator: Translator, parts: tuple[Part, ...]) -> Iterator[JsonObject]:
    """Yield the schemas without `allOf` that some parts consist of."""
    stack = list(reversed(parts))
    seen: set[int] = set()
    while stack and len(seen) < _MAX_PARTS:
        part = stack.pop()
        if id(part.schema) in seen:
            continue
        seen.add(id(part.schema))
        inner = translator.parts.parts(part.schema)
        if len(inner) == 1 and inner[0].schema is part.schema:
            yield part.schema
        else:
            stack += reversed(inner)


class _Merge:
    def __init__(self, translator: Translator, schema: JsonObject) -> None:
        self.translator = translator
        self.schema = schema
        self.values: dict[str, Json] = {}
        self.origins: dict[str, JsonObject] = {}
        self.are_nullable: list[bool] = []

    def add(self, part: JsonObject) -> None:
        """Add the keywords of one more part."""
        if "type" in part:
            self.are_nullable.append(part.get("nullable") is True)
        for keyword, value in part.items():
            if not is_structural(keyword) or keyword in LOST or keyword == "nullable":
                continue
            known = keyword in self.values
            self.values[keyword] = (
                self.both(keyword, self.values[keyword], value, part) if known else value
            )
            self.origins[keyword] = part

    def both(self, keyword: str, first: Json, second: Json, part: JsonObject) -> Json:
        """Return the value of a keyword that two parts have."""
        if first == second and type(first) is type(second):
            return second
        combine = _COMBINED.get(keyword)
        result = combine(self, first, second) if combine is not None else None
        if result is None:
            message = f"two different `{keyword}` in `allOf`"
            self.translator.findings.loss(
                part.at(keyword), f"`{keyword}` in `allOf`", message, "the last one"
            )
            return second
        return result

    def result(self) -> VirtualObject:
        if self.schema.get("nullable") is True or (self.are_nullable and all(self.are_nullable)):
            self.values["nullable"] = True
        return virtual(self.schema, self.values, self.origins)


def _larger(_merge: _Merge, first: Json, second: Json) -> Json:
    return max(first, second) if _are_numbers(first, second) else None  # type: ignore[type-var]


def _smaller(_merge: _Merge, first: Json, second: Json) -> Json:
    return min(first, second) if _are_numbers(first, second) else None  # type: ignore[type-var]


def _are_numbers(*values: Json) -> bool:
    return all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in values)


def _either(_merge: _Merge, first: Json, second: Json) -> Json:
    return bool(first) or bool(second)


def _types(merge: _Merge, first: Json, second: Json) -> Json:
    one, other = (_list(value) for value in (first, second))
    found = [name for name in one if name in other or (name == "integer" and "number" in other)]
    if "integer" in other and "number" in one and "integer" not in found:
        found.append("integer")
    if not found:
        return None
    return found[0] if len(found) == 1 else virtual_list(merge.schema, found)


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, JsonList) else [value]


def _in_both(merge: _Merge, first: Json, second: Json) -> Json:
    if not isinstance(first, JsonList) or not isinstance(second, JsonList):
        return None
    found = [each for each in second if any(_is_same(each, other) for other in first)]
    return virtual_list(merge.schema, found) if found else None


def _is_same(first: Json, second: Json) -> bool:
    return first == second and isinstance(first, bool) == isinstance(second, bool)


def _union(merge: _Merge, first: Json, second: Json) -> Json:
    if not isinstance(first, JsonList) or not isinstance(second, JsonList):
        return None
    return virtual_list(merge.schema, [*first, *(each for each in second if each not in first)])


def _schemas(merge: _Merge, first: Json, second: Json) -> Json:
    if first is False or second is False:
        return False
    given = [each for each in (first, second) if isinstance(each, JsonObject)]
    if len(given) < 2:
        return given[0] if given else True
    return merge.translator.combined.all_of(given, merge.schema)


def _properties(merge: _Merge, first: Json, second: Json) -> Json:
    if not isinstance(first, JsonObject) or not isinstance(second, JsonObject):
        return None
    values: dict[str, Json] = {**first, **second}
    origins = {name: second if name in second else first for name in values}
    for name in first.keys() & second.keys():
        values[name] = _schemas(merge, first[name], second[name])
    return virtual(first, values, origins)


def _divisible(_merge: _Merge, first: Json, second: Json) -> Json:
    if not _are_numbers(first, second) or not first or not second:
        return None
    larger, smaller = max(first, second), min(first, second)  # type: ignore[type-var]
    rest = _LONG_QUOTIENTS.remainder(Decimal(larger), Decimal(smaller))  # type: ignore[arg-type]
    return larger if rest == 0 else None


_COMBINED: Final[dict[str, Callable[[_Merge, Json, Json], Json]]] = {
    **dict.fromkeys(
        ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), _larger
    ),
    **dict.fromkeys(
        ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), _smaller
    ),
    "uniqueItems": _either,
    "type": _types,
    "enum": _in_both,
    "required": _union,
    **dict.fromkeys(("items", "additionalProperties", "unevaluatedProperties"), _schemas),
    **dict.fromkeys(("properties", "patternProperties"), _properties),
    "multipleOf": _divisible,
}
