"""Deeply nested documents of a schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Union
from modelsync.schema.samples import Samples, literal, object_text
from modelsync.schema.tagged import model_of_tag
from modelsync.schema.types import AnyOf, Limited, ListOf, MapOf, Nullable, Ref, Type
from modelsync.verify.strict import nesting

_NO_FIELD: Final = "modelsync key"
"""A key that no field has."""


class Frame(NamedTuple):
    """The text before and after a document inside another one, and its nesting depth there."""

    before: str = ""
    after: str = ""
    depth: int = 0

    def filled(self, text: str) -> str:
        """Return the outer document with `text` in the frame."""
        return self.before + text + self.after

    def within(self, outer: Frame) -> Frame:
        """Return this frame inside `outer`, as one frame."""
        before, after, depth = outer
        return Frame(before + self.before, self.after + after, depth + self.depth)


class Documents(Samples):
    """Generates documents for a schema, also nested ones. Equal schemas give equal documents."""

    keys = ("__proto__", "constructor")  # they have a special meaning in JavaScript
    pairs = True
    longest = 20_000

    def frame(self, model: Model, field: Field) -> Frame | None:
        """Return the frame around the value of `field` in the smallest document of `model`.

        The field comes first. None if the model has no document.
        """
        others = self.without(model, field)
        return None if others is None else frame(field.json_key, others)

    def nests(self, definition: Definition) -> bool:
        """Whether documents of a definition can nest to any depth."""
        return definition.id in self._endless

    def nested(self, start: Definition, depth: int, *, mixed: bool = False) -> str:
        """Return a document that nests `depth` levels, or one less if the last level does not fit.

        Each level uses the first member that can nest to any depth, or with `mixed` each of them in
        turn.
        """
        steps, depth_so_far = [(start.id, Frame())], 0
        visits: Counter[str] = Counter()
        while depth_so_far < depth:
            id_, _ = steps[-1]
            members = self._endless[id_]
            step = members[visits[id_] % len(members) if mixed else 0]
            visits[id_] += 1
            steps.append(step)
            depth_so_far += step[1].depth
        depths = self._depths(steps)
        while depths.pop() > depth:
            steps.pop()
        return self._text(steps)

    def _depths(self, steps: list[tuple[str, Frame]]) -> list[int]:
        """Return how deep the document of each number of steps nests."""
        found = []
        level = around = 0
        for innermost, (before, after, depth) in steps:
            # What a frame has after its value starts at the level of the value.
            around = max(around, level + nesting(before), level + depth + nesting(after))
            level += depth
            found.append(max(around, level + self._nesting_of_smallest(innermost)))
        return found

    def _nesting_of_smallest(self, id_: str) -> int:
        if id_ not in self._smallest_nesting:
            self._smallest_nesting[id_] = nesting(self.smallest[id_])
        return self._smallest_nesting[id_]

    @cached_property
    def _smallest_nesting(self) -> dict[str, int]:
        """How deep the smallest document of some definitions nests."""
        return {}

    def _text(self, steps: list[tuple[str, Frame]]) -> str:
        innermost, _ = steps[-1]
        before = (step.before for _, step in steps)
        after = (step.after for _, step in reversed(steps))
        return "".join((*before, self.smallest[innermost], *after))

    @cached_property
    def _endless(self) -> dict[str, list[tuple[str, Frame]]]:
        """The definitions inside each definition that can nest to any depth, with their frames."""
        contained = {
            item.id: [
                (ref.id, step) for ref, step in self._contained_in(item) if ref.id in self.smallest
            ]
            for item in self.schema.definitions
        }
        holders: dict[str, list[str]] = {id_: [] for id_ in contained}
        for id_, members in contained.items():
            for other, _ in members:
                holders[other].append(id_)
        # Remove definitions that contain no other, then those that contain only removed ones, and
        # so on.
        endless_members = Counter({id_: len(members) for id_, members in contained.items()})
        finite = [id_ for id_ in contained if not endless_members[id_]]
        for id_ in finite:
            for holder in holders[id_]:
                endless_members[holder] -= 1
                if not endless_members[holder]:
                    finite.append(holder)
        return {
            id_: [step for step in members if endless_members[step[0]]]
            for id_, members in contained.items()
            if endless_members[id_]
        }

    def _contained_in(self, definition: Definition) -> Iterator[tuple[Ref, Frame]]:
        """Yield each definition that this one may contain, with the frame around it."""
        match definition:
            case Model(fields=fields, additional_type=additional):
                for field in fields:
                    refs = list(_refs(field.type))
                    outer = self.frame(definition, field) if refs else None
                    if outer is not None:
                        yield from ((ref, inner.within(outer)) for ref, inner in refs)
                others = None if additional is None else self.members(definition)
                if additional is not None and others is not None:
                    outer = frame(_NO_FIELD, others)
                    yield from ((ref, inner.within(outer)) for ref, inner in _refs(additional))
            case Union(discriminator=None, members=types):
                for type_ in types:
                    yield from _refs(type_)
            case Union(discriminator=key, mapping=mapping):
                for tag, _ in mapping:
                    # Of two equal keys the last one counts.
                    model = model_of_tag(self.schema, definition, tag)
                    for ref, (before, after, depth) in self._contained_in(model):
                        tagged = f"{after[:-1]}, {literal(str(key))}: {literal(tag)}}}"
                        yield ref, Frame(before, tagged, depth)
            case Alias(type=type_):
                yield from _refs(type_)
            case Enum():
                return


def frame(key: str, others: Mapping[str, str]) -> Frame:
    """Return the frame around the value of `key` in an object that also has `others`."""
    rest = object_text(others)[1:]
    return Frame(f"{{{literal(key)}: ", f", {rest}" if others else rest, 1)


def _refs(type_: Type) -> Iterator[tuple[Ref, Frame]]:
    """Yield each definition that a type may contain, with the frame around it."""
    match type_:
        case Ref():
            yield type_, Frame()
        case ListOf(item=item):
            for ref, inner in _refs(item):
                yield ref, inner.within(Frame("[", "]", 1))
        case MapOf(value=value):
            for ref, inner in _refs(value):
                yield ref, inner.within(Frame('{"key": ', "}", 1))
        case Nullable(inner=inner_type) | Limited(inner=inner_type):
            yield from _refs(inner_type)
        case AnyOf(members=members):
            for member in members:
                yield from _refs(member)
        case _:
            return
