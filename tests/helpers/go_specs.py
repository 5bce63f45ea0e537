"""Specs that are hard to express in Go, and helpers to generate code from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.places import TESTS
from helpers.projects import texts_of
from modelsync import targets
from modelsync.errors import Problem, ProblemsError
from modelsync.spec.read import read_schema
from modelsync.targets.base import Settings
from modelsync.targets.go import GoTarget

TESTDATA = TESTS / "targets/go/testdata"
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


def _tricky() -> Iterator[tuple[str, str]]:
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
    yield "types/shared.yaml", (TESTDATA / "shared.yaml").read_text("utf-8")
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


TRICKY = dict(_tricky())
