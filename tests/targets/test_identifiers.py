"""Names in any script: those that a language allows compile, and others are reported."""

# ruff: noqa: RUF001 - these tests are about letters that look like others

from __future__ import annotations

import ast
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.errors import Problem, ProblemsError
from modelsync.naming import Identifiers, module_stem
from modelsync.project.config import read_config
from modelsync.project.load import Project
from modelsync.project.targets import render
from modelsync.spec.read import read_specs
from modelsync.targets import target_class

CONFIG = """\
targets:
  python: {out: python}
  typescript: {out: typescript}
  go: {out: go, module: example.com/x}
  go-pages: {target: sdk-docs, out: pages, notation: go}
"""
LANGUAGES = ("python", "typescript", "go")
UNUSUAL = (
    *("²", "x²", "½", "①", "𝟙a", "१a", "a१", "Ⅷ", "ↈ", "〇", "ª", "℘", "ℵ", "™", "㎏"),
    *("e\u0301", "\u0301a", "é", "İ", "ß", "ŉ", "ǆ", "ΐ", "ﬁ", "ﷺ", "ͺa", "น้ำ", "한", "שָׁ"),
    *("नाम", "పేరు", "क्‍ष", "𝐝𝐢𝐜𝐭", "Ａ", "K", "𐐀", "𠀀", "🙂", "a🙂", "a\u200cb", "\u3164"),
    *("", " ", "_", "__", "_1", "_x_", "__x", "$", "$ref", "a·b", "a‿b", "a.b", "a\nb", "1", "-1"),
    *("class", "None", "await", "static", "public", "type", "nil", "self", "from_dict", "mro"),
)
NAMES = st.sampled_from(UNUSUAL) | st.text(st.characters(exclude_categories=("Cs", "Cc")))


def rendered(spec: str, *languages: str) -> tuple[list[Problem], dict[str, bytes]]:
    """Return the problems of a spec, or the files that targets generate from it."""
    reading = read_specs({"specs/a.yaml": spec}, "specs")
    if reading.problems:
        return reading.problems, {}
    project = Project(Path(__file__).parent, read_config(CONFIG), reading.schema)
    try:
        outputs = render(project, languages)
    except ProblemsError as error:
        return [*error.problems], {}
    return [], {path: output.data for path, output in outputs.items()}


def check(spec: str) -> None:
    """Assert that a spec is rejected at a position and with help, or that its code compiles."""
    for language in (*LANGUAGES, "go-pages"):
        problems, files = rendered(spec, language)
        for problem in problems:
            assert problem.position.path == "specs/a.yaml"
            assert problem.help
        for path, data in files.items():
            if path.endswith(".py"):
                compile(data, path, "exec")


def quoted(text: str) -> str:
    """Return a text as YAML, which does not allow surrogate pairs."""
    ascii_only = json.dumps(text)[1:-1]
    for char in text:
        if ord(char) > 0xFFFF:
            ascii_only = ascii_only.replace(json.dumps(char)[1:-1], f"\\U{ord(char):08x}")
    return f'"{ascii_only}"'


@pytest.mark.slow
@settings(max_examples=25)
@given(NAMES)
def test_a_given_name_compiles_or_is_rejected(name: str) -> None:
    written = quoted(name)
    given_names = "{" + ", ".join(f"{each}: {written}" for each in (*LANGUAGES, "sdk-docs")) + "}"
    check(f"model: A\nnames: {given_names}\nfields: {{a: {{type: 'A | string'}}}}\n")
    check(f"enum: A\nnames: {given_names}\nvalues: {{a: , b: {{names: {given_names}}}}}\n")
    check(f"union: A\nnames: {given_names}\nmembers: [string, int64]\n")
    check(f"model: A\nfields: {{a: {{type: string, names: {given_names}}}}}\n")


@pytest.mark.slow
@settings(max_examples=25)
@given(NAMES)
def test_a_derived_name_compiles_or_is_rejected(wire: str) -> None:
    written = quoted(wire)
    check(f"model: A\nfields: {{{written}: {{type: 'string | int64'}}}}\n")
    check(f"enum: A\nvalues: {{{written}: , zzz: }}\n")
    check(
        f"union: A\ndiscriminator: {written}\nmembers: [B, C]\nmapping: {{b: B, c: C}}\n"
        "---\nmodel: B\nfields: {}\n---\nmodel: C\nfields: {}\n"
    )


@pytest.mark.parametrize("name", ["नाम", "పేరు", "한국어", "น้ำ", "Ñandú"])
def test_letters_with_marks_are_names(name: str) -> None:
    problems, files = rendered(f"model: A\nfields: {{{name}: {{type: string}}}}\n", *LANGUAGES)
    assert problems == []
    normal = unicodedata.normalize("NFKC", name.lower())
    assert f"    {normal}: " in files["python/a.py"].decode()
    assert f"  {normal}?: " in files["typescript/a.ts"].decode()
    assert f'`json:"{name}' in files["go/a.go"].decode() or f'"{name}"' in files["go/a.go"].decode()


@pytest.mark.parametrize(
    ("language", "name", "taken"),
    [
        ("python", "é", True),
        ("python", "e\u0301", True),
        ("python", "$a", False),
        ("python", "x²", False),
        ("python", "½", False),
        ("python", "℘", True),
        ("typescript", "$", True),
        ("typescript", "$a", True),
        ("typescript", "x²", False),
        ("typescript", "नाम", True),
        ("go", "É", True),
        ("go", "E\u0301", False),
        ("go", "नाम", False),
        ("go", "१", False),
        ("go", "X१", True),
        ("go", "X²", False),
        ("go", "℘", False),
        ("go", "X$", False),
    ],
)
def test_identifiers_follow_the_rules_of_the_language(
    language: str, name: str, taken: bool
) -> None:
    assert target_class(language).identifiers.takes(name) is taken


def test_help_suggests_a_valid_identifier() -> None:
    letters = Identifiers(marks=False)
    assert letters.help_for("E\u0301a") == "write `Éa`"
    assert Identifiers().help_for("x²") == "write `x2`"
    assert letters.help_for("नाम") == (
        "start it with a letter, and use letters, digits and `_`, without combining marks"
    )


def test_identifiers_are_normalized_in_python() -> None:
    spec = 'model: A\nfields: {a: {type: string, names: {python: "ﬁeld_ⅷ"}}}\n'
    _, files = rendered(spec, "python")
    assert b"    field_viii: " in files["python/a.py"]


def test_literals_without_a_name_are_reported_once_each() -> None:
    spec = 'model: A\nfields: {a: {type: \'"!" | "?"\'}}\n'
    problems, _ = rendered(spec, "python")
    assert [problem.code for problem in problems] == ["MS042", "MS042"]


def test_an_item_without_a_name_is_the_only_problem() -> None:
    spec = (
        "model: M\nfields: {🙂: {type: string}, 🙃: {type: A}}\n---\n"
        "enum: A\nvalues: {🙂: , b: }\n---\nenum: B\nvalues: {🙂: , b: }\n"
    )
    for language in LANGUAGES:
        problems, _ = rendered(spec, language)
        assert {problem.code for problem in problems} <= {"MS042"}
        assert len(problems) >= 4


def test_other_problems_are_reported_with_a_missing_name() -> None:
    spec = (
        "model: A\nfields:\n  🙂: {type: string}\n"
        "  a: {type: string, names: {python: class, typescript: 'a b', go: 'a b'}}\n"
    )
    for language in LANGUAGES:
        problems, _ = rendered(spec, language)
        assert [problem.code for problem in problems] == ["MS042", "MS041"]


def test_names_that_are_equal_after_normalization_clash() -> None:
    spec = (
        "model: A\nfields:\n"
        "  a: {type: string, names: {python: ﬁle, typescript: ﬁle}}\n"
        "  b: {type: string, names: {python: file, typescript: file}}\n"
    )
    for language in ("python", "typescript"):
        (problem,), _ = rendered(spec, language)
        assert problem.code == "MS040"
        assert problem.position.line == 4
        assert problem.related[0][0].line == 3


@pytest.mark.parametrize(
    ("name", "stem"), [("HTTPError", "http_error"), ("_1", "_1"), ("_", "_"), ("ↈ", "_")]
)
def test_the_name_of_a_module_is_an_identifier(name: str, stem: str) -> None:
    assert module_stem(name) == stem


def test_python_reserves_the_names_of_local_variables(root: Path) -> None:
    modules = [
        path
        for path in root.glob("tests/cases/*/expected/python/**/*.py")
        if path.stem not in ("__init__", "wire")
    ]
    names: set[str] = set()
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.arg(arg=name) | ast.MatchAs(name=str(name)):
                    names.add(name)
                case ast.FunctionDef():
                    inner = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
                    names |= {each.id for each in inner if isinstance(each.ctx, ast.Store)}
                case _:
                    pass
    assert names >= {"cls", "data", "self", "value"}
    assert names <= target_class("python").reserved_definitions
