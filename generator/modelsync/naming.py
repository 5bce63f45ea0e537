"""Names: word splitting, case conversion, identifiers, and name clashes in a scope.

Splitting follows the JSON keys of real APIs: `HTTPServerID` is three words, `userIDs` two,
`OAuth2Token` two, `X-Request-ID` three. Common libraries fail on such initialisms, so this
module has its own table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem, in_backticks, visible

INITIALISMS: Final = frozenset(
    """
    acl api ascii cpu css dns eof guid html http https id ip json jwt llm mcp ocr pdf qps ram
    rpc sdk sla smtp sql sse ssh sso tcp tls ttl udp ui uid uri url utf8 uuid vm xml xmpp xsrf xss
    """.split()
)
"""Words that Go writes in capitals, in lower case: the list from Go's code review comments, plus
common words of AI and web APIs. Plurals are not included: the pages of SDKs that modelsync
transcribes have `WebhookIds`."""

_MIXED: Final = {
    "oauth": "OAuth",
    "oauth2": "OAuth2",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "graphql": "GraphQL",
    "github": "GitHub",
    "gitlab": "GitLab",
}
_DIGITS: Final = "0123456789"
_JOINED: Final = {("o", "auth"), ("o", "auth2"), ("i", "pv4"), ("i", "pv6"), ("graph", "ql")}

_BEGINNINGS: Final = frozenset(first for first, _ in _JOINED)
"""What the words of several parts start with, if a project has none of its own."""

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


_ASCII: Final = {code: _class(chr(code)) for code in range(128)}


@dataclass(frozen=True, eq=False)
class Spelling:
    """How a project spells some words: `USD` and `iOS`, but `Id`. Create it with :func:`spelling`.

    By default, it has no words of its own.
    """

    by_word: Mapping[str, str] = field(default_factory=dict)
    """The spelling of each word, by the word in lowercase."""

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Everything that one of the words starts with."""
        return frozenset(word[:end] for word in self.by_word for end in range(len(word) + 1))


PLAIN: Final = Spelling()


@lru_cache(maxsize=64)
def spelling(written: tuple[str, ...]) -> Spelling:
    """Return the spelling of a project from the words as they are written: `USD`, `iOS`, `Id`."""
    return Spelling({word.lower(): word for word in written}) if written else PLAIN


class _Word(NamedTuple):
    text: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def _words(text: str, spelled: Spelling) -> tuple[_Word, ...]:
    """Return the words of a text in NFKC, and where they are in it."""
    shape = text.translate(_ASCII) if text.isascii() else "".join(map(_class, text))
    parts = [_Word(text[m.start() : m.end()], *m.span()) for m in _WORD.finditer(shape)]
    found: list[_Word] = []
    if not spelled.by_word and all(word.text.lower() not in _BEGINNINGS for word in parts):
        return tuple(parts)
    while len(parts) > 1:
        count = _joined(parts, spelled)
        start, end = parts[0].start, parts[count - 1].end
        found.append(_Word(text[start:end], start, end))
        del parts[:count]
    return (*found, *parts)


def _joined(parts: list[_Word], spelled: Spelling) -> int:
    """Return how many of the parts are the first word: `i`, `OS`, `Version` starts with `iOS`."""
    count, joined = 1, parts[0].text.lower()
    for number, (before, part) in enumerate(pairwise(parts), 2):
        if before.end != part.start:
            break
        pair = (joined, part.text.lower())
        joined = "".join(pair)
        if pair in _JOINED or joined in spelled.by_word:
            count = number
        elif joined not in spelled.beginnings:
            break
    return count


def words(text: str, spelled: Spelling = PLAIN) -> tuple[str, ...]:
    """Return the words of `text` in their original case; none if it has no letter or digit."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return tuple([word.text for word in _words(text, spelled)])


@lru_cache(maxsize=65_536)
def snake(text: str, spelled: Spelling = PLAIN) -> str:
    """`createdAt` -> `created_at`."""
    return "_".join(words(text, spelled)).lower()


def constant(text: str, spelled: Spelling = PLAIN) -> str:
    """`createdAt` -> `CREATED_AT`."""
    return snake(text, spelled).upper()


def capitalized(
    word: str, initialisms: frozenset[str] = frozenset(), spelled: Spelling = PLAIN
) -> str:
    """`url` -> `Url`, or `URL` if it is one of `initialisms`."""
    lower = word.lower()
    if lower in spelled.by_word:
        own = spelled.by_word[lower]
        return own[:1].upper() + own[1:]
    if lower in initialisms or lower.rstrip(_DIGITS) in initialisms:
        return lower.upper()
    if initialisms and lower in _MIXED:
        return _MIXED[lower]
    return lower[:1].upper() + lower[1:]


@lru_cache(maxsize=65_536)
def pascal(text: str, initialisms: frozenset[str] = frozenset(), spelled: Spelling = PLAIN) -> str:
    """`created_at` -> `CreatedAt`; with Go's `initialisms`, `user_id` -> `UserID`."""
    return "".join(capitalized(word, initialisms, spelled) for word in words(text, spelled))


@lru_cache(maxsize=65_536)
def camel(text: str, spelled: Spelling = PLAIN) -> str:
    """`created_at` -> `createdAt`; names that already are camelCase stay (`userID`)."""
    if re.fullmatch(r"[a-z][A-Za-z0-9]*", text):
        return text
    first, *rest = words(text, spelled) or ("",)
    return first.lower() + "".join(capitalized(word, spelled=spelled) for word in rest)


def respelled(name: str, spelled: Spelling, initialisms: frozenset[str] = frozenset()) -> str:
    """Return a name with initialisms as they are written: `UsdPrice` -> `USDPrice`.

    The rest of the name stays, so it must be a name in capitalized words already.
    """
    known = initialisms | spelled.by_word.keys() | (_MIXED.keys() if initialisms else frozenset())
    for word in reversed(_words(name, spelled) if known else ()):
        if word.text.lower() in known or word.text.lower().rstrip(_DIGITS) in initialisms:
            new = capitalized(word.text, initialisms, spelled)
            name = name[: word.start] + new + name[word.end :]
    return name


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

    def compared(self, name: str) -> str:
        """Return what must differ in two names: their NFKC form, as in Python."""
        return name if name.isascii() else unicodedata.normalize("NFKC", name)

    def takes(self, name: str) -> bool:
        """Whether `name` is an identifier."""
        if name.isascii() and name.isidentifier():
            return True
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
            help=same[0].help
            or f"set the name of {what}: {setting}{_for_all_such(subject, other[1])}",
            related=((other[0], "the other one is here"),),
        )


_KEY: Final = re.compile(r"the (?:field|value) `([^`]*)`")
_IN_WORDS: Final = {"_": "*Extension", "$": "dollar*", "@": "at*", "#": "hash*", "-": "minus*"}


def _for_all_such(subject: str, other: str) -> str:
    """Return the end of a help text, for JSON keys that differ only in symbols before them."""
    keys = [match[1] for match in map(_KEY.fullmatch, (subject, other)) if match]
    if len(keys) < 2:
        return ""
    shorter, longer = sorted(keys, key=len)
    symbols = longer.removesuffix(shorter)
    if symbols + shorter != longer or words(symbols) or not symbols.isprintable() or "*" in symbols:
        return ""
    name = _IN_WORDS.get(symbols, "other*")
    line = f'`names: {{"{symbols}*": "{name}"}}`'
    return f"; for all JSON keys of this kind, add {line} to `modelsync.yaml`"


@dataclass
class Scope:
    """Names that must be unique: the fields of a model, the types of a package.

    Claiming a name twice is a fault with both positions, never a silent `name_2`.
    """

    target: str
    fold: bool = False
    """Whether names that differ only in case count as equal, as on some file systems."""
    identifiers: Identifiers = Identifiers()
    """What says which other names count as equal."""
    taken: dict[str, tuple[Position, str]] = field(default_factory=dict)
    faults: list[NameFault] = field(default_factory=list)

    def claim(self, name: str, what: str, position: Position, *, only_other: bool = False) -> str:
        """Claim `name` for `what`, as messages call it ("the field `fooBar`"), and return it.

        `only_other` is for something that cannot have `names`.
        """
        own = (position, what)
        other = self.taken.setdefault(self._key(name), own)
        if other is not own and other != own:
            fault = NameFault(self.target, what, position, name, other, only_other=only_other)
            self.faults.append(fault)
        return name

    def owner(self, name: str) -> Position:
        """Return the position of the first claim of `name`."""
        return self.taken[self._key(name)][0]

    def _key(self, name: str) -> str:
        key = self.identifiers.compared(name)
        return key.casefold() if self.fold else key
