"""Validate documents with exported JSON Schemas, in a validator of each language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages import Compiler, Toolset
from modelsync.verify.toolchains import RequiredTool, Tool
from modelsync.verify.toolset import Validator
from modelsync.verify.validator_rules import (
    EXACT_NUMBERS,
    FLOAT_DIVISION,
    LARGE_INTEGERS,
    LAST_LINE_FEED,
    PROTOTYPE,
    WORD_BOUNDARY,
    Rule,
)
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
        references: HasReferences = target  # type: ignore[assignment]
        tried = dict.fromkeys(case.definition for case in cases)
        places = {definition: references.reference_to(definition) for definition in tried}
        return run(read_schemas(out, places), cases, tool)

    return Validator(name, RequiredTool(name, find, "not validated"), rules, validate)


VALIDATORS: Final = (
    _validator(
        "jsonschema",
        python_jsonschema.find,
        python_jsonschema.run,
        FLOAT_DIVISION,
        LAST_LINE_FEED,
        WORD_BOUNDARY,
    ),
    _validator("ajv", ajv.find, ajv.run, FLOAT_DIVISION, LARGE_INTEGERS, PROTOTYPE),
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
        return VALIDATORS if self.can_run(target) else ()

    def can_run(self, target: Target) -> bool:
        """Return whether the schemas are about documents: those of a preset are about others."""
        return target.settings.options.get("preset", "none") == "none"


TOOLSET = JsonSchemaToolset()
