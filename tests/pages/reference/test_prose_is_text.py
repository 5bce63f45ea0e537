"""Text of specs on pages: renderers show all of it, and it adds no markup."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.rendered_markdown import Page, github, mkdocs, seen
from helpers.strategies import PROSE
from modelsync.pages.reference.prose import block, cell

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:x) ![b](c.png) <https://x.example> [ref]\n\n[ref]: https://x.example",
    "# a\n## b\n\na\n===\nb\n---\n\n* * *\n***\n___",
    "\n1. a\n\n2. b\n3. ",
    "- a\n- b\n\n+ c\n* d\n1. e\n2) f\n- [ ] g",
    "> quote\n>> more",
    "    indented\n\n\tcode",
    "```\nfence\n```\n~~~\ntildes\n~~~",
    "a | b\n--- | ---\nc | d",
    "~~no~~ ^^up^^ ==mark== ++ctrl++ H~2~O x^2^ {++in++} {--out--} {>>note<<}",
    '!!! note\n    text\n\n??? tip\n    text\n\n=== "tab"\n    text',
    "term\n:   definition\n\n*[HTML]: Hyper\n\nHTML [^1]\n\n[^1]: note",
    "word {#id .class} word { onclick=x }\n{: .a }",
    "&copy; &#60;b&#62; &lt; &amp;lt; & &x",
    "\\*not\\* \\",
    "`a` ``b`` `` ` `` ```c``` `<b>` `\\` `|` `a\tb` `a\nb`",
    "__init__ _a_ a_b *a* **b** _a_b_ a*b*c",
    "$x$ $$y$$ \\(z\\)",
    "<!-- comment\n\n<? php\n\n<![CDATA[ x ]]>\n\n<!DOCTYPE html>",
    "\na\n\n\n\nb\n\n",
    "  a  \n  b  \n",
    "<div markdown>\n\n# x\n\n</div>",
    '[TOC]\n\n[[wiki]]\n\n--8<-- "x"\n\n::: module',
    "a\\\nb  \nc",
)
EXTRA = st.lists(
    st.sampled_from(
        (
            *(
                "<b>",
                "</b>",
                "<",
                ">",
                "[",
                "](x)",
                "![",
                "[^1]",
                "\n[^1]: ",
                "{",
                "}",
                "{#i}",
                "$",
            ),
            *("_", "__", "*", "**", "~~", "==", "^^", "`", "``", "\n", "\n\n", " ", "    ", "\t"),
            *(
                "a",
                "b ",
                "1. ",
                "1) ",
                "+ ",
                "- ",
                "# ",
                "---",
                "===",
                "> ",
                ": ",
                ":   ",
                "|",
                "!",
            ),
            *(
                "!!! a",
                "??? a",
                '=== "a"',
                "*[a]: ",
                "&lt;",
                "&",
                "#60;",
                "\\",
                "~~~",
                "```",
                "!--",
            ),
            *(
                "é",
                "名",
                "import ",
                "export ",
                "1",
                ".",
                "http://a.example",
                "a@b.example",
                "^",
                "~",
            ),
        )
    ),
    max_size=9,
).map("".join)
# Python-Markdown drops these two characters, which it uses as marks.
TEXTS = (PROSE | EXTRA).filter(lambda text: not {"\x02", "\x03"} & set(text))
RENDERERS = pytest.mark.parametrize("render", [github, mkdocs])
START = "# Title\n\n"
END = "\n\n_Facts._\n\n| A | B |\n| --- | --- |\n| a | b |\n"


def check(render: Callable[[str], str], text: str) -> None:
    frame = Page(render(f"{START}text{END}"))
    shown = Page(render(f"{START}{block(text) or '&#32;'}{END}"))
    of_text = {"p", "br", "code"}
    assert [tag for tag in shown.tags if tag not in of_text] == [
        tag for tag in frame.tags if tag not in of_text
    ], block(text)
    assert shown.attributes == frame.attributes, block(text)
    assert seen(shown.text) == seen(f"Title {text} Facts. A B a b"), block(text)

    row = "{0}| A | B |\n| --- | --- |\n| {1} | **Deprecated.** {1}<br />_Facts._ |\n"
    frame = Page(render(row.format(START, "text")))
    shown = Page(render(row.format(START, cell(text))))
    assert [tag for tag in shown.tags if tag not in of_text] == [
        tag for tag in frame.tags if tag not in of_text
    ], cell(text)
    assert shown.attributes == frame.attributes, cell(text)
    assert seen(shown.text) == seen(f"Title A B {text} Deprecated. {text} Facts."), cell(text)


@RENDERERS
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(render: Callable[[str], str], text: str) -> None:
    check(render, text)


@RENDERERS
@given(text=TEXTS)
def test_any_text_is_shown_as_it_is(render: Callable[[str], str], text: str) -> None:
    check(render, text)
