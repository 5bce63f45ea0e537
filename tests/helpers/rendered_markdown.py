"""Markdown as GitHub and MkDocs render it: its elements and the text that readers see."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import markdown  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

EXTENSIONS: Final = (
    *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
    *("pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details"),
    *("pymdownx.keys", "pymdownx.mark", "pymdownx.superfences", "pymdownx.tabbed"),
    *("pymdownx.tasklist", "pymdownx.tilde"),
)
"""The extensions that MkDocs always uses, and those that the docs of Material recommend."""


def github(text: str) -> str:
    """Return the HTML of GitHub Flavored Markdown, in which raw HTML is allowed."""
    rendered: str = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    return rendered


def mkdocs(text: str) -> str:
    """Return the HTML of Python-Markdown with the extensions of sites."""
    rendered: str = markdown.markdown(text, extensions=list(EXTENSIONS))
    return rendered


class Page(HTMLParser):
    """The start tags of HTML, without those of tables, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.text += " " if tag in ("br", "p", "td", "th", "h1", "h2") else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def unknown_decl(self, data: str) -> None:
        self.tags.append("<![")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("<!")

    def handle_pi(self, data: str) -> None:
        self.tags.append("<?")

    def handle_comment(self, data: str) -> None:
        self.tags.append("<!--")


def seen(text: str) -> str:
    """Return a text without what readers do not see: backticks, and spaces next to others."""
    return re.sub(r"\s+", " ", text.replace("`", "")).strip()
