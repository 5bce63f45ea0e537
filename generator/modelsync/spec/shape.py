"""Which keys a spec may hold: one table for the reader and for the JSON Schema of editors.

A :class:`Shape` is a mapping with known keys. What each :attr:`Key.kind` means is said twice,
side by side with this table: by the reader (`reader.py`) and in `json_schema.py`; a test holds
the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: its kind of value, and what it is for in one sentence."""

    name: str
    kind: str
    doc: str
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping with known keys; `what` is what messages call it."""

    what: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        """Return the key called `name`, or None."""
        return next((key for key in self.keys if key.name == name), None)


_DESCRIPTION: Final = Key("description", "text", "What it is, for the documentation.")
_DEPRECATED: Final = Key("deprecated", "reason", "`true`, or the reason why it goes away.")
_NAMES: Final = Key("names", "names", "The identifier per target, where the derived one is wrong.")
_INFERRED: Final = Key(
    "inferred", "flag", "Nobody wrote this down: it was seen in the example of another definition."
)
_ONLY: Final = Key("only", "languages", "The languages that have it. Default: all.")

FIELD_PAGE: Final = Shape(
    "what a page says otherwise",
    (
        Key("name", "text", "The name on the page, where code cannot have it."),
        Key("type", "type", "The type that the page shows."),
        Key("nullable", "flag", "Whether the page says of an `any` that it may be null."),
        Key(
            "wrapper",
            "choice",
            "What stands around the type in Python, where that contradicts the rest.",
            choices=("none", "Optional", "Nullable", "OptionalNullable"),
        ),
        Key("cell", "text", "The text in the type's cell, where no type makes it."),
        Key("required", "flag", "Whether the page shows it as required."),
        Key("description", "text", "The description on the page."),
        Key("examples", "texts", "The examples, as the page writes them."),
        Key("deprecated", "shown reason", "`true`, `false`, or the reason that the page shows."),
    ),
)

VALUE_PAGE: Final = Shape(
    "what a page shows differently",
    (Key("name", "text", "The name on the page, where code cannot have it."),),
)

DEFINITION_PAGE: Final = Shape(
    "what a page says otherwise",
    (
        Key("name", "text", "The title of the page, where code cannot have it."),
        Key("file", "text", "What the page is called, without its ending."),
        Key("module", "text", "The file that examples import it from, if that is another one."),
        Key("description", "text", "The description on the page."),
        Key("deprecated", "shown reason", "`true`, `false`, or the reason that the page shows."),
        Key("open", "flag", "Whether the page shows an enum, or a union in Go, as open."),
        Key(
            "named", "flag", "Whether the page of an enum has names, where most have it otherwise."
        ),
        Key(
            "usage", "flag", "Whether the page has an example, where most pages have it otherwise."
        ),
        Key("order", "texts", "The fields or the values of the page, in its order."),
        Key("members", "shown types", "The members of a union on its page; they may repeat."),
        Key("tags", "texts", "What the page calls the members of a union, in their order."),
        Key("example", "value", "The example of the page; it need not fit the fields."),
        Key("examples", "values", "The examples of a union's page, one for each member."),
        Key("code", "text", "The code of the example, where its value does not make it."),
        Key("heads", "texts", "What stands above each member of a union, without backticks."),
        Key("codes", "texts", "The code of each member of a union, where no value makes it."),
        Key("more", "text", "What is behind the members of a union, where nothing else makes it."),
        Key("width", "count", "The width of the table's columns, if it is not the usual one."),
        Key("options", "text map", "The options of the Markdown target that differ on this page."),
    ),
)

_FIELD_PAGES: Final = Key(
    "pages", "field pages", "What the pages of a language say otherwise, by language."
)
_VALUE_PAGES: Final = Key(
    "pages", "value pages", "What the pages of a language show differently, by language."
)
_PAGES: Final = Key(
    "pages",
    "definition pages",
    "What the page of a language says otherwise, by language; `false` where it has none.",
)

FIELD: Final = Shape(
    "a field",
    (
        Key("type", "type", "The type: `string`, `list[User]`, `Order | null`, ...", needed=True),
        Key("required", "flag", "Whether the key must be there. Default: false."),
        _DESCRIPTION,
        Key("example", "value", "A value, as the documentation shows it."),
        Key("examples", "values", "Several values, as the documentation shows them."),
        Key("default", "value", "The value that an absent key means."),
        _DEPRECATED,
        _NAMES,
        _ONLY,
        _FIELD_PAGES,
    ),
)

MODEL: Final = Shape(
    "a model",
    (
        Key("model", "name", "The name of the model: a record.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        _ONLY,
        _PAGES,
        Key("fields", "fields", "The fields, by their JSON keys, in order.", needed=True),
        Key("example", "value", "A whole document, as the documentation shows it."),
    ),
)

ENUM_VALUE: Final = Shape(
    "a value of an enum", (_DESCRIPTION, _DEPRECATED, _NAMES, _ONLY, _VALUE_PAGES)
)

ENUM: Final = Shape(
    "an enum",
    (
        Key("enum", "name", "The name of the enum: a set of values.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        _ONLY,
        _PAGES,
        Key("type", "choice", "What the values are.", choices=("string", "int64")),
        Key("values", "enum values", "The values, each with its description.", needed=True),
        Key("open", "flag", "Whether unknown values are kept. Default: false, they are refused."),
        Key("example", "value", "A value, as the documentation shows it."),
    ),
)

UNION: Final = Shape(
    "a union",
    (
        Key("union", "name", "The name of the union: one of several types.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        _ONLY,
        _PAGES,
        Key("discriminator", "text", "The field whose value tells the members apart."),
        Key("members", "types", "The types that it can be, in the order of trying.", needed=True),
        Key("mapping", "mapping", "Value of the discriminator -> member."),
        Key(
            "overlapping", "flag", "That an earlier member covers a later one is known, and meant."
        ),
        Key("example", "value", "A value, as the documentation shows it."),
    ),
)

EXTERNAL: Final = Shape(
    "an external type",
    (
        Key("external", "name", "The name of a type that docs show, and no spec defines.", True),
        _DESCRIPTION,
        _ONLY,
        Key("shown", "text map", "How each language writes it, by language.", needed=True),
        Key("links", "text map", "Where it leads, by language."),
    ),
)

DEFINITIONS: Final = {"model": MODEL, "enum": ENUM, "union": UNION, "external": EXTERNAL}
"""The shape of a document, by the key that says what it defines."""
