"""The options of the Markdown target, and the dialect of pages that they ask for."""

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
OPTIONS: Final = (
    Option(
        "notation",
        "The language in which names and types are shown.",
        choices=tuple(sorted(NOTATIONS)),
    ),
    Option(
        "sdk",
        "The package that the examples import from.",
        default="sdk",
        pattern=_MODULE,
        hint="the name of a package, such as @acme/sdk or github.com/acme/sdk",
    ),
    Option(
        "pages",
        "Spec package -> the package that pages show it as; `models` is the top one."
        " Default: its own name.",
        kind="names",
        default={},
    ),
    Option(
        "folder",
        "The folder below `out` that links do not name, such as docs.",
        default="",
        pattern=_FOLDERS,
        hint="a relative path, such as docs",
    ),
    Option(
        "above",
        "Those of the folders above `models` that links name, as sdk in ../../../sdk/models/.",
        default="",
        pattern=_FOLDERS,
        hint="a relative path, such as sdk",
    ),
    Option(
        "index",
        "Whether each package has a README.md that lists it.",
        kind="flag",
        default=True,
    ),
    Option(
        "types",
        "How types stand in tables: in italics, or as code on the newer pages of Go.",
        default="italics",
        choices=("italics", "code"),
    ),
    Option(
        "files",
        "What the file of a page is called: lineitem.md, line-item.md or line_item.md.",
        default="joined",
        choices=tuple(FILES),
    ),
    Option(
        "dates",
        "How a date is shown: as the SDK's own type; as that, with a page of its own, in Go; or"
        " as a native Date in TypeScript.",
        default="types",
        choices=("types", "page", "native"),
    ),
    Option(
        "qualified",
        "Whether links name the package of what they lead to, as components.Money; older pages"
        " do not, if it is their own.",
        kind="flag",
        default=True,
    ),
    Option(
        "generics",
        "How tables write lists and maps in Python: List[...] and Dict[...], or, on older"
        " pages, in lower case.",
        default="List",
        choices=("List", "list"),
    ),
    Option(
        "any",
        "What Go calls a value of any type; older pages say interface{}.",
        default="any",
        choices=ANYTHING,
    ),
    Option(
        "wrapped",
        "Whether what may be both absent and null is an OptionalNullable in Go.",
        kind="flag",
        default=False,
    ),
    Option(
        "enums",
        "How pages list an enum in Python and TypeScript: its values, or a table with names.",
        default="values",
        choices=("values", "names"),
    ),
    Option(
        "usage",
        "Whether the pages of enums have an example in Go and Python, as in TypeScript.",
        kind="flag",
        default=False,
    ),
    Option(
        "examples",
        "Whether pages have an example in TypeScript.",
        kind="flag",
        default=True,
    ),
    Option(
        "captured",
        "Where the pages of open enums say, in TypeScript, how other values are kept: above"
        " the values, or in the example.",
        default="nowhere",
        choices=("nowhere", "values", "example"),
    ),
    Option(
        "headings",
        "What stands above a member of a union in Python, or above a date in one in Go: its type;"
        " or its title, if it has one.",
        default="types",
        choices=("types", "titles"),
    ),
    Option(
        "unions",
        "What a link to a union says in Python: its name; on older pages, the types in it.",
        default="names",
        choices=("names", "types"),
    ),
    Option(
        "arrays",
        "How the pages of unions write a list in TypeScript: string[] or Array<string>.",
        default="brackets",
        choices=("brackets", "generic"),
    ),
    Option(
        "imports",
        "What examples in TypeScript import from: a folder, the file of what is imported, or"
        " the package itself.",
        default="folders",
        choices=("folders", "files", "package"),
    ),
    Option(
        "layout",
        "How examples in TypeScript are laid out: each list over several lines, or, on older"
        " pages, a short one on one line, and all of it indented by four.",
        default="expanded",
        choices=("expanded", "compact"),
    ),
    Option(
        "texts",
        "How a text of several lines stands in examples in TypeScript: each line joined to the"
        " next by a +; on one line, with escapes; or broken into lines.",
        default="joined",
        choices=LINES,
    ),
    Option(
        "decimals",
        "Whether a fraction in examples has at least two digits in TypeScript.",
        kind="flag",
        default=False,
    ),
    Option(
        "samples",
        "Whether the pages of unions show a value of each type in TypeScript; older pages have"
        " an example of the union.",
        kind="flag",
        default=True,
    ),
    Option(
        "streams",
        "What stands below a stream of events on the pages of unions in TypeScript: nothing,"
        " or a declaration without a value.",
        default="nothing",
        choices=("nothing", "declared"),
    ),
    Option(
        "discrimination",
        "Whether the pages of unions tell how to find the member, in Go.",
        kind="flag",
        default=False,
    ),
    Option(
        "ends",
        "How pages end: as usual, which depends on what they show; or with one line feed each.",
        default="usual",
        choices=("usual", "line"),
    ),
)


_OF_A_SET: Final = "notation pages folder files index enums usage examples"
OF_A_PAGE: Final = {
    option.name: option for option in OPTIONS if option.name not in _OF_A_SET.split()
}
"""The options that may differ on a page: those that its spec has no other key for."""


def with_options(settings: Settings, given: Mapping[str, str]) -> Settings:
    """Return settings with what a page has otherwise; an option that cannot be is left out."""
    read = {
        name: text == "true" if OF_A_PAGE[name].kind == "flag" else text
        for name, text in given.items()
        if not option_problem(name, text)
    }
    return replace(settings, options={**settings.options, **read})


def option_problem(name: str, text: str) -> str:
    """Return why a page cannot have this option, empty if it can."""
    option = OF_A_PAGE.get(name)
    if option is None:
        return f'a page has no option "{visible(name)}"'
    choices = ("true", "false") if option.kind == "flag" else option.choices
    if choices and text not in choices:
        return f'the option "{name}" must be {" or ".join(choices)}'
    if option.pattern and not option.pattern.fullmatch(text):
        return f'the option "{name}" must be {option.hint}'
    return ""


def dialect_of(settings: Settings) -> Dialect:
    """Return what the pages of a target show alike, as its options say."""
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
