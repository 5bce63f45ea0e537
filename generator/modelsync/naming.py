"""Names: word splitting, case conversion, identifiers, and name clashes in a scope.

Splitting follows the JSON keys of real APIs: `HTTPServerID` is three words, `userIDs` two,
`OAuth2Token` two, `X-Request-ID` three. Common libraries fail on such initialisms, so this
module has its own table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from modelsync.errors import Position, Problem, in_backticks, visible

INITIALISMS: Final = frozenset(
    """
    acl api ascii cpu css dns eof guid html http https id ip json jwt llm mcp ocr pdf qps ram
    rpc sdk sla smtp sql sse ssh sso tcp tls ttl udp ui uid uri url utf8 uuid vm xml xmpp xsrf xss
    """.split()
)
"""Words that Go writes in capitals, in lower case: the list from Go's code review comments, plus
common words of AI and web APIs. Plurals are not included: the SDKs that modelsync transcribes write
`WebhookIds`, and code and pages should agree."""

_MIXED: Final = {
    "oauth": "OAuth",
    "oauth2": "OAuth2",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "graphql": "GraphQL",
    "github": "GitHub",
    "gitlab": "GitLab",
}
_JOINED: Final = {("o", "auth"), ("o", "auth2"), ("i", "pv4"), ("i", "pv6"), ("graph", "ql")}

# One letter per character: U(pper), L(ower), S (a lower-case s), D(igit), O(ther letter), - (none).
_WORD = re.compile(
    r"(?<![ULSDO])[LSD]+(?![ULSDO])"  # createdat, k8s, v1beta1: no hint where to split
    r"|U{2,}S(?![LSUD])"  # URLs, IDs
    r"|U+(?=U[LS])"  # HTTP of HTTPServer
    r"|U?[LS]+D*"  # Server, v1, sha256
    r"|U+D*"  # ID, ID2
    r"|O+D*"
    r"|D+[LS]*"  # 1st, 2fa
)


def _class(char: str) -> str:
    if char == "s":
        return "S"
    if char.isdecimal():
        return "D"
    category = unicodedata.category(char)
    if category == "Lu":
        return "U"
    if category == "Ll":
        return "L"
    return "O" if category[0] in "LM" or category == "Lt" else "-"


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in their original case; none if it has no letter or digit."""
    text = unicodedata.normalize("NFKC", text)
    shape = "".join(map(_class, text))
    parts: list[str] = []
    for match in _WORD.finditer(shape):
        word = text[match.start() : match.end()]
        if parts and match.start() and shape[match.start() - 1] != "-":
            pair = (parts[-1].lower(), word.lower())
            if pair in _JOINED:
                parts[-1] += word
                continue
        parts.append(word)
    return tuple(parts)


@lru_cache(maxsize=65_536)
def snake(text: str) -> str:
    """`createdAt` -> `created_at`."""
    return "_".join(words(text)).lower()


def constant(text: str) -> str:
    """`createdAt` -> `CREATED_AT`."""
    return snake(text).upper()


def capitalized(word: str, initialisms: frozenset[str] = frozenset()) -> str:
    """`url` -> `Url`, or `URL` if it is one of `initialisms`."""
    lower = word.lower()
    if lower in initialisms:
        return lower.upper()
    if initialisms and lower in _MIXED:
        return _MIXED[lower]
    return lower[:1].upper() + lower[1:]


@lru_cache(maxsize=65_536)
def pascal(text: str, initialisms: frozenset[str] = frozenset()) -> str:
    """`created_at` -> `CreatedAt`; with Go's `initialisms`, `user_id` -> `UserID`."""
    return "".join(capitalized(word, initialisms) for word in words(text))


@lru_cache(maxsize=65_536)
def camel(text: str) -> str:
    """`created_at` -> `createdAt`; names that already are camelCase stay (`userID`)."""
    if re.fullmatch(r"[a-z][A-Za-z0-9]*", text):
        return text
    first, *rest = words(text) or ("",)
    return first.lower() + "".join(capitalized(word) for word in rest)


_NUMBER: Final = re.compile(r"(\d+)")


@lru_cache(maxsize=65_536)
def natural_order(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts `a2` before `a10`."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(text))


def with_parents(packages: Iterable[str]) -> set[str]:
    """Return packages and all that they are in: `a.b` -> `a.b`, `a` and the root, which is ``."""
    parts = [package.split(".") for package in packages]
    return {"", *(".".join(path[:n]) for path in parts for n in range(1, len(path) + 1))}


def module_stem(name: str) -> str:
    """Return an identifier in snake_case, still as an identifier: `HTTPError` -> `http_error`.

    The conversion can drop what made it an identifier: `_1` has no letter at all.
    """
    stem = snake(name)
    return stem if stem.isidentifier() else f"_{stem}"


_GO_CATEGORIES: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})


def is_letter_or_digit(char: str) -> bool:
    """Whether `char` is a letter or a decimal digit. Combining marks are neither."""
    return unicodedata.category(char) in _GO_CATEGORIES


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a language accepts as an identifier: Unicode's XID plus the language's differences."""

    more: str = ""
    """Further characters that are allowed anywhere."""
    marks: bool = True
    """Whether combining marks are allowed."""
    normalizes: bool = False
    """Whether the language normalizes identifiers to NFKC."""

    def normal(self, name: str) -> str:
        """Return `name` as the language sees it."""
        if name.isascii() or not self.normalizes:
            return name
        return unicodedata.normalize("NFKC", name)

    def takes(self, name: str) -> bool:
        """Whether `name` is an identifier."""
        if not "".join("_" if char in self.more else char for char in name).isidentifier():
            return False
        return self.marks or all(char == "_" or is_letter_or_digit(char) for char in name)

    def help_for(self, name: str) -> str:
        """Return help for `name`, which is not an identifier."""
        for form in ("NFC", "NFKC"):
            other = unicodedata.normalize(form, name)
            if other != name and self.takes(other):
                return f"write `{visible(other)}`"
        more = "".join(f", `{char}`" for char in self.more)
        marks = "" if self.marks else ", without combining marks"
        return f"start it with a letter, and use letters, digits{more} and `_`{marks}"


@dataclass(frozen=True, slots=True)
class NameFault:
    """A definition, field or value that gets no valid name in one target."""

    target: str
    subject: str
    """What needs the name, in words: "the field `fooBar`"."""
    position: Position
    name: str = ""
    """The name that `other` already has; empty if no name can be derived."""
    other: tuple[Position, str] | None = None
    help: str = ""
    """Help for subjects that cannot have `names`."""
    only_other: bool = False
    """Whether `other` can have `names`, but the subject cannot."""


def name_problems(faults: Iterable[NameFault]) -> Iterator[Problem]:
    """Yield a problem for each fault, with all targets that it applies to."""
    together: dict[tuple[str, Position, tuple[Position, str] | None], list[NameFault]] = {}
    for fault in faults:
        together.setdefault((fault.subject, fault.position, fault.other), []).append(fault)
    for (subject, position, other), same in together.items():
        targets = sorted({fault.target for fault in same})
        setting = "`names: {" + ", ".join(f"{target}: ..." for target in targets) + "}`"
        if other is None:
            message = f"{subject} cannot be turned into a valid name in {in_backticks(targets)}"
            yield Problem(
                position, "MS042", message, help=same[0].help or f"set its name: {setting}"
            )
            continue
        spelled = sorted({(fault.target, fault.name) for fault in same})
        what = other[1] if same[0].only_other else "one of them"
        names = ", ".join(f"`{name}` in `{target}`" for target, name in spelled)
        yield Problem(
            position,
            "MS040",
            f"{subject} and {other[1]} have the same name: {names}",
            help=same[0].help or f"set the name of {what}: {setting}",
            related=((other[0], "the other one is here"),),
        )


@dataclass
class Scope:
    """Names that must be unique: the fields of a model, the types of a package.

    Claiming a name twice is a fault with both positions, never a silent `name_2`. Names with the
    same NFKC form count as equal, as in Python.
    """

    target: str
    fold: bool = False
    """Whether names that differ only in case count as equal, as on some file systems."""
    taken: dict[str, tuple[Position, str]] = field(default_factory=dict)
    faults: list[NameFault] = field(default_factory=list)

    def claim(self, name: str, what: str, position: Position, *, only_other: bool = False) -> str:
        """Claim `name` for `what`, as messages call it ("the field `fooBar`"), and return it.

        `only_other` is for something that cannot have `names`.
        """
        other = self.taken.setdefault(self._key(name), (position, what))
        if other != (position, what):
            fault = NameFault(self.target, what, position, name, other, only_other=only_other)
            self.faults.append(fault)
        return name

    def owner(self, name: str) -> Position:
        """Return the position of the first claim of `name`."""
        return self.taken[self._key(name)][0]

    def _key(self, name: str) -> str:
        key = name if name.isascii() else unicodedata.normalize("NFKC", name)
        return key.casefold() if self.fold else key
