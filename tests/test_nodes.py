"""YAML that tries to crash, to explode or to surprise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.errors import Problem
from modelsync.spec.nodes import (
    MAX_BYTES,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    decode,
    documents,
)


def read(text: str) -> tuple[list[Node], list[Problem]]:
    problems: list[Problem] = []
    return list(documents("a.yaml", text, problems)), problems


def codes(text: str) -> list[str]:
    return [problem.code for problem in read(text)[1]]


def test_scalars_are_text_whatever_they_look_like() -> None:
    (root,), problems = read("on: no\nnull: 1:20\n0123: 2024-01-01\n1_000: ~\n")
    assert isinstance(root, MappingNode)
    assert problems == []
    assert [
        (key.text, value.text) for key, value in root.entries if isinstance(value, ScalarNode)
    ] == [
        ("on", "no"),
        ("null", "1:20"),
        ("0123", "2024-01-01"),
        ("1_000", "~"),
    ]


def test_positions_count_from_one_and_in_code_points() -> None:
    (root,), _ = read("a: 🙂\n🙂: [x, 'yy']\n")
    assert isinstance(root, MappingNode)
    items = root.entries[1][1]
    assert isinstance(items, SequenceNode)
    assert str(items.items[1].position) == "a.yaml:2:8"
    assert items.items[1].position.width == 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: 2", "MS003"),
        ("a: &x 1\nb: *x", "MS003"),
        ("<<: {a: 1}", "MS003"),
        ("a: !!python/object/apply:os.system [ls]", "MS003"),
        ("[a]: 1", "MS003"),
        ("a: 1\na: 2", "MS002"),
        ('"a": 1\na: 2', "MS002"),
        (r'a: "\0"', "MS005"),
        (r'a: "\x1b[31m"', "MS005"),
        (r'a: "\r"', "MS005"),
        (r'a: "\u202e"', "MS005"),
        (r'a: "\ud800"', "MS001"),
        ("a: \x07", "MS001"),
        ("a: [", "MS001"),
        ("[" * 100_000, "MS004"),
        ("{a: " * 50_000, "MS004"),
        ("- " * 50_000, "MS004"),
        ("\n".join(" " * i + "a:" for i in range(3_000)), "MS004"),
    ],
)
def test_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_bomb_of_aliases_stays_small() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    roots, problems = read("\n".join(lines))
    assert len(roots) == 1
    assert {problem.code for problem in problems} == {"MS003"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xef\xbb\xbfa: 1", "byte order mark"),
        ("a: 1".encode("utf-16"), "not UTF-8"),
        (b"a: \xff", "not UTF-8"),
        (b"a" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_bytes_that_are_refused(data: bytes, message: str) -> None:
    _, problems = decode("a.yaml", data)
    assert [problem.code for problem in problems] == ["MS001"]
    assert message in problems[0].message


def test_the_place_of_a_wrong_byte() -> None:
    _, problems = decode("a.yaml", "a: ü\nbü: ".encode() + b"\xff")
    assert str(problems[0].position) == "a.yaml:2:5"


def test_crlf_is_a_line_end() -> None:
    (root,), problems = read("a: |\r\n  x\r\n  y\r\nb: 1\r\n")
    assert problems == []
    assert isinstance(root, MappingNode)
    assert isinstance(root.entries[0][1], ScalarNode)
    assert root.entries[0][1].text == "x\ny\n"


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    read(text)


@given(st.text(st.sampled_from("ab:- \n[]{}&*!|>'\"#%@`,?"), max_size=40))
def test_any_yaml_like_text_is_read_or_told(text: str) -> None:
    for problem in read(text)[1]:
        assert problem.position.line >= 1
        assert problem.position.column >= 1
