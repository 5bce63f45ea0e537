"""The pages of one set -> their dialect: the options of the target sdk-docs that writes them.

Every page shows some options, in its texts or by what it contains. The option that most pages show
is used, and options that no page shows have their defaults. A page that only shows other options,
such as one that an older version of the docs left behind, gets its own options.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple, TypeAlias

from modelsync.pages.example import NO_SAMPLE, without_comment
from modelsync.pages.notation import FILES
from modelsync.pages.notation.base import page_path
from modelsync.pages.notation.python import UNION
from modelsync.pages.page import Fields, Member, Members, Page, Values
from modelsync.targets import target_class
from modelsync.targets.sdk_docs.options import OF_A_PAGE

_Vote: TypeAlias = tuple[str, str | bool]
"""An option, and the value that something on a page indicates."""


class _Sign(NamedTuple):
    """A pattern, and the value of an option that each match of it indicates."""

    option: str
    value: str | bool
    pattern: re.Pattern[str]


def _sign(option: str, value: str | bool, pattern: str) -> _Sign:
    return _Sign(option, value, re.compile(pattern, re.M))


_ANY: Final = (
    _sign("any", "any", r"[*`(\]]any(?:[*`]\Z|\{/\*)"),
    _sign("any", "interface{}", r"[*`(\]]interface\{\}(?:[*`]\Z|\{/\*)"),
)
"""How Go shows a value of any type, at the end of a cell or in code."""
_IN_CELLS: Final = (
    _sign("types", "code", r"\A(?!.*\]\().*`"),
    _sign("types", "italics", r"\A(?!.*(?:\]\(|`))"),
    *_ANY,
    _sign("wrapped", True, r"\Aoptionalnullable\."),
    _sign("generics", "List", r"\A(?:List|Dict)\["),
    _sign("generics", "list", r"\A(?:list|dict)\["),
)
"""Signs in the type of a field."""
_IN_MEMBERS: Final = (
    *_ANY,
    _sign("arrays", "generic", r"\A.*Array<"),
    _sign("arrays", "brackets", r"\A.*\[\]"),
)
"""Signs in a member of a union: its heading, and its code from the next line on."""
_HEADS: Final = {
    "python": (
        _sign("headings", "types", r"\A`"),
        _sign("headings", "titles", r"\A(?!`)"),
    ),
    "go": (
        _sign("headings", "types", r"\A(?:time\.Time|types\.Date)\n"),
        _sign("headings", "titles", r"\A\n.*\((?:time\.Time|types\.Date)\{"),
    ),
    "typescript": (),
}
"""Signs in the heading of a member, by notation."""
_IN_EXAMPLES: Final = (
    _sign("imports", "files", r'from "(?=[^":]*/models)[^":]*\.js";'),
    _sign("imports", "folders", r'from "(?=[^":]*/models)[^":]*(?<!\.js)";'),
    _sign("imports", "package", r'from "(?![^":]*/(?:models|types))[^":]+";'),
    _sign("texts", "joined", r'\\n"\n +\+ "'),
    _sign("texts", "escapes", r"(?<!\\)\\n(?!\")"),
    # A line that begins with a string, or a key and a string, which continues on the next line.
    _sign("texts", "broken", r'^ +(?:(?:\w+|"\w*"): )?"(?:[^"\\\n]|\\.)*\n'),
    # The first line that is indented, after one that is not.
    _sign("layout", "expanded", r"^\S.*[{\[=]\n {1,2}(?! )"),
    _sign("layout", "compact", r"^\S.*[{\[=]\n {3}"),
    # A number on a line of its own.
    _sign("decimals", False, r"^ +(?:[^\s\"']+: )?-?[0-9]+\.[0-9],$"),
    _sign("decimals", True, r"^ +(?:[^\s\"']+: )?-?[0-9]+\.[0-9]0,$"),
)
"""Signs in an example, or in the code of a member."""
_SDK: Final = {
    "typescript": re.compile(
        r'from "(?!node:)([^"](?:(?!/(?:models|types)[/"])[^"])*+)(?:/(?:models|types)[^"]*+)?"'
    ),
    "go": re.compile(r'^\t"(.+?)/models[/"]', re.M),
    "python": re.compile(r"^from (\S+?)\.models[. ]", re.M),
}
"""The package that an example imports from: what is before `models`, by notation."""
_LINK: Final = re.compile(
    r"(?P<native>\[Date)?\]\((?:\.\./)+"
    r"(?:(?P<above>(?:[\w-]+/)*?)(?P<inner>models/(?:\w+/)*)|types/(?P<date>date|rfcdate)\.md)"
)
"""A link to the page of a definition, or to that of dates."""
_ONLY_IN: Final = {
    "go": "any discrimination headings types usage wrapped",
    "python": "enums generics headings unions usage",
    "typescript": "arrays captured decimals enums examples imports layout samples streams texts",
}
"""The options that only some notations have."""


class FoundOptions(NamedTuple):
    """The options that pages show."""

    of_all: dict[str, str | bool]
    """The options of the set."""
    of_page: dict[str, dict[str, str]]
    """The options in which a page differs, by its path."""


def find_options(notation: str, pages: Mapping[str, Page]) -> FoundOptions:
    """Return the options of the target sdk-docs that these pages show; `pages` has them by path.

    If two values are shown equally often, the default is used, else the first one.
    """
    foreign = {*" ".join(_ONLY_IN.values()).split()} - {*_ONLY_IN[notation].split()}
    votes: Counter[_Vote] = Counter()
    votes_by_path: dict[str, tuple[_Vote, ...]] = {}
    for path, page in pages.items():
        page_votes = chain(
            _of_page(path, page), _of_body(path, page, pages, notation), _of_example(page, notation)
        )
        own = [vote for vote in page_votes if vote[0] not in foreign]
        votes.update(own)
        votes_by_path[path] = tuple(dict.fromkeys(own))
    of_all = _most(votes)
    usual = set(of_all.items())
    of_page = {}
    for path, own_votes in votes_by_path.items():
        alike = {option for option, _ in usual.intersection(own_votes)}
        others = {
            option: _text(value)
            for option, value in reversed(own_votes)
            if option in OF_A_PAGE and option not in alike
        }
        if others:
            of_page[path] = others
    return FoundOptions(of_all, of_page)


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _found(signs: Iterable[_Sign], text: str) -> Iterator[_Vote]:
    """Yield what each match of a sign in a text indicates."""
    for option, value, pattern in signs:
        for _ in pattern.finditer(text):
            yield option, value


def _of_page(path: str, page: Page) -> Iterator[_Vote]:
    """Yield what a page as a whole indicates."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    styles = [style for style, called in FILES.items() if called(page.title) == stem]
    if len(styles) == 1:
        yield "files", styles[0]
    if not isinstance(page.body, Members):
        yield "examples", page.usage is not None
    match page.body:
        case Values(form=form, kind=kind, has_sentence=has_sentence):
            yield "enums", "names" if form == "table" else "values"
            yield "usage", page.usage is not None
            if kind and (has_sentence or page.usage is not None):
                yield "captured", _captured(page, page.body)
        case Members(more=more):
            yield "discrimination", bool(more)
    usual = _usual_end(page)
    if page.end in (usual, "\n") and usual != "\n":
        yield "ends", "usual" if page.end == usual else "line"


def _usual_end(page: Page) -> str:
    """Return the line feeds that a page like this usually ends with."""
    match page.body:
        case Members(more=more):
            return "\n" if more else "\n\n"
        case Values(form="list"):
            return "\n"
        case _:
            return ""


def _captured(page: Page, values: Values) -> str:
    """Return where the page of an open enum in TypeScript describes other values."""
    if values.has_sentence:
        return "values"
    usage = page.usage or ""
    return "example" if without_comment(usage) != usage else "nowhere"


def _of_body(path: str, page: Page, pages: Mapping[str, Page], notation: str) -> Iterator[_Vote]:
    """Yield what each field of a model, and each member of a union, indicates."""
    match page.body:
        case Fields(rows=rows):
            for row in rows:
                yield from _found(_IN_CELLS, row.type)
                if "](" in row.type:
                    yield from _of_links(path, row.type, pages)
        case Members(members=members):
            for member in members:
                yield from _found(_HEADS[notation], f"{member.head}\n{member.code}")
                yield from _of_member(member)


def _of_links(path: str, cell: str, pages: Mapping[str, Page]) -> Iterator[_Vote]:
    """Yield what the links in a cell indicate, on the page with this path."""
    folder = path[: path.rindex("/") + 1]
    for link in _LINK.finditer(cell):
        if link["date"] is None:
            yield "above", link["above"].removesuffix("/")
            if link["inner"] == folder and UNION not in cell:
                name = cell[: link.start()].rpartition("[")[2]
                yield "qualified", "." in name
        elif link["date"] == "date":
            yield "dates", "page"
        else:
            yield "dates", "native" if link["native"] else "types"
    text, _, last = cell.rpartition("](")
    page = pages.get(page_path(last.rstrip(")]")))
    if page is not None and isinstance(page.body, Members):
        yield "unions", "types" if UNION in text else "names"


def _of_member(member: Member) -> Iterator[_Vote]:
    yield from _found(_IN_MEMBERS, f"{member.head}\n{member.code}")
    yield from _found(_IN_EXAMPLES, member.code)
    if member.head.startswith("`EventStream<"):
        yield "streams", "declared" if member.code.endswith(" = ;") else "nothing"
    else:
        yield "samples", not member.code.endswith(NO_SAMPLE)


def _of_example(page: Page, notation: str) -> Iterator[_Vote]:
    if page.usage is not None:
        yield from _found(_IN_EXAMPLES, page.usage)
        yield from (("sdk", module) for module in _SDK[notation].findall(page.usage))


def _most(votes: Counter[_Vote]) -> dict[str, str | bool]:
    """Return each option with the value that is shown most often."""
    usual = target_class("sdk-docs").defaults()

    def weight(vote: _Vote) -> tuple[int, bool]:
        option, value = vote
        return votes[vote], value == usual[option]

    most: dict[str, str | bool] = {}
    for option, value in sorted(votes, key=weight, reverse=True):
        most.setdefault(option, value)
    return most
