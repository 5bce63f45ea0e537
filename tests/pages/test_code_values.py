"""Values written as code, and read back."""

from __future__ import annotations

import contextlib
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.strategies import PROSE
from modelsync.pages.code import (
    LINES,
    MAX_NESTING,
    Call,
    Code,
    Items,
    Layout,
    NotCode,
    Number,
    Properties,
    Raw,
    bare,
    key_of,
    number_of,
    quoted,
    read_code,
)
from modelsync.pages.code_layout import declaration, write_code
from modelsync.pages.example import read_sample, read_usage

_RAW = st.sampled_from(["NaN", "Color.Red", "undefined", "new Map()"]).map(Raw)
_CALL = st.builds(
    Call,
    st.sampled_from(
        ["new Date", "await openAsBlob", "new TextEncoder().encode", "BigInt", "new Response"]
    ),
    PROSE,
)
_KEYS = st.one_of(PROSE.map(quoted), PROSE.map(bare))
CODE: st.SearchStrategy[Code] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        # Beyond 2**53, what is written without an exponent is read as another integer.
        st.floats(-(2.0**53), 2.0**53) | st.floats(1e21, allow_infinity=False),
        st.lists(PROSE, min_size=1, max_size=3).map("\n".join),
        st.integers(70, 90).map(lambda length: "x" * length),
        _RAW,
        _CALL,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Items(tuple(items))),
        st.lists(st.tuples(_KEYS, inner), max_size=3, unique_by=lambda pair: key_of(pair[0])).map(
            lambda items: Properties(tuple(items))
        ),
    ),
    max_leaves=8,
)


LAYOUTS = st.builds(Layout, st.booleans(), st.booleans(), st.sampled_from(LINES))


@pytest.mark.slow
@given(CODE, LAYOUTS)
def test_written_code_is_read_back_unchanged(code: Code, layout: Layout) -> None:
    text = write_code(code, layout)
    assert read_code(text, layout) == code
    assert write_code(read_code(text, layout), layout) == text


@given(CODE, st.sampled_from(["Money", "M" * 60, "M" * 70]), LAYOUTS)
def test_declarations_are_read_back_unchanged(code: Code, type_: str, layout: Layout) -> None:
    usage = f'import {{ a }} from "b";\n\n{declaration("let", type_, code, layout)}'
    assert read_usage(usage, layout) == code
    sample = declaration("const", f'"={type_}"', code, layout)
    assert read_sample(sample, f'"={type_}"', layout) == code


COMPACT = Layout(compact=True)
LONG = "x" * 68


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (Items(("a", 1, None, Raw("Color.Red"))), '["a", 1, null, Color.Red]'),
        (Items((Items(("a",)), Items())), '[["a"], []]'),
        (Items((Items((1, 2)), Items((3, 4)))), "[\n        [1, 2],\n        [3, 4],\n    ]"),
        (Items((Properties(),)), "[{}]"),
        (Items((Properties((("b", 1),)),)), "[\n        {\n            b: 1,\n        },\n    ]"),
        (Items((LONG,)), f'["{LONG}"]'),
        (Items((LONG + "x",)), f'[\n        "{LONG}x",\n    ]'),
        (Items((LONG, "")), f'[\n        "{LONG}",\n        "",\n    ]'),
        (
            Items((*range(100000, 100012),)),
            "[\n        100000, 100001, 100002, 100003, 100004, 100005, 100006, 100007, 100008,"
            "\n        100009, 100010, 100011,\n    ]",
        ),
    ],
)
def test_older_pages_have_short_lists_on_one_line(code: Code, text: str) -> None:
    written = write_code(Properties((("a", code),)), COMPACT)
    assert written == f"{{\n    a: {text},\n}}"
    assert read_code(written, COMPACT) == Properties((("a", code),))


DATE = Call("new Date", "2026-01-02T03:04:05.678Z")
DATE_CODE = 'new Date("2026-01-02T03:04:05.678Z")'
ORDER = Properties((("id", 1),))


@pytest.mark.parametrize(
    ("layout", "key", "code", "text"),
    [
        (Layout(), "k" * 40, DATE, ' new Date(\n    "2026-01-02T03:04:05.678Z",\n  )'),
        (Layout(), "k" * 70, DATE, f"\n    {DATE_CODE}"),
        (Layout(), "k" * 76, ORDER, "\n    {\n      id: 1,\n    }"),
        (Layout(), "k" * 75, ORDER, " {\n    id: 1,\n  }"),
        (Layout(), "k" * 75, Properties(), "\n    {}"),
        (Layout(), "k" * 74, 1, " 1"),
        (Layout(), "k" * 75, 1, "\n    1"),
        (Layout(), "k", LONG + "xxxxxxx", f'\n    "{LONG}xxxxxxx"'),
        (Layout(), "k" * 20, "a\n" + "b" * 9, ' "a\\n"\n    + "bbbbbbbbb"'),
        (Layout(), "k" * 75, "a\nb", '\n    "a\\n"\n    + "b"'),
        (Layout(), "k", Raw(f"{LONG}.Xxxxxxxxx"), f"\n    {LONG}\n      .Xxxxxxxxx"),
        (Layout(), "k", Items(("a\nb",)), ' [\n    "a\\n"\n    + "b",\n  ]'),
        (COMPACT, "k" * 6, LONG + "xxx", f' "{LONG}xxx"'),
        (COMPACT, "k" * 7, LONG + "xxx", f'\n        "{LONG}xxx"'),
        (COMPACT, "k" * 40, DATE, ' new Date(\n        "2026-01-02T03:04:05.678Z",\n    )'),
        (COMPACT, "k" * 80, 1, " 1"),
        (COMPACT, "k" * 80, -1, "\n        -1"),
        (COMPACT, "k" * 75, Items((1,)), "\n        [1]"),
        # Two columns each.
        (Layout(), "k" * 8, "\u6f22" * 32, ' "' + "\u6f22" * 32 + '"'),
        (Layout(), "k" * 8, "\u6f22" * 33, '\n    "' + "\u6f22" * 33 + '"'),
    ],
)
def test_a_value_that_does_not_fit_begins_on_the_next_line(
    layout: Layout, key: str, code: Code, text: str
) -> None:
    written = write_code(Properties(((key, code),)), layout)
    assert written == f"{{\n{layout.indent}{key}:{text},\n}}"
    assert read_code(written, layout) == Properties(((key, code),))


NAME = "m.Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("type_", "code", "text"),
    [
        (NAME, ORDER, f"const value: {NAME} = {{\n  id: 1,\n}};"),
        (f"{NAME}{'b' * 14}", ORDER, f"const value: {NAME}{'b' * 14} =\n  {{\n    id: 1,\n  }};"),
        (f"{NAME}{'b' * 15}", ORDER, f"const value:\n  {NAME}{'b' * 15} = {{\n    id: 1,\n  }};"),
        (
            f"{NAME}{'b' * 24}",
            ORDER,
            f"const value:\n  {NAME}{'b' * 24} =\n    {{\n      id: 1,\n    }};",
        ),
        (f"{NAME}{'b' * 20}", "c", f'const value:\n  {NAME}{"b" * 20} = "c";'),
        (f"{NAME}{'b' * 24}", "c", f'const value:\n  {NAME}{"b" * 24} =\n    "c";'),
        (f"{NAME}{'b' * 14}", Items(), f"const value: {NAME}{'b' * 14} =\n  [];"),
        (
            f"{{ [k: string]: {NAME[:48]} }}",
            Properties(),
            f"const value: {{ [k: string]: {NAME[:48]} }} =\n  {{}};",
        ),
        (
            f"{{ [k: string]: {NAME}[] }}[]",
            Items(),
            f"const value: {{\n  [k: string]: {NAME}[];\n}}[] = [];",
        ),
        (
            f"{{ [k: string]: {NAME}{'b' * 14} }}",
            Properties((('"k"', ORDER),)),
            f"const value: {{\n  [k: string]:\n    {NAME}{'b' * 14};\n}}"
            ' = {\n  "k": {\n    id: 1,\n  },\n};',
        ),
        (
            f"{{ [k: string]: {{ [k: string]: {NAME[:47]} }} }}",
            Properties(),
            f"const value: {{\n  [k: string]: {{ [k: string]: {NAME[:47]} }};\n}} = {{}};",
        ),
        (f"Array<{NAME}{'b' * 20}>", Items(), f"const value: Array<\n  {NAME}{'b' * 20}\n> = [];"),
        (
            f"{NAME} | {NAME} | Date",
            ORDER,
            f"const value:\n  | {NAME}\n  | {NAME}\n  | Date = {{\n    id: 1,\n  }};",
        ),
        (
            f"({NAME} | string | Date)[]",
            Items(),
            f"const value:\n  ({NAME} | string | Date)[] = [];",
        ),
        (
            f"({NAME} | {NAME})[]",
            Items(),
            f"const value:\n  (\n    | {NAME}\n    | {NAME}\n  )[] = [];",
        ),
    ],
)
def test_a_type_that_does_not_fit_is_broken(type_: str, code: Code, text: str) -> None:
    assert declaration("const", type_, code) == text
    assert read_sample(text, type_) == code
    assert declaration("const", type_, code, COMPACT).startswith(f"const value: {type_} =")


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        (Layout(), '"to \\"me\\"\\n"\n    + "\tand\\\\\\n"\n    + ""'),
        (Layout(lines="escapes"), '"to \\"me\\"\\n\tand\\\\\\n"'),
        (Layout(lines="broken"), '"to \\"me\\"\n\tand\\\\\n"'),
        (Layout(True, lines="escapes"), "'to \"me\"\\n\tand\\\\\\n'"),
    ],
)
def test_a_text_with_several_lines_is_written_and_read(layout: Layout, text: str) -> None:
    code = Properties((("a", 'to "me"\n\tand\\\n'),))
    written = write_code(code, layout)
    assert written == f"{{\n{layout.indent}a: {text},\n}}"
    assert read_code(written, layout) == code


@pytest.mark.parametrize("layout", [Layout(), Layout(compact=True)])
def test_the_headers_of_a_response_have_their_own_lines(layout: Layout) -> None:
    code = Properties((("a", Call("new Response", '{"b": 1}')),))
    indent = layout.indent
    text = "'{\"b\": 1}'" if layout.compact else r'"{\"b\": 1}"'
    written = (
        f"{{\n{indent}a: new Response({text}, {{\n"
        f'{indent * 2}headers: {{ "Content-Type": "application/json" }},\n{indent}}}),\n}}'
    )
    assert write_code(code, layout) == written
    assert read_code(written, layout) == code


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.50"), (-12.25, "-12.25"), (3, "3"), (1e-7, "1e-7"), (4.0, "4")]
)
def test_some_pages_have_two_digits_in_each_fraction(value: float, text: str) -> None:
    assert write_code(value, Layout(decimals=True)) == text
    assert read_code(text, Layout(decimals=True)) == value


@pytest.mark.parametrize("text", ["1.0", "8481.50", "1.8446744073709552e+19", "007", "-.5", "1e2"])
def test_a_number_keeps_its_unusual_form(text: str) -> None:
    assert read_code(text) == Number(text)
    assert write_code(Number(text)) == text
    assert math.isclose(number_of(text), float(text))


@given(PROSE)
def test_keys_are_read_back_unchanged(key: str) -> None:
    assert key_of(quoted(key)) == key
    assert not key or key_of(bare(key)) == key


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e-7, "1e-7"),
        (1e-6, "0.000001"),
        (1e21, "1e+21"),
        (123456789012345680000.0,) * 2,
        (5.0, "5"),
    ],
)
def test_numbers_are_written_as_in_javascript(number: float, text: str | float) -> None:
    expected = text if isinstance(text, str) else "123456789012345680000"
    assert write_code(number) == expected
    assert math.isclose(float(write_code(number)), number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'say \"x\"'", 'say "x"'),
        ("`a\nb`", "a\nb"),
        ('"\\u{1F600} \\ud83d\\ude00 \\x41 \\/"', "😀 😀 A /"),
        ("[1,2,]", Items((1, 2))),
        ("{'a': 1, b: {}}", Properties((("'a'", 1), ("b", Properties())))),
    ],
)
def test_other_spellings_of_a_value_are_read(text: str, value: Code) -> None:
    assert read_code(text) == value


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("[1", 2),
        ("{a 1}", 2),
        ('"a', 0),
        ("1 2", 1),
        ("[}", 1),
        ("`${a}`", 0),
        ('["\\u0007"]', 1),
        ('a("\\u0007")', 0),
        ('new Response("")', 0),
        ("1e400", 0),
        ("9" * 500, 0),
        ("[" * 100_000, MAX_NESTING),
        ("{a:" * 100_000, 3 * MAX_NESTING),
    ],
)
def test_code_that_is_not_a_value_is_reported_with_its_offset(text: str, offset: int) -> None:
    with pytest.raises(NotCode) as raised:
        read_code(text)
    assert raised.value.offset == offset


@pytest.mark.parametrize(
    "unit", ['"', "\\", '"\\', "a.", "a", "=", " ", "\n", "let value: ", "[", "("]
)
@pytest.mark.parametrize("begin", ["", '"', "[", "new a(", "let value: a", "const value: "])
def test_reading_code_takes_linear_time(begin: str, unit: str) -> None:
    text = begin + unit * (200_000 // len(unit))
    start = time.process_time()
    for read in (read_code, read_usage, lambda code: read_sample(code, "a")):
        with contextlib.suppress(NotCode):
            read(text)
    # Rereading the text at each step would take minutes.
    assert time.process_time() - start < 30
