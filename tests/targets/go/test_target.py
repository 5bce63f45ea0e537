"""The Go target: its output and its problems."""

from __future__ import annotations

import json

import pytest

from helpers.go_specs import MODULE, go_target, problems_of, rendered
from helpers.projects import schema_of, target, texts_of
from modelsync import targets
from modelsync.errors import ProblemsError
from modelsync.project.config import read_config
from modelsync.targets.go.comments import comment
from modelsync.targets.go.text import literal, raw_literal

# Text -------------------------------------------------------------------------------------------


def test_literals_escape_what_go_does_not_allow() -> None:
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
        (
            "a\n\n    if x {\n      # y\n    }\n\nb",
            ["// a", "//", "//\tif x {", "//\t  # y", "//\t}", "//", "// b"],
        ),
        (
            "a:\n- b\n- c\n  d\n\ne",
            ["// a:", "//", "//   - b", "//   - c", "//     d", "//", "// e"],
        ),
        ("a\n1) b\n2. c", ["// a", "//", "//  1. b", "//  2. c"]),
        ("- a\n\n    b", ["//   - a", "//", "// b"]),
        ("- a\n- b", ["// - a", "// - b"]),
        ("a\rb\u2028c\x0bd", ["// a", "// b", "// c", "// d"]),
        ("*/ x", ["// */ x"]),
        ("+build ignore", ["// \\+build ignore"]),
        ("[a]: http://b", ["// [a] : http://b"]),
        ("``a'' ```b```", ["// “a” `b`"]),
        ("```go\nx\n```", ["// x"]),
        ("a\n```go\nx\n\n  y\n```", ["// a", "//", "//\tx", "//", "//\t  y"]),
        ("```go\nx", ["// `go", "// x"]),
        ("````", ["// `"]),
        ("aa" + "`" * 5, ["// aa`"]),
        ("[fmt.Println] " + "`" * 5, ["// [fmt.Println] `"]),
        ("a\n\nTitle\n\nb", ["// a", "//", "// Title.", "//", "// b"]),
        ("a\ufeffb", ["// a b"]),
        ("x " * 60, ["// " + "x " * 48 + "x", "// " + "x " * 10 + "x"]),
    ],
)
def test_comments_keep_the_form_that_gofmt_gives_them(text: str, lines: list[str]) -> None:
    assert list(comment(text)) == lines


# Problems ---------------------------------------------------------------------------------------


def test_an_import_cycle_is_reported_with_each_import() -> None:
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


def test_the_suggested_option_fixes_an_import_cycle() -> None:
    (problem,) = problems_of(RING)
    assert '`join: {"b": "a", "c": "a"}`' in problem.help
    files = rendered(RING, join={"b": "a", "c": "a"})
    assert {"a/a.go", "a/b.go", "a/c.go", "a/doc.go", "d/d.go"} <= files.keys()
    assert not [path for path in files if path.startswith(("b/", "c/"))]
    assert f'"{MODULE}/d"' in files["a/b.go"]
    assert f'"{MODULE}/a"' not in files["a/c.go"]


def test_the_help_for_a_cycle_includes_packages_that_are_already_joined() -> None:
    (problem,) = targets.problems_of([go_target(RING, join={"b": "a"})])
    assert problem.code == "MS056"
    assert '`join: {"b": "a", "c": "a"}`' in problem.help


def test_packages_can_be_joined_under_a_new_name() -> None:
    files = rendered(RING, join={"a": "all.of", "b": "all.of", "c": "all.of", "d": ""})
    assert {"all/of/a.go", "all/of/b.go", "all/of/c.go", "d.go"} <= files.keys()


def test_equal_names_in_joined_packages_clash() -> None:
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
def test_invalid_values_of_join_are_reported(join: dict[str, str], code: str) -> None:
    texts = {"d/d.yaml": RING["d/d.yaml"]}
    assert [each.code for each in targets.problems_of([go_target(texts, join=join)])] == [code]


def test_a_spec_package_cannot_have_the_name_of_the_support_package() -> None:
    model = "model: M\nfields: {a: {type: string}}\n"
    (problem,) = problems_of({"wire/m.yaml": model})
    assert problem.code == "MS057"
    assert problems_of({"a/wire/m.yaml": model}) == []


def test_a_keyword_cannot_be_the_name_of_the_root_package() -> None:
    texts = {"m.yaml": "model: M\nfields: {a: {type: string}}\n"}
    (problem,) = targets.problems_of([go_target(texts, package="func")])
    assert problem.code == "MS059"
    assert "package shop\n" in rendered(texts, package="shop")["m.go"]


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        ("model: M\nfields: {fooBar: {type: string}, foo_bar: {type: string}}\n", ["MS040"]),
        ("model: M\nfields: {id: {type: string}, ID: {type: string}}\n", ["MS040"]),
        ('model: M\nfields: {"&": {type: string}, "😀": {type: string}}\n', ["MS042", "MS042"]),
        ("model: M\nfields: {a: {type: string, names: {go: lower}}}\n", ["MS058"]),
        ("model: M\nfields: {a: {type: string, names: {go: 1A}}}\n", ["MS041"]),
        ("model: M\nfields: {a: {type: string, names: {go: ReadJSON}}}\n", ["MS041"]),
        ("enum: E\nvalues: {a-b: , a_b: , aB: }\n", ["MS040", "MS040"]),
        ("enum: E\nvalues: {A: , a: }\n", ["MS040"]),
        ("enum: Foo\nvalues: {bar: }\n---\nmodel: FooBar\nfields: {}\n", ["MS040"]),
        ("model: A\nfields: {}\n---\nmodel: a\nfields: {}\n", ["MS040"]),
        ("enum: A\nvalues: {x: }\n---\nenum: a\nvalues: {x: }\n", ["MS040"]),
        ("model: FooBar\nfields: {}\n---\nmodel: Foo_Bar\nfields: {}\n", ["MS040"]),
        ("model: OrderId\nfields: {}\n---\nmodel: OrderID\nfields: {}\n", ["MS040"]),
        ("model: Foo\nfields: {}\n---\nmodel: DecodeFoo\nfields: {}\n", ["MS040"]),
        ("union: U\nmembers: [string, '\"String\"']\n", ["MS033"]),
        ("union: U\nmembers: ['\"String\"', string]\n", ["MS040"]),
        ("union: U\nmembers: ['\"😀\"', string]\n", ["MS042"]),
    ],
)
def test_names_that_clash_or_are_invalid_are_reported(spec: str, codes: list[str]) -> None:
    assert sorted(problem.code for problem in problems_of({"x.yaml": spec})) == codes


def test_the_help_for_clashing_members_suggests_an_enum() -> None:
    (problem,) = problems_of({"x.yaml": 'model: M\nfields: {a: {type: \'"a-b" | "a_b" | 1\'}}\n'})
    assert problem.code == "MS040"
    assert problem.help is not None
    assert problem.help.startswith("make a literal a value of an enum")


# Output --------------------------------------------------------------------------------


def test_go_mod_is_written_only_with_the_option() -> None:
    texts = {"m.yaml": "model: M\nfields: {a: {type: string}}\n"}
    assert "go.mod" not in rendered(texts)
    assert rendered(texts, gomod=True)["go.mod"] == (
        f"// Code generated by modelsync. DO NOT EDIT.\n\nmodule {MODULE}\n\ngo 1.24\n"
    )


def test_a_default_of_minus_zero_is_written_as_zero() -> None:
    text = rendered({"m.yaml": "model: M\nfields: {a: {type: float64, default: -0.0}}\n"})["m.go"]
    assert "v.A = 0.0\n" in text
    assert "return M{}\n" in text


def test_defaults_are_truncated_to_nanoseconds() -> None:
    spec = """\
model: M
fields:
  at: {type: datetime, default: 2024-01-01T00:00:00.1234567899Z}
  all: {type: 'map[datetime]', default: {a: 2024-01-01T00:00:00.1234567899Z}}
"""
    text = rendered({"m.yaml": spec})["m.go"]
    moment = "time.Date(2024, time.January, 1, 0, 0, 0, 123456789, time.UTC)"
    assert text.count(moment) == 4  # in NewM and in ReadJSON


def test_a_struct_has_doc_comments_and_aligned_columns() -> None:
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
    assert text[text.index("// Session is") : text.index("}\n") + 2] == (
        "// Session is a session\n"
        "//\n"
        "// It was inferred from examples.\n"
        "//\n"
        "// Start from [NewSession], which sets its constants and defaults.\n"
        "//\n"
        "// Deprecated: use Run\n"
        "type Session struct {\n"
        '\tID    string  `json:"id"`\n'
        '\tTitle *string `json:"title,omitempty"`\n'
        "\t// When it began\n"
        '\tCreatedAt time.Time `json:"createdAt"`\n'
        "\t// Deprecated: Do not use.\n"
        '\tTags []string              `json:"tags"`\n'
        '\tNote wire.Optional[string] `json:"note,omitzero"`\n'
        "\t// Default: 20.\n"
        '\tLimit int64 `json:"limit"`\n'
        '\t// Always "chat".\n'
        '\tKind string `json:"kind"`\n'
        '\t// The JSON key, which a struct tag cannot hold, is "a\\"b".\n'
        '\tAB *bool `json:"-"`\n'
        "}\n"
    )


@pytest.mark.parametrize(
    ("description", "comment"),
    [
        ("", "Card is a JSON object."),
        ("A card that pays", "Card is a card that pays"),
        ("The Card of a user", "The Card of a user"),
        ("Card of a user", "Card of a user"),
        ("Represents a card", "Card represents a card"),
        ("What pays", "Card is what pays"),
        ("What is it?", "Card is a JSON object.\n//\n// What is it?"),
        ("Is it a card?", "Card is a JSON object.\n//\n// Is it a card?"),
        ("Card: paid", "Card is a JSON object.\n//\n// Card: paid."),
        ("Anything", "Card is a JSON object.\n//\n// Anything."),
    ],
)
def test_the_comment_of_a_type_starts_with_its_name(description: str, comment: str) -> None:
    spec = f"model: Card\ndescription: {json.dumps(description)}\nfields: {{}}\n"
    assert f"\n// {comment}\ntype" in rendered({"m.yaml": spec})["card.go"]


def test_the_comment_of_a_member_links_to_its_unions() -> None:
    spec = "model: A\nfields: {}\n---\n" + "".join(
        f"union: {name}\nmembers: [A, string]\n---\n" for name in "BCD"
    )
    text = rendered({"m.yaml": spec.removesuffix("---\n")})["a.go"]
    assert "// It is a member of [B], [C] and [D].\n" in text


def test_struct_tags_have_the_json_key() -> None:
    spec = """\
model: M
additionalProperties: true
fields:
  fullName: {type: string, required: true}
  age: {type: int32}
  size: {type: int32, default: 1}
  'a"b': {type: bool}
"""
    text = rendered({"m.yaml": spec}, tags=("yaml", "db"))["m.go"]
    assert '`json:"fullName" yaml:"fullName" db:"fullName"`' in text
    assert '`json:"age,omitempty" yaml:"age,omitempty" db:"age"`' in text
    assert '`json:"size" yaml:"size" db:"size"`' in text
    assert text.count('`json:"-" yaml:"-" db:"-"`') == 2
    assert {"wire/sql.go", "wire/yaml.go"} <= rendered({"m.yaml": spec}, tags=("yaml", "db")).keys()


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ("[yaml, json]", "invalid `tags`: `json`"),
        ("[Yaml]", "invalid `tags`: `Yaml`"),
        ("['a b']", "invalid `tags`: `a b`"),
        ("[yaml, yaml]", "duplicate `yaml` in `tags`"),
    ],
)
def test_invalid_struct_tags_are_reported(tags: str, message: str) -> None:
    config = f"targets: {{go: {{out: go, module: m.com/m, tags: {tags}}}}}\n"
    with pytest.raises(ProblemsError) as caught:
        read_config(config)
    assert [problem.message for problem in caught.value.problems] == [message]


def test_defaults_are_values_in_go() -> None:
    spec = """\
model: M
fields:
  tags: {type: 'list[string]', default: []}
  names: {type: 'map[list[int32]]', default: {a: [1, 2]}}
  color: {type: Color, default: red}
  price: {type: decimal, default: '1.50'}
  none: {type: string | null, default: null}
  some: {type: int64 | null, default: 3}
  text: {type: string | null, default: eu}
  day: {type: date, default: 2024-02-29}
  data: {type: bytes, default: AQI=}
  card: {type: N, default: {}}
---
enum: Color
values: {red: }
---
model: N
fields: {}
"""
    text = rendered({"m.yaml": spec})["m.go"]
    assert (
        "\tv := M{\n\t\tTags:  []string{},\n"
        '\t\tNames: map[string][]int32{"a": {1, 2}},\n'
        "\t\tColor: ColorRed,\n"
        '\t\tPrice: "1.50",\n'
        "\t\tSome:  wire.Ptr[int64](3),\n"
        '\t\tText:  wire.Ptr("eu"),\n'
        "\t\tDay:   time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC),\n"
        "\t\tData:  []byte{1, 2},\n\t}\n"
    ) in text
    assert "\t\tv.Tags = []string{}\n" in text
    assert "\tcodec.ReadDefault(&v.Card, (*N).ReadJSON, `{}`)\n" in text
    assert "\tCard N " in text


def test_a_default_is_documented_as_it_is_rounded() -> None:
    schema = schema_of(
        "model: M\nfields:\n"
        "  single: {type: float32, default: 16777217}\n"
        "  double: {type: float64, default: 16777217}\n"
    )
    go = "".join(texts_of(target(schema, "go", "models", {"module": MODULE})).values())
    typescript = "".join(texts_of(target(schema, "typescript", "models")).values())
    assert "// Default: 16777216.0.\n" in go
    assert "// Default: 16777217.\n" in go
    assert "`16777216.0`" in typescript
