"""Validate documents with exported JSON Schemas, in a validator of each language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages import Compiler, Toolset
from modelsync.verify.left_out import (
    EXACT_NUMBERS,
    FLOAT_DIVISION,
    LARGE_INTEGERS,
    LAST_LINE_FEED,
    WORD_BOUNDARY,
    Rule,
)
from modelsync.verify.toolchains import RequiredTool, Tool
from modelsync.verify.toolset import Validator
from modelsync.verify.validators import ajv, python_jsonschema, santhosh_tekuri
from modelsync.verify.validators.request import Schemas, read_schemas

Run: TypeAlias = Callable[[Schemas, Sequence[Case], Tool], list[Outcome]]


class HasReferences(Protocol):
    """A target that writes JSON Schemas."""

    def reference_to(self, definition: str) -> str:
        """Return where the schema of a definition is, by its id.

        It is the path of a file relative to the target's output folder, and a fragment.
        """


def _validator(name: str, find: Callable[[Path], Tool], run: Run, *rules: Rule) -> Validator:
    def validate(target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        return run(read_schemas(out, _references(target)), cases, tool)

    return Validator(name, RequiredTool(name, find, "not validated"), rules, validate)


def _references(target: Target) -> dict[str, str]:
    references: HasReferences = target  # type: ignore[assignment]
    return {each.id: references.reference_to(each.id) for each in target.schema.definitions}


VALIDATORS: Final = (
    _validator(
        "jsonschema",
        python_jsonschema.find,
        python_jsonschema.run,
        FLOAT_DIVISION,
        LAST_LINE_FEED,
        WORD_BOUNDARY,
    ),
    _validator("ajv", ajv.find, ajv.run, FLOAT_DIVISION, LARGE_INTEGERS),
    _validator(santhosh_tekuri.NAME, santhosh_tekuri.find, santhosh_tekuri.run, EXACT_NUMBERS),
)
"""The validators, with what they read differently."""


class JsonSchemaToolset(Toolset):
    """Validates documents, and compiles nothing apart from that."""

    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return nothing: validators report invalid schemas."""
        del target
        return ()

    def validators(self, target: Target) -> Sequence[Validator]:
        """Return a validator for each language."""
        del target
        return VALIDATORS

    def can_run(self, target: Target) -> bool:
        """Return True: every JSON Schema can be asked about documents."""
        del target
        return True


TOOLSET = JsonSchemaToolset()
