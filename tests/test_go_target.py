"""The Go target: names, files and problems; what the compiler and gofmt say; what the code does."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from modelsync import targets, wire
from modelsync.errors import Problem, ProblemsError
from modelsync.ir import Enum, Model, Ref, Schema, Union
from modelsync.spec.read import read_schema
from modelsync.targets._go_names import exported, file_stem, fits_a_tag, package_of_module
from modelsync.targets._go_text import comment, literal, raw_literal
from modelsync.targets.base import Settings
from modelsync.targets.go import GoTarget
from modelsync.verify import go_runner
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.toolchains import Tool
from projects import texts_of

HERE = Path(__file__).parent / "go_target"
MODULE = "example.com/acme/models"


def go_target(texts: Mapping[str, str], **options: Any) -> GoTarget:
    schema = read_schema({f"specs/{path}": text for path, text in texts.items()}, "specs")
    values: dict[str, Any] = {option.name: option.default for option in GoTarget.options}
    settings = Settings("go", "go", "out", options=values | {"module": MODULE} | options)
    return GoTarget(schema, settings)


def problems_of(texts: Mapping[str, str]) -> list[Problem]:
    try:
        return sorted(targets.problems_of([go_target(texts)]))
    except ProblemsError as error:
        return list(error.problems)


def rendered(texts: Mapping[str, str], **options: Any) -> dict[str, str]:
    target = go_target(texts, **options)
    assert list(targets.problems_of([target])) == []
    return {path.removeprefix("out/"): text for path, text in texts_of(target).items()}


def write(target: GoTarget, folder: Path) -> None:
    assert list(targets.problems_of([target])) == []
    for path, text in texts_of(target).items():
        place = folder / path.removeprefix("out/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wire_name", "expected"),
    [
        ("id", "ID"),
        ("userIDs", "UserIds"),
        ("api_key", "APIKey"),
        ("webhook-url", "WebhookURL"),
        ("class", "Class"),
        ("_id", "ID"),
        ("$ref2", "Ref2"),
        ("naïve", "Naïve"),
        ("名前", "X名前"),
        ("ñ", "Ñ"),
        ("²x", "X2x"),
        ("ŉa", "X\u02bcNa"),
        ("हिन्दी", "Xहनद"),
        ("😀", ""),
        ('"', ""),
    ],
)
def test_exported_names(wire_name: str, expected: str) -> None:
    assert exported(wire_name) == expected


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("ExportSession", "export_session"),
        ("Doc", "doc_"),
        ("FooTest", "foo_test_"),
        ("FooLinux", "foo_linux_"),
        ("FooLinuxAmd64", "foo_linux_amd64_"),
        ("Js", "js"),
        ("Test", "test"),
        ("Linux", "linux"),
        ("Aux", "aux_"),
        ("Com1", "com1_"),
    ],
)
def test_file_names_mean_nothing_to_go(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("example.com/acme/models", "models"),
        ("example.com/acme/go-models/v2", "models"),
        ("example.com/acme/my-api", "myapi"),
        ("example.com/acme/internal", "internal_"),
        ("example.com/9", "models"),
        ("models", "models"),
    ],
)
def test_package_of_module(module: str, package: str) -> None:
    assert package_of_module(module) == package


@pytest.mark.parametrize(
    "module", ["", "/x", "x/", "a//b", "a b", 'a"b', "../x", "a/..", "a/./b", "a/.b", "a\n"]
)
def test_modules_that_are_no_import_path(module: str) -> None:
    pattern = next(option.pattern for option in GoTarget.options if option.name == "module")
    assert pattern is not None
    assert not pattern.fullmatch(module)


@pytest.mark.parametrize("module", ["a", "example.com/a", "github.com/a/b-c.d/v2", "x/internal/y"])
def test_modules(module: str) -> None:
    pattern = next(option.pattern for option in GoTarget.options if option.name == "module")
    assert pattern is not None
    assert pattern.fullmatch(module)


def test_packages() -> None:
    model = "model: M\nfields: {a: {type: string}}\n"
    paths = ["m", "func/m", "internal/m", "a/main/m", "string/m", "a/x_test/m", "doc/m"]
    files = rendered({f"{path}.yaml": model for path in paths})
    found = {
        path.rpartition("/")[0]: re.findall(r"^package (\w+)$", text, re.MULTILINE)[0]
        for path, text in files.items()
        if path.endswith("m.go")
    }
    assert found == {
        "": "models",
        "func_": "func_",
        "internal_": "internal_",
        "a/main_": "main_",
        "string_": "string_",
        "a/x_test_": "x_test_",
        "doc_": "doc_",
    }


def test_imports_have_names_of_their_own() -> None:
    leaf = "model: Leaf\nfields: {a: {type: datetime}}\n"
    packages = ["a/x", "b/x", "time", "data", "a/wire"]
    fields = "".join(
        f"  f{index}: {{type: {package.replace('/', '.')}.Leaf}}\n"
        for index, package in enumerate(packages)
    )
    texts = {f"{package}/leaf.yaml": leaf for package in packages}
    texts["top/top.yaml"] = f"model: Top\nfields:\n  at: {{type: date}}\n{fields}"
    text = rendered(texts)["top/top.go"]
    assert text[text.index("import") : text.index(")") + 1] == (
        "import (\n"
        '\t"time"\n'
        "\n"
        f'\tawire "{MODULE}/a/wire"\n'
        f'\t"{MODULE}/a/x"\n'
        f'\tbx "{MODULE}/b/x"\n'
        f'\tdata_ "{MODULE}/data"\n'
        f'\ttime_ "{MODULE}/time"\n'
        f'\t"{MODULE}/wire"\n'
        ")"
    )
    assert "\tF2 *time_.Leaf `json" in text


@pytest.mark.parametrize(
    ("wire_name", "fits"),
    [
        ("content-type", True),
        ("a b", True),
        ("名前", True),
        ("$ref", True),
        ("", False),
        ("-", False),
        ("a,b", False),
        ('"', False),
        ("`", False),
        ("\\", False),
        ("a\nb", False),
        ("😀", False),
    ],
)
def test_tags(wire_name: str, fits: bool) -> None:
    assert fits_a_tag(wire_name) is fits


# Text -------------------------------------------------------------------------------------------


def test_literals() -> None:
    assert literal('a"\\\n\t\u2028\ufeff\U0001f600\x7f') == (
        r'"a\"\\\n\t\u2028\ufeff' + "\U0001f600" + r'\u007f"'
    )
    assert raw_literal('{"a":1}') == '`{"a":1}`'
    assert raw_literal("`") == '"`"'


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        (" a \n\n\n b", ["// a", "//", "// b"]),
        ("a\rb\u2028c\x0bd", ["// a", "// b", "// c", "// d"]),
        ("*/ x", ["// */ x"]),
        ("+build ignore", ["// \\+build ignore"]),
        ("[a]: http://b", ["// [a] : http://b"]),
        ("``a'' ```b```", ["// “a” ```b```"]),
        ("a\n\nTitle\n\nb", ["// a", "//", "// # Title", "//", "// b"]),
        ("a\ufeffb", ["// a b"]),
        ("x " * 60, ["// " + "x " * 48 + "x", "// " + "x " * 10 + "x"]),
    ],
)
def test_comments(text: str, lines: list[str]) -> None:
    assert list(comment(text)) == lines


# Problems ---------------------------------------------------------------------------------------


def test_import_cycle() -> None:
    (problem,) = problems_of(
        {
            "a/a.yaml": "model: A\nfields:\n  b: {type: b.B}\n",
            "b/b.yaml": "model: B\nfields:\n  c: {type: 'list[c.C]'}\n",
            "c/c.yaml": "model: C\nfields:\n  n: {type: string}\n  a: {type: a.A}\n",
        }
    )
    assert problem.code == "MS056"
    assert str(problem.position) == "specs/a/a.yaml:3:13"
    assert [str(position) for position, _ in problem.related] == [
        "specs/b/b.yaml:3:19",
        "specs/c/c.yaml:4:13",
    ]


RING = {
    "a/a.yaml": "model: A\nfields:\n  b: {type: b.B}\n---\nmodel: More\nfields: {}\n",
    "b/b.yaml": "model: B\nfields:\n  c: {type: c.C}\n  d: {type: d.D}\n",
    "c/c.yaml": "model: C\nfields:\n  a: {type: a.A}\n  b: {type: b.B}\n",
    "d/d.yaml": "model: D\nfields:\n  n: {type: string}\n",
}


def test_an_import_cycle_is_mended_by_the_option_that_it_names() -> None:
    (problem,) = problems_of(RING)
    assert '`join: {"b": "a", "c": "a"}`' in problem.help
    files = rendered(RING, join={"b": "a", "c": "a"})
    assert {"a/a.go", "a/b.go", "a/c.go", "a/doc.go", "d/d.go"} <= files.keys()
    assert not [path for path in files if path.startswith(("b/", "c/"))]
    assert f'"{MODULE}/d"' in files["a/b.go"]
    assert f'"{MODULE}/a"' not in files["a/c.go"]


def test_a_cycle_through_joined_packages_names_all_of_them() -> None:
    (problem,) = targets.problems_of([go_target(RING, join={"b": "a"})])
    assert problem.code == "MS056"
    assert '`join: {"b": "a", "c": "a"}`' in problem.help


def test_packages_may_be_joined_in_one_that_no_spec_has() -> None:
    files = rendered(RING, join={"a": "all.of", "b": "all.of", "c": "all.of", "d": ""})
    assert {"all/of/a.go", "all/of/b.go", "all/of/c.go", "d.go"} <= files.keys()


def test_names_in_joined_packages_differ() -> None:
    texts = {
        "a/x.yaml": "model: X\nfields:\n  x: {type: b.X}\n",
        "b/x.yaml": "model: X\nfields:\n  x: {type: a.X}\n",
    }
    (problem,) = targets.problems_of([go_target(texts, join={"b": "a"})])
    assert problem.code == "MS040"
    assert "`names: {go: ...}`" in problem.help


@pytest.mark.parametrize(
    ("join", "code"),
    [({"e": "a"}, "MS077"), ({"d": "No Package"}, "MS074"), ({"d": "wire"}, "MS057")],
)
def test_packages_that_cannot_be_joined(join: dict[str, str], code: str) -> None:
    texts = {"d/d.yaml": RING["d/d.yaml"]}
    assert [each.code for each in targets.problems_of([go_target(texts, join=join)])] == [code]


def test_support_package_taken() -> None:
    model = "model: M\nfields: {a: {type: string}}\n"
    (problem,) = problems_of({"wire/m.yaml": model})
    assert problem.code == "MS057"
    assert problems_of({"a/wire/m.yaml": model}) == []


def test_root_package_unfit() -> None:
    texts = {"m.yaml": "model: M\nfields: {a: {type: string}}\n"}
    (problem,) = targets.problems_of([go_target(texts, package="func")])
    assert problem.code == "MS059"
    assert "package shop\n" in rendered(texts, package="shop")["m.go"]


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        ("model: M\nfields: {fooBar: {type: string}, foo_bar: {type: string}}\n", ["MS040"]),
        ("model: M\nfields: {id: {type: string}, ID: {type: string}}\n", ["MS040"]),
        ('model: M\nfields: {"": {type: string}, "😀": {type: string}}\n', ["MS042", "MS042"]),
        ("model: M\nfields: {a: {type: string, names: {go: lower}}}\n", ["MS058"]),
        ("model: M\nfields: {a: {type: string, names: {go: 1A}}}\n", ["MS041"]),
        ("model: M\nfields: {a: {type: string, names: {go: ReadJSON}}}\n", ["MS041"]),
        ("enum: E\nvalues: {a-b: , a_b: , aB: }\n", ["MS040", "MS040"]),
        ("enum: E\nvalues: {A: , a: }\n", ["MS040"]),
        ("enum: Foo\nvalues: {bar: }\n---\nmodel: FooBar\nfields: {}\n", ["MS040"]),
        ("model: A\nfields: {}\n---\nmodel: a\nfields: {}\n", ["MS040"]),
        ("enum: A\nvalues: {x: }\n---\nenum: a\nvalues: {x: }\n", ["MS040"]),
        ("model: FooBar\nfields: {}\n---\nmodel: Foo_Bar\nfields: {}\n", ["MS040"]),
        ("model: Foo\nfields: {}\n---\nmodel: DecodeFoo\nfields: {}\n", ["MS040"]),
        ("union: U\nmembers: [string, '\"String\"']\n", ["MS033"]),
        ("union: U\nmembers: ['\"String\"', string]\n", ["MS040"]),
        ("union: U\nmembers: ['\"😀\"', string]\n", ["MS042"]),
    ],
)
def test_names_that_clash_or_are_none(spec: str, codes: list[str]) -> None:
    assert sorted(problem.code for problem in problems_of({"x.yaml": spec})) == codes


# What is written --------------------------------------------------------------------------------


def test_go_mod_only_where_asked_for() -> None:
    texts = {"m.yaml": "model: M\nfields: {a: {type: string}}\n"}
    assert "go.mod" not in rendered(texts)
    assert rendered(texts, gomod=True)["go.mod"] == (
        f"// Code generated by modelsync. DO NOT EDIT.\n\nmodule {MODULE}\n\ngo 1.24\n"
    )


def test_two_runs_are_equal() -> None:
    assert rendered(STRANGE) == rendered(STRANGE)


def test_default_of_minus_zero() -> None:
    text = rendered({"m.yaml": "model: M\nfields: {a: {type: float64, default: -0.0}}\n"})["m.go"]
    assert "v.A = wire.Ptr[float64](0.0)" in text


def test_struct() -> None:
    text = rendered(
        {
            "m.yaml": """\
model: Session
description: A session
deprecated: use Run
inferred: true
fields:
  id: {type: string, required: true}
  title: {type: string}
  createdAt: {type: datetime, required: true, description: When it began}
  tags: {type: 'list[string]', required: true, deprecated: true}
  note: {type: string | null}
  limit: {type: int64, default: 20}
  kind: {type: '"chat"', required: true}
  'a"b': {type: bool}
"""
        }
    )["session.go"]
    assert text[text.index("// Session:") : text.index("}\n") + 2] == (
        "// Session: A session\n"
        "//\n"
        "// It was inferred from examples.\n"
        "//\n"
        "// Deprecated: use Run\n"
        "type Session struct {\n"
        '\tID    string  `json:"id"`\n'
        '\tTitle *string `json:"title,omitempty"`\n'
        "\t// When it began\n"
        '\tCreatedAt time.Time `json:"createdAt"`\n'
        "\t// Deprecated: do not use it.\n"
        '\tTags []string              `json:"tags"`\n'
        '\tNote wire.Optional[string] `json:"note,omitzero"`\n'
        "\t// Default: 20.\n"
        '\tLimit *int64 `json:"limit,omitempty"`\n'
        '\t// It is always "chat".\n'
        '\tKind string `json:"kind"`\n'
        '\t// Its key, which a tag cannot hold, is "a\\"b".\n'
        '\tAB *bool `json:"-"`\n'
        "}\n"
    )


# Strange schemas, compiled and run --------------------------------------------------------------

FIELD_NAMES = """
class type func default async None self from_dict to_dict str list int datetime 1st content-type
a.b naïve 名前 _id $ref2 fooBar __proto__ constructor __init__ json object v r w err data
MarshalJSON ReadJSON UnmarshalJSON time wire Decode string nil error
""".split()

NAMELESS = [
    "a b c",
    "😀",
    '"',
    "`",
    "",
    "a`b",
    "-",
    "a,b",
    "\\",
    "a'b",
    "%s",
    "*/",
    "{{ x }}",
    "\u2028",
]

TEXTS = [
    '"""; import os; """',
    'ends in a quote"',
    "ends in a backslash\\",
    r"\n \N{X} \u12 \x \u002a\u002f",
    "*/ func init() { panic(1) } /*",
    "two lines\nfunc init() { panic(1) }",
    "a\u2028func init() { panic(1) }",
    "{{ 7*191 }} {% if x %} {# y #}",
    "</script><!--",
    "`backticks` and ```fences```",
    "a | pipe",
    "emoji 😀👨‍👩‍👧",
    "",
    "  leading and trailing  ",
    "\n\nblank lines around\n\n",
    "+build ignore",
    "go:build ignore",
    "Title\n\nBody Title\n\nMore of it",
    "- a\n- list\n  1. inner",
    "[link]: http://example.com\n[a]: b[c]: d",
    "    code\n\tcode",
    "Deprecated: said the text",
    "``quotes'' and '''",
    "# Heading\n\n## Not\n\n#  Wide",
]

TYPES = [
    "string",
    "bool",
    "int32",
    "int64",
    "float32",
    "float64",
    "datetime",
    "date",
    "bytes",
    "any",
    "list[string]",
    "list[any]",
    "list[bytes | null]",
    "list[list[int64]]",
    "list[list[int64] | null]",
    "list[int32 | null]",
    "map[float32]",
    "map[list[bool]]",
    "map[date | null]",
    "map[map[any] | null]",
    "Leaf",
    "far.Leaf",
    "list[Leaf]",
    "list[far.Leaf | null]",
    "map[Leaf | null]",
    "Color",
    "list[Level]",
    "Mode",
    "Shape",
    "map[Shape | null]",
    "Mixed",
    "list[Mixed]",
    '"fixed"',
    "3",
    "true",
    'list["a" | null]',
    '"a" | "b"',
    "1 | 2",
    '"a" | 3 | false | list[string]',
    "string | int64 | list[Leaf | string]",
    "map[int64] | bool | list[string | null]",
    "datetime | bytes",
    "Leaf | far.Leaf | list[Color]",
    "Both",
    "Leaf | any",
    "false",
]

DEFAULTS = {
    "string": 'x`"\\',
    "bool": False,
    "int32": -5,
    "int64": 9007199254740993,
    "float32": 0.1,
    "float64": 1e300,
    "datetime": "2024-02-29T23:00:00-01:00",
    "date": "2024-02-29",
    "bytes": "AAEC",
    "any": {"a": [1, None]},
    "list[string]": ["a"],
    "map[float32]": {"a": 0.1},
    "string | null": None,
    "list[int64] | null": [1],
    "Leaf": {"name": "x"},
    "Color": "red",
    "Mode": "other",
    "Shape": {"kind": "circle", "radius": 1.5},
    '"fixed"': "fixed",
    "Mixed": 3,
}


def _strange() -> Iterator[tuple[str, str]]:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False).replace("\u2028", r"\u2028")

    def reason(text: str) -> str:
        return quoted(text) if text.strip() else "true"

    fields = [f"  {quoted(name)}: {{type: string, required: true}}" for name in FIELD_NAMES]
    fields += [
        f"  {quoted(name)}: {{type: string, required: true, names: {{go: N{index}}}}}"
        for index, name in enumerate(NAMELESS)
    ]
    yield "names/fields.yaml", "model: Fields\nfields:\n" + "\n".join(fields)
    yield (
        "texts/texts.yaml",
        "\n---\n".join(
            f"model: Model{i}\ndescription: {quoted(text)}\nfields:\n"
            f"  a: {{type: string, description: {quoted(text)}, deprecated: {reason(text)}}}\n"
            f"  b: {{type: {quoted(quoted(text))}, required: true}}\n"
            f"  c: {{type: string, default: {quoted(text)}}}\n"
            f"---\nenum: Enum{i}\ndeprecated: {reason(text)}\nvalues:\n"
            f"  {quoted(text)}: {{description: {quoted(text)}, names: {{go: Enum{i}A}}}}\n"
            f"  b: {quoted(text)}\n"
            for i, text in enumerate(TEXTS)
        ),
    )
    yield (
        "words/models.yaml",
        "\n---\n".join(
            f"model: {name}\nfields: {{a: {{type: {other}}}}}"
            for name, other in zip(
                ["List", "Any", "String", "Object", "Enum", "Datetime", "Class", "Optional"],
                ["Any", "String", "Object", "Enum", "Datetime", "Class", "Optional", "List"],
                strict=True,
            )
        )
        + "\n---\nmodel: Empty\nfields: {}\n---\nmodel: FooTest\nfields: {}\n---\n"
        + "model: Doc\nfields: {}\n---\n"
        + "enum: Words\nvalues: {class: , None: , func: , '1': , a-b: , mro: , name: }",
    )
    yield (
        "far/leaf.yaml",
        "model: Leaf\ndeprecated: old\nfields: {size: {type: int32, required: true}}",
    )
    yield "types/shared.yaml", (HERE / "shared.yaml").read_text("utf-8")
    models, everything = [], ["model: Everything\nfields:"]
    for index, type_ in enumerate(TYPES):
        nullable = type_ if type_.endswith("any") else f"{type_} | null"
        four = [
            f"{{type: {quoted(type_)}, required: true}}",
            f"{{type: {quoted(type_)}}}",
            f"{{type: {quoted(nullable)}, required: true}}",
            f"{{type: {quoted(nullable)}}}",
        ]
        lines = [f"  {name}: {text}" for name, text in zip("ronq", four, strict=True)]
        models.append("\n".join([f"model: T{index}", "fields:", *lines]))
        everything += [f"  f{index}{name}: {{type: {quoted(type_)}}}" for name in "ab"]
    yield "types/models.yaml", "\n---\n".join([*models, "\n".join(everything)])
    yield (
        "types/defaults.yaml",
        "model: Defaults\nfields:\n"
        + "\n".join(
            f"  d{index}: {{type: {quoted(type_)}, default: {json.dumps(value)}}}"
            for index, (type_, value) in enumerate(DEFAULTS.items())
        )
        + "\n---\nmodel: MinusZero\nfields:\n"
        "  a: {type: float64, default: -0.0}\n"
        "  b: {type: float64 | null, default: -0.0}\n"
        "  c: {type: 'list[float64]', default: [-0.0]}\n",
    )
    yield "root.yaml", "model: Root\nfields: {leaf: {type: far.Leaf}, root: {type: 'list[Root]'}}"
    yield "func/time.yaml", "model: Time\nfields: {at: {type: datetime}, root: {type: Root}}"
    yield "below/func/time.yaml", "model: Time\nfields: {a: {type: func.Time}, at: {type: date}}"


STRANGE = dict(_strange())

SAMPLES = (HERE / "samples.txt").read_text("utf-8").split()
# What not every language holds, as itself or at all: left out where the type says nothing of it.
BIG = ["9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808"]
NOT_JSON = [
    b"",
    b" ",
    b"{",
    b'{"r"',
    b'{"r":',
    b'{"r":1',
    b'{"r":1,}',
    b"[1,]",
    b"[1 2]",
    b"{} {}",
    b"NaN",
    b"Infinity",
    b"-",
    b"01",
    b"1.",
    b".5",
    b"1e",
    b"+1",
    b"0x1",
    b"tru",
    b"nulls",
    b'"a',
    b'"\\x"',
    b'"\\u12"',
    b'"\t"',
    b'"\x00"',
    b"'a'",
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'{"unknown": [1, {"a": "\xc0\x80"}]}',
    b'{"unknown": [1, {"a": tru}]}',
    b'{"r": 1, "unknown": }',
    b"\xef\xbb\xbf{}",
    b"{1: 2}",
    b"{} // comment",
    b"\x00",
    b"{}\x00",
]


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> tuple[GoTarget, Path]:
    target = go_target(STRANGE, gomod=True)
    folder = tmp_path_factory.mktemp("go")
    write(target, folder)
    return target, folder


def reference(schema: Schema, case: Case) -> Outcome:
    """Return what a case means, by the reference reader."""
    value = json.loads(case.document)
    try:
        written = wire.read(schema, Ref(case.definition), value)
    except wire.WireError as error:
        return Outcome(False, path=wire.path_text(error.steps), message=str(error))
    return Outcome(True, json=json.dumps(written))


def cases_of(schema: Schema) -> Iterator[Case]:
    """Yield each sample in each field of each kind, beside what makes the rest acceptable."""
    for index, type_ in enumerate(TYPES):
        model = schema.by_id[f"types.T{index}"]
        assert isinstance(model, Model)
        samples = SAMPLES if re.search("any|float64", type_) else SAMPLES + BIG
        fits = next(s for s in samples if s != "null" and accepts(schema, model, s))
        for field in model.fields:
            others = [f'"{other}":{fits}' for other in "rn" if other != field.wire]
            yield Case(model.id, f"{{{','.join(others)}}}".encode())
            for sample in samples:
                around = ",".join([*others, f'"{field.wire}":{sample}'])
                yield Case(model.id, f"{{{around}}}".encode())
    for definition in schema.definitions:
        for sample in SAMPLES if definition.package != "texts" else ():
            yield Case(definition.id, sample.encode())


def accepts(schema: Schema, model: Model, sample: str) -> bool:
    try:
        wire.read(schema, model.fields[0].type, json.loads(sample))
    except wire.WireError:
        return False
    return True


def strictly(value: Any) -> Any:
    """Return a JSON value that is equal only to the same: Python holds `1` and `true` equal.

    Half of a surrogate pair, which `any` lets through, is U+FFFD to Go.
    """
    match value:
        case bool() | None:
            return (type(value).__name__, value)
        case str():
            return re.sub("[\ud800-\udfff]", "\ufffd", value)
        case dict():
            return {strictly(key): strictly(item) for key, item in value.items()}
        case list():
            return [strictly(item) for item in value]
        case _:
            return value


@pytest.mark.toolchain
def test_compilers_find_nothing(
    strange: tuple[GoTarget, Path], go: Tool, gofmt: Tool, staticcheck: Tool
) -> None:
    _, folder = strange
    assert gofmt.run("-l", ".", cwd=folder).stdout == ""
    vet = go.run("vet", "./...", cwd=folder)
    assert (vet.returncode, vet.stderr) == (0, "")
    found = staticcheck.run("./...", cwd=folder)
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.toolchain
def test_agrees_with_the_reference(strange: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = strange
    cases = list(cases_of(target.schema))
    wrong = []
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        expected = reference(target.schema, case)
        same = (outcome.accepted, outcome.path) == (expected.accepted, expected.path)
        if same and expected.accepted:
            written = json.loads(re.sub(r"(?<=59\.123)4(?=Z)", "", outcome.json))
            same = strictly(written) == strictly(json.loads(expected.json))
        elif same and r"\ud" not in outcome.message:
            same = outcome.message == expected.message
        if not same:
            wrong.append(f"{case}\n  Go:   {outcome}\n  wire: {expected}")
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)} of {len(cases)}"


@pytest.mark.toolchain
def test_names_and_texts_keep_their_values(strange: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = strange
    names = {name: f"value of {name}" for name in FIELD_NAMES + NAMELESS}
    documents = [("names.Fields", names), ("types.Defaults", {}), ("types.Everything", {})]
    documents += [(f"texts.Model{i}", {"b": text, "c": text}) for i, text in enumerate(TEXTS)]
    documents += [(f"texts.Enum{i}", text) for i, text in enumerate(TEXTS)]  # type: ignore[misc]
    cases = [Case(id_, json.dumps(value).encode()) for id_, value in documents]
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        expected = reference(target.schema, case)
        assert outcome.accepted, outcome
        assert json.loads(outcome.json) == json.loads(expected.json)


@pytest.mark.toolchain
def test_what_is_not_json(strange: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = strange
    deep = 100_000
    documents = [
        *NOT_JSON,
        b"[" * deep,
        b'{"o":' * deep + b"1" + b"}" * deep,
        b'{"unknown":' + b"[" * deep + b"]" * deep + b"}",
        b'{"r":' + b'{"next":' * deep + b"}" * deep + b"}",
    ]
    cases = [
        Case(f"types.{name}", d) for d in documents for name in ("T20", "T9", "Mixed", "Shape")
    ]
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        assert not outcome.accepted, case
        assert (outcome.path, outcome.message[:8]) == ("", "not JSON"), (case, outcome)


@pytest.mark.toolchain
def test_deep_and_large_documents(strange: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = strange

    def nested(opening: str, inner: str, closing: str, depth: int = 199) -> bytes:
        return (opening * depth + inner + closing * depth).encode()

    cases = [
        Case("types.Leaf", nested('{"name":"x","next":', '{"name":"y"}', "}")),
        Case("types.Mixed", nested("[", "1", "]")),
        Case("types.Shape", nested('{"kind":"\\"","shape":', '{"kind":"\\""}', "}")),
        # Each level is tried as a Left first, which only its last key refuses.
        Case("types.Both", nested('{"child":', '{"value":1}', ',"value":1}')),
        Case("types.Both", nested('{"child":', '{"value":null}', ',"value":1}')),
        Case("types.Leaf", b'{"name":"' + b"x" * 10_000_000 + b'"}'),
        Case("types.Shape", nested('{"kind":"\\"","shape":', f'"{"x" * 10_000_000}"', "}", 900)),
        Case("types.T3", b'{"r":' + b"1" * 1_000_000 + b',"n":1}'),
        Case("types.T5", b'{"r":0.' + b"1" * 1_000_000 + b',"n":1}'),
    ]
    outcomes = go_runner.run(target, folder, cases, go)
    assert [outcome.accepted for outcome in outcomes] == [
        *(True, True, True, True, False),
        *(True, False, False, True),
    ]
    for case, outcome in zip(cases[:4], outcomes, strict=False):
        assert json.loads(outcome.json) == json.loads(case.document)
    assert (outcomes[4].path, outcomes[7].path) == ("", "r")


@pytest.mark.toolchain
def test_a_crash_is_told_and_a_run_that_fails_is_no_outcome(
    strange: tuple[GoTarget, Path], go: Tool, tmp_path: Path
) -> None:
    target, folder = strange
    cases = [Case("NoSuch", b"{}"), Case("Root", b"{}")]
    crashed, fine = go_runner.run(target, folder, cases, go)
    assert "nil pointer dereference" in crashed.crash
    assert fine.accepted
    (tmp_path / "broken.go").write_text("package broken {")
    with pytest.raises(RunFailed, match="after 0 of 1 cases"):
        go_runner.run(target, tmp_path, [Case("Root", b"{}")], go)


@pytest.mark.toolchain
def test_declarations_are_what_the_schema_says(strange: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = strange
    files = {
        file.path: file.definitions[0] for file in target.files() if len(file.definitions) == 1
    }
    files = {path: d for path, d in files.items() if not path.endswith("doc.go")}
    done = go.run("run", HERE / "declarations.go", cwd=folder, stdin="\n".join(files))
    assert done.returncode == 0, done.stderr
    found = {line.split(" ")[0]: line.split(" ")[1:] for line in done.stdout.splitlines()}
    for path, definition in files.items():
        name = target.definition_names[definition.id]
        expected = [f"type:{name}"]
        match definition:
            case Model(fields=fields):
                expected += [f".{target.field_names[definition.id, f.wire]}" for f in fields]
            case Union():
                expected += [f".{name}" for name in target.member_names[definition.id]]
            case Enum(values=values):
                expected += [f"={target.value_names[definition.id, v.wire]}" for v in values]
                expected.append("IsKnown")
        expected += [f"Decode{name}", "UnmarshalJSON", "MarshalJSON", "AppendJSON"]
        expected += ["ReadJSON", "WriteJSON"]
        assert found[path] == expected


@pytest.mark.toolchain
@pytest.mark.parametrize("experiment", ["", "jsonv2"])
def test_use(strange: tuple[GoTarget, Path], go: Tool, tmp_path: Path, experiment: str) -> None:
    target, _ = strange
    write(target, tmp_path)
    (tmp_path / "use").mkdir()
    shutil.copy(HERE / "use_test.go", tmp_path / "use")
    done = go.run("test", "-trimpath", "./use", cwd=tmp_path, env={"GOEXPERIMENT": experiment})
    assert done.returncode == 0, done.stdout + done.stderr
