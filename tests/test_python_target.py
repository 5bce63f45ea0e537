"""The Python target: strange schemas, compiled by all checkers, and held against the reference."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from modelsync import wire
from modelsync.errors import Position
from modelsync.ir import (
    SCALARS,
    AnyOf,
    Constant,
    Definition,
    Enum,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    Value,
)
from modelsync.naming import pascal
from modelsync.spec.read import read_schema
from modelsync.targets._python_text import black, too_long
from modelsync.targets.base import Settings
from modelsync.targets.python import PythonTarget
from modelsync.verify import python_runner
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.toolchains import Tool
from projects import generate, texts_of, write

AT = Position("specs/a.yaml")
STRING, ANY, INT64 = Scalar("string"), Scalar("any"), Scalar("int64")

FIELD_NAMES = [
    *"class type func default async None self cls from_dict to_dict from_json to_json str".split(),
    *"list int datetime 1st content-type a.b naïve 名前 _id $ref2 fooBar __proto__ value".split(),
    *"constructor __init__ key data source wire object bytes field Any UNSET dataclass".split(),
    *"classmethod import print T Literal error".split(),
    *["c d", 'a"quote', "new\nline", "tick`", "back\\slash", "z" * 70, "e\u2028f"],
]

DESCRIPTIONS = [
    'ends """\nimport os\n"""',
    '"""',
    '"quoted"',
    'a "',
    "back\\",
    "back\\\\",
    "\\n \\N{X} \\u12 \\x",
    "*/ func init() {}",
    "one\ntwo\n\n  three  \n",
    "one\rtwo",
    "one\u2028two\x85three",
    "{{ 7*191 }} {% if x %} {# y #}",
    "</script><b>",
    "`tick` | pipe",
    "🎉 👩‍👩‍👧 \u202e",
    "  leading and trailing\t ",
    "\ttab\n\t\ttabs\n    spaces",
    "long " * 40,
    "first\n" + "long " * 30 + "end",
    "# comment",
    "ends in a quote\nso'\"",
    "",
    " ",
]


def model(name: str, *fields: Field, package: str = "", **more: Any) -> Model:
    return Model(name=name, package=package, fields=fields, position=AT, **more)


def names_schema() -> Schema:
    """Names and descriptions that break out of worse generators."""
    fields = [Field(name, STRING, index % 2 == 0) for index, name in enumerate(FIELD_NAMES)]
    described = [
        Field(f"d{index}", STRING, False, text, deprecated=text if index % 3 == 0 else None)
        for index, text in enumerate(DESCRIPTIONS)
    ]
    enums = [
        Enum(
            name=f"Enum{index}",
            position=AT,
            description=DESCRIPTIONS[index],
            values=tuple(EnumValue(value, DESCRIPTIONS[index]) for value in values),
            open=index % 2 == 0,
        )
        for index, values in enumerate(
            [
                ("class", "None", "func"),
                ("1", "a-b"),
                ("a'\"\\b",),
                ("mro", "name", "value", "title"),
            ]
        )
    ]
    enums.append(
        Enum(name="Number", position=AT, values=(EnumValue(1), EnumValue(-1)), type="int64")
    )
    strange = [
        "List",
        "Any",
        "string",
        "Object",
        "Enum",
        "datetime",
        "class",
        "DecodeError",
        "Unset",
    ]
    strange += ["Wire", "Self", "Con", "int", "Exception", "Import", "L" + "o" * 60, "Init"]
    models = [
        model(name, Field("own", Ref(name)), description=DESCRIPTIONS[index])
        for index, name in enumerate(strange)
    ]
    unions = [
        Union(
            name=f"Union{index}",
            position=AT,
            description=text,
            members=(Constant(text), INT64, Ref("List")),
        )
        for index, text in enumerate(DESCRIPTIONS)
    ]
    return Schema(
        (model("Names", *fields), model("Described", *described), *enums, *models, *unions)
    )


DEFAULTS: dict[str, Value] = {
    "string": 'a "quoted" \\ one',
    "bool": False,
    "int32": 1.0,
    "int64": 2**60,
    "float32": 0.1,
    "float64": 3,
    "datetime": "2024-02-29t12:00:00.5+01:00",
    "date": "2024-02-29",
    "bytes": "AP8i",
    "any": Object((("a", (1, None)),)),
}


def types() -> Iterator[tuple[str, Type, Value]]:
    """Yield types of every sort: a name, the type, and a default for it."""
    for name in SCALARS:
        yield name, Scalar(name), DEFAULTS[name]
    yield "open", Ref("b.Open"), "new"
    yield "known", Ref("b.Open"), "a"
    yield "closed", Ref("b.Closed"), "x y"
    yield "number", Ref("b.Numbers"), 2.0
    yield "model", Ref("a.c.Leaf"), Object((("n", 3),))
    yield "tagged", Ref("b.Tagged"), Object((("kind", "leaf"), ("n", 1)))
    yield "plain", Ref("b.Plain"), ("x",)
    yield "text", Constant('a "b" \\'), 'a "b" \\'
    yield "three", Constant(3), 3
    yield "true", Constant(True), True
    yield "either", AnyOf((Scalar("int32"), Scalar("datetime"), STRING)), "x"
    yield "choice", AnyOf((Constant("a"), Constant("b"))), "b"
    yield "mixed", AnyOf((Constant("a"), Constant(1), Constant(False))), False


def every_type() -> Schema:
    """Every type in every position, over packages that import each other in circles."""
    definitions: list[Definition] = []
    for name, type_, default in types():
        for shape, made, value in (
            ("", type_, default),
            ("List", ListOf(type_), (default, default)),
            ("Map", MapOf(type_), Object((("k", default), ("", default)))),
            ("Lists", ListOf(ListOf(type_)), ((default,), ())),
            ("Nulls", MapOf(ListOf(_nullable(type_))), Object((("k", (default,)),))),
        ):
            definitions.append(
                model(
                    f"T{pascal(name)}{shape}",
                    Field("req", made, True, "Required", examples=(default,)),
                    Field("opt", made, False),
                    Field("req null", _nullable(made), True),
                    Field("optNull", _nullable(made), False),
                    Field("def", made, False, default=value, has_default=True),
                    Field("defNull", _nullable(made), False, default=value, has_default=True),
                    Field("nullDef", _nullable(made), False, default=None, has_default=True),
                    package=("a", "a.c", "b", "")[len(definitions) % 4],
                )
            )
    values = (EnumValue("a"), EnumValue("x y", "Described"))
    numbers = (EnumValue(1), EnumValue(2))
    leaf, node, top = Ref("a.c.Leaf"), Ref("b.Node"), Ref("Top")
    definitions += [
        Enum(name="Open", package="b", position=AT, values=values, open=True),
        Enum(name="Closed", package="b", position=AT, values=values),
        Enum(name="Numbers", package="b", position=AT, values=numbers, type="int64"),
        model("Leaf", Field("n", Scalar("int32"), True), package="a.c"),
        model("Node", Field("kind", Constant("node"), True), Field("top", top), package="b"),
        model("Top", Field("nodes", ListOf(node)), Field("tagged", Ref("b.Tagged"))),
        Union(
            name="Tagged",
            package="b",
            position=AT,
            discriminator="kind",
            members=(leaf, node),
            mapping=(("leaf", leaf.id), ("node", node.id)),
        ),
        Union(
            name="Plain",
            package="b",
            position=AT,
            members=(
                STRING,
                Scalar("bool"),
                INT64,
                ListOf(Ref("b.Plain")),
                node,
                leaf,
                MapOf(leaf),
            ),
        ),
        # The same name in three packages, and a package of a module's name.
        *(model("Same", Field("top", top), package=package) for package in ("", "a", "a.c")),
        model(
            "All",
            *(Field(f"same{i}", Ref(id_)) for i, id_ in enumerate(["Same", "a.Same", "a.c.Same"])),
        ),
        model("C", package="a"),
        model("Keyword", Field("x", Ref("a.C")), package="import"),
        model("Under", Field("x", Ref("import.Keyword")), package="wire"),
    ]
    return Schema(tuple(definitions))


def _nullable(type_: Type) -> Type:
    return type_ if type_ == ANY else Nullable(type_)


def long_names() -> Schema:
    """Names of every length around the width of a line, in every place of a statement."""
    definitions: list[Definition] = []
    for length in range(20, 80, 3):
        name = "N" + "a" * length
        field = "f" + "b" * (length - 1)
        one = Ref(name)
        definitions += [
            model(
                name,
                Field(field, STRING, True),
                Field(f"{field}_o", INT64),
                Field(f"{field}_l", ListOf(one), True),
                Field(f"{field}_m", MapOf(ListOf(one))),
                Field(f"{field}_n", Nullable(one)),
                Field(f"{field}_d", Ref(f"{name}Enum"), default="a" * length, has_default=True),
                Field(f"{field}_u", Ref(f"{name}Union"), True),
                Field(f"{field}_t", Ref(f"{name}Tagged")),
                Field(f"{field}_s", ListOf(STRING), default=("x" * length,) * 2, has_default=True),
            ),
            Enum(
                name=f"{name}Enum",
                position=AT,
                values=(EnumValue("a" * length), EnumValue("b" * (100 - length))),
            ),
            Union(name=f"{name}Union", position=AT, members=(STRING, one, ListOf(one), MapOf(one))),
            Union(
                name=f"{name}Tagged",
                position=AT,
                discriminator=field,
                members=(one,),
                mapping=(("a" * length, one.id), ("b" * length, one.id)),
            ),
        ]
    return Schema(tuple(definitions))


def large_models() -> Schema:
    """Models of many fields, and defaults whose types are hard to infer."""
    empty: Value = Object((("k", (1, Object(()))), ("l", ())))
    types: list[Type] = [STRING, Nullable(STRING), Nullable(Ref("LargeTrue0"))]
    definitions: list[Definition] = [
        model(f"Large{required}{index}", *(Field(f"f{n}", type_, required) for n in range(150)))
        for index, type_ in enumerate(types)
        for required in (True, False)
    ]
    definitions += [
        Union(name="Either", position=AT, members=(MapOf(ANY), ListOf(ANY))),
        model(
            "Defaults",
            *(
                Field(name, type_, default=default, has_default=True)
                for name, type_, default in (
                    ("any", ANY, empty),
                    ("none", ANY, Object(())),
                    ("list", ListOf(ANY), (empty, ())),
                    ("map", MapOf(ANY), Object((("k", empty), ("l", Object(()))))),
                    ("lists", ListOf(ListOf(MapOf(ANY))), ((Object(()),), ())),
                    ("either", Ref("Either"), empty),
                    ("eithers", ListOf(Ref("Either")), (empty, ())),
                )
            ),
        ),
        model(
            "Floats",
            *(
                Field(f"{kind}{n}", Scalar(kind), default=value, has_default=True)
                for kind in ("float32", "float64", "any")
                for n, value in enumerate((1e16, -1e16, 3.4028234e38, 1.5e-05, 1e-7, 1e22))
            ),
            Field("list", ListOf(Scalar("float64")), default=(1e308, 1e-300), has_default=True),
        ),
        model("Named", Field("named", Ref("Named")), names={"python": "named"}),
    ]
    return Schema(tuple(definitions))


SCHEMAS = {"names": names_schema, "every": every_type, "long": long_names, "large": large_models}


@pytest.fixture(scope="module", params=SCHEMAS)
def schema(request: pytest.FixtureRequest) -> Schema:
    made: Schema = SCHEMAS[request.param]()
    return made


def files_of(schema: Schema) -> dict[str, str]:
    target = PythonTarget(schema, Settings("python", "python", "models"))
    assert [*target.problems(), *target.name_faults] == []
    return texts_of(target)


# Form ---------------------------------------------------------------------------------------------


def test_black_leaves_every_file_alone(schema: Schema) -> None:
    changed = [
        path
        for path, text in files_of(schema).items()
        if path.endswith(".py") and black(text) != text
    ]
    assert changed == []


def test_only_very_long_names_need_black(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PythonTarget, "formatted", lambda _, text: text)
    rough = [path for path, text in files_of(every_type()).items() if too_long(text)]
    assert rough == []


def test_black_is_not_imported_for_usual_specs() -> None:
    script = """if True:
        import sys
        from test_python_target import every_type, files_of
        files_of(every_type())
        assert "black" not in sys.modules
    """
    folders = [path for path in sys.path if path]
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *folders])},
    )


def test_files_declare_what_the_schema_says_and_no_more(schema: Schema) -> None:
    target = PythonTarget(schema, Settings("python", "python", "models"))
    texts = texts_of(target)
    for file in target.files():
        if not file.definitions:
            continue
        (definition,) = file.definitions
        tree = ast.parse(texts[f"models/{file.path}"])
        assert sorted(_declared(tree.body)) == sorted(_expected(target, definition)), file.path


HELPERS = ("_read_", "_write_", "_default_", "__read_", "__write_")


def _declared(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.FunctionDef(name=name) if name.startswith(HELPERS):
                pass
            case ast.FunctionDef(name=name):
                yield f"{name}()"
            case ast.ClassDef(name=name, body=inner):
                yield f"class {name}"
                yield from (f"{name}.{item}" for item in _declared(inner))
            case ast.AnnAssign(target=ast.Name(id=name)):
                if name not in ("_KEYS", "_MEMBERS"):
                    yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case _:
                yield f"?{ast.unparse(statement)}"


def _expected(target: PythonTarget, definition: Definition) -> Iterator[str]:
    name = target.definition_names[definition.id]
    methods = ["from_dict", "to_dict", "from_json", "to_json"]
    if not isinstance(definition, Model):
        yield from (f"{target.function_name(definition)}_{method}()" for method in methods)
    match definition:
        case Model(fields=fields):
            yield f"class {name}"
            yield from (f"{name}.{target.field_names[definition.id, f.wire]}" for f in fields)
            yield from (f"{name}.{method}()" for method in methods)
        case Enum(values=values):
            yield f"class {name}"
            yield from (f"{name}.{target.value_names[definition.id, v.wire]}" for v in values)
        case Union():
            yield name


def test_descriptions_arrive_as_they_are() -> None:
    texts = files_of(names_schema())
    (described,) = [
        node
        for node in ast.parse(texts["models/described.py"]).body
        if isinstance(node, ast.ClassDef)
    ]
    docs = {
        field.target.id: ast.literal_eval(doc.value)
        for field, doc in zip(described.body, described.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(doc, ast.Expr)
    }
    for index, text in enumerate(DESCRIPTIONS):
        if text.strip():
            said = " ".join(docs[f"d{index}"].split())
            assert said.startswith(" ".join(text.split()))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All strange schemas, as sub-packages of nothing: one folder for the slow checkers."""
    folder = tmp_path_factory.mktemp("python")
    for name, make in SCHEMAS.items():
        generate(make(), "python", folder, f"{name}_models")
    return folder


@pytest.mark.toolchain
def test_mypy_finds_nothing(generated: Path) -> None:
    _run(generated, sys.executable, "-m", "mypy", "--strict", "--config-file=", ".")


@pytest.mark.toolchain
def test_ruff_finds_nothing(generated: Path) -> None:
    rules = ["--isolated", "--target-version=py311", "--extend-select=I,UP,W"]
    _run(generated, sys.executable, "-m", "ruff", "check", *rules, "--no-cache", ".")


@pytest.mark.toolchain
def test_pyright_finds_nothing(generated: Path, pyright: Tool) -> None:
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["."]}
    (generated / "pyrightconfig.json").write_text(json.dumps(config))
    done = pyright.run(cwd=generated)
    assert done.returncode == 0, done.stdout


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_can_be_imported_in_any_order(tmp_path: Path) -> None:
    circles = [one for one in every_type().definitions if not re.match("T[A-Z]", one.name)]
    write(tmp_path, files_of(Schema(tuple(circles))))
    modules = [
        ".".join(path.relative_to(tmp_path).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(tmp_path.rglob("*.py"))
    ]
    script = """if True:
        import importlib, sys
        sys.path.insert(0, sys.argv[1])
        for name in sys.argv[2:]:
            for known in [m for m in sys.modules if m.split(".")[0] == "models"]:
                del sys.modules[known]
            importlib.import_module(name)
    """
    subprocess.run([sys.executable, "-c", script, str(tmp_path), *modules], check=True)


def test_the_output_folder_must_be_a_package_name() -> None:
    for out in ("generated/my-models", "generated/class", "1st"):
        target = PythonTarget(Schema(()), Settings("python", "python", out))
        assert [problem.code for problem in target.problems()] == ["MS050"]


def test_a_type_may_be_called_as_its_module_would_be() -> None:
    schema = Schema((model("User", names={"python": "user"}), model("Users")))
    assert {"models/user_.py", "models/users.py"} <= files_of(schema).keys()


def test_a_module_and_a_function_of_one_name_are_a_problem() -> None:
    union = Union(name="Event", position=AT, members=(STRING, INT64))
    schema = Schema((union, model("EventFromDict")))
    target = PythonTarget(schema, Settings("python", "python", "models"))
    assert [fault.name for fault in target.name_faults] == ["event_from_dict"]


# Meaning ------------------------------------------------------------------------------------------

VALUES: list[str] = [
    *[
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1",
        "2",
        "3",
        "1.0",
        "1e3",
        "1.5",
        "-1",
        "1e400",
    ],
    *["2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807"],
    *["9223372036854775808", "-9223372036854775808", "9007199254740991.0", "9007199254740992.0"],
    *["1e19", "0.1", "16777217", "3.5e38", "1e-46", "1e-45", "123456789012345678901234567890"],
    *['""', '"x"', '"a"', '"b"', '"x y"', '"a \\"b\\" \\\\"', '"é\\u0000"', '"\\ud800"', '"😀"'],
    *['"2024-02-29T12:00:00Z"', '"2023-02-29T12:00:00Z"', '"2024-02-29t12:00:00.123456789+05:30"'],
    *['"2024-02-29T12:00:00"', '"2024-02-29 12:00:00Z"', '"0001-01-01T00:00:00+01:00"'],
    *['"2024-02-29T23:59:60Z"', '"2024-02-29T24:00:00Z"', '"2024-02-29T12:00:00.Z"', '"1-1-1"'],
    *['"2024-02-29"', '"2023-02-29"', '"20240229"', '"2024-W01-1"', '"AP8i"', '"AP8"', '"AP8i\\n"'],
    *['"AA=="', '"AB=="', '"_-8="', '"="', "[]", "{}", "[null]", '["x", 1]', "[[1], [null]]"],
    *['{"n": 1}', '{"n": 1.5}', '{"n": null}', '{"kind": "leaf", "n": 1}', '{"kind": "node"}'],
    *[
        '{"kind": "other"}',
        '{"kind": 1}',
        '{"__proto__": {"n": 1}, "": {"n": 2}}',
        '{"\\ud800": 1}',
    ],
    *['{"k": [null, "2024-02-29"]}', '{"a": {"b": [1e400]}}', '["a", ["b", {"kind": "node"}]]'],
    '{"kind": "node", "top": {"nodes": [{"kind": "node", "top": {"tagged": {"kind": "leaf"}}}]}}',
]


def documents(schema: Schema) -> Iterator[Case]:
    """Yield documents for each model and union: of each field in turn, with each sort of value."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    for definition in schema.definitions:
        if not isinstance(definition, Model):
            yield from (Case(definition.id, value.encode()) for value in VALUES)
            continue
        if definition.fields and definition.fields[0].wire != "req":
            yield from (Case(definition.id, f'{{"nodes": {value}}}'.encode()) for value in VALUES)
            continue
        for field in definition.fields:
            # In containers, values are bare and in containers of that depth.
            for value in chance.sample(VALUES, 30):
                for shape in ("{}", "[{}]", '{{"k": {}}}', "[[{}]]", '{{"k": [{}]}}'):
                    if chance.random() < 0.3:
                        yield _document(definition, field, shape.format(value))


def _document(model: Model, probed: Field, value: str) -> Case:
    entries = [f"{json.dumps(probed.wire)}: {value}"]
    if not probed.required:
        entries += ['"req null": null', f'"req": {_valid(model.fields[0])}']
    elif probed.wire == "req":
        entries.append('"req null": null')
    else:
        entries.append(f'"req": {_valid(model.fields[0])}')
    return Case(model.id, f"{{{', '.join(entries)}}}".encode())


def _valid(field: Field) -> str:
    kinds = {ListOf: "[]", MapOf: "{}"}
    return kinds.get(type(field.type)) or json.dumps(wire.to_json(field.examples[0]))


def reference(schema: Schema, case: Case) -> Outcome:
    try:
        written = wire.read(schema, Ref(case.definition), json.loads(case.document))
    except wire.WireError as error:
        return Outcome(False, path=wire.path_text(error.steps), message=str(error))
    return Outcome(True, json=json.dumps(written))


def test_agrees_with_the_reference_reader(tmp_path: Path) -> None:
    target = generate(every_type(), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    cases = list(documents(target.schema))
    assert len(cases) > 5000
    for case, outcome in zip(
        cases, python_runner.run(target, tmp_path / "models", cases), strict=True
    ):
        expected = reference(target.schema, case)
        if outcome.accepted:
            # The reference keeps milliseconds, Python more: so read what it wrote once more.
            again = reference(target.schema, replace(case, document=outcome.json.encode()))
            assert json.loads(again.json or "0") == json.loads(expected.json or "1"), case
            assert outcome.accepted == expected.accepted, (case, outcome, expected)
        else:
            assert outcome == expected, case


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> tuple[PythonTarget, Path]:
    folder = tmp_path_factory.mktemp("strange")
    target = generate(names_schema(), "python", folder, "models")
    assert isinstance(target, PythonTarget)
    return target, folder / "models"


def test_strange_field_names_come_back(strange: tuple[PythonTarget, Path]) -> None:
    document = {name: f"value of {name}" for name in FIELD_NAMES}
    (outcome,) = python_runner.run(*strange, [Case("Names", json.dumps(document).encode())])
    assert json.loads(outcome.json) == document


def test_hostile_documents_are_refused(strange: tuple[PythonTarget, Path]) -> None:
    deep = 100_000
    hostile = [
        b"",
        b"{",
        b'{"own": ',
        b"\xff",
        b"NaN",
        b'{"x": Infinity}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * deep,
        b'{"own":' * deep + b"{}" + b"}" * deep,
        b"1" * 10_000,
    ]
    outcomes = python_runner.run(*strange, [Case("List", document) for document in hostile])
    assert [outcome.accepted for outcome in outcomes] == [False] * len(hostile)
    assert {outcome.path for outcome in outcomes} == {""}
    assert all(outcome.message.startswith("not JSON") for outcome in outcomes[:8])


def test_deep_documents_are_read(tmp_path: Path) -> None:
    target = generate(every_type(), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    plain = "[" * 199 + '"x"' + "]" * 199
    top = '{"nodes": [{"kind": "node", "top": ' * 66 + "{}" + "}]}" * 66
    cases = [Case("b.Plain", plain.encode()), Case("Top", top.encode())]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [json.loads(outcome.json or "0") for outcome in outcomes] == [
        json.loads(plain),
        json.loads(top),
    ]


NESTED = f"""\
union: Outer
members: [Middle, string]
---
union: Middle
members: [Inner, int32]
---
union: Inner
members: [One, Many, Tagged, 'list[list[string]]', 'list[Outer | null]', 'map[Outer | null]']
---
model: One
fields: {{one: {{type: string, required: true}}, in: {{type: Outer | null, required: true}}}}
---
model: Many
fields:
  many: {{type: string, required: true}}
{"".join(f"  f{n}: {{type: string}}{chr(10)}" for n in range(50))}\
  in: {{type: Outer}}
---
union: Tagged
discriminator: tag
mapping: {{a: Member}}
members: [Member]
---
model: Member
fields: {{in: {{type: Tagged}}, out: {{type: 'list[Tagged | null]'}}, one: {{type: One}}}}
"""
"""What costs most of the stack: unions of unions, and items that have a function of their own."""

DEEP = """
import models


def within(frames, read, write, text):
    if frames:
        return within(frames - 1, read, write, text)
    return write(read(text))


for name, before, inside, after in (
    ("outer", "[", '"x"', "]"),
    ("outer", '{"key":', '"x"', "}"),
    ("outer", '[{"key":', '"x"', "}]"),
    ("outer", '{"one":"","in":', '"x"', "}"),
    ("outer", '{"many":"","in":', '"x"', "}"),
    ("outer", '{"many":"","in":[{"one":"","in":', '"x"', "}]}"),
    ("tagged", '{"tag":"a","in":', '{"tag":"a"}', "}"),
    ("tagged", '{"tag":"a","out":[', '{"tag":"a"}', "]}"),
    ("outer", '{"tag":"a","one":{"one":"","in":', '"x"', "}}"),
):
    read, write = (getattr(models, f"{name}_{suffix}") for suffix in ("from_json", "to_json"))
    for levels in (200, 100_000):
        levels -= inside.startswith("{")
        times = levels // (before.count("{") + before.count("["))
        text = before * times + inside + after * times
        try:
            assert within(100, read, write, text) == text
        except (models.DecodeError, models.EncodeError) as error:
            assert levels > 200, (before, error)
            assert "deep" in str(error), error
        else:
            assert levels <= 200
"""


def test_documents_nest_200_deep_whatever_they_nest_in(tmp_path: Path) -> None:
    generate(read_schema({"specs/a.yaml": NESTED}, "specs"), "python", tmp_path, "models")
    subprocess.run([sys.executable, "-c", DEEP], cwd=tmp_path, check=True)


@pytest.mark.parametrize("digits", [309, 500, 5000])
def test_integers_of_any_length(tmp_path: Path, digits: int) -> None:
    many = model(
        "Many",
        *(Field(each, Scalar(each)) for each in ("int32", "int64", "float32", "float64", "any")),
    )
    made = generate(Schema((many,)), "python", tmp_path, "models")
    assert isinstance(made, PythonTarget)
    keys = [*(field.wire for field in many.fields), "unknown"]
    cases = [
        Case("Many", f'{{"{key}": {sign}{"9" * digits}}}'.encode())
        for key in keys
        for sign in ("", "-")
    ]
    outcomes = python_runner.run(made, tmp_path / "models", cases)
    assert [outcome.path for outcome in outcomes[:-2]] == [key for key in keys[:-1] for _ in "+-"]
    assert [outcome.json for outcome in outcomes[-2:]] == ["{}", "{}"]


def test_what_is_no_json_is_told_beside_a_long_integer(tmp_path: Path) -> None:
    made = generate(Schema((model("Many"),)), "python", tmp_path, "models")
    assert isinstance(made, PythonTarget)
    long = "9" * 5000
    cases = [Case("Many", f"[{long}, {rest}".encode()) for rest in ("NaN]", "]", "")]
    outcomes = python_runner.run(made, tmp_path / "models", cases)
    assert [outcome.message[:9] for outcome in outcomes] == ["not JSON:"] * len(cases)
    assert not any("digits" in outcome.message for outcome in outcomes)


def test_each_field_of_many_is_named_where_it_is_refused(tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(100)]
    many = model(
        "Many", *(Field(name, STRING, required=n % 2 == 0) for n, name in enumerate(names))
    )
    target = generate(Schema((many,)), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    good = dict.fromkeys(names, "x")
    wrong = [{**good, name: 1} for name in names]
    absent = [{key: "x" for key in names if key != name} for name in names[::2]]
    cases = [Case("Many", json.dumps(data).encode()) for data in (*wrong, *absent)]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [outcome.path for outcome in outcomes] == [*names, *names[::2]]


def test_unions_that_hold_themselves_take_no_exponential_time(tmp_path: Path) -> None:
    one = model("One", Field("next", Ref("Either")), Field("a", STRING, True))
    two = model("Two", Field("next", Ref("Either")), Field("b", STRING, True))
    either = Union(name="Either", position=AT, members=(Ref("One"), Ref("Two")))
    target = generate(Schema((one, two, either)), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    good = '{"next": ' * 80 + '{"b": "x"}' + ', "b": "x"}' * 80
    bad = '{"next": ' * 80 + "{}" + ', "b": "x"}' * 80
    cases = [Case("Either", good.encode()), Case("Either", bad.encode())]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    assert [outcome.accepted for outcome in outcomes] == [True, False]


# From Python --------------------------------------------------------------------------------------

USE = """
import base64
from datetime import UTC, date, datetime, timedelta, timezone
from models import UNSET, DecodeError, EncodeError, Everything, Status, mixed_to_dict


def refused(path, **values):
    try:
        Everything(**values).to_dict()
    except EncodeError as error:
        assert error.path == path, error
        assert isinstance(error, ValueError)
    else:
        raise AssertionError(values)


assert Everything().to_dict() == {"kind": "it"}
one = Everything(maybe=None, day=date(2024, 1, 2), names=["a"], status=Status.ON)
assert one.to_dict() == {
    "kind": "it", "maybe": None, "day": "2024-01-02", "names": ["a"], "status": "on"
}
assert type(one.to_dict()["status"]) is str
assert Everything().maybe is UNSET and not UNSET and repr(UNSET) == "UNSET"
assert one == Everything.from_dict(one.to_dict()) == Everything.from_json(one.to_json())
assert Everything.from_dict(one.to_dict()).status is Status.ON
at = datetime(2024, 1, 2, 3, 4, 5, 60, tzinfo=timezone(timedelta(hours=2)))
assert Everything(at=at).to_dict()["at"] == "2024-01-02T01:04:05.00006Z"
assert Everything(at=datetime(5, 1, 1, tzinfo=UTC)).to_dict()["at"] == "0005-01-01T00:00:00Z"
refused("at", at=datetime(2024, 1, 2))
refused("at", at=datetime.min.replace(tzinfo=timezone(timedelta(hours=2))))
refused("at", at=date(2024, 1, 2))
refused("day", day=datetime(2024, 1, 2))
refused("day", day="2024-01-02")
refused("small", small=2**31)
refused("small", small=True)
refused("cost", cost=float("nan"))
refused("cost", cost=10**400)
refused("names[1]", names=["a", "\\ud800"])
refused("names", names="abc")
refused('raw', raw="AP8i")
refused('any.x[0]', any={"x": [float("inf")]})
refused('any.x', any={"x": {1}})
refused('any', any={1: 2})
refused("mixed", mixed=Status)
refused("mixed", mixed="c")
refused("mixed", mixed=[{"kind": "it"}])
refused("kind", kind="other")
refused("kind", kind=None)
refused("one", one=True)
refused("one", one="1")
refused("yes", yes=1)
refused("letters[1]", letters=["it", "is"])
refused("own", own={"kind": "it"})
refused("own.kind", own=Everything(kind="other"))
refused("others[1]", others=[Everything(), {"kind": "it"}])
refused("by_name.x", by_name={"x": "it"})
refused("by_name", by_name={1: Everything()})
refused("status", status="off ")
assert mixed_to_dict([Everything()]) == [{"kind": "it"}]
assert mixed_to_dict(["a"]) == ["a"]
assert mixed_to_dict(True) is True
assert mixed_to_dict(5) == 5
try:
    Everything.from_dict({"kind": "it", "names": ["a", 1]})
except DecodeError as error:
    assert (error.path, error.reason) == ("names[1]", "expected a string, found a number")
    assert str(error) == "names[1]: expected a string, found a number"
else:
    raise AssertionError
for value, reason in [
    ({"cost": float("inf")}, "cost: expected a finite number"),
    ({"price": float("nan")}, "price: expected a finite number"),
    ({"price": 10**400}, "price: expected a finite number"),
    ({"cost": 1e39}, "cost: expected a 32-bit number, found a number"),
    ({"price": "1"}, "price: expected a number, found a string"),
    ({"kind": "other"}, 'kind: expected "it"'),
    ({"own": {}}, "own: expected Everything, found an object"),
    ({"others": [1]}, "others[0]: expected Everything, found a number"),
]:
    try:
        Everything(**value).to_json()
    except EncodeError as error:
        assert str(error) == reason, error
    else:
        raise AssertionError(value)
class Text(str): pass
class Dict(dict): pass
same = Everything.from_dict(Dict(kind=Text("it"), names=[Text("a")], any=Dict(x=1)))
assert type(same.names[0]) is str
deep = []
for _ in range(5000):
    deep = [deep]
try:
    Everything.from_dict({"kind": "it", "any": deep})
except DecodeError as error:
    assert "deep" in str(error)
else:
    raise AssertionError
try:
    Everything(any=deep).to_json()
except EncodeError as error:
    assert "deep" in str(error)
else:
    raise AssertionError
"""


def test_use_from_python(tmp_path: Path) -> None:
    everything = model(
        "Everything",
        Field("kind", Constant("it"), True),
        Field("maybe", Nullable(STRING)),
        Field("at", Scalar("datetime")),
        Field("day", Scalar("date")),
        Field("small", Scalar("int32")),
        Field("cost", Scalar("float32")),
        Field("names", ListOf(STRING)),
        Field("raw", Scalar("bytes")),
        Field("any", ANY),
        Field("status", Ref("Status")),
        Field("mixed", Ref("Mixed")),
        Field("price", Scalar("float64")),
        Field("one", Constant(1)),
        Field("yes", Constant(True)),
        Field("letters", ListOf(Constant("it"))),
        Field("own", Ref("Everything")),
        Field("others", ListOf(Ref("Everything"))),
        Field("by_name", MapOf(Ref("Everything"))),
    )
    status = Enum(name="Status", position=AT, values=(EnumValue("on"), EnumValue("off")))
    members = (Scalar("bool"), INT64, ListOf(Ref("Everything")), ListOf(STRING), Constant("a"))
    mixed = Union(name="Mixed", position=AT, members=members)
    generate(Schema((everything, status, mixed)), "python", tmp_path, "models")
    subprocess.run([sys.executable, "-c", USE], cwd=tmp_path, check=True)
