"""The layout of schemas, and where their lines come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.places import CASES, ROOT
from helpers.projects import Options, generate, schema_in, schema_of, target
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.provenance import Tracer
from modelsync.render.render import render
from modelsync.targets.json_schema.views import indented
from modelsync.verify.toolchains import Tool

SPEC = """model: Order
description: What a customer buys
additionalProperties: false
fields:
  id: {type: string, required: true}
  note:
    type: string
    description: A text that is so long that its schema needs several lines
---
union: Contact
members:
  - string
  - int64
"""


@pytest.mark.toolchain
def test_prettier_changes_nothing(tmp_path: Path, prettier: Tool) -> None:
    kinds: dict[str, tuple[str, Options]] = {
        "one": ("json-schema", {}),
        "bundled": ("json-schema", {"files": "bundled", "id": "https://example.com/"}),
        "openai": ("json-schema", {"preset": "openai"}),
        "openapi": ("openapi", {}),
    }
    for case in CASES.iterdir():
        for folder, (name, options) in kinds.items():
            generate(schema_in(case), name, tmp_path, f"{case.name}/{folder}", options)
    # A file called Package.json would be laid out in another way.
    command = ("--check", "--log-level", "warn", "--parser", "json", "**/*.json")
    done = prettier.run(*command, cwd=tmp_path)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


@pytest.mark.parametrize("files", ["one", "many"])
def test_each_line_leads_to_its_part_of_the_spec(files: str) -> None:
    made = target(schema_of(SPEC), "json-schema", "out", {"files": files})
    found: dict[str, int | None] = {}
    for file in made.files():
        trace = Tracer(type(made), OwnTemplates()).trace(made, file)
        for line, origin in zip(trace.lines, trace.origins, strict=True):
            found.setdefault(line.strip(), origin.spec.line if origin.spec else None)
            assert "json-schema/" in origin.template.path
    expected = {
        '"$schema": "https://json-schema.org/draft/2020-12/schema",': None,
        '"description": "What a customer buys",': 1,
        '"id": { "type": "string" },': 5,
        '"note": {': 6,
        '"description": "A text that is so long that its schema needs several lines",': 6,
        '"required": ["id"],': 1,
        '{ "type": "string" },': 12,
        '"format": "int64",': 13,
    }
    assert {line: found[line] for line in expected} == expected


def test_indentation_ignores_brackets_in_texts() -> None:
    assert indented('{\n"a": "[{",\n"b": [\n"\\"]"\n]\n}\n') == (
        '{\n  "a": "[{",\n  "b": [\n    "\\"]"\n  ]\n}\n'
    )


def test_templates_of_a_project_write_json(tmp_path: Path) -> None:
    folder = tmp_path / "templates/json-schema"
    folder.mkdir(parents=True)
    (folder / "schemas.json.j2").write_text(
        '{\n"title": {{ definitions[0].description | json }}\n}\n'
    )
    made = target(schema_of('alias: A\ndescription: A "text"\ntype: string\n'), "json-schema", "o")
    (output,) = render([made], OwnTemplates(tmp_path, "templates")).values()
    assert json.loads(output.data) == {"title": 'A "text"'}


@pytest.mark.parametrize("name", ["definition.json.j2", "definitions.json.j2"])
def test_both_targets_write_a_definition_alike(name: str) -> None:
    one, other = (ROOT / "templates" / target / name for target in ("json-schema", "openapi"))
    assert one.read_text() == other.read_text()
