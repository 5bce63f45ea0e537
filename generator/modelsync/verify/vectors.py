"""Schema -> cases that test every field of every definition, without their expected outcomes.

Each case is a small document with one special feature: an absent key, a value of the wrong kind, an
edge case of a scalar. For each way in which code decodes a type, one place in the schema gets all
of its edge cases. Every other place gets only the most revealing values, so the number of cases
grows linearly with the schema. Equal schemas give equal cases, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Union
from modelsync.schema.json_values import to_json
from modelsync.schema.samples import Samples, literal, object_text
from modelsync.schema.schema import Schema
from modelsync.schema.types import Type
from modelsync.verify.additional import UNKNOWN, UnknownKeys
from modelsync.verify.cases import Case
from modelsync.verify.documents import Documents, frame
from modelsync.verify.faults import Faults
from modelsync.verify.probes import FEW_NOT_JSON, LONG_INTEGER, NOT_JSON, OF_EACH_KIND
from modelsync.verify.strict import DEPTH
from modelsync.verify.values import Values, other_cases

_DEEPER: Final = 100_000
"""The depth of a document that a reader may reject, but must not crash on."""
_LONG_NESTED: Final = 8_000
"""If a document that nests `DEPTH` levels is longer than this, `_DEEPER` is not tested."""
_DEEP_TOTAL: Final = 2_000_000
"""The total number of characters of deeply nested documents for one schema."""
_LONG: Final = 1_000
"""In documents longer than this, fewer values are tested for each field."""
_FIELDS_TOTAL: Final = 3_500_000
"""How many characters the documents for single fields of one model have in total. In a model with
thousands of required fields, each of them is as long as the model."""
_GROUP: Final = 50
"""How many fields are tested together after that: code finds at most 100 errors in a document."""
_LARGE: Final = f'["{"large " * 350}"]'
"""An array of 2 KiB: readers may cache where such a large value ends."""
_QUOTED: Final = 60
"""How many characters of a document its description quotes."""

_Texts: TypeAlias = "Iterator[tuple[str | bytes, str]]"
"""Documents, each with a description of its special feature."""


class _Probe(NamedTuple):
    text: str | bytes
    what: str
    position: Position
    alike: str | None = None


def cases(schema: Schema) -> Iterator[Case]:
    """Yield the cases of each definition of `schema`, in order, without duplicate documents."""
    builder = _CaseBuilder(schema)
    for definition in schema.definitions:
        if not _has_code(definition):
            continue
        seen: set[bytes] = set()
        for text, what, position, alike in builder.definition(definition):
            document = text if isinstance(text, bytes) else text.encode("utf-8")
            if document not in seen:
                seen.add(document)
                other = None if alike is None else alike.encode("utf-8")
                yield Case(definition.id, document, what, position, other)


def _has_code(definition: Definition) -> bool:
    """Whether languages have code for a definition: not if only docs or other models use it."""
    match definition:
        case Union(external=external):
            return external is None
        case Model(abstract=is_abstract):
            return not is_abstract
        case _:
            return True


class _CaseBuilder:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.documents = Documents(schema)
        self.samples = Samples(schema)
        self.values = Values(schema, self.documents)
        self.faults = Faults(schema, self.documents, self.values)
        self.tried: set[object] = set()
        """Types whose edge cases have all been tested already."""
        self.remaining = _DEEP_TOTAL
        """How many more characters of deeply nested documents are allowed."""

    def is_first(self, what: object) -> bool:
        """Whether this is the first call with `what`, which stands for something to test once."""
        is_new = what not in self.tried
        self.tried.add(what)
        return is_new

    def definition(self, definition: Definition) -> Iterator[_Probe]:
        """Yield the documents that test one definition."""
        if isinstance(definition, Model):
            yield from self._defaults(definition)
        for text, what in self._whole_documents(definition):
            yield _Probe(text, what, definition.position)
        if isinstance(definition, Model):
            yield from self._fields(definition)
        for text, what in self._invalid_documents(definition):
            yield _Probe(text, what, definition.position)

    def _defaults(self, model: Model) -> Iterator[_Probe]:
        """Yield the document that contains each default, with the one that omits them all."""
        required = self.documents.members(model)
        fields = [field for field in model.fields if field.has_default and not field.required]
        if required is not None and fields:
            defaults = {field.json_key: json.dumps(to_json(field.default)) for field in fields}
            text, alike = object_text({**required, **defaults}), object_text(required)
            yield _Probe(text, "every default is explicit", model.position, alike)

    # Whole documents --------------------------------------------------------------------------

    def _whole_documents(self, definition: Definition) -> _Texts:
        """Yield documents that are valid, or invalid in more than one place."""
        smallest = self.documents.of_definition(definition)
        if smallest is not None:
            yield smallest, "the smallest document"
            if self.is_first("whitespace"):
                yield f" \t\r\n{smallest}\r\n\t ", "whitespace around the document"
        fullest = self.documents.of_definition(definition, levels=1)
        if fullest is not None and len(fullest) <= _LONG:
            fullest = self.documents.of_definition(definition, levels=2)
        if fullest is not None:
            yield fullest, "a document with all keys"
        example = self.samples.example(definition)
        if example is not None:
            yield json.dumps(example, ensure_ascii=False), "the example of its reference page"
        yield from self._deep(definition)
        match definition:
            case Model():
                yield from self._keys(definition)
            case Enum():
                yield from _described(self.values.of_enum(definition))
            case Union():
                yield from _described(self._union(definition))
            case Alias(type=type_):
                yield from _described(self._alias(type_))

    def _deep(self, definition: Definition) -> _Texts:
        """Yield documents that nest as deep as every reader must support, and one far deeper."""
        if not self.documents.nests(definition):
            return
        for mixed in (False, True):
            text = self.documents.nested(definition, DEPTH, mixed=mixed)
            if len(text) <= self.remaining:
                self.remaining -= len(text)
                yield text, f"nested {DEPTH} levels deep"
        if len(text) <= _LONG_NESTED and self.is_first("deeper"):
            yield self.documents.nested(definition, _DEEPER), f"nested {_DEEPER} levels deep"

    def _keys(self, model: Model) -> _Texts:
        """Yield documents that test the keys of a model: their order, unknown keys, duplicates."""
        required, everything = (
            self.documents.members(model),
            self.documents.members(model, levels=1),
        )
        if required is None or everything is None:
            return
        if model.ignored_keys:
            yield from _ignored_keys(model, required)
        unknown = {UNKNOWN: '{"deep": [1, {"id": null}]}'}
        yield object_text({**unknown, **required}), "an unknown key"
        if self.is_first("a lone surrogate"):
            text = _joined('{"\\ud800": 1}', object_text(required))
            yield text, "a lone surrogate in an unknown key"
        if self.is_first("a long integer"):
            text = object_text({UNKNOWN: LONG_INTEGER, **required})
            yield text, "a long integer in an unknown key"
        reversed_members = dict(reversed(everything.items()))
        yield object_text(reversed_members), "keys in reverse order"
        yield _with_escapes(reversed_members), "keys in reverse order, written with escapes"
        faults = {field.json_key: self.values.wrong(field.type) for field in model.fields}
        wrong = {key: text for key, text in faults.items() if text is not None}
        yield (
            object_text(dict(reversed(wrong.items()))),
            "every value has the wrong type, keys in reverse order",
        )
        yield self.faults.of_model(model), "several faults"
        others = {other: text for key, text in wrong.items() for other in other_cases(key)}
        others = {key: text for key, text in others.items() if key not in everything}
        yield (
            object_text({**required, **others}),
            "keys in a different case, with values of the wrong type",
        )
        yield from self._equal_keys(model, everything)
        if model.additional_properties is not None:
            kept = model.additional_type
            is_new = self.is_first(("additional", kept and self.values.shape(kept)))
            yield from UnknownKeys(model, self.documents, self.values).texts(is_new)

    def _equal_keys(self, model: Model, everything: dict[str, str]) -> _Texts:
        """Yield documents in which every key is duplicated."""
        known = [field for field in model.fields if field.json_key in everything]
        wrong = {field.json_key: self.values.wrong(field.type) or "null" for field in known}
        small = {field.json_key: self.documents.of_type(field.type) or "null" for field in known}
        nulls = {
            field.json_key: small[field.json_key] if field.required else "null" for field in known
        }
        for second, first_values, second_values in (
            ("valid", wrong, everything),
            ("smaller", everything, small),
            ("null", everything, nulls),
        ):
            text = _joined(object_text(first_values), object_text(second_values))
            yield text, f"every key is duplicated, the second value is {second}"

    def _union(self, union: Union) -> Iterator[str]:
        """Yield documents of each member; with a discriminator, also documents with two tags."""
        yield from self.values.of_union(union)
        if union.discriminator is None:
            for member in union.members:
                is_new = self.is_first(("member", self.values.shape(member)))
                yield from self.values.all(member) if is_new else self.values.revealing(member)
            return
        tags = [tag for tag, _ in union.mapping]
        for tag, other in zip(tags, [*tags[1:], *tags[:1]], strict=True):
            text = self.documents.tagged(union, tag)
            if text is None:
                continue
            mistagged = object_text({union.discriminator: literal(other)})
            yield _joined(mistagged, text)
            yield _joined(text, mistagged)
            if self.is_first("a tag between large values"):
                yield _joined(object_text({UNKNOWN: _LARGE}), text, object_text({"more": _LARGE}))

    def _alias(self, type_: Type) -> Iterator[str]:
        """Yield documents of an alias: every edge case of its type, unless it has been tested."""
        is_new = self.is_first(("alias", self.values.shape(type_)))
        return self.values.all(type_) if is_new else self.values.few(type_)

    def _invalid_documents(self, definition: Definition) -> _Texts:
        """Yield documents of the wrong JSON kind, and text that is not JSON."""
        for text in OF_EACH_KIND:
            yield text, f"the document is {text}"
        smallest = self.documents.of_definition(definition)
        in_full = self.is_first(("not JSON", type(definition)))
        for what in NOT_JSON if in_full else FEW_NOT_JSON:
            yield NOT_JSON[what], f"invalid JSON: {what}"
        if smallest is not None and smallest.startswith("{"):
            before = _joined(smallest, object_text({UNKNOWN: ""}))[:-1].encode()
            for what in NOT_JSON if self.is_first("not JSON inside") else FEW_NOT_JSON[:1]:
                yield before + NOT_JSON[what] + b"}", f"invalid JSON in an unknown key: {what}"

    # Fields -----------------------------------------------------------------------------------

    def _fields(self, model: Model) -> Iterator[_Probe]:
        """Yield documents that test each field; in a long model, the last fields in groups."""
        remaining = _FIELDS_TOTAL
        for number, field in enumerate(model.fields):
            for text, what in self._field(model, field):
                remaining -= len(text)
                if remaining < 0:
                    yield from self._groups(model, model.fields[number:])
                    return
                yield _Probe(text, f"{field.json_key}{what}", field.position)

    def _groups(self, model: Model, fields: Sequence[Field]) -> Iterator[_Probe]:
        """Yield documents in which several fields are absent, null or of the wrong type."""
        required = self.documents.members(model) or {}
        for start in range(0, len(fields), _GROUP):
            group = fields[start : start + _GROUP]
            keys = [field.json_key for field in group]
            wrong = {field.json_key: self.values.wrong(field.type) for field in group}
            others = {key: text for key, text in required.items() if key not in wrong}
            what = f"{keys[0]} to {keys[-1]}"
            position = group[0].position
            yield _Probe(object_text(others), f"{what} are absent", position)
            nulls = required | dict.fromkeys(keys, "null")
            yield _Probe(object_text(nulls), f"{what}: null", position)
            faults = {key: text for key, text in wrong.items() if text is not None}
            yield _Probe(object_text(required | faults), f"{what} are of the wrong type", position)

    def _field(self, model: Model, field: Field) -> _Texts:
        """Yield documents that test one field, each with the description after its name."""
        others, field_frame = (
            self.documents.without(model, field),
            self.documents.frame(model, field),
        )
        if others is None or field_frame is None:
            return
        yield object_text(others), " is absent"
        variant = (field.required, field.has_default, self.values.shape(field.type))
        is_new = self.is_first(variant)
        for text in self._values_of(field.type, is_new, len(field_frame.after) > _LONG):
            yield field_frame.filled(text), f": {_short(text)}"
        good = self.documents.of_type(field.type)
        if good is None:
            return
        if is_new:
            yield _with_escapes({field.json_key: good, **others}), ": keys written with escapes"
            for other in other_cases(field.json_key):
                yield frame(other, others).filled(good), f": the key is spelled {other}"
        pairs = self._pairs(field.type, good)
        for second, one, other in pairs if is_new else islice(pairs, 1):
            text = field_frame.filled(f"{one}, {literal(field.json_key)}: {other}")
            yield text, f": duplicate key, the second value is {second}"

    def _pairs(self, type_: Type, good: str) -> Iterator[tuple[str, str, str]]:
        """Yield a description of the second of two values for one key, and the values.

        The most revealing pairs come first.
        """
        wrong = self.values.wrong(type_)
        if wrong is not None:
            yield "of the wrong type", good, wrong
            yield "valid", wrong, good
        yield "smaller", self.documents.of_type(type_, levels=1) or good, good
        yield "null", good, "null"
        yield "not null", "null", good

    def _values_of(self, type_: Type, is_new: bool, is_long: bool) -> Iterator[str]:
        """Yield the values to test for a type."""
        if is_new:
            return self.values.all(type_)
        if is_long:
            return filter(None, ("null", self.values.wrong(type_)))
        return self.values.few(type_)


def _ignored_keys(model: Model, required: Mapping[str, str]) -> _Texts:
    """Yield documents with the keys of the fields that a variant does not have."""
    values = dict.fromkeys(sorted(model.ignored_keys), '{"deep": [1]}')
    yield object_text({**values, **required}), "keys that only other variants have"
    text = object_text({**values, UNKNOWN: "1", **required})
    yield text, "an unknown key after those that only other variants have"


def _joined(*objects: str) -> str:
    """Return one object with the members of several, in their original spelling."""
    return f"{{{', '.join(text[1:-1] for text in objects if text != '{}')}}}"


def _with_escapes(members: Mapping[str, str]) -> str:
    """Return a JSON object whose keys have every character escaped; values are JSON text."""
    escaped = {key: "".join(f"\\u{unit:04x}" for unit in _utf16(key)) for key in members}
    pairs = (f'"{escaped[key]}": {text}' for key, text in members.items())
    return f"{{{', '.join(pairs)}}}"


def _utf16(text: str) -> Iterator[int]:
    data = text.encode("utf-16-be")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _described(documents: Iterable[str]) -> _Texts:
    """Yield documents that are described by their own text."""
    return ((text, _short(text)) for text in documents)


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}..."
