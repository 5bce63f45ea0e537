"""Names: words -> snake_case, camelCase, PascalCase; identifiers; the allotment in a scope.

Splitting follows what the wire names of real APIs look like: `HTTPServerID` is three words,
`userIDs` two, `OAuth2Token` two, `X-Request-ID` three. The libraries for it all fail on such
initialisms, so the table is our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from modelsync.errors import Position, Problem, visible

INITIALISMS: Final = frozenset(
    """
    acl api ascii cpu css dns eof guid html http https id ip json jwt llm mcp ocr pdf qps ram
    rpc sdk sla smtp sql sse ssh sso tcp tls ttl udp ui uid uri url utf8 uuid vm xml xmpp xsrf xss
    """.split()
)
"""Words that Go writes in capitals, lower case here (the list of Go's code review comments, and
those that AI and web APIs have brought). Plurals are not among them: the SDKs whose pages specs
are transcribed from write `WebhookIds`, and code and pages should agree."""

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

# One letter a character: U(pper), L(ower), S (a lower-case s), D(igit), O(ther letter), - (none).
_WORD = re.compile(
    r"(?<![ULSDO])[LSD]+(?![ULSDO])"  # createdat, k8s, v1beta1: nothing shows where to split
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
    """Return the words of `text` in their own case; none where it has no letter and no digit."""
    text = unicodedata.normalize("NFKC", text)
    shape = "".join(map(_class, text))
    found: list[str] = []
    for match in _WORD.finditer(shape):
        word = text[match.start() : match.end()]
        if found and match.start() and shape[match.start() - 1] != "-":
            pair = (found[-1].lower(), word.lower())
            if pair in _JOINED:
                found[-1] += word
                continue
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=65_536)
def snake(text: str) -> str:
    """`createdAt` -> `created_at`."""
    return "_".join(words(text)).lower()


def constant(text: str) -> str:
    """`createdAt` -> `CREATED_AT`."""
    return snake(text).upper()


def capitalised(word: str, initialisms: frozenset[str] = frozenset()) -> str:
    """`url` -> `Url`, or `URL` where it is one of `initialisms`."""
    lower = word.lower()
    if lower in initialisms:
        return lower.upper()
    if initialisms and lower in _MIXED:
        return _MIXED[lower]
    return lower[:1].upper() + lower[1:]


@lru_cache(maxsize=65_536)
def pascal(text: str, initialisms: frozenset[str] = frozenset()) -> str:
    """`created_at` -> `CreatedAt`; with Go's `initialisms`, `user_id` -> `UserID`."""
    return "".join(capitalised(word, initialisms) for word in words(text))


@lru_cache(maxsize=65_536)
def camel(text: str) -> str:
    """`created_at` -> `createdAt`; a name that is camelCase already stays (`userID`)."""
    if re.fullmatch(r"[a-z][A-Za-z0-9]*", text):
        return text
    first, *rest = words(text) or ("",)
    return first.lower() + "".join(capitalised(word) for word in rest)


def module_stem(name: str) -> str:
    """Return an identifier in snake_case that is one itself: `HTTPError` -> `http_error`.

    An identifier may lose its first letter on the way: `_1` has no letter at all.
    """
    stem = snake(name)
    return stem if stem.isidentifier() else f"_{stem}"


_GO_CATEGORIES: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})


def is_letter_or_digit(char: str) -> bool:
    """Whether `char` is a letter or a decimal digit. Combining marks are neither."""
    return unicodedata.category(char) in _GO_CATEGORIES


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a language takes for an identifier: Unicode's XID, with what it does differently.

    `more` has further characters that may be anywhere in one. `marks` is whether combining marks
    may be; with `normalizes`, the language takes an identifier for its NFKC form.
    """

    more: str = ""
    marks: bool = True
    normalizes: bool = False

    def normal(self, name: str) -> str:
        """Return `name` as the language sees it."""
        if name.isascii() or not self.normalizes:
            return name
        return unicodedata.normalize("NFKC", name)

    def takes(self, name: str) -> bool:
        """Return whether `name` is an identifier."""
        if not "".join("_" if char in self.more else char for char in name).isidentifier():
            return False
        return self.marks or all(char == "_" or is_letter_or_digit(char) for char in name)

    def cure(self, name: str) -> str:
        """Return what to write instead of `name`, which is not an identifier."""
        for form in ("NFC", "NFKC"):
            other = unicodedata.normalize(form, name)
            if other != name and self.takes(other):
                return f'write "{visible(other)}"'
        more = "".join(f", {char}" for char in self.more)
        marks = "" if self.marks else ", without combining marks"
        return f"use letters, digits{more} and _{marks}; begin it with a letter"


@dataclass(frozen=True, slots=True)
class NameFault:
    """A name that something does not get in one target.

    `subject` is what needs it, as a message says it. `name` is the one that `other`, at its
    position, has already; empty where nothing can be made of the wire name. `cure` says what to do
    about what cannot have `names:`.
    """

    target: str
    subject: str
    position: Position
    name: str = ""
    other: tuple[Position, str] | None = None
    cure: str = ""


def name_problems(faults: Iterable[NameFault]) -> Iterator[Problem]:
    """Yield a problem for each name that is wrong, with all the targets where it is."""
    together: dict[tuple[str, Position, tuple[Position, str] | None], list[NameFault]] = {}
    for fault in faults:
        together.setdefault((fault.subject, fault.position, fault.other), []).append(fault)
    for (subject, position, other), same in together.items():
        targets = sorted({fault.target for fault in same})
        cure = "`names: {" + ", ".join(f"{target}: ..." for target in targets) + "}`"
        if other is None:
            message = f"{subject} gives no name in {', '.join(targets)}"
            yield Problem(position, "MS042", message, help=f"give it one: {cure}")
            continue
        spelled = sorted({(fault.target, fault.name) for fault in same})
        names = ", ".join(f"`{visible(name)}` in {target}" for target, name in spelled)
        yield Problem(
            position,
            "MS040",
            f"{subject} and {other[1]} have the same name: {names}",
            help=same[0].cure or f"give one of them a name of its own: {cure}",
            related=((other[0], "the other one"),),
        )


@dataclass
class Scope:
    """Names that must differ from each other: the fields of a model, the types of a package.

    Two claims of one name are a fault with both positions, never a silent `name_2`. Names that
    Unicode takes for one (NFKC) are one, as they are to Python; with `fold`, those that differ only
    in case are too, as they are to some file systems.
    """

    target: str
    fold: bool = False
    taken: dict[str, tuple[Position, str]] = field(default_factory=dict)
    faults: list[NameFault] = field(default_factory=list)

    def claim(self, name: str, what: str, position: Position) -> str:
        """Take `name` for `what` (as a message says it: 'the field "fooBar"') and return it."""
        other = self.taken.setdefault(self._key(name), (position, what))
        if other != (position, what):
            self.faults.append(NameFault(self.target, what, position, name, other))
        return name

    def owner(self, name: str) -> Position:
        """Return the position of what has `name`, which was claimed."""
        return self.taken[self._key(name)][0]

    def _key(self, name: str) -> str:
        key = name if name.isascii() else unicodedata.normalize("NFKC", name)
        return key.casefold() if self.fold else key
