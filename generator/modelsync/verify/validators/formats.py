"""The formats of exported schemas, as the validators check them during `verify`.

The checkers that come with validators disagree with each other and with the RFCs. So `verify`
registers the same grammars in all of them.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from modelsync.patterns import translated
from modelsync.schema.formats import FORMATS, Format

_YEAR: Final = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_OF_FOUR: Final = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR: Final = f"(?:[0-9]{{2}}{_OF_FOUR}|{_OF_FOUR}00)"
_DATE: Final = (
    f"(?:{_YEAR}-(?:"
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)"
)
_TIME: Final = FORMATS["time"].grammar.removeprefix("^").removesuffix("$")

GRAMMARS: Final = {
    **FORMATS,
    "date": Format(f"^{_DATE}$"),
    "date-time": Format(f"^{_DATE}[Tt]{_TIME}$"),
}
"""The grammar of each format, by its name in JSON Schema.

RFC 3339's dates and times, without the year 0 and leap seconds, which no language's type has.
"""


Dialect: TypeAlias = Literal["re", "ecmascript", "re2"]


def checkers(dialect: Dialect) -> dict[str, dict[str, Any]]:
    """Return each format's pattern in a dialect of regular expressions, and its maximum length."""
    return {
        name: {"pattern": translated(each.grammar, dialect), "maxLength": each.max_length}
        for name, each in GRAMMARS.items()
    }
