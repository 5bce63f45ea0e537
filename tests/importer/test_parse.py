import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.errors import Position, Problem
from modelsync.importer.text.parse import parse
from modelsync.importer.text.tree import Json, JsonList, JsonObject, Source


def read(text: str | bytes, path: str = "a.json") -> tuple[Source | None, list[Problem]]:
    problems: list[Problem] = []
    data = text if isinstance(text, bytes) else text.encode()
    return parse(path, data, problems), problems


def value(text: str | bytes, path: str = "a.json") -> Json:
    source, problems = read(text, path)
    assert source is not None
    assert problems == []
    return source.root


def problem(text: str | bytes, path: str = "a.json") -> Problem:
    _, problems = read(text, path)
    [only] = problems
    return only


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_json_is_read_like_the_json_module_does(given: object, indent: int, ascii_: bool) -> None:
    text = json.dumps(given, indent=indent, ensure_ascii=ascii_)
    assert value(text) == json.loads(text, parse_float=Decimal)


def test_keys_and_items_have_positions() -> None:
    root = value('{\n  "a": {"b\\u0021": [10,\n    "x"]},\n  "c":null}')
    assert isinstance(root, JsonObject)
    inner = root["a"]
    assert isinstance(inner, JsonObject)
    items = inner["b!"]
    assert isinstance(items, JsonList)
    assert root.at() == Position("a.json", 1, 1)
    assert root.at("a") == Position("a.json", 2, 3, 3)
    assert root.at("c") == Position("a.json", 4, 3, 3)
    assert inner.at("b!") == Position("a.json", 2, 9, len('"b\\u0021"'))
    assert items.at() == Position("a.json", 2, 20)
    assert [items.at(0), items.at(1)] == [
        Position("a.json", 2, 21),
        Position("a.json", 3, 5, 3),
    ]
    keys = value(json.dumps({f"k{number}": number for number in range(100)}))
    assert isinstance(keys, JsonObject)
    assert keys.at("k7").column == 2 + 7 * len('"k0": 0, ')


def test_yaml_is_read_with_the_core_schema() -> None:
    text = """\
date: 2024-01-01
yes: no
octal: 0o17
hex: 0x1F
decimal: 010
version: 1.10
big: 1e3
time: 12:30:45
grouped: 1_000
nothing:
tilde: ~
quoted: "5"
200: ok
tagged: !!str 5
"""
    assert value(text, "a.yaml") == {
        "date": "2024-01-01",
        "yes": "no",
        "octal": 15,
        "hex": 31,
        "decimal": 10,
        "version": Decimal("1.10"),
        "big": Decimal("1000"),
        "time": "12:30:45",
        "grouped": "1_000",
        "nothing": None,
        "tilde": None,
        "quoted": "5",
        "200": "ok",
        "tagged": "5",
    }


def test_yaml_aliases_and_merge_keys_are_expanded_with_the_positions_of_their_anchors() -> None:
    text = "a: &a\n  x: 1\n  y: 2\nb:\n  <<: *a\n  y: 3\nc: [*a]\n'<<': text\n"
    root = value(text, "a.yml")
    assert root == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": [{"x": 1, "y": 2}],
        "<<": "text",
    }
    assert isinstance(root, JsonObject)
    b = root["b"]
    assert isinstance(b, JsonObject)
    assert (b.at("x").line, b.at("y").line, root.at("<<").width) == (2, 6, 4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    assert value('{"é\U0001f600": "\u2028"}'.encode(encoding)) == {"é\U0001f600": "\u2028"}


@pytest.mark.parametrize("name", ["a.jsonc", "a", "-"])
def test_comments_and_trailing_commas_are_read_where_json_has_them(name: str) -> None:
    text = b'{ // "\n "a//b": [1, /* , */ 2,],/* } */ "c": "/* \\" ,]", }\r\n/**/'
    assert value(text, name) == {"a//b": [1, 2], "c": '/* " ,]'}


def test_problems_of_json_with_comments_are_where_they_are() -> None:
    found = problem(b'/* 1\n */ {"a": [1,,]}', "a.jsonc")
    assert (found.message, found.position[1:3]) == ("expected a value, found `]`", (2, 15))


def test_line_breaks_of_yaml_1_1_are_kept() -> None:
    assert value('a: "\u2028"\nb: \x85|x\n', "a.yaml") == {"a": "\u2028", "b": "\x85|x"}


@pytest.mark.parametrize(
    ("text", "line_and_column", "message"),
    [
        (b"", (1, 1), "the file is empty"),
        (b'{"a": [1,\n2', (2, 1), "the file ends inside a list"),
        (b'{"a": "x', (1, 7), "the file ends inside a text"),
        (b'{"a": 1,\n}', (1, 8), "JSON has no comma after the last item"),
        (b'{\n// x\n"a": 1}', (2, 1), "JSON has no comments"),
        (b'{\n/* x\n"a": 1}', (2, 1), "the comment has no end"),
        (b"{'a': 1}", (1, 2), "expected a key in double quotes, found `'a'`"),
        (b'{"a": NaN}', (1, 7), "`NaN` is not JSON"),
        (b'{"a": 01}', (1, 7), "expected a value, found `01`"),
        (b'["\\ud83d\\ude00 \\udc00"]', (1, 16), "`\\udc00` is half of a surrogate pair"),
        (b'{"a": "b\nc"}', (1, 9), "a text contains U+000A as it is"),
        (b'["\\x41"]', (1, 3), "`\\x` is not an escape in JSON"),
        (b'{"a": 1 "b": 2}', (1, 9), 'expected a comma or the closing brace, found `"`'),
        (b"{} {}", (1, 4), "the JSON value ends before this"),
        (b'{"a": "\xe9"}', (1, 8), "the file is not UTF-8: byte 0xe9"),
    ],
)
def test_what_is_not_json_is_refused_where_it_is(
    text: bytes, line_and_column: tuple[int, int], message: str
) -> None:
    found = problem(text)
    assert (found.message, found.position[1:3]) == (message, line_and_column)
    assert found.code in ("MS133", "MS134")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "unterminated bracket or brace"),
        ("a: *x", "there is no anchor `&x` before this alias"),
        ("a: &a [*a]", "the value of the anchor `&a` contains itself"),
        ("a: !include x", "the YAML tag `!include` has no value in JSON"),
        ("? [a]\n: 1", "a key is not text"),
        ("a: .inf", "`.inf` has no value in JSON"),
        ("a: 1\n---\nb: 2", "the file has several YAML documents; only the first is read"),
        ("<<: 1", "the merge key `<<` needs a mapping, or a list of mappings"),
        ("a: \x01", "YAML does not allow U+0001 here"),
        ("<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> c\n", "unresolved merge conflict"),
    ],
)
def test_what_is_not_one_yaml_value_is_a_problem(text: str, message: str) -> None:
    found = problem(text, "a.yaml")
    assert (found.code, found.message) == ("MS134", message)
    assert found.help


@pytest.mark.parametrize(
    ("text", "path"), [('{"a": 1, "a": 2}', "a.json"), ("a: 1\na: 2", "a.yaml")]
)
def test_a_duplicate_key_is_a_problem_and_the_last_value_counts(text: str, path: str) -> None:
    source, problems = read(text, path)
    assert source is not None
    assert source.root == {"a": 2}
    assert [found.code for found in problems] == ["MS135"]
    assert problems[0].related[0][0] < problems[0].position


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[" * 5000, "a.json"),
        ('{"a":' * 5000, "a.json"),
        ("[" * 5000, "a.yaml"),
        ("\n".join(" " * depth + "a:" for depth in range(500)), "a.yaml"),
        ("a0: &a0 x\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}]\n" for n in range(200)), "a.yaml"),
        ("[" + "9" * 5000 + "]", "a.json"),
        ("[1e1000000]", "a.json"),
        ("a: 1e1000000", "a.yaml"),
    ],
)
def test_what_is_too_deep_or_too_large_is_refused(text: str, path: str) -> None:
    assert problem(text, path).code == "MS136"


def test_a_yaml_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]" for n in range(9)]
    found = problem("\n".join(lines), "a.yaml")
    assert found.code == "MS136"
    assert "aliases expand to more than" in found.message
