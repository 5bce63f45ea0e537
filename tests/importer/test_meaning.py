"""Imported specs accept and refuse the same documents as a validator of JSON Schema."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from modelsync.importer.run import import_sources
from modelsync.schema import meaning
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError

_TEXTS: Final = ["", "a", "b", "ab", "abc", "10", "x-y", "é", "\U0001f600\U0001f600"]
_NUMBERS: Final = [0, 1, 2, -1, 3, 10, 100, 2**31, 0.5, 1.5, -2.5]
_ANYTHING: Final = [*_TEXTS, *_NUMBERS, True, False, None, [], {}, ["a"], [1, 1], {"a": 1}]
_PATTERNS: Final = ["^a", "b$", "^[ab]*$", "^[a-z-]+$", "^(?!a)[a-z]*$", "^.{1,2}$", "^([ab]+)*$"]
_KINDS: Final = ["string", "integer", "number", "boolean"]

_limits = st.fixed_dictionaries(
    {},
    optional={
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 5),
        "pattern": st.sampled_from(_PATTERNS),
        "minimum": st.sampled_from(_NUMBERS),
        "maximum": st.sampled_from(_NUMBERS),
        "exclusiveMinimum": st.sampled_from(_NUMBERS),
        "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
    },
)
_values = st.one_of(
    st.builds(lambda value: {"const": value}, st.sampled_from([*_TEXTS, 1, 2, True, None])),
    st.builds(
        lambda values: {"enum": values},
        st.lists(st.sampled_from([*_TEXTS, *_NUMBERS, True, None]), min_size=1, max_size=4),
    ),
    st.just({}),
    st.just({}),
)
_types = st.one_of(
    st.sampled_from(_KINDS),
    st.lists(st.sampled_from([*_KINDS, "null"]), min_size=2, max_size=3, unique=True),
)
_scalars = st.builds(
    lambda type_, limits, values: {"type": type_, **limits, **values}, _types, _limits, _values
)


def _containers(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.fixed_dictionaries(
        {}, optional={"minItems": st.integers(0, 2), "uniqueItems": st.booleans()}
    )
    lists = st.builds(lambda item, more: {"type": "array", "items": item, **more}, inner, sizes)
    maps = st.builds(lambda item: {"type": "object", "additionalProperties": item}, inner)
    # Null for an optional field is the same as absent, which JSON Schema refuses.
    models = st.builds(
        lambda fields: {"type": "object", "properties": fields, "required": list(fields)},
        st.dictionaries(st.sampled_from(["a", "b", "kind"]), inner, min_size=1, max_size=3),
    )
    unions = st.builds(
        lambda members: {"anyOf": members},
        st.lists(st.one_of(inner, st.just({"type": "null"})), min_size=1, max_size=3),
    )
    return st.one_of(lists, maps, models, unions, unions)


_schemas = st.recursive(st.one_of(_scalars, _values), _containers, max_leaves=5)


def _documents(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values, of which many nearly fit a schema."""
    fitting: list[st.SearchStrategy[Any]] = [st.sampled_from(_ANYTHING)]
    fitting += [_documents(member) for member in schema.get("anyOf", ())]
    if "items" in schema:
        fitting.append(st.lists(_documents(schema["items"]), max_size=3))
    if "properties" in schema:
        fields = {name: _documents(value) for name, value in schema["properties"].items()}
        fitting.append(st.fixed_dictionaries(fields))
    if "additionalProperties" in schema:
        values = _documents(schema["additionalProperties"])
        fitting.append(st.dictionaries(st.sampled_from("xyz"), values, max_size=2))
    return st.one_of(fitting[1:] or fitting)


@given(st.data())
def test_documents_are_accepted_and_refused_alike(data: st.DataObject) -> None:
    schema = data.draw(_schemas)
    model = {"type": "object", "properties": {"field": schema}, "required": ["field"]}
    text = json.dumps({"$defs": {"Model": model}}).encode()
    imported = import_sources(["a.json"], {"a.json": text}.get, "")
    if imported.problems or any(finding.is_loss for finding in imported.findings):
        return
    validator = Draft202012Validator(model)
    for value in data.draw(st.lists(_documents(schema), min_size=1, max_size=6)):
        document = {"field": value}
        try:
            meaning.read(imported.schema, Ref("Model"), document)
            is_accepted = True
        except ValidationError:
            is_accepted = False
        assert is_accepted is validator.is_valid(document), document
