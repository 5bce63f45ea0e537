"""The options of the target sdk-docs, and the dialect of pages that they select."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from modelsync.errors import visible
from modelsync.pages.code import LINES, Layout
from modelsync.pages.notation import FILES, NOTATIONS, Dialect
from modelsync.pages.notation.base import ANYTHING
from modelsync.targets.base import Option, Settings

_FOLDERS: Final = re.compile(r"([A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*)?", re.ASCII)
_MODULE: Final = re.compile(r"(@[a-z0-9][a-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._/-]*")
_DIALECT: Final = (
    Option(
        "folder",
        "The folder below `out` that is not part of links, such as `docs`.",
        default="",
        pattern=_FOLDERS,
        hint="a relative path, such as `docs`",
    ),
    Option(
        "above",
        "The folders above `models` that are part of links, such as `sdk` in"
        " `../../../sdk/models/`.",
        default="",
        pattern=_FOLDERS,
        hint="a relative path, such as `sdk`",
    ),
    Option(
        "types",
        "How tables show types: in italics, or as code, as on newer Go pages.",
        default="italics",
        choices=("italics", "code"),
    ),
    Option(
        "files",
        "How files are named: `lineitem.md`, `line-item.md` or `line_item.md`.",
        default="joined",
        choices=tuple(FILES),
    ),
    Option(
        "dates",
        "How a date is shown: as the SDK's type (`types`), in Go as that type with its own page"
        " (`page`), or in TypeScript as a native `Date` (`native`).",
        default="types",
        choices=("types", "page", "native"),
    ),
    Option(
        "qualified",
        "Whether the text of a link always has the package, as in `components.Money`. On older"
        " pages, links in the same package do not have it.",
        kind="flag",
        default=True,
    ),
    Option(
        "generics",
        "How tables write lists and maps in Python: `List[...]` and `Dict[...]`, or in lower case,"
        " as on older pages.",
        default="List",
        choices=("List", "list"),
    ),
    Option(
        "any",
        "The type of any value in Go; older pages have `interface{}`.",
        default="any",
        choices=ANYTHING,
    ),
    Option(
        "wrapped",
        "Whether the type of a field that may be absent or null is `OptionalNullable` in Go.",
        kind="flag",
        default=False,
    ),
    Option(
        "enums",
        "What the pages of enums show in Python and TypeScript: a list of values, or a table with"
        " names.",
        default="values",
        choices=("values", "names"),
    ),
    Option(
        "usage",
        "Whether the pages of enums have an example in Go and Python, as they do in TypeScript.",
        kind="flag",
        default=False,
    ),
    Option(
        "examples",
        "Whether pages have examples in TypeScript.",
        kind="flag",
        default=True,
    ),
    Option(
        "captured",
        "Where the pages of open enums in TypeScript describe unknown values: nowhere, above the"
        " values, or in the example.",
        default="nowhere",
        choices=("nowhere", "values", "example"),
    ),
    Option(
        "headings",
        "The heading of a union member in Python, and of a date in a union in Go: its type, or its"
        " title if it has one.",
        default="types",
        choices=("types", "titles"),
    ),
    Option(
        "unions",
        "The text of a link to a union in Python: its name, or its types, as on older pages.",
        default="names",
        choices=("names", "types"),
    ),
    Option(
        "arrays",
        "How the pages of unions write lists in TypeScript: `string[]` or `Array<string>`.",
        default="brackets",
        choices=("brackets", "generic"),
    ),
    Option(
        "imports",
        "Where examples in TypeScript import from: the folder of the definition, its file, or the"
        " whole package.",
        default="folders",
        choices=("folders", "files", "package"),
    ),
    Option(
        "layout",
        "The layout of examples in TypeScript: `expanded` breaks every list; `compact`, as on older"
        " pages, keeps short lists on one line and indents by four spaces.",
        default="expanded",
        choices=("expanded", "compact"),
    ),
    Option(
        "texts",
        "How examples in TypeScript write a string of several lines: as lines joined by `+`, as one"
        " line with escapes, or broken into lines.",
        default="joined",
        choices=LINES,
    ),
    Option(
        "decimals",
        "Whether fractions in examples in TypeScript have at least two digits.",
        kind="flag",
        default=False,
    ),
    Option(
        "samples",
        "Whether the pages of unions in TypeScript show a value of each member; older pages have an"
        " example of the union instead.",
        kind="flag",
        default=True,
    ),
    Option(
        "streams",
        "What the pages of unions in TypeScript show for a stream of events: nothing, or a"
        " declaration without a value.",
        default="nothing",
        choices=("nothing", "declared"),
    ),
    Option(
        "discrimination",
        "Whether the pages of unions in Go explain how to find out which member is set.",
        kind="flag",
        default=False,
    ),
    Option(
        "ends",
        "How pages end: `usual` depends on their content; `line` is always one line feed.",
        default="usual",
        choices=("usual", "line"),
    ),
)

OPTIONS: Final = (
    Option(
        "notation",
        "The language of the names and types on the pages.",
        choices=tuple(sorted(NOTATIONS)),
    ),
    Option(
        "sdk",
        "The package that the examples import from.",
        default="sdk",
        pattern=_MODULE,
        hint="the name of a package, such as `@acme/sdk` or `github.com/acme/sdk`",
    ),
    Option(
        "pages",
        "The package shown on the pages, for each package of the specs; `models` is the top"
        " package. Default: the same name.",
        kind="names",
        default={},
    ),
    Option(
        "index",
        "Whether each package has a `README.md` that lists its definitions.",
        kind="flag",
        default=True,
    ),
    *(replace(option, within="dialect") for option in _DIALECT),
)
"""The options that people write, and those of the dialect, which `transcribe` finds."""


_OF_A_SET: Final = "notation pages folder files index enums usage examples"
OF_A_PAGE: Final = {
    option.name: option for option in OPTIONS if option.name not in _OF_A_SET.split()
}
"""The options that may differ on one page: those that a spec has no other key for."""


def with_options(settings: Settings, options: Mapping[str, str]) -> Settings:
    """Return settings with the options in which a page differs; invalid ones are omitted."""
    read = {
        name: text == "true" if OF_A_PAGE[name].kind == "flag" else text
        for name, text in options.items()
        if not option_problem(name, text)
    }
    return replace(settings, options={**settings.options, **read})


def option_problem(name: str, text: str) -> str:
    """Return the problem with an option of a page, empty if there is none."""
    option = OF_A_PAGE.get(name)
    if option is None:
        return f"`{visible(name)}` is not an option of a page"
    choices = ("true", "false") if option.kind == "flag" else option.choices
    if choices and text not in choices:
        return f"option `{name}` must be " + " or ".join(f"`{choice}`" for choice in choices)
    if option.pattern and not option.pattern.fullmatch(text):
        return f"option `{name}` must be {option.hint}"
    return ""


def dialect_of(settings: Settings) -> Dialect:
    """Return the dialect that the options of a target select."""
    return Dialect(
        mark="`" if settings.text("types") == "code" else "*",
        generic=settings.text("arrays") == "generic",
        above=settings.text("above"),
        dates=settings.text("dates"),
        qualified=bool(settings.options["qualified"]),
        generics=settings.text("generics"),
        anything=settings.text("any"),
        wrapped=bool(settings.options["wrapped"]),
        declared_streams=settings.text("streams") == "declared",
        titles=settings.text("headings") == "titles",
        inline=settings.text("unions") == "types",
        layout=Layout(
            settings.text("layout") == "compact",
            decimals=bool(settings.options["decimals"]),
            lines=settings.text("texts"),
        ),
    )
