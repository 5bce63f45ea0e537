"""Find where the lines of a generated file come from: the spec, the template and the options.

The file is rendered again with its provenance (:mod:`modelsync.render.provenance`). To find the
options that a line depends on, it is rendered with other values of each option.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from modelsync import disk
from modelsync.commands.explained import LineOrigin, OptionValue
from modelsync.commands.spec_words import describe_position
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.project.config import NAMING_KEYS
from modelsync.project.config import OptionValue as Value
from modelsync.project.load import Project
from modelsync.project.record import naming_inputs
from modelsync.project.targets import own_templates, targets_of
from modelsync.render.provenance import Trace, Tracer, lines_of
from modelsync.render.templates import TemplateError
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import target_class
from modelsync.targets.base import File, Option, Settings, Target

_STAND_IN: Final = "zz"
"""A value to try for an option that is a text, alone or after its current value."""


class TracedFile:
    """One generated file of a project, with the origins of its lines."""

    def __init__(self, project: Project, settings: Settings, path: str) -> None:
        self.project = project
        self.settings = settings
        self.path = path
        (self.target,) = targets_of(project, [settings.name])
        self.tracer = tracer_of(project, self.target)
        files = self.target.files()
        self.file = next(file for file in files if f"{settings.out}/{file.path}" == path)
        self.trace = trace(self.tracer, self.target, self.file)
        self.template = self.tracer.template(self.file.template)

    @cached_property
    def present_lines(self) -> Sequence[str] | None:
        """The lines of the file on the disk; None if there is none."""
        folder = self.project.folder
        present = disk.read_present(folder, [self.path])[self.path]
        if present is None or present.link is not None:
            return None
        data = disk.read_file(folder, self.path)
        return lines_of(data.decode("utf-8", "replace").replace("\r\n", "\n"))

    def texts(self, line: LineOrigin) -> dict[str, str]:
        """Return the texts of the spec and of the template that a line comes from, by path."""
        specs = [line.spec.path] if line.spec else []
        texts = disk.read_texts(self.project.folder, specs, MAX_BYTES)
        if line.template is not None:
            texts[line.template.path] = self.tracer.source(line.template)
        return texts

    def options_of(self, index: int) -> Iterator[OptionValue]:
        """Yield each option that a line depends on: with another value, the line is different."""
        for value in option_values(self.settings):
            others = _other_settings(self.settings, value.name)
            if any(self._changes(index, settings) for settings in others):
                yield value

    def _changes(self, index: int, settings: Settings) -> bool:
        config = replace(self.project.config, targets=(settings,))
        try:
            (target,) = targets_of(replace(self.project, config=config))
            file = self._counterpart(target)
            if file is None:
                return True  # without the option, the file does not exist
            lines = trace(self.tracer, target, file).lines
        except ProblemsError:
            return False  # the option does not accept this value here
        return lines != self.trace.lines and index not in _common(self.trace.lines, lines)

    def _counterpart(self, target: Target) -> File | None:
        """Return the file of another target that matches this one; its path may differ."""
        ids = [definition.id for definition in self.file.definitions]
        for file in target.files():
            if file.path == self.file.path:
                return file
            same = [definition.id for definition in file.definitions] == ids
            if ids and same and file.template == self.file.template:
                return file
        return None


def find_origin(traced: TracedFile, number: int) -> LineOrigin:
    """Return where a line of the file comes from; without a file on the disk, a line to generate.

    Raises :class:`ProblemsError` if there is no such line.
    """
    wanted = traced.trace.lines
    lines = wanted if traced.present_lines is None else traced.present_lines
    require_line(traced.path, number, lines)
    text = lines[number - 1]
    index = _wanted_index(lines, wanted, number - 1)
    if index is None:
        return LineOrigin(number, text)
    spec = spec_position(traced.file, traced.trace, index)
    return LineOrigin(
        number,
        text,
        wanted[index],
        spec,
        describe_position(spec, traced.project.schema) if spec else "",
        traced.trace.origins[index].template,
        tuple(traced.options_of(index)),
    )


def require_line(path: str, number: int, lines: Collection[str]) -> None:
    """Raise if a file does not have a line."""
    if 0 < number <= len(lines):
        return
    help_ = f"the last line is line {len(lines)}" if lines else "the file is empty"
    position = Position(path, max(1, len(lines)))
    raise ProblemsError([Problem(position, "MS093", f"line {number} does not exist", help=help_)])


def _wanted_index(lines: Sequence[str], wanted: Sequence[str], index: int) -> int | None:
    """Return the wanted line that matches a line of the file, or should be there instead."""
    matcher = difflib.SequenceMatcher(None, lines, wanted, autojunk=False)
    for tag, start, end, wanted_start, wanted_end in matcher.get_opcodes():
        if start <= index < end and tag != "delete":
            return min(wanted_start + index - start, wanted_end - 1)
    return None


def _common(old: Sequence[str], new: Sequence[str]) -> set[int]:
    """Return the indexes of the lines of `old` that are in `new` too."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {index for start, _, size in blocks for index in range(start, start + size)}


# Tracing --------------------------------------------------------------------------------------


def tracer_of(project: Project, target: Target) -> Tracer:
    """Return what traces the files of a target."""
    return Tracer(type(target), own_templates(project))


def trace(tracer: Tracer, target: Target, file: File) -> Trace:
    """Render a file with its provenance. Raises :class:`ProblemsError`."""
    try:
        return tracer.trace(target, file)
    except TemplateError as error:
        raise ProblemsError([error.problem]) from error


def spec_position(file: File, traced: Trace, index: int) -> Position | None:
    """Return where in a spec a line comes from, or the position of the file's definition."""
    position = traced.origins[index].spec
    if position is None and len(file.definitions) == 1:
        return file.definitions[0].position
    return position


# Options --------------------------------------------------------------------------------------


def option_values(settings: Settings) -> Iterator[OptionValue]:
    """Yield the value of every option of a target."""
    for option in target_class(settings.target).options:
        value = settings.options.get(option.name)
        text = json.dumps(value, default=dict, ensure_ascii=False)
        yield OptionValue(option.name, text, settings.option_positions.get(option.name))
    for name, text in naming_inputs(settings):
        yield OptionValue(name, text, settings.option_positions.get(name))


def _other_settings(settings: Settings, name: str) -> Iterator[Settings]:
    """Yield settings with another value of an option, or of a key about names."""
    naming = settings.naming
    if name == "initialisms":
        yield replace(settings, naming=replace(naming, initialisms=()))
    elif name == "names":
        # Without the names, some may clash.
        others = tuple((pattern, f"{text}_{_STAND_IN}") for pattern, text in naming.names)
        yield replace(settings, naming=replace(naming, names=others))
    if name in NAMING_KEYS:
        return
    for value in _other_values(settings, name):
        yield replace(settings, options={**settings.options, name: value})


def _other_values(settings: Settings, name: str) -> Sequence[Value]:
    """Return other values of an option, enough to see what depends on it."""
    options = {option.name: option for option in target_class(settings.target).options}
    value = settings.options[name]
    match options[name]:
        case Option(kind="flag"):
            return [not value]
        case Option(kind="names"):
            empty: Mapping[str, str] = {}
            return [empty] if value else []
        case Option(kind="texts"):
            return [()] if value else []
        case Option(choices=choices) if choices:
            return [choice for choice in choices if choice != value]
        case Option(pattern=pattern):
            texts = [f"{value}{_STAND_IN}", _STAND_IN]
            return [text for text in texts if pattern is None or pattern.fullmatch(text)][:1]
