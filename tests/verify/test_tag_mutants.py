"""Generated code that selects the member of a union wrongly fails `verify`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, target, texts_of, write
from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.expected import agrees, expected
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool
from modelsync.verify.vectors import cases

SCHEMA: Final = schema_in(CASES / "tags")
LONG: Final = 20_000


class Mutant(NamedTuple):
    """A fault in one file: the text `new` instead of `old`."""

    path: str
    old: str
    new: str


PYTHON: Final = [
    Mutant("shape.py", 'match wire.tag(data, "kind")', 'match data.get("kind")'),
    Mutant(
        "shape.py",
        "return UnknownShape(wire.read_map(data, wire.anything))",
        'raise wire.DecodeError("expected a kind of Shape", "kind")',
    ),
    Mutant("shape.py", "wire.read_map(data, wire.anything)", "data"),
    Mutant("shape.py", "wire.read_map(data, wire.anything)", '{"kind": data["kind"]}'),
    Mutant("event.py", "wire.int64)", "wire.float64)"),
    Mutant("event.py", "wire.int64):\n", "lambda tag: tag):\n"),
    Mutant("event.py", "case 1:", "case 3:"),
    Mutant("figure.py", "tag_or_none", "tag_of"),
    Mutant(
        "figure.py", "case None:\n            return Ring", "case None:\n            return Text"
    ),
    Mutant("figure.py", "wire.tagged_or_absent(", "wire.tagged("),
    Mutant("figure.py", 'case "square" | "rectangle"', 'case "square" | "Rectangle"'),
    Mutant("answer.py", "wire.boolean", "wire.int64"),
    Mutant("answer.py", "case False:", "case 2:"),
    Mutant(
        "packet.py", "case 9:\n            return _reset.Reset", "case 9:\n            return Close"
    ),
    Mutant(
        "vehicle.py", "case None:\n            return Car", "case None:\n            return Bike"
    ),
    Mutant(
        "wire.py", "None if mapping(value).get(key) is None", "None if key not in mapping(value)"
    ),
]
GO: Final = [
    Mutant(
        "shape.go",
        "return codec.ReadMap(&v.Unknown, r, codec.ReadAny)",
        'return tag.Refuse(r, "expected a kind of Shape")',
    ),
    Mutant(
        "shape.go",
        "codec.ReadMap(&v.Unknown, r, codec.ReadAny)",
        "codec.ReadMap(&v.Unknown, r, func(v *any, r *codec.Reader) error {\n"
        "\t\terr := codec.ReadAny(v, r)\n\t\tif _, ok := (*v).(float64); ok {\n\t\t\t*v = nil\n"
        "\t\t}\n\t\treturn err\n\t})",
    ),
    Mutant("event.go", "case 1:", "case 3:"),
    Mutant("figure.go", "ReadOptionalTag", "ReadTagOf"),
    Mutant("figure.go", '"square", "rectangle":', '"square":'),
    Mutant("packet.go", "case 8, 9:", "case 8:"),
    Mutant("answer.go", "switch tag.Value", "switch !tag.Value"),
    Mutant("internal/codec/tags.go", "optional && r.Kind() == NullKind", "false"),
    Mutant(
        "internal/codec/tags.go", "return tag, r.back(start, err)", "return tag, r.back(start, nil)"
    ),
    Mutant(
        "internal/codec/union.go",
        "valid && string(found) == key",
        "valid && at < 0 && string(found) == key",
    ),
    Mutant("internal/codec/tags.go", "tag.at < 0 && !optional", "false"),
]
TYPESCRIPT: Final = [
    Mutant(
        "shape.ts",
        "unknown: { ...wire.map(value, parent, key, wire.any), kind: tag },",
        'unknown: wire.refuseChoice("a kind of Shape", tag, path, "kind"),',
    ),
    Mutant("shape.ts", "...wire.map(value, parent, key, wire.any)", "...(value as object)"),
    Mutant("shape.ts", 'wire.string(from["kind"], path, "kind")', 'from["kind"]'),
    Mutant("event.ts", 'wire.int64(from["code"], path, "code")', 'from["code"]'),
    Mutant("event.ts", "case 1:", "case 3:"),
    Mutant("figure.ts", "source == null ?", "source === undefined ?"),
    Mutant("figure.ts", "source == null ?", "source === 0 ?"),
    Mutant("figure.ts", '    case "rectangle":\n', ""),
    Mutant("flag.ts", 'wire.bool(from["on"], path, "on")', 'from["on"]'),
    Mutant("packet.ts", "    case 9:\n", ""),
    Mutant("vehicle.ts", "    case undefined:\n", ""),
]


def missed(
    made: Target,
    mutants: Sequence[Mutant],
    run: Callable[[Path, Sequence[Case]], Sequence[Outcome]],
    folder: Path,
) -> list[Mutant]:
    """Return the mutants that no case of `verify` finds.

    A program has a mutant in each of several files, because compilers start slowly. The documents
    of the definition in its file find a mutant; if it is in no such file, all documents.
    """
    texts = texts_of(made)
    # A document that nests 100,000 levels takes longer than all others together.
    asked = tuple(case for case in cases(made.schema) if len(case.document) < LONG)
    wanted = [expected(made.schema, case, made.holds) for case in asked]
    write(folder / "unchanged", texts)
    assert all(map(agrees, run(folder / "unchanged/models", asked), wanted))
    found = []
    for number, group in enumerate(_groups(mutants)):
        changed = dict(texts)
        for path, old, new in group:
            assert old in texts[f"models/{path}"]
            changed[f"models/{path}"] = texts[f"models/{path}"].replace(old, new)
        write(folder / str(number), changed)
        every = any(_is_support(mutant) for mutant in group)
        stems = {Path(mutant.path).stem for mutant in group}
        tried = [
            (case, want)
            for case, want in zip(asked, wanted, strict=True)
            if every or case.definition.lower() in stems
        ]
        outcomes = run(folder / str(number) / "models", [case for case, _ in tried])
        wrong = {
            case.definition.lower()
            for (case, want), outcome in zip(tried, outcomes, strict=True)
            if not agrees(outcome, want)
        }
        found += [each for each in group if wrong and (every or Path(each.path).stem in wrong)]
    return [mutant for mutant in mutants if mutant not in found]


def _groups(mutants: Sequence[Mutant]) -> list[list[Mutant]]:
    """Return mutants that one program can have: in different files, or one in a support file."""
    groups: list[list[Mutant]] = []
    for mutant in mutants:
        free = (
            group
            for group in groups
            if not any(_is_support(each) or each.path == mutant.path for each in group)
        )
        group = None if _is_support(mutant) else next(free, None)
        if group is None:
            groups.append([mutant])
        else:
            group.append(mutant)
    return groups


def _is_support(mutant: Mutant) -> bool:
    return "wire" in mutant.path or "codec" in mutant.path


@pytest.mark.slow
def test_every_wrong_selection_in_python_is_found(tmp_path: Path) -> None:
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    assert missed(made, PYTHON, partial(python_runner.run, made), tmp_path) == []


@pytest.mark.toolchain
def test_every_wrong_selection_in_go_is_found(tmp_path: Path, go: Tool) -> None:
    made = target(SCHEMA, "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    assert missed(made, GO, partial(go_runner.run, made, go=go), tmp_path) == []


@pytest.mark.toolchain
def test_every_wrong_selection_in_typescript_is_found(tmp_path: Path, node: Tool) -> None:
    made = target(SCHEMA, "typescript", "models")
    run = partial(typescript_runner.run, made, node=node)
    assert missed(made, TYPESCRIPT, run, tmp_path) == []
