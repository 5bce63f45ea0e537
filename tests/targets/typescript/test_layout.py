"""The layout pass of TypeScript, on lines that are too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.targets.typescript import layout

LONG = "a" * 48
COMMON = [
    f'import {{ check{LONG}, type {LONG} }} from "./a.ts";',
    f"  return wire.decode(value{LONG}, read{LONG});",
    f'  to["{LONG}"] = wire.list(value.{LONG}, path, "{LONG}", wire.string);',
    f'  to.{LONG} = readA(from["{LONG}"], path, "a", wire.listOf(wire.string));',
    f"export function read{LONG}(value: unknown, parent: wire.Parent): {LONG} {{",
    f"      return write{LONG}(value as {LONG}, parent, key);",
    f"  const tag = wire.string({LONG}, path, {LONG});",
]


@pytest.mark.parametrize("line", COMMON)
def test_a_list_breaks_as_the_printer_breaks_it(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = layout.break_line(line)
    with monkeypatch.context() as patch:
        patch.setattr(layout, "print_document", lambda *_: "")
        assert layout.break_line(line) == lines != line
    monkeypatch.setattr(layout, "break_list", lambda *_: None)
    assert layout.break_line(line) == lines


@pytest.mark.parametrize(
    "line",
    [
        f"function all({LONG}, ...{LONG}: string[]): void {{",
        f"while ({LONG} < {LONG}) {{",
        f"  if ({LONG} === {LONG}) {{ return {LONG}; }}",
        f"  return {LONG} ? {LONG} : {LONG} | 1;",
        f"// {LONG} ({LONG}, {LONG})",
        f" * {LONG} ({LONG}, {LONG})",
    ],
)
def test_no_line_of_another_form_gets_a_comma_or_an_operator(line: str) -> None:
    assert layout.formatted(line).split() == layout.formatted(" ".join(line.split())).split()
    assert layout.formatted(line).count(",") == line.count(",")
    assert layout.formatted(line).count("|") == line.count("|")


LINES = st.text("abc (){}[]<>=:;,|?.!\"'`\\/*&名\n", min_size=1, max_size=300)


@given(LINES)
def test_any_text_keeps_its_characters(text: str) -> None:
    formatted = layout.formatted(text)
    assert _without(formatted) == _without(text)


@given(LINES)
def test_lines_that_fit_stay_unchanged(text: str) -> None:
    lines = [line for line in text.split("\n") if len(line) <= 40]
    assert layout.formatted("\n".join(lines)) == "\n".join(lines)


def _without(text: str) -> str:
    """Return text without what the layout adds: space, commas, semicolons, `|`, and `*`."""
    return "".join(char for char in text if char not in " \n,;|*")
