"""The options of single pages in the Markdown target."""

from __future__ import annotations

import pytest

from modelsync.errors import Position
from modelsync.schema.definitions import Model
from modelsync.schema.page_overrides import DefinitionPage
from modelsync.schema.schema import Schema
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "wide"}, "option `layout` must be `expanded` or `compact`"),
        ({"samples": "no"}, "option `samples` must be `true` or `false`"),
        ({"sdk": "a b"}, "option `sdk` must be the name of a package"),
        ({"files": "kebab"}, "`files` is not an option of a page"),
    ],
)
def test_an_option_that_a_page_cannot_have_is_a_problem(
    options: dict[str, str], message: str
) -> None:
    cls = target_class("markdown")
    page_ = DefinitionPage(options=options)
    schema = Schema(
        (Model(package="", name="A", position=Position("a.yaml", 3), pages={"go": page_}),)
    )
    given = cls.defaults() | {"notation": "go"}
    (problem,) = problems_of([cls(schema, Settings("docs", "markdown", "out", options=given))])
    assert (problem.code, problem.position.line) == ("MS074", 3)
    assert problem.message.startswith(message)
