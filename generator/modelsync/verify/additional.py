"""Documents with keys that no field of a model has, for models that refuse or keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from modelsync.schema.definitions import Model
from modelsync.schema.types import Scalar, Type
from modelsync.verify.documents import Documents, literal, object_text
from modelsync.verify.probes import INVALID_MAP_KEYS, MAP_KEYS, OF_EACH_KIND
from modelsync.verify.values import Values, other_cases

UNKNOWN: Final = "modelsync unknown"
"""A key that no field has."""
_FIELDS_OF_CODE: Final = ("additionalProperties", "additional_properties", "AdditionalProperties")
"""The names of the field for additional properties, which are keys like any other."""

_Texts = Iterator[tuple[str, str]]


class UnknownKeys:
    """Generates the documents of one model. Equal models give equal documents."""

    def __init__(self, model: Model, documents: Documents, values: Values) -> None:
        self.model = model
        self.values = values
        self.required = documents.members(model)
        """The smallest document; None if there is none."""
        self.everything = documents.members(model, levels=1) or {}
        type_ = model.additional_type
        self.good = literal(1) if type_ is None else documents.of_type(type_)
        """A value that an unknown key may have, if the model keeps them."""
        self.wrong = None if type_ is None else values.wrong(type_)

    def with_keys(self, *members: str, required: Mapping[str, str] | None = None) -> str:
        """Return the smallest document with more members, which come first."""
        after = object_text(self.required or {} if required is None else required)[1:-1]
        return f"{{{', '.join(filter(None, (*members, after)))}}}"

    def texts(self, is_new: bool) -> _Texts:
        """Yield the documents; with `is_new`, all keys and values, or else the most revealing."""
        if self.required is None:
            return
        yield from self._keys(is_new)
        yield from self._values(is_new)
        yield from self._several()
        yield from self._with_wrong_fields()

    def _keys(self, is_new: bool) -> _Texts:
        """Yield a document for each key that code may confuse with another one."""
        known = self.model.by_json_key
        cases = [other for key in list(known)[:3] for other in other_cases(key)]
        keys = (*map(literal, (*_FIELDS_OF_CODE, *cases)), *MAP_KEYS, *INVALID_MAP_KEYS)
        chosen = keys if is_new else (keys[0], MAP_KEYS[0], INVALID_MAP_KEYS[0])
        for key in (key for key in dict.fromkeys(chosen) if key not in map(literal, known)):
            if self.good is not None:
                yield self.with_keys(f"{key}: {self.good}"), f"the unknown key {key}"
            if self.wrong is not None:
                text = self.with_keys(f"{key}: {self.wrong}")
                yield text, f"the unknown key {key} with a value of the wrong type"
        if self.good is not None:
            after = object_text({**self.everything, UNKNOWN: self.good})
            yield after, "an unknown key after all others"
        for name in _FIELDS_OF_CODE if self.good is not None else ():
            text = self.with_keys(f"{literal(name)}: {{{literal(UNKNOWN)}: {self.good}}}")
            yield text, f"an object with an unknown key as the unknown key {name}"

    def _values(self, is_new: bool) -> _Texts:
        """Yield a document for each value that an unknown key may have."""
        type_: Type = self.model.additional_type or Scalar("any")
        closed = self.model.additional_type is None
        values = self.values.all(type_) if is_new and not closed else self.values.few(type_)
        for text in OF_EACH_KIND if closed else values:
            short = text if len(text) <= 60 else f"{text[:60]}..."
            yield self.with_keys(f"{literal(UNKNOWN)}: {text}"), f"{UNKNOWN}: {short}"

    def _several(self) -> _Texts:
        """Yield documents with several unknown keys, some of them equal."""
        key, good, wrong = literal(UNKNOWN), self.good, self.wrong
        if good is not None:
            yield self.with_keys(f'"b": {good}', f'"a": {good}'), "two unknown keys"
            text = self.with_keys(f"{key}: {good}", f"{key}: {good}")
            yield text, "a duplicate unknown key"
        if wrong is not None:
            yield self.with_keys(f'"b": {wrong}', f'"a": {wrong}'), "two wrong unknown keys"
        if good is not None and wrong is not None:
            text = self.with_keys(f"{key}: {good}", f"{key}: {wrong}")
            yield text, "a duplicate unknown key, the second value is of the wrong type"
            text = self.with_keys(f"{key}: {wrong}", f"{key}: {good}")
            yield text, "a duplicate unknown key, the second value is valid"
            text = self.with_keys(f'"a": {wrong}', f'"b": {good}', f'"c": {wrong}', f'"a": {good}')
            yield text, "the value of a later unknown key is of the wrong type"
            text = self.with_keys(f'"a": {wrong}', f"{INVALID_MAP_KEYS[0]}: {good}")
            yield text, "a lone surrogate in an unknown key after a wrong value"

    def _with_wrong_fields(self) -> _Texts:
        """Yield documents with an unknown key before a field that is wrong or absent."""
        value = self.wrong or self.good
        for field in self.model.fields[:2] if value is not None else ():
            member = f"{literal(UNKNOWN)}: {value}"
            others = {**(self.required or {})}
            others.pop(field.json_key, None)
            text = self.with_keys(member, required=others)
            yield text, f"an unknown key, and {field.json_key} is absent"
            wrong = self.values.wrong(field.type)
            if wrong is not None:
                text = self.with_keys(member, required={**others, field.json_key: wrong})
                yield text, f"an unknown key, and {field.json_key} is of the wrong type"
