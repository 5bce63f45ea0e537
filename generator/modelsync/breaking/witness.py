"""A document for each thing that a change breaks: the smallest one that shows it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from modelsync.breaking.change import Axis, Change
from modelsync.breaking.comparison import UNKNOWN, Comparison, documents_of, is_equal
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read_all
from modelsync.schema.samples import Samples
from modelsync.schema.scalars import DEFAULT, Holds
from modelsync.schema.schema import Schema
from modelsync.schema.types import Limited, Nullable, Ref, Scalar, Type, alternatives
from modelsync.schema.validation import ValidationError, path_text

_STRICT = Holds(null_is_absent=False)


class Witness(NamedTuple):
    """A document, and what is wrong with it or becomes of it."""

    axis: Axis
    document: str
    """JSON text."""
    says: str
    """The error of the side that refuses it; else what the two sides write back."""


class _Read(NamedTuple):
    """What one schema makes of a document."""

    written: Json
    errors: list[ValidationError]
    """Empty if it accepts the document."""


class Witnesses:
    """Finds documents that show what changes break."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._old_ids = {new: old for old, new in comparison.pairs.new_ids.items()}

    def of(self, change: Change) -> dict[Axis, Witness]:
        """Return the smallest document that is found for each axis that a change breaks."""
        if not change.breaks:
            return {}
        old = self.comparison.old.by_id[self._old_ids[change.id]]
        new = self.comparison.new.by_id[change.id]
        found: dict[Axis, Witness] = {}
        for text in sorted(self._texts(change, old, new), key=lambda text: (len(text), text)):
            for axis, says in self._shown(change, old, new, json.loads(text)):
                found.setdefault(axis, Witness(axis, text, says))
            if found.keys() >= change.breaks:
                break
        return {axis: found[axis] for axis in Axis if axis in found and axis in change.breaks}

    def _shown(
        self, change: Change, old: Definition, new: Definition, document: Json
    ) -> Iterator[tuple[Axis, str]]:
        by_old = _read(self.comparison.old, old, document)
        by_new = _read(self.comparison.new, new, document)
        # Keys that a model ignores are only in documents if the change is about them.
        is_loose = change.rule.startswith("additional-properties-")
        keys = _keys(change, old, new)
        if by_old.errors and not by_new.errors:
            error = _about(by_old.errors, keys)
            if error and self._is_own(self.comparison.new, new, document, by_new, is_loose):
                yield Axis.OLD_READERS, _text(error)
        elif by_new.errors and not by_old.errors:
            error = _about(by_new.errors, keys)
            if error and self._is_own(self.comparison.old, old, document, by_old, is_loose):
                yield Axis.NEW_READERS, _text(error)
        elif not by_old.errors and _differs(by_old.written, by_new.written, keys):
            texts = [json.dumps(each.written, ensure_ascii=False) for each in (by_old, by_new)]
            yield Axis.SILENT, f"the old code writes {texts[0]}, the new code {texts[1]}"

    def _is_own(
        self, schema: Schema, definition: Definition, document: Json, read: _Read, is_loose: bool
    ) -> bool:
        """Whether a document is one of a definition: each key in it says something."""
        is_valid = not _read(schema, definition, document, _STRICT).errors
        return is_valid and (is_loose or _says_all(document, read.written))

    def _texts(self, change: Change, old: Definition, new: Definition) -> set[str]:
        documents: list[Json] = []
        for samples, one in (
            (self.comparison.old_samples, old),
            (self.comparison.new_samples, new),
        ):
            documents += _candidates(samples, one, {change.item, change.old, change.new})
        objects = [each for each in documents if isinstance(each, dict)]
        for definition in (old, new):
            documents += _variations(self.comparison, definition, objects)
        for one, other in ((old, new), (new, old)):
            if isinstance(one, Union) and one.discriminator and isinstance(other, Model):
                documents += _with_wrong(other, {one.discriminator: UNKNOWN})
        return {json.dumps(document, ensure_ascii=False) for document in documents}


def _candidates(samples: Samples, definition: Definition, items: set[str]) -> Iterator[Json]:
    """Yield documents that differ in what a change is about."""
    yield from documents_of(samples, Ref(definition.id))
    match definition:
        case Model():
            yield from _of_model(samples, definition, items)
        case Enum(values=values):
            yield from (value.json_value for value in values)
            yield from (UNKNOWN, 987654321)
        case Union(members=members):
            for member in members:
                yield from _values(samples, member)
        case Alias(type=type_):
            yield from _values(samples, type_)


def _of_model(samples: Samples, model: Model, items: set[str]) -> Iterator[Json]:
    members = samples.members(model) or {}
    base: dict[str, Json] = {key: json.loads(text) for key, text in members.items()}
    yield base
    for value in _values(samples, model.additional_type or Scalar("string")):
        yield {**base, UNKNOWN: value}
    for key in items:
        yield {inner: value for inner, value in base.items() if inner != key}
        type_ = model.by_json_key[key].type if key in model.by_json_key else Scalar("string")
        for value in _values(samples, type_):
            yield {**base, key: value}


def _variations(
    comparison: Comparison, definition: Definition, objects: list[dict[str, Json]]
) -> Iterator[Json]:
    """Yield objects with the discriminator of a union, or with wrong values of a model's fields."""
    models: list[tuple[Model, dict[str, Json]]] = []
    for schema in (comparison.old, comparison.new):
        if isinstance(definition, Union) and definition.discriminator is not None:
            for tag, id_ in definition.mapping:
                key: dict[str, Json] = {definition.discriminator: tag}
                yield from ({**each, **key} for each in objects)
                yield from (key, {**key, UNKNOWN: 1})
                if isinstance(member := schema.by_id.get(id_), Model):
                    models.append((member, key))
        elif isinstance(definition, Model):
            models.append((definition, {}))
    for model, base in models:
        yield from _with_wrong(model, base)


def _with_wrong(model: Model, base: dict[str, Json]) -> Iterator[Json]:
    """Yield objects with a value of a field of a model that may not be of its type."""
    for field in model.fields:
        if field.json_key not in base:
            yield from ({**base, field.json_key: value} for value in _SIMPLE)


_SIMPLE: Final[tuple[Json, ...]] = (
    *(None, True, 0, 1, -1, 1.5, 2.25, 3_000_000_000, 2**63, 2**64, "", "a", "text", "a text"),
    *([], {}, "x" * 1000),
)
"""Values that show that a type refuses something, or does not."""


def _values(samples: Samples, type_: Type) -> Iterator[Json]:
    """Yield documents of a type, others at its limits, and some that may not be of it."""
    yield from _SIMPLE
    bare = type_.inner if isinstance(type_, Nullable) else type_
    yield from documents_of(samples, bare)
    texts = [*samples.different(bare)]
    for alternative in alternatives(type_):
        limited = samples.schema.resolved(alternative)
        if isinstance(limited, Limited):
            texts += samples.at_limits(limited)
            yield from _beside(limited.constraints)
    for text in texts:
        try:
            yield json.loads(text)
        except ValueError:
            continue


def _beside(constraints: Constraints) -> Iterator[float]:
    """Yield the numbers next to the limits of a number."""
    for _, limit in constraints.items():
        if isinstance(limit, Decimal) and abs(limit) < _LARGE:
            yield math.nextafter(float(limit), -math.inf)
            yield math.nextafter(float(limit), math.inf)


_LARGE: Final = 10**300


def _keys(change: Change, old: Definition, new: Definition) -> set[str]:
    """Return the JSON keys that a change is about; none if it is about a whole definition."""
    if not change.item or not (isinstance(old, Model) and isinstance(new, Model)):
        return set()
    return {change.item, change.old} if change.rule == "field-key-renamed" else {change.item}


def _about(errors: list[ValidationError], keys: set[str]) -> ValidationError | None:
    """Return the first error at one of some keys, or without keys, the first one."""
    return next((each for each in errors if not keys or keys.intersection(each.steps[:1])), None)


def _differs(before: Json, after: Json, keys: set[str]) -> bool:
    if keys and isinstance(before, dict) and isinstance(after, dict):
        before, after = (
            {key: value for key, value in each.items() if key in keys} for each in (before, after)
        )
    return not is_equal(before, after)


def _read(schema: Schema, definition: Definition, document: Json, holds: Holds = DEFAULT) -> _Read:
    return _Read(*read_all(schema, Ref(definition.id), document, holds))


def _says_all(document: Json, written: Json) -> bool:
    """Whether everything in a document is written back in some form."""
    match document, written:
        case dict(), dict():
            return all(
                key in written and _says_all(value, written[key]) for key, value in document.items()
            )
        case list(), list():
            return len(document) == len(written) and all(map(_says_all, document, written))
        case _:
            return True


def _text(error: ValidationError) -> str:
    return f"{path_text(error.steps)}: {error.reason}"
