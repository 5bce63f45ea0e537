"""Hypothesis strategies for schemas and their parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from modelsync.errors import HIDDEN
from modelsync.schema.constraints import NONE, Constraints
from modelsync.schema.definitions import Alias, Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    INTEGERS,
    SCALARS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Type,
    unlimited,
    walk,
)
from modelsync.schema.values import Object, Value
from modelsync.spec.limiter import kind_of_type
from modelsync.spec.possible import has_length, has_match_of, has_number

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).filter(
    lambda text: not HIDDEN.search(text)
)

_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_SCALARS: st.SearchStrategy[Type] = st.sampled_from([Scalar(name) for name in SCALARS])
_LEAVES: st.SearchStrategy[Type] = st.one_of(
    _SCALARS,
    st.sampled_from(["User", "mix.components.Order", "Foo_1"]).map(Ref),
    st.one_of(TEXT, _INTEGERS, st.booleans()).map(Constant),
)


def _containers(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    member = inner.filter(lambda type_: not isinstance(type_, Nullable | AnyOf))
    several = st.lists(member, min_size=2, max_size=3, unique=True).map(
        lambda members: AnyOf(tuple(members))
    )
    nullable = st.one_of(member, several).filter(lambda type_: type_ != Scalar("any"))
    return st.one_of(inner.map(ListOf), inner.map(MapOf), several, nullable.map(Nullable))


TYPES = st.recursive(_LEAVES, _containers, max_leaves=6)


# Schemas ----------------------------------------------------------------------------------------

_FRAGMENTS = (
    *("a", "Word", " ", "  ", "\n", "\n\n", "\t", ":", ": ", "#", " #", "- ", "'", '"', "|", "\\|"),
    *(">", "{", "}", "[", "]", ",", "null", "~", "true", "0123", "1:20", "1e3", "---", "...", "*"),
    *("&", "!", "%", "@", "=", "`", "\\", "\\n", "<br/>", "**Example 1:** ", "## ", "```", "{{"),
    *("\u00a0", "\u2028", "\u200b", "\x85", "é", "名", "🙂", "N/A", "<<", "?", "> "),
)
PROSE = (
    st.lists(
        st.one_of(
            st.sampled_from([fragment for fragment in _FRAGMENTS if not HIDDEN.search(fragment)]),
            st.text(
                st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"),
                max_size=3,
            ),
        ),
        max_size=8,
    )
    .map("".join)
    .filter(lambda text: not HIDDEN.search(text))
)
"""Text as in descriptions, with everything that a format may have to escape."""

JSON_KEYS = (
    *("id", "createdAt", "user_id", "url", "class", "None", "x-rate-limit", "a b", "$ref", "1st"),
    *(
        "on",
        "null",
        "0123",
        "a.b",
        "名前",
        "🙂",
        "naïve",
        "_id",
        "type",
        "fields",
        "model",
        "#",
        "it's",
    ),
)
_PACKAGES = ("models", "models.components", "operations")
_TITLES = ("User", "Order", "Money", "Shape", "Colour", "HTTPError", "And", "V2Result", "Tag")
_LANGUAGES = ("go", "python", "typescript")
_SOME = st.lists(st.sampled_from(_LANGUAGES), unique=True).map(tuple)
_JSON: st.SearchStrategy[Value] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), PROSE)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(PROSE, inner, max_size=3).map(lambda each: Object(tuple(each.items()))),
    ),
    max_leaves=5,
)
_EXTENSIONS = st.dictionaries(st.sampled_from(["x-table", "x-go type", "x-é"]), _JSON, max_size=1)


@st.composite
def types(draw: st.DrawFn, refs: tuple[str, ...], depth: int = 0) -> Type:
    leaves: list[st.SearchStrategy[Type]] = [
        _SCALARS,
        st.one_of(PROSE, st.booleans()).map(Constant),
    ]
    leaves += [st.sampled_from(refs).map(Ref)] if refs else []
    if depth == 2 or draw(st.integers(0, 2)) == 0:
        leaf: Type = draw(st.one_of(leaves))
        return leaf
    inner = draw(types(refs, depth + 1))
    takes_null = inner == Scalar("any") or isinstance(inner, Nullable)
    wrapped: list[Type] = [ListOf(inner), MapOf(inner), *([] if takes_null else [Nullable(inner)])]
    return draw(st.sampled_from(wrapped))


@st.composite
def _field_pages(draw: st.DrawFn, refs: tuple[str, ...]) -> dict[str, FieldPage]:
    maybe = st.none() | PROSE
    flag = st.none() | st.booleans()
    return {
        language: FieldPage(
            name=draw(maybe),
            type=draw(st.none() | types(refs)),
            nullable=draw(flag),
            wrapper=draw(st.sampled_from([None, "none", "Optional", "OptionalNullable"])),
            cell=draw(maybe),
            required=draw(flag),
            description=draw(maybe),
            examples=draw(st.none() | st.lists(PROSE, max_size=2).map(tuple)),
            deprecated=draw(_SHOWN_REASON),
        )
        for language in draw(_SOME)
    }


@st.composite
def _definition_pages(draw: st.DrawFn, refs: tuple[str, ...]) -> dict[str, DefinitionPage]:
    maybe = st.none() | PROSE
    flag = st.none() | st.booleans()
    texts = st.none() | st.lists(PROSE, max_size=2).map(tuple)
    return {
        language: DefinitionPage(
            name=draw(maybe),
            file=draw(maybe),
            description=draw(maybe),
            deprecated=draw(_SHOWN_REASON),
            open=draw(flag),
            usage=draw(flag),
            order=draw(texts),
            members=draw(st.none() | st.lists(types(refs), max_size=2).map(tuple)),
            tags=draw(texts),
            example=draw(_JSON),
            examples=draw(st.none() | st.lists(_JSON, max_size=2).map(tuple)),
            code=draw(maybe),
            heads=draw(texts),
            codes=draw(texts),
            more=draw(maybe),
            width=draw(st.none() | st.integers(1, 9_999_999)),
            options=draw(st.sampled_from([{}, {"layout": "compact"}, {"any": "interface{}"}])),
        )
        if draw(st.booleans())
        else DefinitionPage(shown=False)
        for language in draw(_SOME)
    }


_SAID = st.sampled_from([None, None, "", "Use it no more.", "Use `b`: it's | better\nnow."])
_REASON = (
    st.none()
    | st.sampled_from(("", "no", "False", "true", "1", ".5"))
    | PROSE.filter(lambda text: bool(text.strip()))
)
_SHOWN_REASON: st.SearchStrategy[Any] = st.just(False) | _REASON
_NAMES = st.dictionaries(st.sampled_from(("go", "python", "sdk-docs")), PROSE, max_size=2)


@st.composite
def _specs(draw: st.DrawFn, id_: str, refs: tuple[str, ...], bare: bool) -> Definition:
    package, _, name = id_.rpartition(".")
    common: dict[str, Any] = {
        "name": name,
        "package": package,
        "description": draw(PROSE),
        "deprecated": draw(_SAID if bare else _REASON),
    }
    if not bare:
        common |= {
            "names": draw(_NAMES),
            "inferred": draw(st.booleans()),
            "only": draw(_SOME),
            "pages": draw(_definition_pages(refs)),
            "extensions": draw(_EXTENSIONS),
        }
    match name:
        case "Colour" | "Tag":
            whole = draw(st.booleans())
            # Larger integers are a problem of targets, not of pages.
            limit = 2**53 if bare else 2**63
            integers = st.integers(1 - limit, limit - 1)
            # Pages show the name of each value in backticks, so it must not contain one.
            texts = PROSE.filter(lambda text: "`" not in text) if bare else PROSE
            json_values: st.SearchStrategy[str | int] = integers if whole else texts
            values = draw(st.lists(json_values, min_size=1, max_size=4, unique=True))
            return Enum(
                **common,
                values=tuple(draw(_values(json_value, bare)) for json_value in values),
                type="int64" if whole else "string",
                open=draw(st.booleans()),
                example=draw(st.none() | st.sampled_from(values)),
            )
        case "Shape":
            models = [ref for ref in refs if not ref.endswith("Shape")]
            chosen = draw(st.lists(st.sampled_from(models), unique=True)) if models else []
            members = [Ref(each) for each in chosen]
            scalars = draw(st.lists(_SCALARS, min_size=1, unique=True))
            return Union(**common, members=(*members, *scalars), overlapping=True)
        case "Money" if not bare:
            # Neither itself, nor a union that it may be a member of.
            others = tuple(ref for ref in refs if not ref.endswith(("Money", "Shape")))
            type_ = draw(types(others).filter(lambda type_: type_ != Scalar("any")))
            bare_type = type_.inner if isinstance(type_, Nullable) else type_
            return Alias(
                **common, type=draw(limited(bare_type)), format=draw(st.sampled_from(["", "money"]))
            )
        case _:
            keys = draw(st.lists(st.sampled_from(JSON_KEYS), max_size=5, unique=True))
            # As a literal, `true` cannot be written there.
            kept = types(refs).filter(lambda type_: not isinstance(type_, Constant))
            policies: st.SearchStrategy[Any] = st.none() | st.none() | st.just(False) | kept
            return Model(
                **common,
                fields=tuple(draw(_fields(key, refs, bare)) for key in keys),
                additional_properties=draw(policies),
            )


@st.composite
def _values(draw: st.DrawFn, json_value: str | int, bare: bool) -> EnumValue:
    if bare:
        return EnumValue(json_value)
    extensions = draw(_EXTENSIONS)
    return EnumValue(
        json_value, draw(PROSE), draw(_REASON), draw(_NAMES), draw(_SOME), extensions=extensions
    )


@st.composite
def _fields(draw: st.DrawFn, json_key: str, refs: tuple[str, ...], bare: bool) -> Field:
    type_ = draw(types(refs))
    texts = type_ in (Scalar("string"), Scalar("any"))
    if not bare and draw(st.booleans()):
        type_ = draw(limited(type_))
    field = Field(
        json_key=json_key,
        type=type_,
        # Required fields must be finite, so that a document can be.
        required=draw(st.booleans()) and not any(isinstance(each, Ref) for each in walk(type_)),
        description=draw(PROSE),
        deprecated=draw(_SAID if bare else _REASON),
        examples=tuple(draw(st.lists(PROSE, max_size=2))) if texts else (),
    )
    if bare:
        return field
    field = replace(field, examples=tuple(each for each in field.examples if _fits(type_, each)))
    default: dict[str, Any] = {}
    if unlimited(type_) == Scalar("string") and draw(st.booleans()):
        text = draw(PROSE)
        default = {"default": text, "has_default": True} if _fits(type_, text) else {}
    if type_ == Scalar("any"):
        field = replace(field, examples=tuple(draw(st.lists(_JSON, max_size=2))))
    access = draw(st.sampled_from(("", "read_only", "write_only")))
    return replace(
        field,
        **default,
        read_only=access == "read_only",
        write_only=access == "write_only",
        names=draw(_NAMES),
        only=draw(_SOME),
        pages=draw(_field_pages(refs)),
        extensions=draw(_EXTENSIONS),
    )


def _fits(type_: Type, value: Value) -> bool:
    return not isinstance(type_, Limited) or type_.constraints.failure(value) is None


_SIZES = st.none() | st.integers(0, 4)
_TEXT_PATTERNS = (r"^\w+$", "a|b", "^$", r"[^\n]", "é\\.", "'\"", "# : ", "^[A-Z]{2}-\\d+")
_BOUNDS: dict[str, st.SearchStrategy[Decimal]] = {
    "float32": st.floats(width=32, allow_nan=False, allow_infinity=False).map(
        lambda number: Decimal(repr(number))
    ),
    "float64": st.floats(allow_nan=False, allow_infinity=False).map(
        lambda number: Decimal(repr(number))
    ),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=3),
    **{name: st.integers(values[0], values[-1]).map(Decimal) for name, values in INTEGERS.items()},
}


@st.composite
def limited(draw: st.DrawFn, type_: Type) -> Type:
    """Draw constraints for a type as a spec has them after reading: some value satisfies them."""
    if isinstance(type_, Nullable):
        return Nullable(draw(limited(type_.inner)))
    kind = kind_of_type(type_)
    scalar = type_.name if isinstance(type_, Scalar) else ""
    least, most = draw(_SIZES), draw(_SIZES.map(lambda size: None if size is None else size + 4))
    match kind:
        case "text":
            pattern = draw(st.none() | st.sampled_from(_TEXT_PATTERNS))
            found = Constraints(min_length=least, max_length=most, pattern=pattern)
            possible = has_length(scalar, found) and has_match_of(pattern, least, most)
            found = found if possible else Constraints(pattern=pattern)
        case "number":
            bound = st.none() | _BOUNDS[scalar]
            inclusive = st.none() if scalar in INTEGERS else bound
            found = Constraints(
                minimum=draw(bound),
                exclusive_minimum=draw(inclusive),
                maximum=draw(bound),
                exclusive_maximum=draw(inclusive),
                multiple_of=draw(
                    st.none() | st.sampled_from([*map(Decimal, ("1", "0.05", "3e2"))])
                ),
            )
            found = found if has_number(scalar, found) else replace(found, maximum=None)
            found = found if has_number(scalar, found) else replace(found, exclusive_maximum=None)
            found = found if has_number(scalar, found) else NONE
        case "list":
            is_unique = unlimited(type_) == ListOf(Scalar("string")) and draw(st.booleans())
            found = Constraints(min_items=least, max_items=most, unique_items=is_unique or None)
        case "map":
            found = Constraints(min_properties=least, max_properties=most)
        case None:
            found = NONE
    return Limited(type_, found) if found else type_


_NUMBER_LIKE = st.sampled_from(
    ("5", "-1", "0", "1.0", "1e3", "true", "false", "null", "~", "0123", ".5", "1_000", "yes", "no")
)
_OF_KIND: dict[str, st.SearchStrategy[Value]] = {
    "string": PROSE | _NUMBER_LIKE,
    "int64": _INTEGERS,
    "float64": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
}


@st.composite
def mixed(draw: st.DrawFn) -> tuple[Type, tuple[Value, ...]]:
    """Draw a union of several kinds of scalars, alone or in lists and maps, with values."""
    kinds: tuple[tuple[ScalarName, ...], ...] = (("string", "int64", "bool"), ("string", "float64"))
    names = draw(st.sampled_from(kinds).flatmap(st.permutations))
    type_: Type = AnyOf(tuple(Scalar(name) for name in names))
    values = st.one_of([_OF_KIND[name] for name in names])
    if draw(st.booleans()):
        type_, values = Nullable(type_), values | st.none()
    for _ in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            type_, values = ListOf(type_), st.lists(values, max_size=3).map(tuple)
        else:
            pairs = st.dictionaries(PROSE | _NUMBER_LIKE, values, max_size=3)
            type_ = MapOf(type_)
            values = pairs.map(lambda each: Object(tuple(each.items())))
    return type_, tuple(draw(st.lists(values, min_size=1, max_size=4)))


def _only_in(definition: Definition, only: tuple[str, ...]) -> Definition:
    if only and isinstance(definition, Model):
        fields = tuple(replace(field, only=()) for field in definition.fields)
        return replace(definition, only=only, fields=fields)
    return replace(definition, only=only)


@st.composite
def schemas(draw: st.DrawFn, bare: bool = False) -> Schema:
    """Draw a schema as a user could write it; a `bare` one has nothing for single languages."""
    titles = draw(st.lists(st.sampled_from(_TITLES), min_size=1, max_size=4, unique=True))
    ids = tuple(f"{draw(st.sampled_from(_PACKAGES))}.{title}" for title in titles)
    if not bare and draw(st.booleans()):
        ids = (*ids, titles[0])  # the root package has a definition of the same name
    # Within a package, a name means the package's own definition first.
    refs = tuple(id_ for id_ in ids if "." in id_)
    made: list[Definition] = [draw(_specs(id_, refs, bare)) for id_ in ids]
    if not bare:
        # Definitions that refer to each other exist in the same languages.
        only = draw(_SOME)
        made = [_only_in(definition, only) for definition in made]
    return Schema(tuple(sorted(made, key=lambda each: each.id)))
