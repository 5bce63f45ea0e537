"""Lines that are too long, broken as Black breaks them."""

from __future__ import annotations

import ast

import pytest

from modelsync.targets.python import layout

LONG = "a" * 40
STATEMENTS = {
    "an import": (
        f"from .{LONG} import {LONG}, b\n",
        f"from .{LONG} import (\n    {LONG},\n    b,\n)\n",
    ),
    "a function": (
        f"def {LONG}(value: list[{LONG}]) -> object: ...\n",
        f"def {LONG}(\n    value: list[{LONG}],\n) -> object: ...\n",
    ),
    "a call": (
        f"x[key] = wire.f({LONG}(y), z[{LONG}, 1])\n",
        f"x[key] = wire.f(\n    {LONG}(y),\n    z[{LONG}, 1],\n)\n",
    ),
    "a returned call": (
        f'raise wire.E("a = b if c else d", {LONG}, {LONG})\n',
        f'raise wire.E(\n    "a = b if c else d",\n    {LONG},\n    {LONG},\n)\n',
    ),
    "a list": (
        f"_KEYS: Final = [{LONG!r}, {LONG!r}]\n".replace("'", '"'),
        f"_KEYS: Final = [\n    {LONG!r},\n    {LONG!r},\n]\n".replace("'", '"'),
    ),
    "a comprehension": (
        f"_MEMBERS: Final = {{member.value: member for member in {LONG}{LONG[:9]}}}\n",
        f"_MEMBERS: Final = {{\n    member.value: member for member in {LONG}{LONG[:9]}\n}}\n",
    ),
    "a call with a long item": (
        f"x = field(default=None, m={{a: {LONG}, b: {LONG}}})\n",
        f"x = field(\n    default=None,\n    m={{\n        a: {LONG},\n"
        f"        b: {LONG},\n    }},\n)\n",
    ),
    "an assignment": (f"{LONG}.x = {LONG}.value\n", f"{LONG}.x = (\n    {LONG}.value\n)\n"),
    "a choice": (
        f"{LONG} = None if value is None else {LONG}(value)\n",
        f"{LONG} = (\n    None if value is None else {LONG}(value)\n)\n",
    ),
    "a long choice": (
        f"{LONG} = {LONG} if value is None else {LONG}(value, b)\n",
        f"{LONG} = (\n    {LONG}\n    if value is None\n    else {LONG}(value, b)\n)\n",
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_long_statement_is_broken_as_black_leaves_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, broken = STATEMENTS[name]
    if name in ("an assignment", "a choice"):
        line, broken = line.replace(LONG, LONG + "b" * 5), broken.replace(LONG, LONG + "b" * 5)
    assert layout.black(broken) == broken
    monkeypatch.setattr(layout, "black", pytest.fail)
    assert layout.formatted(line) == broken
    assert layout.formatted(broken) == broken


@pytest.mark.parametrize(
    "text",
    [
        f"# {LONG} {LONG} {LONG}\n",
        f'x = "{LONG} {LONG} {LONG}"\n',
        f'def f():\n    """{LONG} (\n\n    x = f({LONG}, {LONG}, {LONG})\n    """\n',
    ],
)
def test_comments_docstrings_and_long_strings_stay_unchanged(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "black", pytest.fail)
    assert layout.formatted(text) == text


def test_a_long_subscript_inside_a_call_is_left_to_black() -> None:
    line = f'self.x = wire.read(source["{LONG * 2}"])\n'
    broken = layout.formatted(line)
    assert layout.black(broken) == broken
    assert ast.unparse(ast.parse(broken)) == ast.unparse(ast.parse(line))


def test_wide_characters_take_two_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "black", pytest.fail)
    line = f'f = wire.f("{"名" * 40}", 1)\n'
    assert layout.formatted(line) == f'f = wire.f(\n    "{"名" * 40}",\n    1,\n)\n'


def test_black_breaks_what_no_rule_covers() -> None:
    line = f"if {LONG} and {LONG} and {LONG}: ...\n"
    assert layout.formatted(line) == layout.black(line) != line
