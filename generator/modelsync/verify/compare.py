"""Compare the outcomes of each target with the expected ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from modelsync.errors import Position
from modelsync.progress import Progress
from modelsync.schema.definitions import Model
from modelsync.schema.schema import Schema
from modelsync.schema.validation import path_text
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.execution import Execution
from modelsync.verify.expected import Expectations, Language, agrees


class Answer(NamedTuple):
    """The outcome of a case in one target."""

    expected: Outcome | None
    """None: anything except a crash."""
    actual: Outcome
    agrees: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case in which the outcome of at least one target is not the expected one."""

    case: Case
    position: Position
    """The position in the spec that the case tests."""
    answers: Mapping[str, Answer]
    """The answer of each target, by its name."""

    @property
    def wrong(self) -> tuple[str, ...]:
        """The targets whose outcome is not the expected one."""
        return tuple(name for name, answer in self.answers.items() if not answer.agrees)


def disagreements(
    schema: Schema, cases: Sequence[Case], executions: Sequence[Execution], progress: Progress
) -> Iterator[Disagreement]:
    """Yield the cases in which a target's outcome is not the expected one."""
    outcomes = {run.name: run.outcomes for run in executions if run.outcomes}
    expectations = Expectations(
        {
            run.name: Language(run.target.schema, run.target.holds, bool(run.validator))
            for run in executions
            if run.outcomes
        }
    )
    for index, case in enumerate(cases):
        progress("comparing: case", index, len(cases))
        expected = expectations.of(case)
        answers = {
            name: Answer(expected[name], by_case[index], agrees(by_case[index], expected[name]))
            for name, by_case in outcomes.items()
            if index in by_case
        }
        if not all(answer.agrees for answer in answers.values()):
            yield Disagreement(case, _position(schema, case, answers.values()), answers)


def _position(schema: Schema, case: Case, answers: Collection[Answer]) -> Position:
    """Return the position of the field that all errors are about, else the position of the case.

    A case for an entire document may reveal an error in one field.
    """
    definition = schema.by_id[case.definition]
    if case.position != definition.position or not isinstance(definition, Model):
        return case.position
    outcomes = [
        outcome for answer in answers for outcome in (answer.expected, answer.actual) if outcome
    ]
    paths = {outcome.path for outcome in outcomes if outcome.path}
    positions = {_field_position(definition, path) for path in paths}
    return positions.pop() or case.position if len(positions) == 1 else case.position


def _field_position(model: Model, path: str) -> Position | None:
    """Return the position of the field that a path leads to, or into."""
    for field in model.fields:
        start = path_text((field.json_key,))
        if path == start or path.startswith((f"{start}.", f"{start}[")):
            return field.position
    return None
