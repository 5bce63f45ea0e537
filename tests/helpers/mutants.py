"""Generated code that contains all its mutants, and chooses one while it runs.

Compilers and Node start slowly, so one program tries all mutants: a document of the model `Mutant`
says which one answers the documents after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from helpers.projects import texts_of, write
from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.expected import agrees, expected
from modelsync.verify.vectors import cases

Run: TypeAlias = Callable[[Path, Sequence[Case]], Sequence[Outcome]]
"""Returns the outcomes of cases of the code in a folder, in order."""

MODEL: Final = """\
---
model: Mutant
fields: {number: {type: int32, required: true, minimum: 0}}
"""
"""Chooses a mutant, by its number from 1, or the unchanged code. Each spec must have it."""


_PARTS: Final = 5
"""In how many parts the cases run. A mutant that a part finds does not run in the others."""


class Choice(NamedTuple):
    """An expression of the generated code, and the wrong expressions of its mutants."""

    path: str
    start: int
    end: int
    """Where `picked` replaces the code."""
    right: str
    wrong: Mapping[str, str]
    """The expressions, by a description of the mutant."""
    picked: str = "{}"
    """The code around the expression."""


class _Language(NamedTuple):
    support: str
    """The file that has `choose` and `pick`."""
    functions: str
    file: str
    """The file of the model `Mutant`."""
    check: str
    """The line before which it chooses, and how."""
    choose: str
    pick: str


_LANGUAGES: Final = {
    "python": _Language(
        "models/wire.py",
        """

_mutant = 0


def choose(number):
    global _mutant
    _mutant = number


def pick(first, right, *wrong):
    number = _mutant - first
    return wrong[number] if 0 <= number < len(wrong) else right
""",
        "models/mutant.py",
        "    if value < 0:\n",
        "    wire.choose(value)\n",
        "wire.pick",
    ),
    "go": _Language(
        "models/internal/codec/mutant.go",
        """package codec

var mutant int32

func Choose(number int32) {
	mutant = number
}

func Pick[T any](first int32, right T, wrong ...T) T {
	if number := int(mutant - first); number >= 0 && number < len(wrong) {
		return wrong[number]
	}
	return right
}
""",
        "models/mutant.go",
        "\tif v < 0 {\n",
        "\tcodec.Choose(v)\n",
        "codec.Pick",
    ),
    "typescript": _Language(
        "models/_wire.ts",
        """
let mutant = 0;

export function choose(number: number): void {
  mutant = number;
}

export function pick<T>(first: number, right: T, ...wrong: T[]): T {
  return mutant >= first && mutant < first + wrong.length ? wrong[mutant - first] : right;
}
""",
        "models/mutant.ts",
        "  if (number < 0) {\n",
        "  wire.choose(number);\n",
        "wire.pick",
    ),
}


def missed(made: Target, choices: Sequence[Choice], run: Run, folder: Path) -> list[str]:
    """Return the mutants that no case of `verify` finds, in the order of the choices.

    The outcomes of the unchanged code must all be right.
    """
    write(folder, _with_choices(made, choices))
    asked = [case for case in cases(made.schema) if case.definition != "Mutant"]
    names = ["unchanged", *(what for choice in choices for what in choice.wrong)]
    left = list(range(len(names)))
    for start in range(_PARTS):
        part = asked[start::_PARTS]
        wanted = [expected(made.schema, case, made.holds) for case in part]
        every: list[Case] = []
        for number in left:
            every += [Case("Mutant", f'{{"number": {number}}}'.encode()), *part]
        outcomes = iter(run(folder / made.settings.out, every))
        missed_before, left = left, []
        for number in missed_before:
            assert next(outcomes).accepted
            if all(list(map(agrees, islice(outcomes, len(part)), wanted))):
                left.append(number)
        assert left[:1] == [0], "the unchanged code has a wrong outcome"
    return [names[number] for number in left[1:]]


def _with_choices(made: Target, choices: Sequence[Choice]) -> dict[str, str]:
    """Return the generated code with all mutants."""
    language = _LANGUAGES[made.settings.target]
    texts = texts_of(made)
    numbers = []
    number = 1
    for choice in choices:
        numbers.append(number)
        number += len(choice.wrong)
    numbered = zip(numbers, choices, strict=True)
    # The last one of a file first: the others stay where they are.
    for number, choice in sorted(numbered, key=lambda each: each[1].start, reverse=True):
        values = ", ".join([str(number), choice.right, *choice.wrong.values()])
        text = texts[choice.path]
        picked = choice.picked.format(f"{language.pick}({values})")
        texts[choice.path] = text[: choice.start] + picked + text[choice.end :]
    assert language.check in texts[language.file]
    texts[language.support] = texts.get(language.support, "") + language.functions
    texts[language.file] = texts[language.file].replace(
        language.check, language.choose + language.check
    )
    return texts
