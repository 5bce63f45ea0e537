"""Type expressions: `list[User] | null` <-> :class:`modelsync.schema.types.Type`.

    type    = member { "|" member }
    member  = "list[" type "]" | "map[" type "]" | scalar | reference | literal | "null"
    literal = a JSON string | an integer | "true" | "false"

`parse` and `unparse` are inverses, except for whitespace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import get_args

from modelsync.errors import HIDDEN, NOWHERE, Names, Position, Problem, did_you_mean, visible
from modelsync.schema.other_types import REMOVED, Meaning, is_absent, meaning_of, meaning_of_word
from modelsync.schema.types import (
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
)

MAX_NESTING = 32
"""How deep lists and maps may nest in one expression."""

MEANINGS = frozenset({*SCALARS, "list", "map", "null", "true", "false"})
"""Words with a meaning in types, which references to definitions cannot use."""
RESERVED = MEANINGS | frozenset(
    "array boolean float integer never number object record set timestamp tuple".split()
)
"""Words that no definition may be called, in this spelling. Later versions may add types."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    | (?P<string>"(?:[^"\\]++|\\.)*+")
    | (?P<number>-?\d[\w.+-]*)
    | (?P<mark>[\[\]|])
    )""",
    re.VERBOSE,
)
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_INT64 = range(-(2**63), 2**63)


class TypeExpressionError(Exception):
    """An invalid type expression. `offset` and `width` count code points in it."""

    def __init__(self, message: str, offset: int, width: int = 1, help_: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.width = max(1, width)
        self.help = help_

    def at(self, start: Position) -> Problem:
        """Return this error as a problem of the expression that starts at `start`."""
        return Problem(
            start.shifted(self.offset, self.width), "MS021", self.message, help=self.help
        )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def parse(text: str, position: Position) -> Type:
    """Parse a type expression whose first character is at `position`.

    References stay as written: `Ref(id)` holds their text, to be resolved later.

    Raises :class:`TypeExpressionError`.
    """
    simple = _SIMPLE.get(text)
    if simple is not None:
        return simple
    return _Parser(text, position).whole()


_SIMPLE: dict[str, Type] = {name: Scalar(name) for name in SCALARS}
_SIMPLE |= {f"list[{name}]": ListOf(scalar) for name, scalar in _SIMPLE.items()}
assert get_args(ScalarName) == SCALARS


class _Parser:
    def __init__(self, text: str, position: Position) -> None:
        self.text = text
        self.position = position
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[_Token]:
        tokens = []
        offset = 0
        end = len(self.text.rstrip())
        while offset < end:
            match = _TOKEN.match(self.text, offset)
            if match is None or match.lastgroup is None:
                rest = self.text[offset:]
                offset += len(rest) - len(rest.lstrip())
                char = visible(self.text[offset])
                raise TypeExpressionError(
                    f"unexpected character `{char}` in a type",
                    offset,
                    help_=_help_for(self.text)
                    or "write a type such as `string`, `list[User]`, `map[int64]` or `User | null`",
                )
            group = match.lastgroup
            tokens.append(_Token(group, match.group(group), match.start(group)))
            offset = match.end()
        return [*tokens, _Token("end", "", end)]

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def whole(self) -> Type:
        type_ = self.type_(0)
        if self.token.kind != "end":
            raise self.unexpected("the end of the type", _help_for(self.text))
        return type_

    def unexpected(self, expected: str, help_: str = "") -> TypeExpressionError:
        token = self.token
        found = f"`{token.text}`" if token.text else "nothing"
        return TypeExpressionError(
            f"expected {expected}, found {found}", token.offset, len(token.text), help_
        )

    def expect(self, mark: str) -> None:
        if self.token.text != mark or self.token.kind != "mark":
            raise self.unexpected(f"`{mark}`")
        self.at += 1

    def type_(self, depth: int) -> Type:
        if depth > MAX_NESTING:
            raise TypeExpressionError(
                f"types nest more than {MAX_NESTING} levels deep",
                self.token.offset,
                help_="move the inner type to a field of another model",
            )
        start = self.token.offset
        members, nullable = self.members(depth)
        if not members:
            raise TypeExpressionError(
                "`null` alone is not a type", start, 4, "write `T | null`, or `any`"
            )
        inner = members[0] if len(members) == 1 else AnyOf(members)
        if nullable and inner == Scalar("any"):
            raise TypeExpressionError(
                "`any` already accepts null", start, len("any"), "write `any` alone"
            )
        return Nullable(inner) if nullable else inner

    def members(self, depth: int) -> tuple[tuple[Type, ...], bool]:
        """Return the types between the `|`, and whether one of them was `null`."""
        members: dict[Type, None] = {}
        nullable = False
        while True:
            first = self.token
            if first.kind == "name" and first.text == "null":
                self.at += 1
                if nullable:
                    raise TypeExpressionError("duplicate `null`", first.offset, 4)
                nullable = True
            else:
                member = self.member(depth)
                if member in members:
                    raise TypeExpressionError(
                        f"duplicate type `{unparse(member)}`",
                        first.offset,
                        len(first.text),
                        "remove one of the two",
                    )
                members[member] = None
            if self.token.kind != "mark" or self.token.text != "|":
                return tuple(members), nullable
            self.at += 1

    def member(self, depth: int) -> Type:
        token = self.token
        if token.kind == "name":
            self.at += 1
            if token.text in ("list", "map"):
                if self.token.text != "[":
                    raise TypeExpressionError(
                        f"`{token.text}` needs a type parameter",
                        token.offset,
                        len(token.text),
                        f"write `{token.text}[string]`",
                    )
                return self.container(ListOf if token.text == "list" else MapOf, depth)
            return self.name(token)
        if token.kind == "string":
            self.at += 1
            return Constant(self.string(token))
        if token.kind == "number":
            self.at += 1
            return Constant(self.integer(token))
        raise self.unexpected("a type", _help_for(self.text))

    def container(self, make: Callable[[Type], Type], depth: int) -> Type:
        self.expect("[")
        inner = self.type_(depth + 1)
        self.expect("]")
        return make(inner)

    def name(self, token: _Token) -> Type:
        if token.text in ("true", "false"):
            return Constant(token.text == "true")
        if token.text in _SIMPLE:
            return _SIMPLE[token.text]
        if self.token.text == "[":
            raise TypeExpressionError(
                f"`{token.text}` does not take a type parameter",
                token.offset,
                len(token.text),
                _help_for(self.text)
                or did_you_mean(token.text, ["list", "map"])
                or "write `list[T]` or `map[T]`",
            )
        return Ref(token.text, self.position.shifted(token.offset, len(token.text)))

    def string(self, token: _Token) -> str:
        try:
            value: object = json.loads(token.text)
        except ValueError:
            value = None
        if not isinstance(value, str):
            raise TypeExpressionError(
                "invalid JSON string",
                token.offset,
                len(token.text),
                r"write `\"` for a quote and `\\` for a backslash inside the quotes",
            )
        hidden = HIDDEN.search(value)
        if hidden is not None:
            raise TypeExpressionError(
                f"text contains U+{ord(hidden[0]):04X}, an invisible or control character",
                token.offset,
                len(token.text),
                "remove it; the only control characters allowed are tab and line feed",
            )
        return value

    def integer(self, token: _Token) -> int:
        if not _INTEGER.fullmatch(token.text) or len(token.text) > 20:
            raise TypeExpressionError(
                f"`{token.text}` is not an integer",
                token.offset,
                len(token.text),
                "write a literal type as a quoted string, an integer, `true` or `false`",
            )
        value = int(token.text)
        if value not in _INT64:
            raise TypeExpressionError(
                f"`{value}` does not fit in 64 bits", token.offset, len(token.text)
            )
        return value


def _help_for(text: str) -> str:
    """Return help for a type of another language; empty if there is no equivalent."""
    return valid_help(meaning_of(text), text)


def valid_help(meaning: Meaning | None, instead_of: str = "") -> str:
    """Return the help of a meaning; empty if it is not a valid type, or just the same text."""
    if meaning is None or meaning.text == instead_of:
        return ""
    try:
        parse(meaning.text, NOWHERE)
    except TypeExpressionError:
        return ""
    return visible(meaning.help)


def unparse(type_: Type, spell: Callable[[Ref], str] = lambda ref: ref.id) -> str:
    """Return the text of `type_`, with references as `spell` returns them.

    Inverse of :func:`parse`.
    """
    match type_:
        case Scalar(name=name):
            return name
        case ListOf(item=item):
            return f"list[{unparse(item, spell)}]"
        case MapOf(value=value):
            return f"map[{unparse(value, spell)}]"
        case Ref():
            return spell(type_)
        case Constant(value=value):
            return json.dumps(value, ensure_ascii=False)
        case Nullable(inner=inner):
            return f"{unparse(inner, spell)} | null"
        case AnyOf(members=members):
            return " | ".join(unparse(member, spell) for member in members)
        case Limited(inner=inner):
            return unparse(inner, spell)


def near_type(name: str, known: Names, before: Sized = ()) -> str:
    """Return help for an unknown reference; `before` is as in `did_you_mean`."""
    if is_absent(name):
        return REMOVED
    meaning = meaning_of_word(name)
    if meaning is not None:
        return meaning.help
    return did_you_mean(name, known, before)
