"""Generated code that handles unknown keys wrongly fails `verify`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.projects import schema_of, target, texts_of, write
from modelsync.schema.variants import with_variants
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

SPEC = """\
model: Closed
additionalProperties: false
fields:
  id: {type: string, required: true}
  name: {type: string, required: true, default: x}
---
model: Kept
additionalProperties: true
fields:
  id: {type: string, required: true}
---
model: Typed
additionalProperties: list[Closed] | null
fields:
  id: {type: string, required: true}
---
model: Order
additionalProperties: false
fields:
  at: {type: string, required: true, readOnly: true}
  total: {type: int64}
---
model: Tags
additionalProperties: string
fields:
  at: {type: string, required: true, readOnly: true}
"""
SCHEMA = with_variants(schema_of(SPEC))


class Mutant(NamedTuple):
    """A fault, and the change that causes it: wherever the code has the text `old`."""

    what: str
    old: str
    new: str


PYTHON = (
    Mutant("read-only keys are refused", '[*_KEYS, "at"]', "_KEYS"),
    Mutant("read-only keys are additional", 'frozenset(["at"])', "frozenset([])"),
    Mutant("unknown keys are accepted", "if not source.keys() <= known:\n", "if False:\n"),
    Mutant("known keys are refused", "if not source.keys() <= known:\n", "if True:\n"),
    Mutant(
        "the key is not in the path",
        "raise item_error(_unknown_key(), key, unknown, _refuse_key)",
        "raise _unknown_key()",
    ),
    Mutant("unknown keys are lost", "if source.keys() <= known:\n", "if True:\n"),
    Mutant("fields are additional", "if key not in known}", "}"),
    Mutant("a lone surrogate is a key", "    _check_keys(others)\n", ""),
    Mutant("values are not read", "out[key] = read(item)", "out[key] = item"),
    Mutant(
        "values have no path",
        "raise item_error(error, key, others.items(), read)",
        "raise decode_error(error)",
    ),
    Mutant("values are not written", "data[key] = write(item)", "data[key] = item"),
    Mutant(
        "nothing is written",
        "for key, item in value.items():\n            data",
        "for key, item in ():\n            data",
    ),
    Mutant(
        "an unknown key comes before the fields",
        "        self = wire.new(cls)\n",
        "        self = wire.new(cls)\n        if cls.__name__ == 'Closed':\n"
        "            wire.refuse_unknown(source, _KNOWN)\n",
    ),
    Mutant(
        "no key is known",
        "_KNOWN: Final = frozenset(_KEYS)\n",
        "_KNOWN: Final = frozenset([])\n",
    ),
    Mutant(
        "an absent field has its default",
        'value = source["name"]',
        'value = source.get("name", "x")',
    ),
    Mutant("null is refused", "None if value is None else", ""),
)
GO = (
    Mutant(
        "read-only keys are refused",
        '\t\tcase "at":\n\t\t\tobject.Skip()\n\t\tdefault:\n\t\t\tobject.Refuse()',
        "\t\tdefault:\n\t\t\tobject.Refuse()",
    ),
    Mutant("read-only keys are additional", 'case "at":\n\t\t\tobject.Skip()', ""),
    Mutant("unknown keys are accepted", "object.Refuse()", "object.Skip()"),
    Mutant("unknown keys are lost", "object.Keep()", "object.Skip()"),
    Mutant("the last unknown key is named", "o.r.also(o.unknown, o", "o.r.also(nil, o"),
    Mutant("a lone surrogate is ignored", "o.Refuse() //", "o.r.skip() //"),
    Mutant(
        "an unknown key comes before the fields",
        "func (o *ClosedObject) Err() error {\n",
        "func (o *ClosedObject) Err() error {\n\tif o.unknown != nil { return o.unknown }\n",
    ),
    Mutant(
        "a lone surrogate is a key",
        "o.wrongKey = o.r.also(o.wrongKey, o.r.loneSurrogate(o.r.Start()))",
        "",
    ),
    Mutant(
        "a key after a valid one is wrong",
        "\twrong[key] = err\n",
        "\tif err != nil {\n\t\twrong[key] = err\n\t}\n",
    ),
    Mutant("wrong values are accepted", "o.wrong = noted(o.wrong, key, err)", "_ = err"),
    Mutant("fields are not checked", "o.r.also(o.Object.Err(), ", "o.r.also(nil, "),
    Mutant("nothing is written", "if len(values) == 0 {", "if true {"),
    Mutant("a value is empty", "value := values[key]", "var value T; _ = values[key]"),
    Mutant("an absent field has its default", 'object.Require(1, "name")', ""),
)
TYPESCRIPT = (
    Mutant("read-only keys are refused", '["total", "at"]', '["total"]'),
    Mutant("read-only keys are additional", 'new Set(["at"])', "new Set<string>()"),
    Mutant(
        "unknown keys are accepted",
        "if (!keys.has(name)) {\n      fail",
        "if (false) {\n      fail",
    ),
    Mutant(
        "known keys are refused",
        "if (!keys.has(name)) {\n      fail",
        "if (true) {\n      fail",
    ),
    Mutant(
        "the key is not in the path",
        'Misfit("unknown key", none, path, name, KEY)',
        'Misfit("unknown key", none, path.parent, path.key, KEY)',
    ),
    Mutant("fields are additional", ".filter((name) => !keys.has(name));", ";"),
    Mutant("unknown keys are lost", ".filter((name) => !keys.has(name));", ".slice(0, 0);"),
    Mutant(
        "the prototype is set",
        'if (key === "__proto__") {',
        "if (false) {",
    ),
    Mutant(
        "the prototype is written",
        "define(to, name, codec(from[name] as never, path, name));",
        "to[name] = codec(from[name] as never, path, name);",
    ),
    Mutant(
        "a lone surrogate is a key",
        "keys.filter((name) => string(name, path, name) === name)",
        "keys",
    ),
    Mutant(
        "values are not read",
        "set(to, name, codec(from[name] as never, path, name));",
        "set(to, name, from[name] as never);",
    ),
    Mutant(
        "nothing is written",
        "if (value === undefined) {\n    return;\n  }\n  const from = plain(value, path.parent",
        "if (true) {\n    return;\n  }\n  const from = plain(value, path.parent",
    ),
    Mutant("an absent field has its default", 'from["name"], path', 'from["name"] ?? "x", path'),
)


def missed(
    made: Target,
    mutants: Sequence[Mutant],
    run: Callable[[Path, Sequence[Case]], Sequence[Outcome]],
    folder: Path,
) -> list[str]:
    """Return the mutants that no case of `verify` finds."""
    texts = texts_of(made)
    asked = tuple(cases(made.schema))
    wanted = [expected(made.schema, case, made.holds) for case in asked]

    def agrees_with(place: Path, changed: dict[str, str]) -> bool:
        write(place, changed)
        return all(map(agrees, run(place / "models", asked), wanted))

    assert agrees_with(folder / "unchanged", texts)
    survivors = []
    for number, (what, old, new) in enumerate(mutants):
        changed = {path: text.replace(old, new) for path, text in texts.items()}
        assert changed != texts, what
        if agrees_with(folder / str(number), changed):
            survivors.append(what)
    return survivors


@pytest.mark.slow
def test_every_fault_in_python_is_found(tmp_path: Path) -> None:
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    assert missed(made, PYTHON, partial(python_runner.run, made), tmp_path) == []


@pytest.mark.toolchain
def test_every_fault_in_go_is_found(tmp_path: Path, go: Tool) -> None:
    made = target(SCHEMA, "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    assert missed(made, GO, partial(go_runner.run, made, go=go), tmp_path) == []


@pytest.mark.toolchain
def test_every_fault_in_typescript_is_found(tmp_path: Path, node: Tool) -> None:
    made = target(SCHEMA, "typescript", "models")
    assert missed(made, TYPESCRIPT, partial(typescript_runner.run, made, node=node), tmp_path) == []
