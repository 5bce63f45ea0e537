"""Schemas that are hard to write in Python, and the files generated from them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from helpers.projects import texts_of
from modelsync.errors import Position
from modelsync.naming import pascal
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    SCALARS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.schema.values import Object, Value
from modelsync.targets.base import Settings
from modelsync.targets.python import PythonTarget

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
    """Names and descriptions that need escaping, or mean something in Python."""
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
    "uint32": 2**32 - 1,
    "uint64": 2**60,
    "float32": 0.1,
    "float64": 3,
    "decimal": "-12.50",
    "datetime": "2024-02-29t12:00:00.5+01:00",
    "date": "2024-02-29",
    "time": "12:30:00.5+01:00",
    "duration": "P1DT12H",
    "uuid": "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    "uri": "https://example.com/a?b=c",
    "email": "ada@example.com",
    "hostname": "api.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "bytes": "AP8i",
    "any": Object((("a", (1, None)),)),
}


def types() -> Iterator[tuple[str, Type, Value]]:
    """Yield types of every kind: a name, the type, and a default."""
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
    """Every type in every position, in packages that import each other."""
    definitions: list[Definition] = []
    for name, type_, default in types():
        # Two UUIDs are too long for one line.
        keys = ("",) if name == "uuid" else ("k", "")
        for shape, made, value in (
            ("", type_, default),
            ("List", ListOf(type_), (default,) * len(keys)),
            ("Map", MapOf(type_), Object(tuple((key, default) for key in keys))),
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
        # The same name in three packages, and a package with the name of a module.
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
    """Names of every length around the width of a line, in every part of a statement."""
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
    """Models with many fields, and defaults whose types are hard to infer."""
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


def chain(length: int, packages: int = 1, *, closed: bool = False) -> Schema:
    """Models that each refer to the next; in a closed chain, the last refers to the first."""
    place = [f"p{number % packages}" for number in range(length)]
    names = [f"{package}.M{number}" for number, package in enumerate(place)]
    following: list[Type] = [Ref(name) for name in names[1:]]
    following.append(Ref(names[0]) if closed else STRING)
    return Schema(
        tuple(
            model(f"M{number}", Field("next", type_), package=place[number])
            for number, type_ in enumerate(following)
        )
    )


def hub(length: int) -> Schema:
    """Models in cycles through a union of them all."""
    models = [model(f"M{number}", Field("hub", Ref("Hub"))) for number in range(length)]
    members = tuple(Ref(each.name) for each in models)
    return Schema((*models, Union(name="Hub", position=AT, members=members, overlapping=True)))


def graph(refs: Mapping[str, Sequence[str]]) -> Schema:
    """Models by id, each with a field for every model that it refers to."""
    return Schema(
        tuple(
            model(
                id_.rpartition(".")[2],
                *(Field(f"f{number}", Ref(other)) for number, other in enumerate(others)),
                package=id_.rpartition(".")[0],
            )
            for id_, others in refs.items()
        )
    )


def path(name: str, length: int, end: str = "") -> dict[str, list[str]]:
    """Models `name0`, `name1` and so on, each of which refers to the next; the last to `end`."""
    names = [f"{name}{number}" for number in range(length)]
    following = [[each] for each in names[1:]] + [[end] if end else []]
    return dict(zip(names, following, strict=True))


def _two_long_ways() -> Schema:
    """A cycle through one model, with a long path before and after it."""
    return graph({"Hub": ["A0", "B0"], **path("A", 60, "Hub"), **path("B", 60, "Hub")})


def _circle_above_a_path() -> Schema:
    """A cycle that may import the lower of two models, but is too wide for the other."""
    return graph({**path("P", 70), **path("R", 9, "R9"), "R9": ["R0", "P2", "P10"]})


def _deep_package() -> Schema:
    """A package with a model that imports deeply, and models that need only another one of it.

    One of these is in a cycle with the package.
    """
    p = {"p.Deep": ["C0"], "p.Small": [], "p.Other": ["q.Back"]}
    return graph({**path("C", 74), **p, "q.Back": ["p.Small"], "User": ["p.Small"]})


DEEP_SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "chain": lambda: chain(200),
    "ring": lambda: chain(200, closed=True),
    "packages": lambda: chain(200, 7, closed=True),
    "packages_of_one": lambda: chain(200, 200),
}
UNEVEN_SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "two_long_ways": _two_long_ways,
    "circle_above_a_path": _circle_above_a_path,
    "deep_package": _deep_package,
}
"""Schemas in which only some imports have to be deferred."""


def wide(length: int) -> Schema:
    """A union of very many models, and one with a discriminator."""
    plain = [model(f"P{number}", Field(f"k{number}", INT64, True)) for number in range(length)]
    tagged = [
        model(f"T{number}", Field("kind", Constant(f"t{number}"), True)) for number in range(150)
    ]
    return Schema(
        (
            *plain,
            *tagged,
            Union(name="Plain", position=AT, members=tuple(Ref(each.name) for each in plain)),
            Union(
                name="Mixed",
                position=AT,
                members=(ListOf(INT64), *(Ref(each.name) for each in plain[:40])),
            ),
            Union(
                name="Tagged",
                position=AT,
                members=tuple(Ref(each.name) for each in tagged),
                discriminator="kind",
                mapping=tuple((f"t{number}", each.name) for number, each in enumerate(tagged)),
            ),
        )
    )


SCHEMAS = {"names": names_schema, "every": every_type, "long": long_names, "large": large_models}


@functools.cache
def target_called(name: str) -> PythonTarget:
    """The target of one of `SCHEMAS`, shared by several tests."""
    return PythonTarget(SCHEMAS[name](), Settings("python", "python", "models"))


@functools.cache
def files_called(name: str) -> Mapping[str, str]:
    """The files of one of `SCHEMAS`."""
    return files_of_target(target_called(name))


def files_of(schema: Schema) -> dict[str, str]:
    """Return the files of a schema without problems."""
    return files_of_target(PythonTarget(schema, Settings("python", "python", "models")))


def files_of_target(target: PythonTarget) -> dict[str, str]:
    assert [*target.problems(), *target.name_faults] == []
    return texts_of(target)
