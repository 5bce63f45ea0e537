"""Documents that break rules are changed, and each change is a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.places import ROOT
from modelsync.importer.findings import Findings
from modelsync.importer.repair import repair
from modelsync.importer.run import import_sources
from modelsync.spec.nodes import MappingNode, documents
from modelsync.spec.read import NodeReader, Reading, read_schema, read_specs
from modelsync.spec.write import write_specs


def repaired(spec: str) -> tuple[str, list[str]]:
    """Return the specs of some documents after the repair, and its findings."""
    nodes = [node for node in documents("a.yaml", spec, []) if isinstance(node, MappingNode)]
    findings = Findings()
    schema = repair([("", node) for node in nodes], "", findings)
    texts = write_specs(schema, "specs")
    assert read_specs(texts, "specs").problems == []
    found = sorted(set(findings.found))
    lines = [
        f"{'loss' if each.is_loss else 'note'} {each.position.line}:{each.position.column}"
        f" {each.subject}"
        for each in found
    ]
    return "---\n".join(texts.values()), lines


CASES = {
    "a union in a member, whose derived name is taken": (
        "union: A\nmembers: ['list[AItem | B]', B]\n---\nalias: AItem\ntype: string\n---\n"
        "model: B\nfields: {}\n",
        "union: A\nmembers:\n  - list[AValue]\n  - B\n---\nalias: AItem\ntype: string\n---\n"
        "model: B\nfields: {}\n---\nunion: AValue\nmembers:\n  - AItem\n  - B\n",
        ["note 2:1 names"],
    ),
    "a default and an example that do not fit": (
        "model: A\nfields:\n  a: {type: int64, default: x, example: y}\n",
        "model: A\nfields:\n  a: {type: int64}\n",
        ["note 3:20 default", "note 3:32 example"],
    ),
    "one of several examples": (
        "model: A\nfields:\n  a: {type: int64, examples: [1, x, 2]}\n",
        "model: A\nfields:\n  a:\n    type: int64\n    examples:\n      - 1\n      - 2\n",
        ["note 3:20 examples"],
    ),
    "a constraint of another kind": (
        "model: A\nfields:\n  a: {type: bool, maxLength: 3}\n",
        "model: A\nfields:\n  a: {type: bool}\n",
        ["loss 3:19 maxLength"],
    ),
    "constraints that exclude each other": (
        "model: A\nfields:\n  a: {type: int64, minimum: 3, maximum: 1}\n",
        "model: A\nfields:\n  a: {type: int64, minimum: 3}\n",
        ["loss 3:32 maximum"],
    ),
    "an unknown definition": (
        "model: A\nfields:\n  a: {type: 'list[B | string] | null'}\n",
        "model: A\nfields:\n  a: {type: 'list[any] | null'}\n",
        ["loss 3:7 $ref"],
    ),
    "a circle of required fields, and a model that leads to it": (
        "model: A\nfields:\n  b: {type: B, required: true}\n"
        "---\nmodel: B\nfields:\n  c: {type: C, required: true}\n"
        "---\nmodel: C\nfields:\n  b: {type: B, required: true}\n",
        "model: A\nfields:\n  b: {type: B, required: true}\n"
        "---\nmodel: B\nfields:\n  c: {type: C}\n"
        "---\nmodel: C\nfields:\n  b: {type: B, required: true}\n",
        ["loss 7:3 required"],
    ),
    "unions that contain each other": (
        "union: A\nmembers: [string, B]\n---\nunion: B\nmembers: [int64, A]\n",
        "union: A\nmembers: [string, B]\n---\nunion: B\nmembers: [int64, string]\n",
        ["note 4:1 $ref"],
    ),
    "a wider member before others": (
        "union: A\nmembers: [string, datetime, date]\n",
        "union: A\nmembers: [datetime, date, string]\n",
        ["note 2:1 order", "note 2:1 order"],
    ),
    "members that nothing distinguishes": (
        "union: A\nmembers: [B, C]\n---\nmodel: B\nfields: {}\n---\nmodel: C\nfields: {}\n",
        "union: A\noverlapping: true\nmembers: [B, C]\n"
        "---\nmodel: B\nfields: {}\n---\nmodel: C\nfields: {}\n",
        ["note 2:1 overlapping"],
    ),
    "a discriminator that selects nothing": (
        "union: A\ndiscriminator: kind\nmembers: [B, C]\n"
        "---\nmodel: B\nfields:\n  kind: {type: string, required: true}\n"
        "  b: {type: string, required: true}\n"
        "---\nmodel: C\nfields:\n  kind: {type: bool}\n",
        "union: A\nmembers: [B, C]\n"
        "---\nmodel: B\nfields:\n  kind: {type: string, required: true}\n"
        "  b: {type: string, required: true}\n"
        "---\nmodel: C\nfields:\n  kind: {type: bool}\n",
        ["note 2:1 discriminator"],
    ),
    "an alias of itself": (
        "alias: A\ntype: string | A\n---\nalias: B\ntype: C\n---\nalias: C\ntype: B\n",
        "alias: A\ntype: string\n---\nalias: B\ntype: any\n---\nalias: C\ntype: B\n",
        ["loss 1:1 $ref", "loss 4:1 $ref"],
    ),
    "a union whose derived name is taken": (
        "model: A\nfields:\n  b: {type: 'string | int64'}\n---\nmodel: AB\nfields: {}\n",
        "model: A\nfields:\n  b: {type: ABValue}\n"
        "---\nmodel: AB\nfields: {}\n"
        "---\nunion: ABValue\nmembers: [string, int64]\n",
        ["note 3:7 names"],
    ),
    "control characters": (
        'model: A\ndescription: "a\\u0007b"\nfields:\n  "a\\u0007": {type: string}\n',
        "model: A\ndescription: ab\nfields: {}\n",
        ["note 2:1 characters", "loss 4:3 characters"],
    ),
    "names that differ in upper and lower case": (
        "model: AB\nfields:\n  next: {type: Ab}\n---\nmodel: Ab\nfields: {}\n",
        "model: AB\nfields:\n  next: {type: AbSchema}\n---\nmodel: AbSchema\nfields: {}\n",
        ["note 5:1 names"],
    ),
    "the name of a device": (
        "model: Con\nfields:\n  next: {type: Con}\n",
        "model: ConSchema\nfields:\n  next: {type: ConSchema}\n",
        ["note 1:1 names"],
    ),
}


@pytest.mark.parametrize(("spec", "wanted", "findings"), CASES.values(), ids=CASES)
def test_the_smallest_cause_is_changed(spec: str, wanted: str, findings: list[str]) -> None:
    same_form = write_specs(read_schema({"specs/a.yaml": wanted}, "specs"), "specs")
    assert repaired(spec) == ("---\n".join(same_form.values()), findings)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "tests/errors").glob("*/specs/**/*.yaml"))
    + sorted((ROOT / "tests/errors").glob("*.yaml")),
    ids=lambda path: path.stem,
)
def test_whatever_rule_is_broken_the_result_is_valid(path: Path) -> None:
    repaired(path.read_text("utf-8", "replace"))


def test_many_problems_take_few_rounds() -> None:
    """Every model requires itself and the next, so breaking one circle uncovers another."""
    models = [
        f"model: A{i}\nfields:\n  a: {{type: A{i}, required: true}}\n"
        f"  b: {{type: A{(i + 1) % 300}, required: true}}\n  c: {{type: int64, default: x}}\n"
        for i in range(300)
    ]
    _, findings = repaired("---\n".join(models))
    assert sum("default" in line for line in findings) == 300


def test_texts_without_a_name_in_code_become_an_enum_with_names() -> None:
    separator = {"enum": ["-", "."], "default": "-"}
    dots = {"items": {"enum": [".", "x"]}}
    schema = {"title": "T", "properties": {"sep": separator, "dots": dots}}
    found = import_sources(["t.json"], lambda _: json.dumps(schema).encode(), "")
    assert not any(each.is_loss for each in found.findings)
    specs = write_specs(found.schema, "specs")
    assert '    type: TSepValue\n    default: "-"\n' in specs["specs/t.yaml"]
    assert "type: list[TDotsValue]" in specs["specs/t.yaml"]
    assert "python: FULL_STOP" in specs["specs/t_sep_value.yaml"]


def test_a_chain_of_aliases_that_is_far_too_deep_is_broken_in_one_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds = []
    read = NodeReader.read

    def counted(self: NodeReader, *arguments: Any) -> Reading:
        rounds.append(1)
        return read(self, *arguments)

    monkeypatch.setattr(NodeReader, "read", counted)
    chain = [f"alias: A{n}\ntype: A{n + 1}\n" for n in range(1_000)]
    specs, losses = repaired("---\n".join([*chain, "alias: A1000\ntype: string\n"]))
    assert specs.count("type: any") == len(losses) == 5
    assert len(rounds) == 2
