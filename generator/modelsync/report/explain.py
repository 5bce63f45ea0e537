"""What there is to say of where a generated file comes from, and how people read it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modelsync.commands.explanation import Explanation, LineOrigin, OptionValue, Uses
from modelsync.errors import Position, excerpt, visible
from modelsync.plan.changes import because


def shown(explanation: Explanation | Uses, command: str, verbose: bool = False) -> Iterator[str]:
    """Yield the lines that tell an explanation to people.

    `command` is the one that mends a drift; if it is to be `verbose`, no cause is left out.
    """
    if isinstance(explanation, Uses):
        yield from _shown_uses(explanation)
        return
    line = explanation.line
    state = _state(explanation, command, verbose)
    yield f"{explanation.path}{f':{line.number}' if line else ''}: {state}"
    if line is not None:
        yield from _shown_line(line, explanation, command)
        return
    settings = explanation.settings
    if settings is None or explanation.template is None:
        return
    yield f"target: {settings.name} ({settings.position})"
    built_in = ", which is built in" if explanation.ejectable else ""
    yield f"template: {explanation.template.path}{built_in}"
    for definition in explanation.definitions:
        kind = type(definition).__name__.lower()
        yield f"{kind}: {definition.name} ({definition.position})"
    for option in explanation.options:
        yield f"option: {_option(option)}"


def _shown_uses(uses: Uses) -> Iterator[str]:
    yield f"{uses.path}{f':{uses.line}' if uses.line else ''}: {', '.join(uses.what)}"
    for path, line, text in uses.found:
        yield f"{path}:{line}: {_line_text(text.strip())}" if line else path


def _state(explanation: Explanation, command: str, verbose: bool) -> str:
    change = explanation.change
    if change is None:
        return "in sync"
    return f"{change.kind}: {because(change, verbose)}; `{command}` mends it"


def _shown_line(line: LineOrigin, explanation: Explanation, command: str) -> Iterator[str]:
    yield f"  {_line_text(line.text)}"
    if line.wanted is None:
        yield f"this line comes from no spec and no template: `{command}` takes it away"
        return
    if line.wanted != line.text:
        edited = explanation.change is not None and explanation.change.edited
        why = "edited by hand" if edited else "of an earlier run"
        yield f"this line is {why}; in its place belongs"
        yield f"  {_line_text(line.wanted)}"
    if line.spec is None:
        yield "spec: none, the line is there for the file as a whole"
    else:
        yield f"spec: {line.what}" if line.what else "spec:"
        yield from _shown_place(line.spec, explanation.texts)
    if line.template is not None:
        yield "template:" if not explanation.ejectable else "template, built in:"
        yield from _shown_place(line.template, explanation.texts)
    for option in line.options:
        yield f"option: {_option(option)}"


def _line_text(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _option(option: OptionValue) -> str:
    where = f"({option.position})" if option.position else "(by default)"
    return f"{option.name}: {option.value} {where}"


def _shown_place(place: Position, texts: Mapping[str, str]) -> Iterator[str]:
    gutter = len(str(place.line))
    yield f"{' ' * gutter}--> {place}"
    if place.path in texts:
        yield from excerpt(place, texts[place.path], gutter)
