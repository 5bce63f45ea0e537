"""Reference pages have every fact of a spec: reading them gives the same schema again."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given

from helpers.places import ROOT
from helpers.random_specs import random_specs, spec_text
from helpers.reference_round_trip import pages_again, pages_of, read_pages
from helpers.strategies import PROSE, schemas
from modelsync.pages.reference.facts import SENTENCES, Fact, read_facts, sentence
from modelsync.pages.reference.prose import SPAN, line, span, text_of, text_of_span
from modelsync.schema.schema import Schema
from modelsync.spec.read import read_schema, read_specs
from modelsync.spec.write_rest import in_comment
from modelsync.targets.markdown.languages import language_label, language_of_label

FOLDERS = [*sorted(path.parent for path in ROOT.glob("tests/cases/*/specs")), ROOT]


def schema_in(folder: Path) -> Schema:
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.glob("specs/**/*.yaml")
    }
    return read_schema(texts, "specs")


# Whole schemas ------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_pages_of_specs_come_back(folder: Path) -> None:
    schema = schema_in(folder)
    pages = pages_of(schema)
    docs = read_pages(pages)
    assert docs.problems == ()
    assert docs.schema.definitions == schema.definitions
    assert pages_again(docs) == pages


@given(schemas())
def test_pages_of_any_schema_come_back(schema: Schema) -> None:
    docs = read_pages(pages_of(schema))
    assert docs.problems == ()
    assert docs.schema.definitions == schema.definitions


def test_pages_of_random_specs_come_back() -> None:
    # These have parents, discriminators and constraints, which the drawn schemas do not.
    valid = 0
    for seed in range(30):
        reading = read_specs({"specs/a.yaml": spec_text(random_specs(seed, 5))}, "specs")
        if reading.problems:
            continue
        valid += 1
        pages = pages_of(reading.schema)
        docs = read_pages(pages)
        assert docs.schema.definitions == reading.schema.definitions, seed
        assert pages_again(docs) == pages, seed
    assert valid > 5


ODD = r"""
external: Response
description: |
  Of another library. --> and <!-- in it

  - a list
shown: {go: "*http.Response", python: "a --> b"}
links: {go: https://example.com/--}
---
union: Any
discriminator: kind
members: [B, A, Inner]
mapping: {x: A, "1": B, y: A}
open: true
x-note: "--"
---
union: Inner
discriminator: kind
members: [C]
---
model: A
fields:
  kind: {type: string, required: true}
example: {kind: x}
---
model: B
fields:
  kind: {type: string, required: true}
---
model: C
fields:
  kind: {type: '"c"', required: true}
---
model: Base
abstract: true
additionalProperties: "map[A | null]"
fields:
  "a b": {type: int64, exclusiveMinimum: 3, x-column: ["--", {a--b: 1}], names: {python: a_b}}
  "|": {type: string, pattern: "a|`b", default: "a`b", only: [python, go]}
---
model: Child
extends: [Base]
fields:
  mixed: {type: int64 | decimal, exclusiveMinimum: 0, minimum: -5}
  inner: {type: '"a]. Read-only." | 1 | true', default: "a]. Read-only."}
---
alias: Id
type: string | int64 | null
minLength: 3
format: snowflake
---
enum: Level
type: int64
values:
  1: {description: One., deprecated: "a\nb", names: {go: A.b, pydantic: C}}
  -5: ""
---
enum: Texts
values:
  "": Nothing
  '""': Two quotes
  '"': One quote
  " ": A space
example: '""'
---
enum: Elsewhere
values:
  a: {only: [go]}
  b: {only: [python]}
example: a
---
model: Everywhere
fields:
  elsewhere: {type: Elsewhere, required: true}
  other: {type: Elsewhere | null, default: a}
"""


def test_odd_specs_come_back() -> None:
    schema = read_schema({"specs/a.yaml": ODD}, "specs")
    pages = pages_of(schema)
    docs = read_pages(pages)
    assert docs.schema.definitions == schema.definitions
    assert docs.places == {each.id: "specs/a.yaml" for each in schema.definitions}
    assert pages_again(docs) == pages
    for page in pages.values():
        _, start, comment = page.partition(b"<!-- More of the spec:")
        assert not start or (comment.count(b"--") == 1 and comment.endswith(b"\n-->\n"))


# Parts --------------------------------------------------------------------------------------------


@given(PROSE)
def test_code_is_read_back(text: str) -> None:
    assert re.fullmatch(SPAN, span(text))
    assert text_of_span(span(text)) == text
    assert text_of(line(text)) == text
    assert "\n" not in line(text)


@pytest.mark.parametrize("language", ["go", "python", "typescript", "Go", "and", "a b", "other"])
def test_labels_of_languages_are_read_back(language: str) -> None:
    assert language_of_label(language_label(language)) == language


@given(PROSE)
def test_each_sentence_is_read_back(text: str) -> None:
    parts = SimpleNamespace(
        kind="Abstract model",
        code=span(text),
        codes=f"{span(text)}, {span('a')}",
        link=r"[a\_b](../a/b.md)",
        links="[A](A.md), [B](../b/B.md)",
        type=r'map\["a. b" \| [A](A.md)\]',
        number="-0.5",
        range="greater than 0, at most 1.5",
        language="Go",
        languages="Go, Python and `a b`",
    )
    written = [
        (name, [getattr(parts, part) for part in re.findall(r"\{(\w+)\}", sentence_)])
        for name, sentence_ in SENTENCES.items()
    ]
    facts = " ".join(sentence(name, *each) for name, each in written)
    read = [each for each in read_facts(facts) if isinstance(each, Fact)]
    assert [(each.name, [part.markdown for part in each.parts]) for each in read] == written


def test_comments_cannot_end_early() -> None:
    lines = ["a--b: --x", "list:", "  - a-->b", "  - ---", "text: |", "  one--", "  two"]
    text = in_comment(lines)
    assert "--" not in text
    assert in_comment(["a: b", "c: |", "  d"]) == "a: b\nc: |\n  d"
