"""Every edit of a spec has a rule, and what it breaks is what documents show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.edits import BASE, edits, small_specs
from helpers.projects import schema_of
from helpers.random_specs import spec_text
from modelsync.breaking.change import Axis, Change
from modelsync.breaking.compare import compare
from modelsync.breaking.comparison import Comparison, is_equal
from modelsync.breaking.rules import RULES
from modelsync.breaking.witness import Witnesses
from modelsync.errors import ProblemsError
from modelsync.graphs import reachable
from modelsync.schema.definitions import Model, refs_of
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read
from modelsync.schema.scalars import DEFAULT, Holds
from modelsync.schema.schema import Schema
from modelsync.schema.shown import SURROGATE
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError
from modelsync.spec.read import read_schema
from modelsync.verify.strict import is_extreme, parse
from modelsync.verify.vectors import cases

STRICT = Holds(null_is_absent=False)
PARTS = 2
EVERY = 40
"""So many parts are tested, each with one of so many edits: all would take minutes."""


def valid_edits(part: int = 0, every: int = 1) -> Iterator[tuple[str, Schema, Schema]]:
    """Yield the edits that break no rule of specs, with the schema before and after each.

    Of so many edits, one is taken.
    """
    number = part
    for spec in small_specs(BASE):
        old = schema_of(spec_text(spec))
        for edit in edits(spec, last=1):
            number += 1
            if number % every == 0:
                try:
                    yield edit.title, old, schema_of(spec_text(edit.documents))
                except ProblemsError:
                    continue


def documents_of(schema: Schema, id_: str) -> list[Json]:
    """Return the documents that `verify` tests a definition with, valid and invalid ones."""
    refs = {each.id: [ref.id for ref in refs_of(each)] for each in schema.definitions}
    within = reachable({id_}, refs) | {id_}
    others = (each for each in schema.definitions if each.id in within and each.id != id_)
    documents: list[Json] = []
    for case in cases(Schema((schema.by_id[id_], *others))):
        if case.definition != id_:
            break
        try:
            text = case.document.decode()
            document = None if is_extreme(text) else parse(text)
            plain = json.dumps(document, ensure_ascii=False, allow_nan=False)
        except ValueError:
            continue
        if document is not None and not SURROGATE.search(plain):
            documents.append(document)
    return documents


def outcome(schema: Schema, id_: str, document: Json, holds: Holds = DEFAULT) -> tuple[bool, Json]:
    try:
        return True, read(schema, Ref(id_), document, holds)
    except ValidationError:
        return False, None


def says_all(document: Json, written: Json) -> bool:
    if isinstance(document, dict) and isinstance(written, dict):
        return all(
            key in written and says_all(each, written[key]) for key, each in document.items()
        )
    if isinstance(document, list) and isinstance(written, list):
        return all(map(says_all, document, written))
    return True


def shown(old: Schema, new: Schema, id_: str, is_loose: bool) -> dict[Axis, Json]:
    """Return a document for each axis that the two schemas show to be broken."""
    found: dict[Axis, Json] = {}
    for document in (*documents_of(old, id_), *documents_of(new, id_)):
        (by_old, before), (by_new, after) = (
            outcome(schema, id_, document) for schema in (old, new)
        )
        if by_old and by_new and not is_equal(before, after):
            found.setdefault(Axis.SILENT, document)
        for axis, owner, accepted, refused, written in (
            (Axis.OLD_READERS, new, by_new, not by_old, after),
            (Axis.NEW_READERS, old, by_old, not by_new, before),
        ):
            is_own = accepted and (is_loose or says_all(document, written))
            if is_own and refused and outcome(owner, id_, document, STRICT)[0]:
                found.setdefault(axis, document)
    return found


def missed(old: Schema, new: Schema, changes: list[Change]) -> Iterator[str]:
    """Yield what documents show to be broken although no change says so."""
    for id_ in {change.id for change in changes} & old.by_id.keys() & new.by_id.keys():
        definition = new.by_id[id_]
        if isinstance(definition, Model) and definition.abstract:
            continue
        own = [change for change in changes if change.id == id_]
        said = frozenset().union(*(change.breaks for change in changes))
        is_loose = any(change.rule.startswith("additional-properties-") for change in own)
        for axis, document in shown(old, new, id_, is_loose).items():
            if axis not in said:
                yield f"{id_}: {axis}, shown by {document}"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_edit_has_a_rule_and_the_right_verdict(part: int) -> None:
    wrong: list[str] = []
    for title, old, new in valid_edits(part * EVERY // PARTS, EVERY):
        comparison = Comparison(old, new)
        changes = compare(comparison)
        if not changes and new != old:
            wrong.append(f"{title}: no change")
        wrong += (f"{title}: {each}" for each in missed(old, new, changes))
        witnesses = Witnesses(comparison)
        for change in changes:
            without = change.breaks - witnesses.of(change).keys()
            wrong += (f"{title}: no document shows {change.rule}, {each}" for each in without)
    assert wrong == []


def schema_in_packages(package: str) -> Schema:
    return read_schema({f"specs/{package}/order.yaml": "model: Order\nfields: {}"}, "specs")


@pytest.mark.slow
def test_edits_use_every_rule() -> None:
    unused = {*RULES}
    moved = Comparison(schema_in_packages("a"), schema_in_packages("b"))
    unused -= {each.rule for each in compare(moved)}
    for _, old, new in valid_edits():
        unused -= {change.rule for change in compare(Comparison(old, new))}
    assert unused == set()


def test_a_witness_shows_its_own_change() -> None:
    old = schema_of("model: User\nfields: {a: {type: string}, b: {type: int64}}")
    new = schema_of(
        "model: User\nfields: {a: {type: bool}, c: {type: string, required: true},"
        " d: {type: string, required: true}}"
    )
    comparison = Comparison(old, new)
    witnesses = Witnesses(comparison)
    shown = {(change.rule, change.item): witnesses.of(change) for change in compare(comparison)}
    assert shown["required-field-added", "d"][Axis.NEW_READERS] == (
        Axis.NEW_READERS,
        "{}",
        "d: required, but absent",
    )
    assert shown["field-type-changed", "a"][Axis.NEW_READERS] == (
        Axis.NEW_READERS,
        '{"a": ""}',
        'a: expected a boolean, found ""',
    )
    assert shown["field-removed", "b"][Axis.SILENT].document == '{"c": "text", "d": "text", "b": 0}'


def test_rules_are_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/breaking.md").read_text("utf-8")
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", id_) for id_ in RULES)
    rows = [f"| `{id_}` | {sentence} |" for id_, sentence in RULES.items()]
    assert "\n".join(rows) in page
