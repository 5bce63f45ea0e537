"""Generated TypeScript decodes and encodes random documents as the reference does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from helpers.places import CASES
from helpers.projects import generate, reference, schema_in
from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Constant, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.verify.cases import Case
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.0, 1.5, -0.0, 1e3, 2**31, -(2**31), 2**31 - 1, 2**53 - 1, 1e17,
    3.4028235e38, 3.5e38, 1e-7, 2097152.25, 2097152.75, 0.1, "", "a", "\ud800", "\U0001f600",
    "2024-02-29T23:59:59.1239+01:30", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+00:01",
    "9999-12-31t23:59:59.999999z", "2024-01-01", "1900-02-29", "0000-01-01", "AA==", "AB==", "AAA=",
    "AAA", "////", [], [None], [1], {}, {"a": 1}, {"__proto__": 1}, {"constructor": {"x": [1e400]}},
)  # fmt: skip
"""Values that are right in one place and wrong in most."""


RIGHT: Mapping[str, tuple[Any, ...]] = {
    "string": ("", "text", "\U0001f600 名前\u2028", "__proto__"),
    "bool": (True, False),
    "int32": (0, -7, 1.0, 2**31 - 1, -(2**31)),
    "int64": (0, -7, 1e3, 2**53 - 1, 1 - 2**53),
    "float32": (0, 0.1, 2097152.25, 2097152.75, -2097152.25, 16777217, 1e-45, 3.4028235e38),
    "float64": (0, 0.1, 1e300, 5e-324, 2**53 - 1),
    "datetime": (
        "2024-02-29T23:59:59.1239+01:30",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.9z",
    ),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31"),
    "bytes": ("", "AA==", "AAA=", "AAAA", "+/+/"),
    "any": (None, [1, {"__proto__": {"a": None}}], "\ud800", 1.5),
}


class Documents:
    """Generates documents for a schema, in which some values are wrong."""

    def __init__(self, schema: Schema, seed: int) -> None:
        self.schema = schema
        self.random = random.Random(seed)  # noqa: S311
        self.faults = 0.0

    def value(self, type_: Type, depth: int = 0) -> Any:
        if self.random.random() < self.faults:
            return self.random.choice(WRONG)
        match type_:
            case Scalar(name=name):
                return self.random.choice(RIGHT[name])
            case Constant(value=value):
                return value
            case Nullable(inner=inner):
                return None if self.random.random() < 0.4 else self.value(inner, depth)
            case ListOf(item=item):
                count = self.random.randrange(3) if depth < 6 else 0
                return [self.value(item, depth + 1) for _ in range(count)]
            case MapOf(value=inner):
                keys = ["a", "__proto__", "constructor", "", "content-type", "\ud83d\ude00"]
                chosen = self.random.sample(keys, self.random.randrange(3) if depth < 6 else 0)
                return {key: self.value(inner, depth + 1) for key in chosen}
            case AnyOf(members=members):
                return self.value(self.random.choice(members), depth)
            case Ref():
                return self.definition(self.schema[type_], depth + 1)

    def definition(self, definition: Definition, depth: int) -> Any:
        match definition:
            case Enum(values=values):
                return self.random.choice(values).json_value
            case Union(discriminator=None):
                return self.value(self.random.choice(definition.members), depth)
            case Union(mapping=mapping):
                tag, member = self.random.choice(mapping)
                value = self.definition(self.schema.by_id[member], depth)
                return (
                    {**value, definition.discriminator: tag} if isinstance(value, dict) else value
                )
            case Alias(type=type_):
                return self.value(type_, depth)
            case Model(fields=fields):
                found = {"unknown": [1]} if self.random.random() < 0.1 else {}
                for field in fields:
                    likely = 1.0 - self.faults if field.required else 0.8 / depth**2
                    if self.random.random() < likely:
                        found[field.json_key] = self.value(field.type, depth)
                return found

    def cases(self, count: int) -> Iterator[Case]:
        definitions = [d.id for d in self.schema.definitions]
        for number in range(count):
            self.faults = (0.0, 0.01, 0.05, 0.3)[number % 4]
            id_ = self.random.choice(definitions)
            text = json.dumps(self.value(Ref(id_)))
            yield Case(id_, text.replace("Infinity", "1e400").encode())


def without_numbers(message: str) -> str:
    """Return an error without the form of its number: JavaScript writes `1` for `1.0`."""
    # The reference has no types that cannot represent every int64.
    for wanted, found in (
        ("an integer of at most 53 bits", "a longer one"),
        ("a 64-bit integer", "a number that may be rounded"),
    ):
        message = message.replace(
            f"expected {wanted}, found {found}", "expected a 64-bit integer, found 1"
        )
    return re.sub(r"found -?\d[\d.]*(e[+-]?\d+)?", "found a number", message)


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
@pytest.mark.parametrize("case", ["names", "packages", "tags", "types", "unions"])
def test_random_documents_have_the_outcome_of_the_reference(
    node: Tool, tmp_path: Path, case: str, int64: str
) -> None:
    schema = schema_in(CASES / case)
    options = {"int64": int64, "extension": "js" if int64 == "bigint" else "ts"}
    target = generate(schema, "typescript", tmp_path, "out", options)
    cases = list(Documents(schema, seed=7).cases(600))
    wrong = []
    for one, outcome in zip(cases, run(target, tmp_path / "out", cases, node), strict=True):
        wanted = reference(target.schema, one)
        same = (outcome.accepted, outcome.path, without_numbers(outcome.message)) == (
            wanted.accepted,
            wanted.path,
            without_numbers(wanted.message),
        )
        if not same or (wanted.accepted and json.loads(outcome.json) != json.loads(wanted.json)):
            wrong.append(f"{one}\n  wanted {wanted}\n  found  {outcome}")
    assert not wrong, "\n".join(wrong[:10])
