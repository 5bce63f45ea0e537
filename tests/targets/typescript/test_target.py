"""TypeScript: names, problems, layout, and whether the compiler accepts the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpers.places import TESTS
from helpers.projects import distinct, generate, schema_of, texts_of
from modelsync import targets
from modelsync.errors import Problem
from modelsync.schema.ir import Schema
from modelsync.spec.read import read_schema
from modelsync.targets.base import Settings
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.verify.cases import Case
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool

OPTIONS = {option.name: option.default for option in TypeScriptTarget.options}


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


def test_no_module_has_the_name_of_the_index_or_a_device() -> None:
    files = files_of("model: Index\nfields: {}\n---\nmodel: Con\nfields: {}\n")
    assert set(files) == {"_wire.ts", "index.ts", "index_.ts", "con_.ts"}
    assert './index_.ts"' in files["index.ts"]


def test_two_modules_with_the_same_name_are_a_problem() -> None:
    (problem,) = problems_of("model: HTTPServer\nfields: {}\n---\nmodel: HttpServer\nfields: {}\n")
    assert problem.code == "MS040"
    assert "`HttpServer`" in problem.message
    assert "names: {typescript: ...}" in problem.help


def test_two_types_with_the_same_name_are_one_problem() -> None:
    (problem,) = problems_of("model: A\nfields: {}\n---\nenum: a\nvalues: {x: }\n")
    assert problem.code == "MS040"


def test_no_folder_has_a_name_that_is_special_to_node_or_windows() -> None:
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
def test_an_integer_that_a_number_cannot_represent_is_a_problem(spec: str) -> None:
    (problem,) = problems_of(spec)
    assert problem.code == "MS053"
    assert "9007199254740993" in problem.message
    assert problems_of(spec, int64="bigint") == []


def test_a_tag_must_have_the_same_name_in_every_member() -> None:
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


_WORDS = (
    "await implements interface let package private protected public static yield"  # strict mode
    " class default delete eval arguments import null of type declare namespace"
).split()


@pytest.mark.toolchain
def test_packages_may_have_the_names_of_reserved_words(tsc: Tool, tmp_path: Path) -> None:
    packages = [*_WORDS, "public_", "public__", "outer.public"]
    refs = "".join(f"  n{n}: {{type: {package}.A}}\n" for n, package in enumerate(packages))
    specs = {f"specs/{p.replace('.', '/')}/a.yaml": "model: A\nfields: {}\n" for p in packages}
    specs["specs/r.yaml"] = f"model: R\nfields:\n{refs}"
    generate(read_schema(specs, "specs"), "typescript", tmp_path, "out", {"package": True})
    index = (tmp_path / "out/index.ts").read_text("utf-8")
    assert 'export * as public_ from "./public/index.ts"' in index
    assert 'export * as public__ from "./public_/index.ts"' in index
    assert 'export * as class from "./class/index.ts"' in index
    done = tsc.run("--project", tmp_path / "out" / "tsconfig.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_verify_finds_packages_that_an_index_renames(node: Tool, tmp_path: Path) -> None:
    specs = {f"specs/{path}/a.yaml": "model: A\nfields: {}\n" for path in ("public", "a/static")}
    target = generate(read_schema(specs, "specs"), "typescript", tmp_path, "out")
    cases = [Case("public.A", b"{}"), Case("a.static.A", b'{"a": 1}')]
    assert [outcome.json for outcome in run(target, tmp_path / "out", cases, node)] == ["{}", "{}"]


@pytest.mark.parametrize(("name", "package"), [("shop", "shop"), ("public_", "public")])
def test_a_definition_cannot_have_the_name_of_a_package_next_to_it(name: str, package: str) -> None:
    specs = {
        "specs/a.yaml": f"model: Shop\nnames: {{typescript: {name}}}\nfields: {{}}\n",
        f"specs/{package}/a.yaml": "model: Item\nfields: {}\n",
    }
    (problem,) = targets.problems_of([target_of(read_schema(specs, "specs"))])
    assert problem.code == "MS055"


def test_the_extension_is_an_option() -> None:
    spec = "model: A\nfields: {b: {type: B}}\n---\nmodel: B\nfields: {}\n"
    for extension in ("ts", "js"):
        files = files_of(spec, extension=extension)
        imported = set(re.findall(r'from "(.*)";', files["a.ts"] + files["index.ts"]))
        assert imported == {f"./{name}.{extension}" for name in ("_wire", "a", "b")}


def test_equal_names_from_two_packages_get_a_prefix() -> None:
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
  node === undefined ? true :
  // `/* @__PURE__ */` is not in the tree.
  ts.isCallExpression(node) ? /@__PURE__/.test(node.getFullText()) :
  ts.isAsExpression(node) ? isPure(node.expression) :
  ts.isObjectLiteralExpression(node)
    ? node.properties.every((each) => isPure(each.initializer))
  : ts.isLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
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
def test_modules_only_declare_what_is_in_the_schema(node: Tool, tmp_path: Path) -> None:
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
    typescript = TESTS / "toolchains/node_modules/typescript-5.5/lib/typescript.js"
    names = ["model", "enum", "union", "index", "_wire"]
    files = [tmp_path / "out" / f"{name}.ts" for name in names]
    done = node.run(tmp_path / "list.mjs", typescript, *files)
    assert done.returncode == 0, done.stderr
    model, enum, union, index, support = [json.loads(line) for line in done.stdout.splitlines()]

    def functions(name: str, *codecs: str) -> list[str]:
        return [f"{verb}{name}" for verb in ("decode", "encode", "parse", "stringify")] + [
            *(f"{verb}{name}" for verb in codecs[:-2]),
            f"{name}Schema",
            *(f"{verb}{name}" for verb in codecs[-2:]),
        ]

    assert model == [
        "Model",
        "ModelInput",
        "ModelJson",
        *functions("Model", "create", "read", "write"),
    ]
    assert enum == ["Enum", "Enum", *functions("Enum", "check")]
    assert union == [
        "Union",
        "UnionInput",
        "UnionJson",
        *functions("Union", "create", "read", "write"),
    ]
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
    pattern = f"^(?:{fill}|[a-z-]+)$"
    fields[f"i{fill}"] = {"type": "string", "minLength": 1, "maxLength": 9, "pattern": pattern}
    fields[f"j{fill}"] = {"type": f"list[B{fill} | null]", "minItems": 1}
    fields[f"k{fill}"] = {"type": f"map[map[B{fill}]]", "maxProperties": 123456}
    fields[f"l{fill}"] = {"type": f'list["{fill}" | string]', "uniqueItems": True}
    fields[f"m{fill}"] = {"type": "decimal", "minimum": width, "multipleOf": 0.05}
    fields[f"n{fill}"] = {"type": "float32 | bool", "exclusiveMaximum": 0.1 * width}
    fields[f"o{fill}"] = {"type": "float32", "multipleOf": 0.123456789}
    fields[f"p{fill}"] = {"type": "int64", "minimum": 5, "multipleOf": 12345678}
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
    done = prettier.run("--list-different", *distinct(tmp_path, "*.ts"), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_a_model_with_very_many_fields_compiles(tsc: Tool, prettier: Tool, tmp_path: Path) -> None:
    fields = {f"f{number}": {"type": "string"} for number in range(1_500)}
    spec = json.dumps({"model": "Many", "fields": fields})
    generate(schema_of(spec), "typescript", tmp_path, "out", {"package": True})
    done = tsc.run("--project", tmp_path / "out" / "tsconfig.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = prettier.run("--check", tmp_path / "out" / "many.ts")
    assert done.returncode == 0, done.stderr


@pytest.mark.toolchain
def test_a_model_with_very_many_fields_reads_and_writes_each(node: Tool, tmp_path: Path) -> None:
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
    # Only the first and the last links differ, so comparing two chains goes through all of them.
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
