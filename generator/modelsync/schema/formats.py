"""The grammars of scalars that are text of a certain form, in the pattern dialect.

Sources: RFC 9562 (uuid), RFC 3986 (uri), RFC 5321 (email), RFC 1123 (hostname), RFC 2673 (ipv4),
RFC 4291 (ipv6, without a zone), RFC 3339 (time: `full-time`; duration: appendix A). A decimal is
our own: an optional minus, digits without leading zeros, and an optional fraction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from modelsync.patterns import translated

if TYPE_CHECKING:
    from modelsync.patterns.syntax import Node


@dataclass(frozen=True)
class Format:
    """The texts of a scalar."""

    grammar: str
    max_length: int | None = None
    """In code points; None if there is no limit."""

    @cached_property
    def pattern(self) -> Node:
        """The syntax tree of the grammar, for its translations."""
        from modelsync.patterns.parse import parse  # noqa: PLC0415 - few specs need it

        return parse(self.grammar)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(translated(self.grammar, "re"), re.ASCII)

    def accepts(self, text: str) -> bool:
        """Return whether a text has this form."""
        if self.max_length is not None and len(text) > self.max_length:
            return False
        return self._compiled.search(text) is not None


_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_HEX: Final = "[0-9A-Fa-f]{1,4}"
_LAST_32_BITS: Final = f"(?:{_HEX}:{_HEX}|{_IPV4})"
_IPV6: Final = (
    f"(?:(?:{_HEX}:){{6}}{_LAST_32_BITS}"
    f"|::(?:{_HEX}:){{5}}{_LAST_32_BITS}"
    f"|(?:{_HEX})?::(?:{_HEX}:){{4}}{_LAST_32_BITS}"
    f"|(?:{_HEX}(?::{_HEX}){{0,1}})?::(?:{_HEX}:){{3}}{_LAST_32_BITS}"
    f"|(?:{_HEX}(?::{_HEX}){{0,2}})?::(?:{_HEX}:){{2}}{_LAST_32_BITS}"
    f"|(?:{_HEX}(?::{_HEX}){{0,3}})?::{_HEX}:{_LAST_32_BITS}"
    f"|(?:{_HEX}(?::{_HEX}){{0,4}})?::{_LAST_32_BITS}"
    f"|(?:{_HEX}(?::{_HEX}){{0,5}})?::{_HEX}"
    f"|(?:{_HEX}(?::{_HEX}){{0,6}})?::)"
)
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_NAME: Final = rf"{_LABEL}(?:\.{_LABEL})*"

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?\^_`{|}~\-]+"
_LOCAL_PART: Final = rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*")'
_MAILBOX: Final = rf"{_LOCAL_PART}@(?:{_NAME}|\[(?:{_IPV4}|IPv6:{_IPV6})\])"

_UNRESERVED: Final = r"A-Za-z0-9._~!$&'()*+,;=\-"
_PERCENT: Final = "%[0-9A-Fa-f]{2}"
_PCHAR: Final = rf"(?:[{_UNRESERVED}:@]|{_PERCENT})"
_AUTHORITY: Final = (
    rf"(?:(?:[{_UNRESERVED}:]|{_PERCENT})*@)?"
    rf"(?:\[(?:{_IPV6}|[Vv][0-9A-Fa-f]+\.[{_UNRESERVED}:]+)\]|(?:[{_UNRESERVED}]|{_PERCENT})*)"
    r"(?::[0-9]*)?"
)
_URI: Final = (
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:[{_UNRESERVED}:@/?]|{_PERCENT})*)?(?:#(?:[{_UNRESERVED}:@/?]|{_PERCENT})*)?"
)

_TIME: Final = (
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:[Zz]|[+\-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_DURATION_TIME: Final = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION: Final = (
    "P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
    f"(?:{_DURATION_TIME})?|{_DURATION_TIME})"
)

FORMATS: Final[Mapping[str, Format]] = {
    "decimal": Format(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$", 1000),
    "time": Format(f"^{_TIME}$"),
    "duration": Format(f"^{_DURATION}$"),
    "uuid": Format("^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"),
    "uri": Format(f"^{_URI}$"),
    "email": Format(f"^{_MAILBOX}$", 254),
    "hostname": Format(f"^{_NAME}$", 253),
    "ipv4": Format(f"^{_IPV4}$"),
    "ipv6": Format(f"^{_IPV6}$"),
}
"""The form of each scalar whose texts follow a grammar."""

_PARTS: Final = {"email": {"hostname", "ipv4", "ipv6"}, "uri": {"ipv4", "ipv6"}, "ipv6": {"ipv4"}}


def grammars_of(scalars: Collection[str]) -> frozenset[str]:
    """Return the scalars whose grammars these scalars need: an email contains a host name."""
    own = FORMATS.keys() & set(scalars)
    return frozenset(own.union(*(_PARTS.get(name, ()) for name in own)))
