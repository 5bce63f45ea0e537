"""Whether a text matches a pattern, and texts that match it or do not.

This is the reference: it follows the syntax tree, and shares nothing with the translations and the
regular expressions of any language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from modelsync.patterns import syntax
from modelsync.patterns.syntax import (
    WORD,
    Anchor,
    Chars,
    Choice,
    Node,
    Repeat,
    contains,
)

_Step: TypeAlias = "tuple[Node | None, int, int]"


class Matcher:
    """A pattern as a list of instructions, which reads a text once and tracks every way at once."""

    def __init__(self, pattern: Node) -> None:
        self._program: list[_Instruction] = []
        self._add(pattern)
        self._program.append(_Instruction())

    def search(self, text: str) -> bool:
        """Return whether the text contains a match."""
        states: set[int] = set()
        for at in range(len(text) + 1):
            # A match may begin at every character.
            states |= {0}
            states = self._reached(states, text, at)
            if len(self._program) - 1 in states:
                return True
            if at < len(text):
                states = {state + 1 for state in states if self._reads(state, ord(text[at]))}
        return False

    def _reads(self, state: int, char: int) -> bool:
        node = self._program[state].node
        return isinstance(node, Chars) and contains(node.ranges, char)

    def _reached(self, states: set[int], text: str, at: int) -> set[int]:
        """Return the states that can be reached without reading a character."""
        reached: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            instruction = self._program[state]
            waiting += instruction.jumps
            if isinstance(instruction.node, Anchor) and _holds(instruction.node, text, at):
                waiting.append(state + 1)
        return reached

    def _add(self, node: Node) -> None:
        match node:
            case syntax.Sequence(parts=parts):
                for part in parts:
                    self._add(part)
            case Choice(branches=branches):
                ends = []
                for branch in branches:
                    choice = self._jump()
                    choice.jumps.append(len(self._program))
                    self._add(branch)
                    ends.append(self._jump())
                    choice.jumps.append(len(self._program))
                # The last choice leads nowhere: no branch is left.
                choice.jumps.pop()
                for end in ends:
                    end.jumps.append(len(self._program))
            case Repeat():
                self._add_repeat(node)
            case _:
                self._program.append(_Instruction(node))

    def _add_repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self._add(node.part)
        if node.most is None:
            loop = self._jump()
            start = len(self._program) - 1
            self._add(node.part)
            self._jump().jumps.append(start)
            loop.jumps += [start + 1, len(self._program)]
            return
        optional = []
        for _ in range(node.most - node.least):
            optional.append(self._jump())
            optional[-1].jumps.append(len(self._program))
            self._add(node.part)
        for jump in optional:
            jump.jumps.append(len(self._program))

    def _jump(self) -> _Instruction:
        instruction = _Instruction()
        self._program.append(instruction)
        return instruction


@dataclass(slots=True)
class _Instruction:
    """Read a character, or be at an anchor; or go to all of `jumps`."""

    node: Chars | Anchor | None = None
    jumps: list[int] = field(default_factory=list)


def _holds(anchor: Anchor, text: str, at: int) -> bool:
    match anchor.kind:
        case "start":
            return at == 0
        case "end":
            return at == len(text)
        case "word":
            before = at > 0 and contains(WORD, ord(text[at - 1]))
            after = at < len(text) and contains(WORD, ord(text[at]))
            return before != after
