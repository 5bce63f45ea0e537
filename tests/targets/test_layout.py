"""The tree of brackets on which languages break long lines."""

from __future__ import annotations

import pytest

from modelsync.targets.layout import (
    Group,
    Quoted,
    columns,
    exploded,
    flat,
    parse,
    partition,
)


@pytest.mark.parametrize(
    "line",
    [
        "value = wire.read_list(source['a, b'], wire.string)",
        'x: dict[str, list[int]] = {"a": [1, 2], "b": []}',
        "export const a = { b: 1, c: f(`x${y}`) };",
        "plain",
        "",
    ],
)
def test_a_parsed_line_is_the_same_line_again(line: str) -> None:
    sequence = parse(line)
    assert sequence is not None
    assert flat(sequence) == line


@pytest.mark.parametrize("line", ["f(", "f)", "f(]", '"open', "it's"])
def test_a_line_that_does_not_close_is_not_parsed(line: str) -> None:
    assert parse(line) is None


def test_items_are_separated_by_commas_and_strings_are_pieces() -> None:
    assert parse('f("a, (b", c[0],)') == (
        "f",
        Group("(", ((Quoted('"a, (b"'),), ("c", Group("[", (("0",),), "]"))), ")"),
    )


def test_an_empty_item_at_the_end_is_dropped() -> None:
    assert parse("{ a, }") == (Group("{", (("a",),), "}", spaced=True),)


def test_a_separator_is_not_found_in_strings_and_brackets() -> None:
    sequence = parse('f(a = 1)[" = "] = b = c')
    assert sequence is not None
    before, after = partition(sequence, " = ") or ((), ())
    assert (flat(before), flat(after)) == ('f(a = 1)[" = "]', "b = c")
    assert partition(sequence, " if ") is None


def test_a_group_has_each_item_on_its_own_line() -> None:
    group = Group("(", (("a",), ("b",)), ")")
    assert exploded("  ", "f", group, ";", "    ") == "  f(\n      a,\n      b,\n  );"
    comprehension = Group("[", (("a for a in b",),), "]")
    assert exploded("", "x = ", comprehension, "", "  ") == "x = [\n  a for a in b\n]"
    assert exploded("", "f", Group("(", (), ")"), "", "  ") is None


def test_some_characters_take_two_columns_and_some_none() -> None:
    assert [columns(text) for text in ("abc", "名", "e\u0301")] == [3, 2, 1]
