"""Type cells and headings of unions in each notation, written and read back."""

from __future__ import annotations

import pytest
from hypothesis import given

from helpers.strategies import types
from modelsync.pages.notation import (
    DEFAULT_DIALECT,
    NOTATIONS,
    Dialect,
    Notation,
    NotThisNotation,
    Place,
)
from modelsync.pages.notation.base import ANYTHING, nullable
from modelsync.pages.notation.go import Go
from modelsync.schema.definitions import Enum, EnumValue, External, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import MAX_NESTING
from modelsync.schema.types import Ref, Scalar, Type, walk

PLACES = {
    "User": Place("models", "User"),
    "mix.components.Order": Place("mix.components", "Order"),
    "Shape": Place("models", "Shape"),
    "Colour": Place("operations", "Colour"),
}
SCHEMA = Schema(
    (
        Model(name="User"),
        Model(name="Order", package="mix.components"),
        Union(name="Shape", members=(Ref("User"),)),
        Enum(name="Colour", values=(EnumValue("red"),)),
        Union(
            name="Response",
            members=(Scalar("any"),),
            external=External(dict.fromkeys(NOTATIONS, "http.Response"), {"go": "https://a.b/c#D"}),
        ),
    )
)
PAGE = Place("operations", "Page")
DIALECTS = {
    "go": (
        Dialect(),
        Dialect(mark="`", wrapped=True, above="pkg", dates="page", qualified=False),
        Dialect(anything="interface{}"),
    ),
    "typescript": (Dialect(), Dialect(above="a/b", dates="native")),
    "python": (Dialect(), Dialect(above="sdk", qualified=False, generics="list", inline=True)),
}
TYPES = types((*PLACES, "Response"))


class References:
    """What names mean in the schema above; any other name is a reference to itself."""

    anything = ANYTHING

    def page(self, place: Place, link: str) -> Ref:
        for id_, known in PLACES.items():
            if known == place:
                return Ref(id_)
        return self.outside(place.shown, link)

    def at(self, link: str) -> Ref | None:
        ids = [id_ for id_, place in PLACES.items() if link.endswith(f"/{place.path}")]
        return Ref(ids[0]) if ids else None

    def outside(self, text: str, link: str) -> Ref:
        return Ref("Response" if text == "http.Response" else text)


@pytest.fixture(params=NOTATIONS)
def notation(request: pytest.FixtureRequest) -> Notation:
    return made(request.param)


def made(name: str, dialect: Dialect = DEFAULT_DIALECT) -> Notation:
    return NOTATIONS[name](SCHEMA, PLACES, dialect)


def keeps(name: str, type_: Type) -> bool:
    """Return whether the notation shows everything about a type."""
    return all(_kept(name, each) for each in walk(type_))


def _kept(name: str, type_: Type) -> bool:
    match name, type_:
        case "go", Scalar():
            return type_.name in {*Go.scalars, "datetime", "date"} - {"any"}
        case "python", Scalar():
            return type_.name in ("string", "bool", "int64", "float64", "bytes")
        case _, Ref():
            return True
        case _:
            return False


@pytest.mark.parametrize("name", NOTATIONS)
@given(TYPES)
def test_written_cells_are_read_back(name: str, type_: Type) -> None:
    for dialect in DIALECTS[name]:
        for required in (True, False):
            notation = made(name, dialect)
            cell = notation.type_cell(Field("a", type_, required=required), PAGE)
            shown = notation.read_type_cell(cell, required, References())
            if keeps(name, type_):
                assert shown.type == type_
            again = nullable(shown.type) if shown.nullable else shown.type
            assert notation.type_cell(Field("a", again, required=required), PAGE) == cell


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTATIONS)
@given(TYPES)
def test_written_members_are_read_back(name: str, type_: Type) -> None:
    for generic in (False, True) if name == "typescript" else (False,):
        notation = made(name, Dialect(generic=generic))
        union = Union(name="Shape", members=(type_,))
        (tag,) = notation.tags(union, (type_,))
        head = notation.head(type_)
        code = notation.sample(union, type_, tag, lambda: None)
        read = notation.read_member(head, code, References())
        if keeps(name, type_):
            assert read == type_
        assert notation.head(read) == head
        assert notation.sample(union, read, tag, lambda: None) == code


@pytest.mark.parametrize(
    ("name", "cell", "offset"),
    [
        ("go", "string", 0),
        ("go", "[]string", 2),
        ("go", "*string", 0),
        ("go", "[a](b) ", 6),
        ("python", "List[*str*", 10),
        ("python", "str", 0),
        ("python", "*str* x", 5),
        ("typescript", "Map<string, *string*>", 0),
        ("typescript", "Record<string, *string*", 23),
        ("typescript", "*string* | ", 11),
        ("typescript", "", 0),
    ],
)
def test_a_cell_of_another_form_is_reported_with_its_offset(
    name: str, cell: str, offset: int
) -> None:
    with pytest.raises(NotThisNotation) as raised:
        NOTATIONS[name].read_type_cell(cell, True, References())
    assert raised.value.offset == offset


@pytest.mark.parametrize(
    ("name", "opening", "inner", "closing"),
    [
        ("go", "[]", "*string*", ""),
        ("go", "map[string]", "*string*", ""),
        ("python", "List[", "*str*", "]"),
        ("python", "Dict[str, ", "*str*", "]"),
        ("typescript", "Record<string, ", "*string*", ">"),
        ("typescript", "", "*string*", "[]"),
    ],
)
def test_types_nest_as_deep_as_specs_allow(
    name: str, opening: str, inner: str, closing: str
) -> None:
    read = NOTATIONS[name].read_type_cell
    deep = opening * MAX_NESTING + inner + closing * MAX_NESTING
    assert len(list(walk(read(deep, True, References()).type))) == MAX_NESTING + 1
    for times in (MAX_NESTING + 1, 100_000):
        with pytest.raises(NotThisNotation):
            read(opening * times + inner + closing * times, True, References())


def test_members_nest_as_deep_as_specs_allow(notation: Notation) -> None:
    for head in ("List[" * 100_000, "Array<" * 100_000, "string" + "[]" * 100_000, "(" * 100_000):
        code = f"a := b.CreateA({'[]' * 100_000}string{{/* values here */}})"
        with pytest.raises(NotThisNotation):
            notation.read_member(head, code, References())
