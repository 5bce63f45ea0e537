"""Schema -> cases that probe every field of every definition, and not what becomes of them.

Each case is a small document in which one thing is special: a key that is absent, a value of the
wrong kind, an edge of a scalar. Equal schemas give equal cases, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from modelsync.errors import Position
from modelsync.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.verify.cases import Case
from modelsync.verify.documents import Documents, literal, object_text
from modelsync.verify.probes import FORMS, KINDS, MAP_KEYS, NO_MAP_KEYS, NOT_JSON, SCALARS
from modelsync.wire import kind_of, kinds

_UNKNOWN: Final = "modelsync unknown"
_MAX_VALUES: Final = 4
"""How many values of an enum are tried where a field holds it; the enum itself tries all."""
_WORDS: Final = 60
"""How much of a document its description quotes."""


class _Probe(NamedTuple):
    text: str | bytes
    what: str
    position: Position


def cases(schema: Schema) -> Iterator[Case]:
    """Yield the cases of each definition of `schema`, in its order, no document twice for one."""
    probing = _Probing(schema)
    for definition in schema.definitions:
        if isinstance(definition, Union) and definition.external is not None:
            continue  # the docs show it, and no language has code for it
        seen: set[bytes] = set()
        for text, what, position in probing.definition(definition):
            document = text if isinstance(text, bytes) else text.encode("utf-8")
            if document not in seen:
                seen.add(document)
                yield Case(definition.id, document, what, position)


class _Probing:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.documents = Documents(schema)
        self.forms = dict(FORMS)
        """The forms of the scalars that are still to be tried."""

    def definition(self, definition: Definition) -> Iterator[_Probe]:
        for text, what in self._whole(definition):
            yield _Probe(text, what, definition.position)
        match definition:
            case Model():
                yield from self._model(definition)
            case Enum():
                for text in self._enum(definition, len(definition.values)):
                    yield _Probe(text, _short(text), definition.position)
            case Union():
                for text in self._union(definition):
                    yield _Probe(text, _short(text), definition.position)
        for text in KINDS:
            yield _Probe(text, f"the document is {text}", definition.position)
        for what, data in NOT_JSON.items():
            yield _Probe(data, f"not JSON: {what}", definition.position)

    def _whole(self, definition: Definition) -> Iterator[tuple[str, str]]:
        """Yield documents that are about a definition as a whole."""
        documents = self.documents
        smallest = documents.of_definition(definition)
        if smallest is not None:
            yield smallest, "the smallest document"
            yield f" \t\r\n{smallest}\r\n\t ", "blanks around the document"
        fullest = documents.of_definition(definition, room=2)
        if fullest is not None:
            yield fullest, "the fullest document"
        deepest = documents.deepest(definition)
        if deepest is not None:
            yield deepest, "the definition within itself, many times"

    # Models -----------------------------------------------------------------------------------

    def _model(self, model: Model) -> Iterator[_Probe]:
        required = self.documents.members(model)
        if required is None:
            return
        yield from self._keys(model, required)
        for field in model.fields:
            yield from self._field(model, field, required)

    def _keys(self, model: Model, required: dict[str, str]) -> Iterator[_Probe]:
        """Yield documents about the keys of a model: unknown ones, their order, many faults."""
        unknown = {_UNKNOWN: '{"deep": [1, {"id": null}]}'}
        yield _Probe(object_text({**unknown, **required}), "an unknown key", model.position)
        everything = self.documents.members(model, room=1)
        if everything:
            turned = dict(reversed(everything.items()))
            yield _Probe(object_text(turned), "the keys in reverse", model.position)
        wrong = {field.wire: self._wrong(field.type) for field in reversed(model.fields)}
        faults = {key: text for key, text in wrong.items() if text is not None}
        if faults:
            what = "every value of the wrong kind, the keys in reverse"
            yield _Probe(object_text(faults), what, model.position)

    def _field(self, model: Model, field: Field, required: dict[str, str]) -> Iterator[_Probe]:
        others = {key: text for key, text in required.items() if key != field.wire}

        def probe(what: str, *members: str) -> _Probe:
            rest = [f"{literal(name)}: {text}" for name, text in others.items()]
            return _Probe(
                f"{{{', '.join([*members, *rest])}}}", f"{field.wire}: {what}", field.position
            )

        key = literal(field.wire)
        yield _Probe(object_text(others), f"{field.wire} is absent", field.position)
        for text in self._values(field.type):
            yield probe(_short(text), f"{key}: {text}")
        good, wrong = self.documents.of_type(field.type), self._wrong(field.type)
        if good is None:
            return
        escaped = "".join(f"\\u{unit:04x}" for unit in _utf16(field.wire))
        yield probe("the key in escapes", f'"{escaped}": {good}')
        for other in _other_cases(field.wire):
            yield probe(f"the key is {other}", f"{literal(other)}: {good}")
        if wrong is not None:
            yield probe("twice, the second one right", f"{key}: {wrong}", f"{key}: {good}")
            yield probe("twice, the second one wrong", f"{key}: {good}", f"{key}: {wrong}")

    def _wrong(self, type_: Type) -> str | None:
        """Return a value of a kind that a type does not take, None where it takes all."""
        taken = kinds(self.schema, type_)
        return next((text for text in KINDS[1:] if kind_of(json.loads(text)) not in taken), None)

    # Values -----------------------------------------------------------------------------------

    def _values(self, type_: Type) -> Iterator[str]:
        """Yield what to try in the place of a type."""
        yield from KINDS
        match type_:
            case Scalar(name=name):
                yield from SCALARS[name]
                yield from self.forms.pop(name, ())
            case Nullable(inner=inner):
                yield from self._values(inner)
            case AnyOf(members=members):
                for member in members:
                    yield from self._values(member)
            case Constant(value=value):
                yield from _near(value)
            case ListOf(item=item):
                yield from self._list(item)
            case MapOf(value=value):
                yield from self._map(value)
            case Ref():
                yield from self._held(self.schema[type_])

    def _list(self, item: Type) -> Iterator[str]:
        good = self.documents.of_type(item)
        if good is not None:
            yield f"[{good}, {good}]"
            yield from (f"[{good}, {text}]" for text in KINDS)
        yield from (f"[{text}]" for text in self._values(item))

    def _map(self, value: Type) -> Iterator[str]:
        good = self.documents.of_type(value)
        if good is not None:
            yield from (f"{{{key}: {good}}}" for key in (*MAP_KEYS, *NO_MAP_KEYS))
            yield from (f'{{"key": {text}, "key": {good}}}' for text in KINDS)
        yield from (f'{{"a key": {text}}}' for text in self._values(value))

    def _held(self, definition: Definition) -> Iterator[str]:
        """Yield what to try where a definition is held: it has cases of its own, too."""
        sizes = (None, 1)
        yield from filter(None, (self.documents.of_definition(definition, size) for size in sizes))
        match definition:
            case Enum():
                yield from self._enum(definition, _MAX_VALUES)
            case Union():
                yield from self._union(definition)
            case Model(fields=fields):
                required = self.documents.members(definition) or {}
                for field in fields:
                    others = {key: text for key, text in required.items() if key != field.wire}
                    yield object_text(others)
                    wrong = self._wrong(field.type)
                    if wrong is not None:
                        yield object_text({**others, field.wire: wrong})

    def _enum(self, enum: Enum, most: int) -> Iterator[str]:
        for value in enum.values[:most]:
            yield from _near(value.wire)
        yield from ('""', '"modelsync unknown"', "-1", "12345678901", "1.5", '"\\ud800"')

    def _union(self, union: Union) -> Iterator[str]:
        if union.discriminator is None:
            for member in union.members:
                texts = (self.documents.of_type(member, room) for room in (None, 1))
                yield from filter(None, texts)
            return
        key = literal(union.discriminator)
        for tag, _ in union.mapping:
            texts = (self.documents.tagged(union, tag, room) for room in (None, 1))
            yield from filter(None, texts)
            yield f"{{{key}: {literal(tag)}}}"
            for other in _other_cases(tag):
                yield f"{{{key}: {literal(other)}}}"
        for text in (*KINDS, '"modelsync unknown"', '""', '"__proto__"', '"\\ud800"'):
            yield f"{{{key}: {text}}}"


def _near(value: str | int | bool) -> Iterator[str]:
    """Yield a literal and what only looks like it."""
    yield literal(value)
    match value:
        case bool():
            yield from (literal(not value), literal(int(value)), f'"{literal(value)}"')
        case int():
            yield from (f"{value}.0", f"{value}.5", literal(value + 1), literal(str(value)))
        case str():
            yield from map(literal, (f"{value} ", f" {value}", f"{value}\n", *_other_cases(value)))


def _other_cases(text: str) -> Iterator[str]:
    """Yield the text in other cases, such as a reader that does not mind the case takes for it."""
    cases = (text.upper(), text.lower(), text.swapcase(), text[:1].swapcase() + text[1:])
    yield from (other for other in dict.fromkeys(cases) if other != text)


def _utf16(text: str) -> Iterator[int]:
    data = text.encode("utf-16-be")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else f"{text[:_WORDS]}..."
