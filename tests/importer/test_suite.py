"""Imported schemas accept and refuse the documents of JSON-Schema-Test-Suite as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from modelsync.importer.run import Imported, import_sources
from modelsync.schema.meaning import read
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError

MOST_IN_FULL: Final = 200
"""At least so many schemas of the suite have no loss."""

DIFFERENCES: Final = {
    "optional/bignum": "an `integer` is an `int64`",
    "optional/float-overflow": "an `integer` is an `int64`",
    "optional/ecmascript-regex | ECMA 262 \\s": "`\\s` in patterns means ASCII spaces",
    "optional/ecmascript-regex | ECMA 262 \\S": "`\\S` in patterns means ASCII spaces",
    "oneOf | oneOf": "a union accepts what several members accept",
    "content | validation of binary": "`contentEncoding: base64` is checked",
    "format/hostname": "labels in Punycode are not decoded",
    "format/idn-": "is not a format of specs, so it is not checked",
    "format/iri": "is not a format of specs, so it is not checked",
    "format/json-pointer": "is not a format of specs, so it is not checked",
    "format/regex": "is not a format of specs, so it is not checked",
    "format/ecmascript-regex": "is not a format of specs, so it is not checked",
    "format/relative-json-pointer": "is not a format of specs, so it is not checked",
    "format/uri-reference": "is not a format of specs, so it is not checked",
    "format/uri-template": "is not a format of specs, so it is not checked",
}
"""Where specs differ from JSON Schema without a loss for each schema, and why: docs/import.md."""


class Case(NamedTuple):
    """A document of the suite."""

    name: str
    data: Any
    is_valid: bool


def groups(folder: Path) -> Iterator[tuple[str, Any, list[Case]]]:
    """Yield the name, the schema and the documents of each group."""
    for path in sorted(folder.rglob("*.json")):
        if path == folder / "format.json":
            continue  # there, formats are annotations; they are asserted in optional/format
        file = path.relative_to(folder).with_suffix("").as_posix().removeprefix("optional/format/")
        file = f"format/{file}" if "format" in path.parts[:-1] else file
        for group in json.loads(path.read_text("utf-8")):
            name = f"{file} | {group['description']}"
            tests = group["tests"]
            yield (
                name,
                group["schema"],
                [Case(f"{name} | {t['description']}", t["data"], t["valid"]) for t in tests],
            )


def root_of(imported: Imported) -> Ref | None:
    """Return the definition of the whole schema; None if it only refers to another one."""
    found = [
        definition.id for definition in imported.schema.definitions if definition.id == "Suite"
    ]
    return Ref(found[0]) if found else None


def has_no_type(imported: Imported) -> bool:
    """Whether a schema has keywords without `type`, which the import adds, and notes."""
    return any(finding.subject == "no `type`" for finding in imported.findings)


def refusal(imported: Imported, root: Ref, data: Any) -> ValidationError | None:
    try:
        read(imported.schema, root, data)
    except ValidationError as error:
        return error
    return None


def differences(imported: Imported, root: Ref, cases: list[Case]) -> Iterator[str]:
    """Yield what the imported schema accepts or refuses differently, and no rule explains."""
    for case in cases:
        error = refusal(imported, root, case.data)
        if (error is None) == case.is_valid:
            continue
        if error is not None and has_no_type(imported) and error.reason.startswith("expected a"):
            continue  # a value of another kind, which a schema without `type` accepts
        if case.data is None and case.is_valid:
            continue  # null of a definition is accepted where it is referred to
        if any(case.name.startswith(start) for start in DIFFERENCES):
            continue
        yield f"{case.name}: {error or 'accepted'}"


def test_schemas_that_are_said_in_full_accept_what_the_suite_says(corpus: Path) -> None:
    folder = corpus / "json-schema-suite/draft2020-12"
    if not folder.is_dir():
        pytest.skip("the corpus has no JSON-Schema-Test-Suite")
    count = 0
    found: list[str] = []
    for name, schema, cases in groups(folder):
        data = json.dumps(schema).encode()
        imported = import_sources(["suite.json"], {"suite.json": data}.get, "")
        root = root_of(imported)
        if imported.problems or any(each.is_loss for each in imported.findings) or root is None:
            continue
        assert cases, name
        count += 1
        found += differences(imported, root, cases)
    assert not found, "\n".join(found)
    assert count >= MOST_IN_FULL
