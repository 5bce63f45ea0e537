"""JSON in the layout of Prettier."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.pages.reference.json_text import json_text
from modelsync.schema.json_values import Json
from modelsync.verify.toolchains import Tool

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
).filter(lambda value: "inf" not in repr(value))


@given(value=VALUES)
def test_it_is_the_same_value(value: Json) -> None:
    assert json.loads(json_text(value)) == value


def test_lists_are_on_one_line_if_they_fit() -> None:
    value: Json = {"a": [1, [2, 3], "x"], "b": [], "c": {}, "d": [{"e": 1e300}], "f": ["x" * 80]}
    assert json_text(value).splitlines() == [
        "{",
        '  "a": [1, [2, 3], "x"],',
        '  "b": [],',
        '  "c": {},',
        '  "d": [',
        "    {",
        '      "e": 1e300',
        "    }",
        "  ],",
        '  "f": [',
        f'    "{"x" * 80}"',
        "  ]",
        "}",
    ]


@pytest.mark.toolchain
def test_prettier_changes_nothing(prettier: Tool, tmp_path: Path) -> None:
    choose = random.Random(1)  # noqa: S311 - any documents

    def value(depth: int) -> Json:
        kind = choose.random() + (0.5 if depth > 3 else 0)
        if kind < 0.3:
            return {f"key{number}": value(depth + 1) for number in range(choose.randint(0, 4))}
        if kind < 0.5:
            return [value(depth + 1) for _ in range(choose.randint(0, 4))]
        if kind < 0.6:
            return [choose.choice((1, -1.5, 10**9)) for _ in range(choose.randint(1, 40))]
        texts: list[Json] = [
            "x" * choose.randint(1, 60),
            "é名🙂" * choose.randint(1, 6),
            2e-7,
            1e300,
            None,
        ]
        return choose.choice(texts)

    blocks = "\n".join(f"```json\n{json_text(value(0))}\n```\n" for _ in range(300))
    (tmp_path / "a.md").write_text(blocks, "utf-8")
    assert prettier.run("--list-different", "a.md", cwd=tmp_path).stdout == ""
