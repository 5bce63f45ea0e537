"""YAML that is hostile or surprising."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modelsync.errors import Problem, excerpt
from modelsync.spec import nodes
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


OTHER_QUOTES = "put the whole text in quotes of the other kind: it ends at the quote before this"


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
        ("a: *x", "MS003"),
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
        ("\u2028\u2028@", "MS001"),
        ("\x85\x85a: [", "MS001"),
        ("[" * 100_000, "MS004"),
        ("{a: " * 50_000, "MS004"),
        ("- " * 50_000, "MS004"),
        ("\n".join(" " * i + "a:" for i in range(3_000)), "MS004"),
    ],
)
def test_unsupported_yaml_is_a_problem(text: str, code: str) -> None:
    assert codes(text) == [code]


LOADERS = [yaml.SafeLoader, *filter(None, [getattr(yaml, "CSafeLoader", None)])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each loader that PyYAML may have."""
    monkeypatch.setattr(nodes, "_LOADER", request.param)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "position", "others"),
    [
        ("[" * 2_000, "a.yaml:1:65", []),
        ("a: 🙂\r\nb: &x 1\r\nc:\r\n  - " + "[" * 2_000, "a.yaml:4:67", ["MS003"]),
        ("- " * 60 + "[" * 2_000, "a.yaml:1:125", []),
        ("a: 1\n---\n" + "{a: " * 2_000, "a.yaml:3:257", []),
        ("? " * 2_000, "a.yaml:1:129", []),
        ("\n".join(" " * i + "a:" for i in range(2_000)), "a.yaml:65:65", []),
    ],
)
def test_both_loaders_report_the_same_depth_at_the_same_position(
    text: str, position: str, others: list[str]
) -> None:
    found = read(text)[1]
    assert [problem.code for problem in found] == [*others, "MS004"]
    assert str(found[-1].position) == position


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("model:A\nfields: {}", "put a space after `model:` in the line above"),
        ("a:\n  id:string\n  b: c", "put a space after `id:` in the line above"),
        ("a: b: c", "quote text that contains `: `"),
        ("a: http://b\n  c: d", "quote text that contains `: `"),
        ('a: {b: "c" | "d"}', OTHER_QUOTES),
        ('a: "c" | "d"', OTHER_QUOTES),
        ("a: 'it's'", OTHER_QUOTES),
        ("a: b\n...\nc: d", "put a line `---` between the two definitions, not `...`"),
        ('a: {b: "c" d: e}', "put a comma before `d:`"),
        ('a: {b: "c"\nd: e}', "put a comma or the closing bracket at the end of the line above"),
        ("a: {b: c\nd: e}", "put a comma or the closing bracket at the end of the line above"),
        ("a: {b: c d: e}", "put a comma before `d:`, or quote text that contains `: `"),
        ("a: {b: c: d}", "quote text that contains `: `"),
    ],
)
def test_syntax_errors_have_help(text: str, help_: str) -> None:
    problems: list[Problem] = []
    list(nodes.documents("a.yaml", text, problems))
    assert [(problem.code, problem.help) for problem in problems] == [("MS001", help_)]


def test_nested_aliases_are_not_expanded() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    roots, problems = read("\n".join(lines))
    assert len(roots) == 1
    assert [problem.code for problem in problems] == ["MS003"] * (60 + 2 * 59)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xef\xbb\xbfa: 1", "byte order mark"),
        ("a: 1".encode("utf-16"), "not UTF-8"),
        (b"a: \xff", "not UTF-8"),
        (b"a" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_undecodable_files_are_a_problem(data: bytes, message: str) -> None:
    _, problems = decode("a.yaml", data)
    assert [problem.code for problem in problems] == ["MS001"]
    assert message in problems[0].message


def test_an_invalid_byte_has_a_position() -> None:
    _, problems = decode("a.yaml", "a: ü\nbü: ".encode() + b"\xff")
    assert str(problems[0].position) == "a.yaml:2:5"


def test_crlf_is_a_line_ending() -> None:
    (root,), problems = read("a: |\r\n  x\r\n  y\r\nb: 1\r\n")
    assert problems == []
    assert isinstance(root, MappingNode)
    assert isinstance(root.entries[0][1], ScalarNode)
    assert root.entries[0][1].text == "x\ny\n"


EACH_LOADER = pytest.mark.parametrize("loader", LOADERS)


@EACH_LOADER
@pytest.mark.parametrize(
    ("text", "place", "width", "message", "help_"),
    [
        (r'a: "x\ud83d\ude00"', "1:6", 12, "is U+1F600 in JSON", r"write `\U0001F600`"),
        (r'{"\uD83D\uDE00": 1}', "1:3", 12, "U+1F600", r"write `\U0001F600`"),
        (r'a: "\ud83d"', "1:5", 6, "half of a surrogate pair", "write the whole character"),
        (r'a: "\ude00\ud83d"', "1:5", 6, "half of a surrogate pair", "write the whole character"),
        (r'a: "\U0000d800"', "1:5", 10, "half of a surrogate pair", "write the whole character"),
        (r'a: "\U00110000"', "1:5", 10, "is not a character", r"up to `\U0010FFFF`"),
        (r'a: "\UFFFFFFFF"', "1:5", 10, "is not a character", r"up to `\U0010FFFF`"),
        (r'a: "it\'s"', "1:7", 2, "is not an escape", "write `'` alone"),
        (r'a: "\d+"', "1:5", 2, "is not an escape", r"write `\\` for a backslash"),
        (r'a: "\x4"', "1:5", 2, "needs 2 hexadecimal digits", ""),
        (r'a: "\u12"', "1:5", 2, "needs 4 hexadecimal digits", ""),
        ('b: 1\na: "x\n  y \\q"', "3:5", 2, "is not an escape", ""),
        ('b: 1\r\na: "x\r\n  y \\q"', "3:5", 2, "is not an escape", ""),
        ('a: "x', "1:4", 1, "unterminated quote", "add the closing quote"),
        ('a: "x\\', "1:4", 1, "unterminated quote", "add the closing quote"),
        ("a: 1\rb: 2\r", "1:5", 1, "U+000D is a line break for some", "line feed"),
        ("\r\t", "1:1", 1, "U+000D is a line break for some", "line feed"),
        ("a: 1\r\n\r\tb", "2:1", 1, "U+000D is a line break for some", "line feed"),
        ("a: 1 # x\x85b: 2", "1:9", 1, "U+0085 is a line break for some", "remove it"),
        ("b: 1\na: 'x\u2028y'", "2:6", 1, "U+2028 is a line break for some", r'write `"\u2028"`'),
        ("a: 1 # x\u2029b: 2\r", "1:9", 1, "U+2029 is a line break for some", r'write `"\u2029"`'),
    ],
)
def test_invalid_escapes_and_unusual_line_breaks_are_problems(
    monkeypatch: pytest.MonkeyPatch,
    loader: type,
    text: str,
    place: str,
    width: int,
    message: str,
    help_: str,
) -> None:
    monkeypatch.setattr(nodes, "_LOADER", loader)
    _, (problem,) = read(text)
    assert problem.code == "MS001"
    assert (str(problem.position), problem.position.width) == (f"a.yaml:{place}", width)
    assert message in problem.message
    assert help_ in problem.help


@EACH_LOADER
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\/\x41\u0041\U0001F600 \t\\ \" \_\e"', '/AA\U0001f600 \t\\ " \xa0\x1b'),
        (r'"\u2028\u2029"', "\u2028\u2029"),
        ('"x\\\n  y"', "xy"),
        ('"x\\\r\n  y"', "xy"),
        (r"'\ud83d\ude00\d'", r"\ud83d\ude00\d"),
        (r"\ud83d\ude00\d", r"\ud83d\ude00\d"),
    ],
)
def test_valid_escapes_are_read(
    monkeypatch: pytest.MonkeyPatch, loader: type, text: str, value: str
) -> None:
    monkeypatch.setattr(nodes, "_LOADER", loader)
    (root,), _ = read(f"- {text}\n")
    assert isinstance(root, SequenceNode)
    assert isinstance(root.items[0], ScalarNode)
    assert root.items[0].text == value


def test_the_position_of_an_invalid_byte_counts_unusual_line_breaks() -> None:
    _, problems = decode("a.yaml", b"a: 1\rb: 2\r\nc\xff")
    assert str(problems[0].position) == "a.yaml:3:2"
    assert excerpt(problems[0].position, "a: 1\rb: 2\r\nc?", 1)[1] == "3 | c?"


_YAML_LIKE = st.text(st.sampled_from("ab:- \n\r\t\x85\u2028\"'\\uUx0dD8cC{}#|"), max_size=30)


@EACH_LOADER
@given(text=_YAML_LIKE)
def test_text_with_escapes_and_line_breaks_is_read_or_reported(loader: type, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "_LOADER", loader)
        for problem in read(text)[1]:
            lines = excerpt(problem.position, text, 1)
            assert lines or problem.position.line > text.count("\n")


@given(st.text(max_size=60))
def test_any_text_is_read_or_reported(text: str) -> None:
    read(text)


@given(st.text(st.sampled_from("ab:- \n[]{}&*!|>'\"#%@`,?"), max_size=40))
def test_any_yaml_like_text_is_read_or_reported(text: str) -> None:
    for problem in read(text)[1]:
        # An unexpected end is at the start of the line after the text.
        assert 1 <= problem.position.line <= text.count("\n") + 2
        assert problem.position.column >= 1
