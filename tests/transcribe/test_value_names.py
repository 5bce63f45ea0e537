"""The names of the values of enums, on pages of several languages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest

from helpers.page_sets import (
    IN,
    Returned,
    all_back,
    fields,
    literals,
    returned,
    values,
)
from modelsync.naming import pascal
from modelsync.schema.definitions import Enum
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target

Folders = Mapping[str, Mapping[str, str]]


def code(back: Returned, language: str) -> Target:
    """Return the target of a language, for the schema of the specs."""
    cls = target_class(language)
    options = dict(cls.defaults())
    if language == "go":
        options |= {"module": "example.com/x", "join": back.run.join}
    return cls(back.schema, Settings(language, language, "out", options=options))


SORTS = ("created_at", "-created_at", "email", "-email", "size")


TITLES = [f"{name}Sort" for name in ("User", "Team", "Order", "Item", "Tag", "Role", "Key", "Job")]


TITLES += [f"{name}By" for name in TITLES]


LANGUAGES = ("go", "python", "typescript")


def sorts(languages: tuple[str, ...], order: tuple[str, ...]) -> Folders:
    """Return the pages of many enums of one kind; those of TypeScript show no names."""

    def words(value: str) -> str:
        return f"minus {value[1:]}" if value.startswith("-") else value

    def of(title: str, language: str) -> str:
        if language == "typescript":
            return literals(title, order)
        if language == "go":
            return values(title, *((title + pascal(words(value)), value) for value in order))
        shown = {value: words(value).upper().replace(" ", "_") for value in order}
        return values(title, *((shown[value], value) for value in order), fence="python")

    return {
        language: {f"{IN}{title.lower()}.md": of(title, language) for title in TITLES}
        for language in languages
    }


@pytest.mark.parametrize("order", [SORTS, SORTS[::-1]])
@pytest.mark.parametrize(
    "languages", [each for size in (1, 2, 3) for each in combinations(LANGUAGES, size)]
)
def test_values_that_differ_in_a_sign_are_named_after_it_in_every_language(
    languages: tuple[str, ...], order: tuple[str, ...]
) -> None:
    back = returned(sorts(languages, order))
    for language in LANGUAGES:
        target = code(back, language)
        names = {
            "go": {f"{title}{end}" for title in TITLES for end in ("MinusEmail", "Email")},
            "python": {"MINUS_EMAIL", "EMAIL"},
            "typescript": {"MinusEmail", "Email"},
        }[language]
        made = {
            name for (_, wire), name in target.value_names.items() if str(wire).endswith("email")
        }
        assert made == names


@pytest.mark.parametrize(
    ("wires", "expected"),
    [
        (["a b", "a-b", "a_b"], {"AB", "AB2", "AB3"}),
        (["+1", "-1"], {"Plus1", "Minus1"}),
        (["*", "**"], {"Asterisk", "AsteriskAsterisk"}),
        (["!a", "a", "+a"], {"NotA", "A", "PlusA"}),
    ],
)
def test_values_without_a_name_get_a_distinct_one(wires: list[str], expected: set[str]) -> None:
    back = returned({"ts": {f"{IN}kind.md": literals("Kind", wires)}})
    assert set(code(back, "typescript").value_names.values()) == expected


def test_a_name_that_code_cannot_have_stays_on_the_pages_of_its_language() -> None:
    # Code in Go has a function of the name.
    folders = {
        "go": {
            f"{IN}a.md": fields("A", ["ID", "*int64*"]),
            f"{IN}kind.md": values("Kind", ("DecodeKind", "decode"), ("KindB", "b")),
        },
        "py": {
            f"{IN}a.md": fields("A", ["id", "*int*"]),
            f"{IN}kind.md": values("Kind", ("DECODE", "decode"), ("B", "b"), fence="python"),
        },
    }
    back = returned(folders)
    kind = back.schema.by_id["components.Kind"]
    assert isinstance(kind, Enum)
    assert kind.values[0].pages["go"].name == "DecodeKind"
    assert code(back, "go").value_names[kind.id, "decode"] == "KindDecode"


def test_one_name_for_two_values_is_reported() -> None:
    text = values("Kind", ("KindA", "a"), ("KindA", "b"))
    back = all_back({"go": {f"{IN}kind.md": text}})
    (problem,) = back.run.problems
    assert (problem.code, problem.position.line) == ("MS116", 9)
