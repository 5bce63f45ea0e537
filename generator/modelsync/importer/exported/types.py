"""Types in the form that modelsync exports them -> types of specs, with their constraints."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from modelsync.importer.text.tree import Json, JsonObject
from modelsync.patterns import translated
from modelsync.patterns.syntax import PatternError
from modelsync.schema.constraints import KEYWORDS, KINDS, plain_number
from modelsync.schema.types import (
    INTEGERS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Type,
)
from modelsync.targets.json_schema.types import DECIMAL, FORMATS_OF_TEXTS, NUMBER_FORMATS, OWN

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_TEXTS: Final = {format_: name for name, format_ in FORMATS_OF_TEXTS.items()}
_NUMBERS: Final = {format_: name for name, format_ in NUMBER_FORMATS.items()}
_WORDS: Final = {
    kind: [KEYWORDS[name] for name, each in KINDS.items() if each == kind]
    for kind in ("text", "number", "list", "map")
}


class Differs(Exception):
    """A schema that is not in the form of an export."""


class Words:
    """The keywords of a schema that have not been read yet."""

    def __init__(self, schema: JsonObject) -> None:
        self.schema = schema
        self.rest: dict[str, Json] = dict(schema)
        own = self.rest.pop(OWN, None)
        self.own: dict[str, Json] = dict(own) if isinstance(own, JsonObject) else {}

    def text_of(self, word: str) -> str:
        """Return the value of a keyword, which has to be a text."""
        value = self.rest.pop(word, None)
        if not isinstance(value, str):
            raise Differs
        return value

    def end(self) -> None:
        """Check that everything has been read."""
        if self.rest or self.own:
            raise Differs


class Limits:
    """The constraints of all alternatives of a type, and its format."""

    def __init__(self) -> None:
        self.format = ""
        self.pattern: str | None = None
        self._values: dict[str, str] = {}
        self._of_integers: dict[str, str] = {}

    def add(self, word: str, value: Json, *, is_integer: bool = False) -> None:
        """Add a constraint of one alternative, which all of its kind have."""
        match value:
            case bool():
                written = "true" if value else "false"
            case int() | Decimal():
                written = plain_number(Decimal(value))
            case str():
                written = value
            case _:
                raise Differs
        values = self._of_integers if is_integer else self._values
        if values.setdefault(word, written) != written:
            raise Differs

    def add_pattern(self, pattern: str) -> None:
        """Add the pattern of an alternative."""
        if self.pattern not in (None, pattern):
            raise Differs
        self.pattern = pattern

    def written(self) -> Iterator[tuple[str, str]]:
        """Yield the constraints other than the pattern, as a spec has them."""
        # Those of integers are in another form than they were written.
        has_numbers = any(word in self._values for word in _WORDS["number"])
        yield from self._values.items()
        yield from () if has_numbers else self._of_integers.items()


class TypeReader:
    """Reads types of one definition."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator

    def inner(self, schema: Json) -> Type:
        """Return a type inside another one, which has no constraints of its own."""
        if schema is True:
            return Scalar("any")
        if not isinstance(schema, JsonObject):
            raise Differs
        words = Words(schema)
        found = self.type(words, None)
        words.end()
        return found

    def type(self, words: Words, limits: Limits | None) -> Type:
        """Return the type that some keywords are, and add its constraints."""
        rest = words.rest
        if "$ref" in rest:
            rest.pop("$ref")
            self.limits(words, limits, "")
            return self.reference(words.schema)
        if "anyOf" in rest:
            return self.any_of(rest.pop("anyOf"), limits)
        if "const" in rest or "enum" in rest:
            return self.literals(words)
        given = rest.pop("type", None)
        match given:
            case None:
                return Scalar("any")
            case [str() as name, "null"]:
                return Nullable(self.named(name, words, limits))
            case str():
                return self.named(given, words, limits)
            case _:
                raise Differs

    def reference(self, schema: JsonObject) -> Ref:
        """Return the reference that a schema has."""
        target = self.translator.target(schema)
        if target is None:
            raise Differs
        return Ref(self.translator.name_of_target(target))

    def any_of(self, members: Json, limits: Limits | None) -> Type:
        """Return a union, which may accept null, or another type that does."""
        if not isinstance(members, list):
            raise Differs
        is_null = [isinstance(each, JsonObject) and each == {"type": "null"} for each in members]
        types = [
            self.member(each, limits)
            for each, null in zip(members, is_null, strict=True)
            if not null
        ]
        if not types or True in is_null[:-1]:
            raise Differs
        found = types[0] if len(types) == 1 else AnyOf(tuple(types))
        return Nullable(found) if is_null[-1] else found

    def member(self, schema: Json, limits: Limits | None) -> Type:
        """Return one alternative."""
        if not isinstance(schema, JsonObject):
            raise Differs
        words = Words(schema)
        found = self.type(words, limits)
        words.end()
        if isinstance(found, Nullable | AnyOf):
            raise Differs
        return found

    def literals(self, words: Words) -> Type:
        """Return literals."""
        rest = words.rest
        values = [rest.pop("const")] if "const" in rest else rest.pop("enum")
        rest.pop("type", None)
        if not isinstance(values, list):
            raise Differs
        is_nullable = values[-1:] == [None]
        constants: list[Constant] = []
        for value in values[:-1] if is_nullable else values:
            if not isinstance(value, str | int | bool):
                raise Differs
            constants.append(Constant(value))
        if not constants:
            raise Differs
        found = constants[0] if len(constants) == 1 else AnyOf(tuple(constants))
        return Nullable(found) if is_nullable else found

    def named(self, name: str, words: Words, limits: Limits | None) -> Type:
        """Return the type for a value of `type`, which is no longer in the words."""
        rest = words.rest
        match name:
            case "boolean":
                return Scalar("bool")
            case "array":
                self.limits(words, limits, "list")
                return ListOf(self.inner(rest.pop("items", None)))
            case "object":
                self.limits(words, limits, "map")
                return MapOf(self.inner(rest.pop("additionalProperties", None)))
            case "integer":
                return self.integer(words, limits)
            case "number":
                scalar = self.scalar(words, limits, _NUMBERS, "float64")
                self.limits(words, limits, "number")
                return scalar
            case "string":
                return self.text(words, limits)
            case _:
                raise Differs

    def scalar(
        self, words: Words, limits: Limits | None, by_format: dict[str, str], widest: str
    ) -> Scalar:
        """Return a scalar by its format, or by the format that a spec has given it."""
        format_ = words.rest.pop("format", None)
        own = words.own.pop("type", None)
        name = by_format.get(str(format_), "") if own is None else str(own)
        if own is not None and name not in {*by_format.values(), widest}:
            raise Differs
        if name and own is None:
            return Scalar(_scalar(name))
        if format_ is not None:
            if limits is None or not isinstance(format_, str):
                raise Differs
            limits.format = format_
        return Scalar(_scalar(name or widest))

    def integer(self, words: Words, limits: Limits | None) -> Scalar:
        """Return an integer: bounds that are those of its type are not constraints."""
        scalar = self.scalar(words, limits, {name: name for name in INTEGERS}, "int64")
        values = INTEGERS[scalar.name]
        for word, end in (("minimum", values[0]), ("maximum", values[-1])):
            if word not in words.rest:
                raise Differs
            if words.rest[word] == end:
                words.rest.pop(word)
        self.limits(words, limits, "number", is_integer=True)
        return scalar

    def text(self, words: Words, limits: Limits | None) -> Scalar:
        """Return a scalar that is a text."""
        rest = words.rest
        if rest.pop("contentEncoding", None) == "base64":
            if rest.pop("format", "byte") != "byte":
                raise Differs
            return Scalar("bytes")
        scalar = self.scalar(words, limits, _TEXTS, "string")
        if scalar.name == "decimal":
            if any(rest.pop(word, None) != value for word, value in DECIMAL.items()):
                raise Differs
            self.limits(words, limits, "number")
        else:
            self.limits(words, limits, "text")
        return scalar

    def limits(
        self, words: Words, limits: Limits | None, kind: str, *, is_integer: bool = False
    ) -> None:
        """Read the constraints of one kind, or of all kinds."""
        for word in _WORDS[kind] if kind else KEYWORDS.values():
            if word == "pattern":
                self.pattern(words, limits)
                continue
            for said in (words.rest, words.own):
                if word in said:
                    if limits is None:
                        raise Differs
                    limits.add(word, said.pop(word), is_integer=is_integer)

    def pattern(self, words: Words, limits: Limits | None) -> None:
        """Read a pattern, which is there as it was written if an export writes it differently."""
        written = words.rest.pop("pattern", None)
        if written is None:
            return
        pattern = words.own.pop("pattern", written)
        if limits is None or not isinstance(pattern, str) or not _is_same(pattern, written):
            raise Differs
        limits.add_pattern(pattern)


def _is_same(pattern: str, written: Json) -> bool:
    """Return whether an export writes a pattern like this."""
    try:
        return translated(pattern, "json-schema") == written
    except PatternError:
        return False


def _scalar(name: str) -> ScalarName:
    return name  # type: ignore[return-value]
