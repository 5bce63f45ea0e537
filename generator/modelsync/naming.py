"""Names: words -> snake_case, camelCase, PascalCase; and the allotment of names in a scope.

Splitting follows what the wire names of real APIs look like: `HTTPServerID` is three words,
`userIDs` two, `OAuth2Token` two, `X-Request-ID` three. The libraries for it all fail on such
initialisms, so the table is our own.
"""

from __future__ import annotations

import re
import unicodedata
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


@dataclass
class Scope:
    """Names that must differ from each other: the fields of a model, the types of a package.

    Two claims of one name are a problem with both positions, never a silent `name_2`.
    """

    target: str
    where: str
    fold: bool = False
    taken: dict[str, tuple[str, Position]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def claim(self, name: str, what: str, position: Position) -> str:
        """Take `name` for `what` (as a message says it: 'field "fooBar"') and return it."""
        key = name.casefold() if self.fold else name
        other = self.taken.setdefault(key, (what, position))
        if other != (what, position):
            self.problems.append(
                Problem(
                    position,
                    "MS040",
                    f"{what} and {other[0]} are both `{visible(name)}` in {self.where} of"
                    f" {self.target}",
                    help=f"give one of them a name of its own: `names: {{{self.target}: ...}}`",
                    related=((other[1], "the other one"),),
                )
            )
        return name
