"""The links on reference pages, and the definitions that they lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from modelsync.errors import Names, Problem, did_you_mean
from modelsync.pages.reference.page import Text


class Links:
    """The links on one page."""

    def __init__(
        self, page: str, ids: Mapping[str, str], names: Names, problems: list[Problem]
    ) -> None:
        self.folder = page.rpartition("/")[0]
        self.package = ids[page].rpartition(".")[0]
        self.ids = ids
        """The id of the definition on each page, by the path of the page."""
        self.names = names
        """The paths of all pages."""
        self.problems = problems

    def id_of(self, name: str, text: Text, path: Text) -> str:
        """Return the id of the definition that a link points to, or its text if it has no page."""
        target, _, _anchor = path.markdown.partition("#")
        whole = posixpath.normpath(posixpath.join(self.folder, target))
        id_ = self.ids.get(whole)
        if id_ is None:
            near = self.names.nearest(whole)
            help_ = "link to the page of a definition"
            if near is not None:
                help_ = f"did you mean `{posixpath.relpath(near, self.folder or '.')}`?"
            self._problem(path, f"link to `{target}`, which is not a reference page", help_)
            return name
        right = id_.rpartition(".")[2]
        if id_ == right and self.package and f"{self.package}.{id_}" in self.ids.values():
            message = f"`{id_}` in a spec of this package means its own `{id_}`"
            self._problem(path, message, "rename one of the two definitions")
        if name not in (right, id_):
            near = did_you_mean(name, [right]) or f"write `[{right}]({target})`"
            self._problem(text, f"link to the page of `{right}` is called `{name}`", near)
        return id_

    def _problem(self, at: Text, message: str, help_: str) -> None:
        self.problems.append(Problem(at.at(), "MS120", message, help_))
