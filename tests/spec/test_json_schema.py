"""The JSON Schema for editors accepts what the reader accepts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from helpers.places import ERRORS
from modelsync.cli import run
from modelsync.commands.schema import schema_text
from modelsync.errors import ProblemsError
from modelsync.project.config import CONFIG
from modelsync.spec import kinds, limits
from modelsync.spec.definitions import (
    DEFINITIONS,
    DISCRIMINATOR,
    ENUM_VALUES,
    MAPPING,
    MEMBERS,
    PARENTS,
)
from modelsync.spec.fields import FIELDS
from modelsync.spec.json_schema import json_schema
from modelsync.spec.page_overrides import DEFINITION_PAGES
from modelsync.spec.read import read_schema
from modelsync.spec.shape import Kind
from modelsync.spec.shared_keys import FORMAT

# Invalid only in what a JSON Schema cannot see: names, references, values, other documents.
BEYOND = """
constraints-that-nothing-satisfies
default-help default-numbers default-only-elsewhere
abstract-types defined-twice device-name discriminators enum-without-values-somewhere equal-keys
extends-conflicts extends-cycles
hidden-characters integer-values lifted-name-none lifted-name-taken members-alike
names-that-cannot-be names-that-clash names-that-are-none names-that-differ-in-a-symbol not-hidden
only-some-languages tags
paths-that-are-one
requires-itself several-kinds-at-once too-deep union-in-itself
unknown-target-in-names values-that-do-not-fit
config-empty config-options config-overlap config-own-files config-packages config-paths
config-version-invalid
""".split()


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json_schema(CONFIG)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


class _Core(yaml.SafeLoader):
    """YAML 1.2's core rules for scalars, which editors use: `yes` and `on` are text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _documents(text: str) -> list[Any]:
    return [document for document in yaml.load_all(text, _Core) if document is not None]


def _accepts(validator: jsonschema.Draft7Validator, text: str) -> bool:
    return all(validator.is_valid(document) for document in _documents(text))


def test_the_schema_accepts_what_the_reader_accepts(
    validator: jsonschema.Draft7Validator, root: Path
) -> None:
    specs = [*root.glob("specs/**/*.yaml"), *root.glob("tests/cases/*/specs/**/*.yaml")]
    assert specs
    for path in [*specs, root / "modelsync.yaml"]:
        assert _accepts(validator, path.read_text("utf-8")), path


NOT_YAML = """
anchors-aliases-tags config-merge-conflict merge-conflict type-expressions yaml-ampersand
yaml-colon yaml-no-bracket yaml-no-colon yaml-no-end yaml-no-indent yaml-star yaml-syntax yaml-tab
""".split()
"""Cases that YAML loaders reject, so editors do not consult the schema."""


CASES = sorted(path.stem for path in ERRORS.glob("*.yaml"))


def test_the_exceptions_are_cases() -> None:
    exceptions = [*BEYOND, *NOT_YAML]
    assert len(set(exceptions)) == len(exceptions)
    assert set(exceptions) <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_schema_rejects_invalid_documents(
    validator: jsonschema.Draft7Validator, name: str
) -> None:
    text = (ERRORS / f"{name}.yaml").read_text("utf-8")
    if name in NOT_YAML:
        with pytest.raises(yaml.YAMLError):
            _documents(text)
        return
    assert _accepts(validator, text) == (name in BEYOND)


def _codes(spec: str) -> set[str]:
    try:
        read_schema({"s/a.yaml": spec}, "s")
    except ProblemsError as error:
        return {problem.code for problem in error.problems}
    return set()


_VALUES: dict[Kind[Any], Any] = {
    kinds.TEXT: "t",
    kinds.FLAG: True,
    kinds.REASON: "because",
    kinds.NAME: "Name",
    kinds.TEXT_MAP: {"go": "Name"},
    kinds.NAME_LIST: ["go"],
    kinds.CHOICE: "string",
    kinds.VALUE: None,
    kinds.TYPE: "string",
    FORMAT: "sku",
    limits.KEYS["min_length"].kind: 1,
    limits.KEYS["minimum"].kind: 1,
    limits.KEYS["multiple_of"].kind: 0.5,
    limits.KEYS["pattern"].kind: "a",
    limits.KEYS["unique_items"].kind: True,
    DEFINITION_PAGES: {"go": {"description": "other words"}, "python": False},
    FIELDS: {"id": {"type": "string"}},
    ENUM_VALUES: {"a": None, "b": {"description": "The second one."}},
    DISCRIMINATOR: "kind",
    MEMBERS: ["string", "int64"],
    MAPPING: {"a": "string"},
    PARENTS: ["Name"],
    kinds.ADDITIONAL: "string",
}
"""A valid value of each kind of key."""


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_schema_and_the_reader_accept_every_key(
    validator: jsonschema.Draft7Validator, kind: str
) -> None:
    shape = DEFINITIONS[kind]
    needed = {key.name: _VALUES[key.kind] for key in shape.keys if key.needed}
    for key in shape.keys:
        document = needed | {key.name: _VALUES[key.kind]}
        if key.name == "open" and kind == "union":
            document["discriminator"] = "kind"
        assert validator.is_valid(document), key
        codes = _codes(yaml.safe_dump(document, sort_keys=False))
        assert not {"MS010", "MS011", "MS012", "MS013", "MS014", "MS015"} & codes, key


@pytest.mark.parametrize(
    "document",
    [
        "model: A\nfields: {a: {type: string, format: uuid}}",
        "model: A\nfields: {a: {type: string, readOnly: true, writeOnly: true}}",
        "model: A\nfields: {a: {type: object}}",
        "model: A\nadditionalProperties: yes\nfields: {}",
        'model: A\nadditionalProperties: "false"\nfields: {}',
        "union: A\nopen: true\nmembers: [string, int64]",
        "union: A\ndiscriminator: {propertyName: kind}\nmembers: [B]",
        "alias: A\ntype: string\nreadOnly: true",
        "alias: A\ntype: integer",
    ],
)
def test_the_schema_and_the_reader_reject_what_other_languages_write(
    validator: jsonschema.Draft7Validator, document: str
) -> None:
    assert not _accepts(validator, document)
    assert _codes(document)


@pytest.mark.parametrize(
    "document",
    [
        "model: A\nfields: {a: {type: string, format: int64}}",
        "model: A\nfields: {a: {type: string, readOnly: true, writeOnly: false}}",
        "model: A\nadditionalProperties: string\nfields: {}",
        "union: A\nopen: false\nmembers: [string, int64]",
    ],
)
def test_the_schema_and_the_reader_accept_similar_documents(
    validator: jsonschema.Draft7Validator, document: str
) -> None:
    assert _accepts(validator, document)
    assert not _codes(document)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        *((each, True) for each in ("true", "false", '"1"', "gone", "no longer", '" no"', ".x")),
        *((each, False) for each in ("no", "Yes", "OFF", "y", '"false"', '""', '" "', "1", "1.5")),
        ("", False),
    ],
)
def test_the_schema_and_the_reader_accept_the_same_reasons(
    validator: jsonschema.Draft7Validator, written: str, taken: bool
) -> None:
    spec = f"model: A\ndeprecated: {written}\nfields: {{}}\n"
    assert _accepts(validator, spec) == taken
    assert (_codes(spec) == set()) == taken


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()


@pytest.mark.parametrize(
    ("constraints", "is_valid"),
    [
        ("minLength: 0, maxLength: 3, pattern: a", True),
        (
            "minimum: -1.5, exclusiveMinimum: 0, maximum: 3, exclusiveMaximum: 3, multipleOf: 0.5",
            True,
        ),
        ("minItems: 0, maxItems: 3, uniqueItems: true, minProperties: 1, maxProperties: 3", True),
        ("minLength: -1", False),
        ("maxLength: 1.5", False),
        ("pattern: ''", False),
        ("pattern: 3", False),
        ("minimum: many", False),
        ("multipleOf: 0", False),
        ("uniqueItems: 1", False),
        ("maxProperties: '3'", False),
        ("minlength: 3", False),
    ],
)
def test_the_schema_has_the_types_of_constraints(
    validator: jsonschema.Draft7Validator, constraints: str, is_valid: bool
) -> None:
    spec = f"model: A\nfields:\n  a: {{type: string, {constraints}}}\n"
    assert _accepts(validator, spec) is is_valid
