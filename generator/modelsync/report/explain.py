"""The lines that `modelsync explain` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modelsync.commands.explained import Explanation, LineOrigin, OptionValue, Uses
from modelsync.errors import Position, excerpt, visible
from modelsync.plan.changes import because
from modelsync.schema.definitions import kind_of_definition


def explanation_lines(
    explanation: Explanation | Uses, command: str, verbose: bool = False
) -> Iterator[str]:
    """Yield the lines of an explanation.

    `command` is the command line that fixes a drift. With `verbose`, all causes are shown.
    """
    if isinstance(explanation, Uses):
        yield from _uses_lines(explanation)
        return
    line = explanation.line
    state = _state(explanation, command, verbose)
    yield f"{explanation.path}{f':{line.number}' if line else ''}: {state}"
    if line is not None:
        yield from _origin_lines(line, explanation, command)
        return
    settings = explanation.settings
    if settings is None or explanation.template is None:
        return
    yield f"target: {settings.name} ({settings.position})"
    built_in = " (built in)" if explanation.is_built_in else ""
    yield f"template: {explanation.template.path}{built_in}"
    for definition in explanation.definitions:
        kind = kind_of_definition(definition)
        yield f"{kind}: {definition.name} ({definition.position})"
    for option in explanation.options:
        yield f"option: {_option(option)}"


def _uses_lines(uses: Uses) -> Iterator[str]:
    yield f"{uses.path}{f':{uses.line}' if uses.line else ''}: {', '.join(uses.what)}"
    for path, line, text in uses.uses:
        yield f"{path}:{line}: {_line_text(text.strip())}" if line else path


def _state(explanation: Explanation, command: str, verbose: bool) -> str:
    change = explanation.change
    if change is None:
        return "in sync"
    return f"{change.kind}: {because(change, verbose)}; `{command}` fixes it"


def _origin_lines(line: LineOrigin, explanation: Explanation, command: str) -> Iterator[str]:
    yield f"  {_line_text(line.text)}"
    if line.wanted is None:
        yield f"this line was not generated: `{command}` removes it"
        return
    if line.wanted != line.text:
        edited = explanation.change is not None and explanation.change.edited
        why = "was edited by hand" if edited else "is from an earlier run"
        yield f"this line {why}; it should be:"
        yield f"  {_line_text(line.wanted)}"
    if line.spec is None:
        yield "spec: none, the line belongs to the file as a whole"
    else:
        yield f"spec: {line.what}" if line.what else "spec:"
        yield from _excerpt_lines(line.spec, explanation.texts)
    if line.template is not None:
        yield "template (built in):" if explanation.is_built_in else "template:"
        yield from _excerpt_lines(line.template, explanation.texts)
    for option in line.options:
        yield f"option: {_option(option)}"


def _line_text(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _option(option: OptionValue) -> str:
    where = f"({option.position})" if option.position else "(default)"
    return f"{option.name}: {option.value} {where}"


def _excerpt_lines(position: Position, texts: Mapping[str, str]) -> Iterator[str]:
    gutter = len(str(position.line))
    yield f"{' ' * gutter}--> {position}"
    if position.path in texts:
        yield from excerpt(position, texts[position.path], gutter)
