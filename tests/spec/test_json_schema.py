"""The JSON Schema of editors says the same as the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from helpers.places import ERRORS
from modelsync.cli import run
from modelsync.commands.schema import schema_text
from modelsync.errors import ProblemsError
from modelsync.project.config import CONFIG, TARGET_KEYS
from modelsync.spec import shape
from modelsync.spec.json_schema import json_schema
from modelsync.spec.read import read_schema

# Wrong only in what a JSON Schema cannot see: names, references, values, other documents.
BEYOND = """
anchors-aliases-tags default-help default-numbers default-of-required default-only-elsewhere
defined-twice device-name discriminators enum-without-values-somewhere equal-keys
hidden-characters integer-values lifted-name-none lifted-name-taken members-alike
names-that-cannot-be names-that-clash names-that-are-none not-hidden only-some-languages
paths-that-are-one words-of-other-languages
requires-itself
several-kinds-at-once too-deep type-expressions union-in-itself unknown-reference
unknown-target-in-names values-that-do-not-fit default-help not-hidden
words-of-other-languages config-empty config-options
config-overlap config-own-files config-packages config-paths
""".split()


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json_schema(CONFIG, TARGET_KEYS)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


class _Core(yaml.SafeLoader):
    """YAML 1.2's core rules for scalars, which editors go by: `yes` and `on` are text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:bool", __import__("re").compile("^(?:true|false)$"), list("tf")
)


def _documents(text: str) -> list[Any]:
    return [document for document in yaml.load_all(text, _Core) if document is not None]


def _accepts(validator: jsonschema.Draft7Validator, text: str) -> bool:
    return all(validator.is_valid(document) for document in _documents(text))


def test_what_the_reader_takes_the_schema_takes(
    validator: jsonschema.Draft7Validator, root: Path
) -> None:
    specs = [*root.glob("specs/**/*.yaml"), *root.glob("tests/cases/*/specs/**/*.yaml")]
    assert specs
    for path in [*specs, root / "modelsync.yaml"]:
        assert _accepts(validator, path.read_text("utf-8")), path


@pytest.mark.parametrize("name", sorted(path.stem for path in ERRORS.glob("*.yaml")))
def test_what_the_schema_can_see_it_refuses(
    validator: jsonschema.Draft7Validator, name: str
) -> None:
    text = (ERRORS / f"{name}.yaml").read_text("utf-8")
    try:
        accepted = _accepts(validator, text)
    except yaml.YAMLError:
        return  # not YAML at all: no editor asks the schema
    assert accepted == (name in BEYOND)


def _codes(spec: str) -> set[str]:
    try:
        read_schema({"s/a.yaml": spec}, "s")
    except ProblemsError as error:
        return {problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("kind", shape.DEFINITIONS)
def test_each_key_is_known_to_both(validator: jsonschema.Draft7Validator, kind: str) -> None:
    each = shape.DEFINITIONS[kind]
    values: dict[str, Any] = {
        "text": "t",
        "flag": True,
        "reason": "because",
        "name": "Name",
        "names": {"go": "Name"},
        "types": ["string"],
        "choice": "string",
        "languages": ["go"],
        "text map": {"go": "Name"},
        "definition pages": {"go": {"description": "other words"}, "python": False},
    }
    for key in each.keys:
        document = {each.keys[0].name: "Name", "fields": {}, "values": {"a": None}} | {
            "members": ["string"],
            "shown": {"go": "http.Response"},
        }
        needed = {k.name for k in each.keys if k.needed}
        document = {name: value for name, value in document.items() if name in needed}
        if key.kind in values and key.name not in document:
            document[key.name] = values[key.kind]
        assert validator.is_valid(document), key
        assert not {"MS010", "MS012"} & _codes(yaml.safe_dump(document, sort_keys=False))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        *((each, True) for each in ("true", "false", '"1"', "gone", "no longer", '" no"', ".x")),
        *((each, False) for each in ("no", "Yes", "OFF", "y", '"false"', '""', '" "', "1", "1.5")),
        ("", False),
    ],
)
def test_what_deprecated_takes(
    validator: jsonschema.Draft7Validator, written: str, taken: bool
) -> None:
    spec = f"model: A\ndeprecated: {written}\nfields: {{}}\n"
    assert _accepts(validator, spec) == taken
    assert (_codes(spec) == set()) == taken


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()
