"""TypeScript: its names and problems, its layout, and what the generated functions do."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from modelsync import targets, wire
from modelsync.errors import Problem
from modelsync.ir import (
    AnyOf,
    Constant,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.spec.read import read_schema
from modelsync.targets.base import Settings
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.toolchains import Tool
from modelsync.verify.typescript_runner import run
from projects import generate, schema_in, texts_of

CASES = Path(__file__).parent / "cases"
OPTIONS = {option.name: option.default for option in TypeScriptTarget.options}


def schema_of(spec: str) -> Schema:
    return read_schema({"specs/a.yaml": spec}, "specs")


def target_of(schema: Schema, **options: str) -> TypeScriptTarget:
    values: dict[str, Any] = {**OPTIONS, **options}
    settings = Settings("typescript", "typescript", "out", options=values)
    return TypeScriptTarget(schema, settings)


def files_of(spec: str, **options: str) -> dict[str, str]:
    target = target_of(schema_of(spec), **options)
    assert list(targets.problems_of([target])) == []
    files = texts_of(target)
    return {path.removeprefix("out/"): text for path, text in files.items()}


def problems_of(spec: str, **options: str) -> list[Problem]:
    return list(targets.problems_of([target_of(schema_of(spec), **options)]))


# Names and problems


def test_a_reserved_name_gets_an_underscore() -> None:
    files = files_of("model: Date\nfields:\n  constructor: {type: string}\n  class: {type: bool}\n")
    assert "export interface Date_ {" in files["date.ts"]
    assert "  constructor_?: string;" in files["date.ts"]
    assert "  class?: boolean;" in files["date.ts"]


def test_a_module_is_not_called_as_the_index_or_a_device() -> None:
    files = files_of("model: Index\nfields: {}\n---\nmodel: Con\nfields: {}\n")
    assert set(files) == {"_wire.ts", "index.ts", "index_.ts", "con_.ts"}
    assert './index_.ts"' in files["index.ts"]


def test_two_modules_of_one_name_are_a_problem() -> None:
    (problem,) = problems_of("model: HTTPServer\nfields: {}\n---\nmodel: HttpServer\nfields: {}\n")
    assert problem.code == "MS040"
    assert '"HttpServer"' in problem.message
    assert "names: {typescript: ...}" in problem.help


def test_two_types_of_one_name_are_one_problem() -> None:
    (problem,) = problems_of("model: A\nfields: {}\n---\nenum: a\nvalues: {x: }\n")
    assert problem.code == "MS040"


def test_a_package_is_no_folder_that_node_or_windows_takes_for_another() -> None:
    specs = {
        "specs/node_modules/con/a.yaml": "model: A\nfields: {b: {type: node_modules_.B}}\n",
        "specs/node_modules_/b.yaml": "model: B\nfields: {a: {type: node_modules.con.A}}\n",
    }
    files = texts_of(target_of(read_schema(specs, "specs")))
    assert {path.removeprefix("out/") for path in files if not path.endswith("index.ts")} == {
        "_wire.ts",
        "node_modules_/con_/a.ts",
        "node_modules__/b.ts",
    }
    assert 'from "../../node_modules__/b.ts"' in files["out/node_modules_/con_/a.ts"]
    assert 'from "../node_modules_/con_/a.ts"' in files["out/node_modules__/b.ts"]
    assert 'export * as node_modules from "./node_modules_/index.ts"' in files["out/index.ts"]


@pytest.mark.parametrize(
    "spec",
    [
        "enum: Big\ntype: int64\nvalues: {9007199254740993: {names: {typescript: Big}}}\n",
        "model: M\nfields:\n  a: {type: int64, default: 9007199254740993}\n",
        "model: M\nfields:\n  a: {type: 'list[int64]', default: [1, 9007199254740993]}\n",
        "model: M\nfields:\n  a: {type: '9007199254740993'}\n",
    ],
)
def test_an_integer_that_a_number_cannot_hold_is_a_problem(spec: str) -> None:
    (problem,) = problems_of(spec)
    assert problem.code == "MS053"
    assert "9007199254740993" in problem.message
    assert problems_of(spec, int64="bigint") == []


def test_a_tag_has_one_name_in_every_member() -> None:
    spec = """
union: Event
discriminator: type
members: [One, Two]
---
model: One
fields: {type: {type: '"one"', required: true}}
---
model: Two
fields: {type: {type: '"two"', required: true, names: {typescript: kind}}}
"""
    (problem,) = problems_of(spec)
    assert problem.code == "MS054"
    assert str(problem.position) == "specs/a.yaml:10:10"


def test_a_definition_is_not_called_as_a_package_beside_it() -> None:
    specs = {
        "specs/a.yaml": "model: Shop\nnames: {typescript: shop}\nfields: {}\n",
        "specs/shop/a.yaml": "model: Item\nfields: {}\n",
    }
    (problem,) = targets.problems_of([target_of(read_schema(specs, "specs"))])
    assert problem.code == "MS055"


def test_the_extension_is_an_option() -> None:
    spec = "model: A\nfields: {b: {type: B}}\n---\nmodel: B\nfields: {}\n"
    for extension in ("ts", "js"):
        files = files_of(spec, extension=extension)
        imported = set(re.findall(r'from "(.*)";', files["a.ts"] + files["index.ts"]))
        assert imported == {f"./{name}.{extension}" for name in ("_wire", "a", "b")}


def test_equal_names_of_two_packages_are_told_apart() -> None:
    specs = {
        "specs/a.yaml": "model: User\nfields: {one: {type: a.User}, two: {type: b.c.User}}\n",
        "specs/a/a.yaml": "model: User\nfields: {}\n",
        "specs/b/c/a.yaml": "model: User\nfields: {}\n",
    }
    files = texts_of(target_of(read_schema(specs, "specs")))
    assert "  one?: a$User;\n  two?: b$c$User;\n" in files["out/user.ts"]
    assert "  readUser as b$c$readUser,\n" in files["out/user.ts"]


# Layout and injection


def test_a_description_stays_in_its_comment() -> None:
    description = r"*/ export {x} `*/` \\ @see <b> */*/"
    text = files_of(f"model: A\ndescription: {json.dumps(description)}\nfields: {{}}\n")["a.ts"]
    assert r"/** *\/ export \{x\} `*\/` \\\\ \@see \<b\> *\/*\/ */" in text


HOSTILE_TEXTS = [
    '"""\nimport os',
    "a trailing backslash \\",
    "a trailing quote '",
    "\\n \\N{X} \\u12 \\x \\u002a/",
    "*/ export const injected = 1; /*",
    "two\nlines\n\n\nand more\n",
    "{{ 7*191 }} {% if x %}",
    "</script><!-- `${injected}` -->",
    "``` ` ``",
    "| pipe | \U0001f600 名前",
    "   indented\n  again",
    "@deprecated {@link x}",
    "/",
    "*",
    "// line",
]

DECLARATIONS = """\
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [, , typescript, ...files] = process.argv;
const ts = createRequire(import.meta.url)(typescript);
const isPure = (node) =>
  ts.isAsExpression(node) ? isPure(node.expression) :
  ts.isObjectLiteralExpression(node)
    ? node.properties.every((each) => isPure(each.initializer))
  : ts.isLiteralExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && isPure(node.operand));
for (const file of files) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf-8"), 99, true);
  const names = source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(
        ({ name, initializer }) => `${isPure(initializer) ? "" : "impure "}${name.text}`,
      );
    }
    return [statement.name?.text ?? `statement ${statement.getText()}`];
  });
  console.log(JSON.stringify(names));
}
"""


@pytest.mark.toolchain
def test_modules_declare_what_the_schema_says_and_do_nothing(node: Tool, tmp_path: Path) -> None:
    fields = {
        f"{number} {text}": {"type": "string", "description": text, "default": text}
        | {"names": {"typescript": f"f{number}"}}
        for number, text in enumerate(HOSTILE_TEXTS)
    }
    values = {
        text: {"description": text, "names": {"typescript": f"V{number}"}}
        for number, text in enumerate(HOSTILE_TEXTS)
    }
    spec = [
        {"model": "Model", "description": text, "deprecated": text, "fields": fields}
        for text in HOSTILE_TEXTS[:1]
    ] + [
        {"enum": "Enum", "description": HOSTILE_TEXTS[4], "values": values},
        {"union": "Union", "description": HOSTILE_TEXTS[1], "members": ["Model", "Enum"]},
    ]
    schema = schema_of(
        "\n---\n".join(json.dumps(document, ensure_ascii=False) for document in spec)
    )
    generate(schema, "typescript", tmp_path, "out")
    (tmp_path / "list.mjs").write_text(DECLARATIONS, encoding="utf-8")
    typescript = Path(__file__).parent / "toolchains/node_modules/typescript-5.5/lib/typescript.js"
    names = ["model", "enum", "union", "index", "_wire"]
    files = [tmp_path / "out" / f"{name}.ts" for name in names]
    done = node.run(tmp_path / "list.mjs", typescript, *files)
    assert done.returncode == 0, done.stderr
    model, enum, union, index, support = [json.loads(line) for line in done.stdout.splitlines()]

    def functions(name: str, *codecs: str) -> list[str]:
        return [f"{verb}{name}" for verb in ("decode", "encode", "parse", "stringify", *codecs)]

    assert model == ["Model", *functions("Model", "read", "write")]
    assert enum == ["Enum", "Enum", *functions("Enum", "check")]
    assert union == ["Union", *functions("Union", "read", "write")]
    assert index == []
    assert not [name for name in support if name.startswith(("impure", "statement"))]


def spec_of_width(width: int) -> str:
    """A spec in which everything has a name of `width` characters."""
    fill = "x" * (width - 2)
    types = [
        "string",
        "datetime",
        f"B{fill}",
        f"B{fill} | null",
        f"list[B{fill}]",
        f"list[B{fill}] | null",
        f"list[B{fill} | null]",
        f"list[list[B{fill}] | null]",
        f"list[map[list[B{fill}]]]",
        f"map[B{fill}]",
        f"map[B{fill}] | null",
        f"map[B{fill} | null]",
        '"constant"',
        f'"{fill}" | null',
        f'"{fill}" | "other" | "third" | 4',
        f"list[string] | B{fill} | string",
        "any",
    ]
    fields: dict[str, Any] = {}
    for index, type_ in enumerate(types):
        fields[f"a{fill}{index}"] = {"type": type_}
        fields[f"b{fill}{index}"] = {"type": type_, "required": True}
    fields[f"c{fill}"] = {"type": "string", "default": fill}
    fields[f"d{fill}"] = {"type": "string | null", "default": fill}
    fields[f"e{fill}"] = {"type": "list[string]", "default": [fill, "x"]}
    fields[f"g{fill}"] = {"type": "list[int64]", "default": [1]}
    fields[f"h{fill}"] = {"type": "int64", "default": 7}
    fields["__proto__"] = {"type": f"A{fill}"}
    fields[f"A{fill}"] = {"type": f"A{fill}"}
    values: dict[str, Any] = {f"{fill}-{index}": {} for index in range(1 + width % 4)}
    documents = [
        {"model": f"A{fill}", "description": "x " * (width // 2), "fields": fields},
        {"model": f"B{fill}", "fields": {"id": {"type": "string", "required": True}}},
        {"enum": f"C{fill}", "values": values, "open": bool(width % 2)},
        {"union": f"D{fill}", "members": [f"B{fill}", f"list[C{fill}]", "datetime", "string"]},
        {"union": f"E{fill}", "members": [f"B{fill}"], "discriminator": f"t-{fill}"}
        | {"mapping": {f"{fill}1": f"B{fill}"}},
        {"union": f"F{fill}", "members": [f"B{fill}", f"G{fill}"], "discriminator": f"t{fill}"}
        | {"mapping": {f"{fill}1": f"B{fill}", fill: f"G{fill}", "x": f"G{fill}"}},
        {"model": f"G{fill}", "fields": {f"t{fill}": {"type": "string", "required": True}}},
    ]
    return "\n---\n".join(json.dumps(document) for document in documents)


@pytest.mark.toolchain
def test_every_line_breaks_as_prettier_breaks_it(prettier: Tool, tmp_path: Path) -> None:
    for width in (*range(3, 68), 72, 80, 90):
        options = {"int64": "number" if width % 9 else "bigint"}
        generate(schema_of(spec_of_width(width)), "typescript", tmp_path, f"w{width}", options)
    done = prettier.run("--list-different", "**/*.ts", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_a_model_of_very_many_fields_compiles(tsc: Tool, prettier: Tool, tmp_path: Path) -> None:
    fields = {f"f{number}": {"type": "string"} for number in range(1_500)}
    spec = json.dumps({"model": "Many", "fields": fields})
    generate(schema_of(spec), "typescript", tmp_path, "out", {"package": True})
    done = tsc.run("--project", tmp_path / "out" / "tsconfig.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = prettier.run("--check", tmp_path / "out" / "many.ts")
    assert done.returncode == 0, done.stderr


@pytest.mark.toolchain
def test_each_field_of_very_many_is_read_and_written(node: Tool, tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(1_001)]
    fields = {name: {"type": "string"} for name in names}
    spec = json.dumps({"model": "Many", "fields": fields})
    target = generate(schema_of(spec), "typescript", tmp_path, "out")
    assert isinstance(target, TypeScriptTarget)
    good = dict.fromkeys(names, "x")
    cases = [Case("Many", json.dumps(good).encode())]
    cases += [Case("Many", json.dumps(good | {name: 1}).encode()) for name in names[499::250]]
    right, *wrong = run(target, tmp_path / "out", cases, node)
    assert json.loads(right.json) == good
    assert [outcome.path for outcome in wrong] == names[499::250]


@pytest.mark.toolchain
def test_a_union_over_long_chains_of_models_compiles(tsc: Tool, tmp_path: Path) -> None:
    # Nothing but the last links and the first ones differs: whoever compares them goes all the way.
    chains: dict[str, list[Any]] = {
        name: [
            {"model": f"{name}{number}"}
            | {
                "fields": {
                    "next": {"type": f"{name}{number + 1}"},
                    f"f{number}": {"type": "string"},
                }
            }
            for number in range(100)
        ]
        + [{"model": f"{name}100", "fields": {"last": {"type": type_}}}]
        for name, type_ in (("A", "string"), ("B", "int32"), ("C", "bool"), ("D", "string"))
    }
    for name in "ABC":
        for key in ("kind", f"only{name}"):
            chains[name][0]["fields"][key] = {"type": "string", "required": True}
    documents: list[Any] = [
        {"union": "Tagged", "discriminator": "kind", "members": ["A0", "B0", "C0"]}
        | {"mapping": {"a": "A0", "b": "B0", "b2": "B0", "c": "C0"}},
        {"union": "Untold", "discriminator": "type", "mapping": {"a": "A1", "c": "C1", "d": "D0"}}
        | {"members": ["A1", "C1", "D0"]},
        {"union": "Plain", "members": ["A0", "B0", "C0", "string", "Tagged"]},
        {"union": "Lone", "members": ["A0", "list[C0]"]},
    ]
    documents += [model for chain in chains.values() for model in chain]
    spec = "\n---\n".join(json.dumps(document) for document in documents)
    generate(schema_of(spec), "typescript", tmp_path, "out", {"package": True})
    done = tsc.run("--project", tmp_path / "out" / "tsconfig.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Reading and writing: the same documents as the reference reader, at random

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.0, 1.5, -0.0, 1e3, 2**31, -(2**31), 2**31 - 1, 2**53 - 1, 1e17,
    3.4028235e38, 3.5e38, 1e-7, 2097152.25, 2097152.75, 0.1, "", "a", "\ud800", "\U0001f600",
    "2024-02-29T23:59:59.1239+01:30", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+00:01",
    "9999-12-31t23:59:59.999999z", "2024-01-01", "1900-02-29", "0000-01-01", "AA==", "AB==", "AAA=",
    "AAA", "////", [], [None], [1], {}, {"a": 1}, {"__proto__": 1}, {"constructor": {"x": [1e400]}},
)  # fmt: skip
"""Values that are right in one place and wrong in most."""

RIGHT: Mapping[str, tuple[Any, ...]] = {
    "string": ("", "text", "\U0001f600 名前\u2028", "__proto__"),
    "bool": (True, False),
    "int32": (0, -7, 1.0, 2**31 - 1, -(2**31)),
    "int64": (0, -7, 1e3, 2**53 - 1, 1 - 2**53),
    "float32": (0, 0.1, 2097152.25, 2097152.75, -2097152.25, 16777217, 1e-45, 3.4028235e38),
    "float64": (0, 0.1, 1e300, 5e-324, 2**53 - 1),
    "datetime": (
        "2024-02-29T23:59:59.1239+01:30",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.9z",
    ),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31"),
    "bytes": ("", "AA==", "AAA=", "AAAA", "+/+/"),
    "any": (None, [1, {"__proto__": {"a": None}}], "\ud800", 1.5),
}


class Documents:
    """Makes documents for a schema, right ones with some faults."""

    def __init__(self, schema: Schema, seed: int) -> None:
        self.schema = schema
        self.random = random.Random(seed)  # noqa: S311
        self.faults = 0.0

    def value(self, type_: Type, depth: int = 0) -> Any:
        if self.random.random() < self.faults:
            return self.random.choice(WRONG)
        match type_:
            case Scalar(name=name):
                return self.random.choice(RIGHT[name])
            case Constant(value=value):
                return value
            case Nullable(inner=inner):
                return None if self.random.random() < 0.4 else self.value(inner, depth)
            case ListOf(item=item):
                count = self.random.randrange(3) if depth < 6 else 0
                return [self.value(item, depth + 1) for _ in range(count)]
            case MapOf(value=inner):
                keys = ["a", "__proto__", "constructor", "", "content-type", "\ud83d\ude00"]
                chosen = self.random.sample(keys, self.random.randrange(3) if depth < 6 else 0)
                return {key: self.value(inner, depth + 1) for key in chosen}
            case AnyOf(members=members):
                return self.value(self.random.choice(members), depth)
            case Ref():
                return self.definition(self.schema[type_], depth + 1)

    def definition(self, definition: Model | Enum | Union, depth: int) -> Any:
        match definition:
            case Enum(values=values):
                return self.random.choice(values).wire
            case Union(discriminator=None):
                return self.value(self.random.choice(definition.members), depth)
            case Union(mapping=mapping):
                tag, member = self.random.choice(mapping)
                value = self.definition(self.schema.by_id[member], depth)
                return (
                    {**value, definition.discriminator: tag} if isinstance(value, dict) else value
                )
            case Model(fields=fields):
                found = {"unknown": [1]} if self.random.random() < 0.1 else {}
                for field in fields:
                    likely = 1.0 - self.faults if field.required else 0.8 / depth**2
                    if self.random.random() < likely:
                        found[field.wire] = self.value(field.type, depth)
                return found

    def cases(self, count: int) -> Iterator[Case]:
        definitions = [d.id for d in self.schema.definitions]
        for number in range(count):
            self.faults = (0.0, 0.01, 0.05, 0.3)[number % 4]
            id_ = self.random.choice(definitions)
            text = json.dumps(self.value(Ref(id_)))
            yield Case(id_, text.replace("Infinity", "1e400").encode())


def expected(schema: Schema, case: Case) -> Outcome:
    try:
        written = wire.read(schema, Ref(case.definition), json.loads(case.document))
    except wire.WireError as error:
        return Outcome(False, path=wire.path_text(error.steps), message=str(error))
    return Outcome(True, json=json.dumps(written))


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
@pytest.mark.parametrize("case", ["names", "packages", "types", "unions"])
def test_random_documents_mean_what_the_reference_says(
    node: Tool, tmp_path: Path, case: str, int64: str
) -> None:
    schema = schema_in(CASES / case)
    options = {"int64": int64, "extension": "js" if int64 == "bigint" else "ts"}
    target = generate(schema, "typescript", tmp_path, "out", options)
    cases = list(Documents(schema, seed=7).cases(600))
    wrong = []
    for one, outcome in zip(cases, run(target, tmp_path / "out", cases, node), strict=True):
        wanted = expected(target.schema, one)
        # The reference has no numbers that cannot hold an int64.
        message = outcome.message.replace(
            "an integer of at most 53 bits, found a longer one", "a 64-bit integer, found a number"
        )
        same = (outcome.accepted, outcome.path, message) == (
            wanted.accepted,
            wanted.path,
            wanted.message,
        )
        if not same or (wanted.accepted and json.loads(outcome.json) != json.loads(wanted.json)):
            wrong.append(f"{one}\n  wanted {wanted}\n  found  {outcome}")
    assert not wrong, "\n".join(wrong[:10])


# Hostile documents, and values that must not be written

THINGS = """
model: Thing
fields:
  id: {type: int64}
  next: {type: Thing}
  any: {type: any}
  number: {type: float64}
  single: {type: float32}
  small: {type: int32}
  at: {type: datetime}
  day: {type: date}
  data: {type: bytes}
  text: {type: string}
  state: {type: State}
  map: {type: "map[int64]"}
  maps: {type: "list[map[int64]]"}
  list: {type: "list[Thing | null]"}
  either: {type: Plus | Minus}
---
enum: State
values: {on: , off: }
---
model: Plus
fields: {left: {type: Plus | Minus}, plus: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Plus | Minus}, minus: {type: '"-"', required: true}}
"""


def nested(depth: int, before: str, inner: str, after: str) -> bytes:
    return (before * depth + inner + after * depth).encode()


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_hostile_documents_end_in_an_error_with_a_path(
    node: Tool, tmp_path: Path, int64: str
) -> None:
    refused: list[tuple[bytes, str]] = [
        (nested(100_000, '{"next":', "1", "}"), ""),
        (nested(100_000, '{"any":[', "1", "]}"), ""),
        (b'{"any":' + nested(100_000, "[", "1", "]") + b"}", ""),
        (nested(100_000, "[", "", ""), ""),
        (nested(3, '{"next":', "1", "}"), "next.next.next"),
        (b'{"either": {"plus": "+", "left": {"left": {"plus": "-"}}}}', "either"),
        (b'{"number": 1e400}', "number"),
        (b'{"number": NaN}', ""),
        (b'{"any": {"a b": [-1e400]}}', 'any["a b"][0]'),
        (b'{"id": ' + b"9" * 1_000_000 + b"}", "id"),
        (b'{"small": 2147483648}', "small"),
        (b'{"text": "\xff"}', ""),
        (b'{"text": "\\ud800"}', "text"),
        (b'{"map": {"\\udfff": 1}}', 'map["\\udfff"]'),
        (b'{"text": "abc', ""),
        (b"", ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"[]", ""),
    ]
    accepted: list[bytes] = [
        nested(200, '{"next":', "{}", "}"),
        nested(200, '{"list":[null,', "{}", "]}"),
        b'{"map": {"__proto__": 1, "constructor": 2, "": 3}}',
        b'{"any": {"__proto__": {"polluted": 1}}}',
        b'{"either": {"left": {"minus": "-"}, "plus": "+"}}',
        b'{"text": "' + b"x" * 10_000_000 + b'"}',
    ]
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    cases = [Case("Thing", document) for document, _ in refused]
    cases += [Case("Thing", document) for document in accepted]
    outcomes = run(target, tmp_path / "out", cases, node)
    for (document, path), outcome in zip(refused, outcomes, strict=False):
        assert (outcome.accepted, outcome.path) == (False, path), (document[:80], outcome)
    for document, outcome in zip(accepted, outcomes[len(refused) :], strict=True):
        assert outcome.accepted, (document[:80], outcome)
        assert json.loads(outcome.json) == json.loads(document)


@pytest.mark.toolchain
def test_an_integer_that_a_number_cannot_hold_is_refused_in_its_own_words(
    node: Tool, tmp_path: Path
) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    words = {
        "9223372036854775807": "an integer of at most 53 bits, found a longer one",
        "-9007199254740993": "an integer of at most 53 bits, found a longer one",
        "9223372036854780000": "a 64-bit integer, found a number",
    }
    cases = [Case("Thing", f'{{"map": {{"a": {number}}}}}'.encode()) for number in words]
    outcomes = run(target, tmp_path / "out", cases, node)
    assert [outcome.message for outcome in outcomes] == [
        f"map.a: expected {wanted}" for wanted in words.values()
    ]


@pytest.mark.toolchain
def test_members_that_look_alike_take_no_time_without_end(node: Tool, tmp_path: Path) -> None:
    # The field that tells the two apart comes behind the one that nests.
    spec = """
union: Term
members: [Plus, Minus]
---
model: Plus
fields: {left: {type: Term}, sign: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Term}, sign: {type: '"-"', required: true}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out")
    right = nested(200, '{"sign":"-","left":', '{"sign":"+"}', "}")
    wrong = nested(200, '{"sign":"-","left":', '{"sign":"x"}', "}")
    cases = [Case("Term", right), Case("Term", wrong)]
    first, second = run(target, tmp_path / "out", cases, node)
    assert json.loads(first.json) == json.loads(right)
    assert (second.accepted, second.path) == (False, "")


WRITING = """\
import { EncodeError, encodeThing, stringifyThing, decodeThing } from "./out/index.ts";

class Instance { id = 1; }

const refused = [
  [{ number: NaN }, "number"],
  [{ single: 3.5e38 }, "single"],
  [{ number: Infinity }, "number"],
  [{ small: 1.5 }, "small"],
  [{ small: 2 ** 31 }, "small"],
  [{ id: 2 ** 53 }, "id"],
  [{ id: "1" }, "id"],
  [{ at: new Date(NaN) }, "at"],
  [{ at: new Date(253402300800000) }, "at"],
  [{ at: "2024-01-01T00:00:00Z" }, "at"],
  [{ day: "2024-02-30" }, "day"],
  [{ data: [1] }, "data"],
  [{ text: "\\ud800" }, "text"],
  [{ text: null }, "text"],
  [{ state: "other" }, "state"],
  [{ map: { a: undefined } }, "map.a"],
  [{ list: [null, {}, { next: { id: 0.5 } }] }, "list[2].next.id"],
  [{ any: { a: [undefined] } }, "any.a[0]"],
  [{ any: () => 1 }, "any"],
  [{ any: new Date(0) }, "any"],
  [{ either: { plus: "-" } }, "either"],
  [{ any: [1, , 2] }, "any[1]"],
  [{ any: { a: [, 1] } }, "any.a[0]"],
  [{ any: { a: new Map([["b", 1]]) } }, "any.a"],
  [{ any: [new Instance()] }, "any[0]"],
  [{ list: [, {}] }, "list[0]"],
  [{ list: [{}, new Map()] }, "list[1]"],
  [{ next: { next: new Set() } }, "next.next"],
  [{ next: new Date() }, "next"],
  [{ map: new Map([["a", 1]]) }, "map"],
  [{ maps: [{}, new Instance()] }, "maps[1]"],
  [{ either: new Map() }, "either"],
  [{ either: Object.assign(new Instance(), { plus: "+" }) }, "either"],
  [new Instance(), ""],
  [null, ""],
];
for (const [value, path] of refused) {
  for (const write of [encodeThing, stringifyThing]) {
    try {
      console.log("written", write(value));
    } catch (error) {
      if (!(error instanceof EncodeError) || error.path !== path) console.log(path, error);
    }
  }
}
const loop = {};
loop.next = loop;
try { stringifyThing(loop); } catch (error) { if (!(error instanceof EncodeError)) throw error; }

const says = (value, message) => {
  try {
    console.log("written", encodeThing(value));
  } catch (error) {
    equal(error.message, message);
    equal(error.name, "EncodeError");
  }
};
says({ number: NaN }, "number: expected a finite number");
says({ single: -Infinity }, "single: expected a finite number");
says({ single: 3.5e38 }, "single: expected a 32-bit number, found a number");
says({ id: 1.5 }, "id: expected a 64-bit integer, found a number");
says({ id: 2 ** 65 }, "id: expected a 64-bit integer, found a number");
says({ map: new Map() }, "map: expected a plain object, found an instance of a class");

function equal(a, b) { if (a !== b) console.log("expected", b, "found", a); }
equal(stringifyThing({ at: new Date(-62135596800000) }), '{"at":"0001-01-01T00:00:00Z"}');
equal(stringifyThing({ at: new Date(-1) }), '{"at":"1969-12-31T23:59:59.999Z"}');
equal(stringifyThing({ at: new Date(951827696780) }), '{"at":"2000-02-29T12:34:56.78Z"}');
equal(stringifyThing({ single: Math.fround(0.1) }), '{"single":0.1}');
equal(stringifyThing({ small: -0 }), '{"small":0}');
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
for (let end = 0; end < 256; end++) {
  const data = bytes.subarray(0, end);
  const json = encodeThing({ data });
  equal(json["data"], Buffer.from(data).toString("base64"));
  equal(String(decodeThing(json).data), String(data));
}
const bare = Object.assign(Object.create(null), { id: 1 });
equal(stringifyThing({ next: bare, any: bare, map: bare }),
  '{"next":{"id":1},"any":{"id":1},"map":{"id":1}}');
equal({}.polluted, undefined);
equal(decodeThing({ map: JSON.parse('{"a":1}') }).map.constructor, undefined);
equal(decodeThing(Object.create({ constructor: 1 })).id, undefined);
"""


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_what_no_reader_takes_is_not_written(node: Tool, tmp_path: Path, int64: str) -> None:
    generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    (tmp_path / "write.mjs").write_text(WRITING, encoding="utf-8")
    done = node.run(tmp_path / "write.mjs")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_bigint_keeps_every_digit(node: Tool, tmp_path: Path) -> None:
    spec = """
model: Big
fields:
  id: {type: int64}
  ids: {type: "list[int64]"}
  rest: {type: any}
  number: {type: float64}
  level: {type: Level}
  most: {type: int64, default: 9223372036854775807}
---
enum: Level
type: int64
values: {9007199254740993: {names: {typescript: Odd}}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out", {"int64": "bigint"})
    exact = (
        b'{"id":9223372036854775807,"ids":[-9223372036854775808,0,9007199254740993],'
        b'"rest":{"a":[9007199254740993]},"number":9007199254740992,"level":9007199254740993,'
        b'"most":9007199254740993}'
    )
    refused = [b'{"id":9223372036854775808}', b'{"id":9007199254740993.0}', b'{"id":1e18}']
    cases = [Case("Big", document) for document in (exact, b"{}", *refused)]
    first, second, *others = run(target, tmp_path / "out", cases, node)
    assert first.json.encode() == exact
    assert second.json == '{"most":9223372036854775807}'
    assert [(other.accepted, other.path) for other in others] == [(False, "id")] * 3


@pytest.mark.toolchain
def test_a_crash_is_told_and_a_run_that_fails_is_no_outcome(node: Tool, tmp_path: Path) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    module = tmp_path / "out" / "thing.ts"
    text = module.read_text("utf-8")
    module.write_text(text.replace("const to = {}", "const to = undefined!"), "utf-8")
    (outcome,) = run(target, tmp_path / "out", [Case("Thing", b'{"id": 1}')], node)
    assert outcome.crash.startswith("TypeError: ")
    module.write_text("export const broken = ;", "utf-8")
    with pytest.raises(RunFailed, match="node ended with 1"):
        run(target, tmp_path / "out", [Case("Thing", b"{}")], node)
