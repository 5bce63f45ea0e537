"""Texts to test for the scalars that follow a grammar: valid ones, and ones that are nearly valid.

The expected outcome of each one follows from :mod:`modelsync.schema.formats`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LABEL: Final = "a" * 63
_DECIMALS: Final = (
    *("0", "-0", "1", "-1", "10", "0.5", "-0.50", "12.50", "100.00", "0.000", "00", "01", "-01"),
    *("1.", ".5", "+1", "1e3", "1E3", "1,5", "1_000", " 1", "1 ", "1\\n", "--1", "-", "", "NaN"),
    *("Infinity", "0x1", "\u0663", "1.\u0663", "1.5.0", "9007199254740993", "0.1"),
    *("123456789012345678901234567890.123456789012345678901234567890", "0.0000000001"),
    *("9" * 1000, "9" * 1001, "-0." + "0" * 997, "-0." + "0" * 998),
)
_TIMES: Final = (
    *("00:00:00Z", "23:59:59z", "12:30:00.5Z", "12:30:00.123456789012Z", "12:30:00+05:30"),
    *("12:30:00-00:00", "12:30:00+23:59", "12:30:00+24:00", "12:30:00+01:60", "24:00:00Z"),
    *("23:60:00Z", "23:59:60Z", "12:30:00", "12:30Z", "1:30:00Z", "12:30:00.Z", "12:30:00,5Z"),
    *("12:30:00+0530", "12:30:00+05", "12:30:00 Z", " 12:30:00Z", "12:30:00Z\\n", "T12:30:00Z"),
    *("2024-01-31T12:30:00Z", "1\u0662:30:00Z", "12-30-00Z", ""),
)
_DURATIONS: Final = (
    *("P1D", "PT1S", "P1Y", "P1M", "PT1M", "P1W", "P1Y2M3DT4H5M6S", "P1DT12H", "PT36H", "P0D"),
    *("P1Y2M", "P2M3D", "PT1H2M", "PT2M3S", "P999999999999Y", "P01D", "P1YT1S"),
    *("P1Y3D", "PT1H3S", "P1W2D", "P1D2W", "P", "PT", "P1DT", "1D", "P1", "P1S", "PT1D", "P1.5D"),
    *("PT0.5S", "PT1,5S", "-P1D", "+P1D", "P-1D", "p1d", "P1d", " P1D", "P1D ", "P1D\\n"),
    *("P\u0661D", "P1D1Y", "PT1S1H", ""),
)
_UUIDS: Final = (
    *("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"),
    *("f81D4fae-7dec-11d0-A765-00a0c91e6bF6", "00000000-0000-0000-0000-000000000000"),
    *("ffffffff-ffff-ffff-ffff-ffffffffffff", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"),
    *("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae7dec11d0a76500a0c91e6bf6"),
    *("f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf66"),
    *("f81d4fae-7dec-11d0-a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bg6"),
    *("f81d4fae7-dec-11d0-a765-00a0c91e6bf6", " f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    *("f81d4fae-7dec-11d0-a765-00a0c91e6bf6\\n", "f81d4fae_7dec_11d0_a765_00a0c91e6bf6", ""),
)
_URIS: Final = (
    *("https://example.com", "HTTP://EXAMPLE.COM/", "https://example.com:8080/a/b?c=d#e"),
    *("https://user:pass@example.com", "https://192.0.2.1/", "https://[2001:db8::1]:80/"),
    *("https://[::]", "https://[v1.a:b]/", "mailto:ada@example.com", "urn:isbn:0451450523"),
    *("tel:+1-816-555-1212", "data:text/plain,a%20b", "file:///etc/hosts", "a:", "a:/", "a:b"),
    *("a://", "a:///", "a://b//c", "a:/b//c", "a+b-c.1:d", "a:?b", "a:#b", "a:b?c?d/e", "a://b:"),
    *("a://%41%ff", "https://example.com/a;b=c,d!$&'()*+@~_-.", "https://example.com/?"),
    *("//example.com", "/a/b", "a", "a/b", "", ":a", "1a:b", "a b:c", "a_b:c", "https://exa mple"),
    *("https://example.com/a b", "https://example.com/%", "https://example.com/%4"),
    *("https://example.com/%zz", "https://example.com/<a>", "https://example.com/{a}", "a://b^c"),
    *("https://example.com/\\\\a", "https://example.com/|", "https://example.com/`"),
    *('https://example.com/\\"', "https://\u00e9.example", "https://example.com/\u00e9", "a:\\n"),
    *("https://[2001:db8::1", "https://2001:db8::1]", "https://[1.2.3.4]", "https://[::1]a"),
    *("https://[::1%25eth0]", "https://a:b", "https://a@b@c", "https://a#b#c", " a:b", "a:b "),
    *("https://[::192.0.2.256]", "https://[v.a]", "https://[v1.]", "a:[b]"),
)
_EMAILS: Final = (
    *("ada@example.com", "a@b", "a.b+c@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"),
    *('\\"a b\\"@example.com', '\\"a\\\\\\"b\\"@example.com', '\\"\\"@example.com'),
    *("a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "A@EXAMPLE.COM", "a@1.2.3.4"),
    *("@example.com", "a@", "a", "", "a@b@c", ".a@example.com", "a.@example.com", "a..b@c.com"),
    *("a b@example.com", "a@exa mple.com", "a@-b.com", "a@b-.com", "a@b..com", "a@.com", "a@b."),
    *("a@b_c.com", "a@[192.0.2.256]", "a@[2001:db8::1]", "a@[IPv6:1]", "a@192.0.2.1]"),
    *('\\"a@example.com', 'a\\"b\\"@example.com', "\u00e9@example.com", "a@\u00e9.com"),
    *(" a@b.com", "a@b.com ", "a@b.com\\n", "a@b.com,c@d.com", "<a@b.com>", "a(c)@b.com"),
    *(f"{'a' * 190}@{_LABEL}", f"{'a' * 191}@{_LABEL}", f"a@{'b' * 64}"),
)
_HOSTNAMES: Final = (
    *("example.com", "EXAMPLE.com", "a", "1", "a-b", "a--b", "xn--4gbwdl", "1.2.3.4", "a.b.c.d"),
    *(_LABEL, f"{_LABEL}a", f"a.{_LABEL}.b", ".".join([_LABEL] * 3) + "." + "a" * 61),
    *(".".join([_LABEL] * 3) + "." + "a" * 62, "", ".", ".a", "a.", "a..b", "-a", "a-", "a.-b"),
    *("a-.b", "a_b", "a b", " a", "a ", "a\\n", "a:80", "\u00e9.com", "a\u3002b", "\u212a.com"),
)
_IPV4S: Final = (
    *("255.0.0.0", "255.255.255.255", "192.0.2.1", "1.22.133.249", "127.0.0.1"),
    *("256.0.0.1", "1.2.3.256", "01.2.3.4", "1.2.3.04", "00.0.0.0", "1.2.3", "1.2.3.4.5", "1.2.3."),
    *(".1.2.3", "1..2.3", "0x7f.0.0.1", "2130706433", "1.2.3.4/24", " 1.2.3.4", "1.2.3.4 "),
    *("1.2.3.4\\n", "1.2.3.-4", "+1.2.3.4", "1.2.3.\u0664", "1,2,3,4", "::1", ""),
)
_IPV6S: Final = (
    *("::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "1:2:3:4:5:6:7:8", "1::8"),
    *("1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2:3:4:5:6::8", "::192.0.2.1"),
    *("::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "1::192.0.2.1", "0001:0002::"),
    *("1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:::2"),
    *("1::2::3", ":1", "1:", ":", ":::", "12345::", "g::", "::1%eth0", "fe80::1%25eth0", "[::1]"),
    *("::1/64", " ::1", "::1 ", "::1\\n", "192.0.2.1", "::192.0.2", "::192.0.2.256", "::01.2.3.4"),
    *("1:2:3:4:5:6:7:192.0.2.1", "192.0.2.1::", "::\u0661", ""),
)

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(f'"{text}"' for text in texts)
    for name, texts in {
        "decimal": _DECIMALS,
        "time": _TIMES,
        "duration": _DURATIONS,
        "uuid": _UUIDS,
        "uri": _URIS,
        "email": _EMAILS,
        "hostname": _HOSTNAMES,
        "ipv4": _IPV4S,
        "ipv6": _IPV6S,
    }.items()
}
"""The edge cases of each scalar, as JSON text."""

REVEALING: Final[Mapping[str, str]] = {
    "decimal": '"1.0e0"',
    "time": '"23:59:60Z"',
    "duration": '"P1Y3D"',
    "uuid": '"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"',
    "uri": '"//example.com"',
    "email": '"a..b@example.com"',
    "hostname": '"a_b"',
    "ipv4": '"01.2.3.4"',
    "ipv6": '"1::2::3"',
}
"""The most revealing edge case of each one."""
