"""The pages that the Markdown target writes for random schemas, in random dialects."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from modelsync.pages.code import LINES
from modelsync.render.render import render
from modelsync.schema.schema import Schema
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings

DIALECTS = st.fixed_dictionaries(
    {
        "types": st.sampled_from(["italics", "code"]),
        "enums": st.sampled_from(["values", "names"]),
        "arrays": st.sampled_from(["brackets", "generic"]),
        "usage": st.booleans(),
        "examples": st.booleans(),
        "captured": st.sampled_from(["nowhere", "values", "example"]),
        "imports": st.sampled_from(["folders", "files", "package"]),
        "texts": st.sampled_from(LINES),
        "layout": st.sampled_from(["expanded", "compact"]),
        "decimals": st.booleans(),
        "samples": st.booleans(),
        "discrimination": st.booleans(),
        "above": st.sampled_from(["", "sdk", "a/b"]),
        "qualified": st.booleans(),
        "generics": st.sampled_from(["List", "list"]),
        "files": st.sampled_from(["joined", "kebab", "snake"]),
        "dates": st.sampled_from(["types", "page", "native"]),
        "wrapped": st.booleans(),
        "headings": st.sampled_from(["types", "titles"]),
        "any": st.sampled_from(["any", "interface{}"]),
        "unions": st.sampled_from(["names", "types"]),
    }
)
"""The options that define a dialect of pages."""


def pages_of(schema: Schema, notation: str, dialect: dict[str, str | bool]) -> dict[str, str]:
    """Return the pages of a schema by path; skip schemas that pages cannot show exactly."""
    cls = target_class("markdown")
    options: dict[str, Any] = {option.name: option.default for option in cls.options}
    options |= {"notation": notation, "folder": "docs", "index": False, **dialect}
    target = cls(schema, Settings("docs", "markdown", "out", options=options))
    assume(not list(problems_of([target])))
    # Spaces at the ends of a value's name are lost in a cell, and in code around the name.
    assume(all(name and name == name.strip() for name in target.value_names.values()))
    outputs = render([target]).items()
    files = {path.removeprefix("out/"): output.data.decode() for path, output in outputs}
    links = "".join(files.values())
    # The folder above `models` is visible in links to models, but not in links to dates.
    shows_above = re.search(r"\]\((?:\.\./)+\S*models/", links)
    assume(not dialect["above"] or "/types/" not in links or shows_above)
    # Links that spell out a union do not show whether other links name their packages.
    assume(dialect["qualified"] or dialect["unions"] == "names" or "Union[" not in links)
    return files
