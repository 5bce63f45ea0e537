"""Specs of real schemas accept and refuse the same documents, unless a loss is reported."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import FormatChecker, validators
from jsonschema.protocols import Validator

from helpers.schema_validators import format_checker
from modelsync.graphs import reachable
from modelsync.importer.run import Imported, import_sources
from modelsync.schema.definitions import Model, refs_of
from modelsync.schema.scalars import DEFAULT
from modelsync.verify.cases import Case
from modelsync.verify.expected import expected
from modelsync.verify.left_out import Differences
from modelsync.verify.validator_rules import LAST_LINE_FEED
from modelsync.verify.vectors import cases

_EACH: Final = 6
"""About how many documents of each definition are compared."""
_LONG: Final = 2_000
_BEYOND: Final = re.compile(r"expected a 64-bit integer, found -?\d{19,}$")
"""An `integer` of any size is an `int64`, as docs/import.md says."""
_RANGES: Final = {"int32": 2**31, "int64": 2**63}
"""Formats that JSON Schema leaves to others, and that are types of specs."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "definitions", "documents"),
    [
        ("cloudevents.schema.json", 10, 50),
        ("lsp-metamodel.schema.json", 25, 150),
        ("mcp.schema.json", 140, 700),
        ("discord-openapi.json", 450, 2_000),
    ],
)
def test_specs_without_a_loss_accept_what_their_source_accepts(
    corpus: Path, name: str, definitions: int, documents: int
) -> None:
    source = json.loads((corpus / "schemas" / name).read_bytes())
    imported = _imported(corpus / "schemas" / name)
    pointers = dict(_pointers(source))
    checked = {id_: _validator(source, pointer) for id_, pointer in pointers.items()}
    compared: Counter[str] = Counter()
    for case in _comparable(imported, pointers):
        compared[case.definition] += 1
        ours = expected(imported.schema, case, DEFAULT)
        assert ours is not None
        accepted = checked[case.definition].is_valid(json.loads(case.document))
        if _BEYOND.search(ours.message):
            continue
        assert accepted == ours.accepted, (case.definition, case.document, ours.message)
    assert len(compared) >= definitions
    assert compared.total() >= documents


def _imported(path: Path) -> Imported:
    imported = import_sources([str(path)], lambda _: path.read_bytes(), "")
    assert imported.problems == ()
    return imported


def _comparable(imported: Imported, pointers: dict[str, str]) -> Iterator[Case]:
    """Yield the documents of definitions that are said in full, with all that they refer to."""
    names = pointers.keys() - _lossy(imported)
    differences = Differences(imported.schema, [LAST_LINE_FEED])
    for id_, group in groupby(cases(imported.schema), lambda case: case.definition):
        short = [case for case in group if len(case.document) < _LONG] if id_ in names else []
        # Spread over all cases, since those of a field follow each other.
        for case in short[:: max(1, len(short) // _EACH)]:
            if differences.reason(case) is None:
                yield case


def _lossy(imported: Imported) -> set[str]:
    """Return the ids of the definitions with a loss, and of those that refer to them."""
    starts = sorted((position, name) for name, position in imported.positions.items())
    losses = [each.position for each in imported.findings if each.is_loss]
    lossy = {max(each for each in starts if each[0] <= loss)[1] for loss in losses if starts}
    users: dict[str, list[str]] = {}
    for definition in imported.schema.definitions:
        parents = definition.extends if isinstance(definition, Model) else ()
        for id_ in (*(ref.id for ref in refs_of(definition)), *parents):
            users.setdefault(id_, []).append(definition.id)
    return reachable(lossy, users)


def _pointers(source: Any) -> Iterator[tuple[str, str]]:
    """Yield the pointer of each definition that has the name of a key."""
    components = source.get("components", {}).get("schemas", {})
    yield from ((name, f"#/components/schemas/{name}") for name in components)
    for key in ("$defs", "definitions"):
        yield from ((name, f"#/{key}/{name}") for name in source.get(key, {}))


def _validator(source: Any, pointer: str) -> Validator:
    cls = validators.validator_for(source)
    made: Validator = cls({**source, "$ref": pointer}, format_checker=_formats())
    return made


def _formats() -> FormatChecker:
    checker = format_checker()
    for name, limit in _RANGES.items():
        checker.checks(name)(lambda value, limit=limit: _is_within(value, limit))
    return checker


def _is_within(value: object, limit: int) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return not is_number or -limit <= value < limit  # type: ignore[operator]
