"""Every line of every case is traced to its origin, in every target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from helpers.projects import Options, schema_in, target
from modelsync.errors import Position
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.provenance import Origin, Trace, Tracer, lines_of
from modelsync.render.templates import Templates
from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union, refs_of
from modelsync.targets.base import File, Target
from modelsync.targets.markdown.cells import span
from modelsync.targets.markdown.views import value_cell

TARGETS: dict[str, tuple[str, Options]] = {
    "python": ("python", {}),
    "typescript": ("typescript", {"package": True}),
    "go": ("go", {"module": "example.com/models", "gomod": True}),
    "markdown": ("markdown", {}),
    "docs-go": ("sdk-docs", {"notation": "go"}),
    "docs-python": ("sdk-docs", {"notation": "python"}),
    "docs-typescript": ("sdk-docs", {"notation": "typescript"}),
}
CASES = ("packages", "tags", "text", "types", "unions")
each_case = pytest.mark.parametrize("case", [*CASES, pytest.param("names", marks=pytest.mark.slow)])
each_target = pytest.mark.parametrize("name", TARGETS)


@cache
def traces(root: Path, case: str, name: str) -> list[tuple[Target, File, Trace]]:
    kind, options = TARGETS[name]
    made = target(schema_in(root / "tests/cases" / case), kind, "out", options)
    # A folder without its own templates, so that the built-in ones are used.
    tracer = Tracer(type(made), OwnTemplates(root / "tests", "none"))
    return [(made, file, tracer.trace(made, file)) for file in made.files()]


@pytest.mark.slow
@each_case
@each_target
def test_tracing_changes_no_line(root: Path, case: str, name: str) -> None:
    for made, file, trace in traces(root, case, name):
        plain = Templates(type(made), OwnTemplates(root / "tests", "none"))
        assert list(trace.lines) == lines_of(made.formatted(plain.render(made, file))), file.path
        assert len(trace.origins) == len(trace.lines)


@each_case
@each_target
def test_every_line_has_a_position_in_a_template(root: Path, case: str, name: str) -> None:
    """The line of the template either outputs a value, or equals the generated line."""
    templates: dict[str, list[str]] = {}
    for _, file, trace in traces(root, case, name):
        for line, origin in zip(trace.lines, trace.origins, strict=True):
            path = origin.template.path
            if path not in templates:
                templates[path] = Path(path).read_text("utf-8").split("\n")
            source = templates[path][origin.template.line - 1]
            if "{{" not in source:
                assert line == source, (file.path, line, origin.template)


def parts(definition: Definition) -> dict[str, Position]:
    match definition:
        case Model(fields=fields):
            return {field.json_key: field.position for field in fields}
        case Enum(values=values):
            return {str(value.json_value): value.position for value in values}
        case Union(member_positions=places):
            return {str(number): place for number, place in enumerate(places)}
        case Alias():
            return {}


def declarations(made: Target, definition: Definition) -> Iterator[tuple[str, Position]]:
    """Yield a pattern for the line that declares each field or value, and its position."""
    notation = made.settings.options.get("notation")
    match definition, made.name:
        case Model(), _:
            pattern = {
                "python": r"    {}: .*",
                "typescript": r"  {}\??: ?.*",
                "go": r"\t{} +\S.*",
                "markdown": r"\| <a id=[^>]*></a>{} .*",
                "sdk-docs": r"\| (~~)?`{}`.*",
            }[made.name]
            for field in definition.fields:
                name = made.field_names[definition.id, field.json_key]
                if made.name == "markdown":
                    name = span(field.json_key)
                yield pattern.replace("{}", re.escape(name)), field.position
        case Enum(), _ if notation in (None, "go"):
            pattern = {
                "python": r"    {} = .*",
                "typescript": r"  +{}:.*",
                "go": r"\t{} .*= .*",
                "markdown": r"\| {} .*",
                "sdk-docs": r"\| `{}`.*",
            }[made.name]
            for value in definition.values:
                name = made.value_names[definition.id, value.json_value]
                if made.name == "markdown":
                    name = value_cell(value.json_value)
                yield pattern.replace("{}", re.escape(name)), value.position
        case _:
            pass


@each_case
@each_target
def test_each_declaration_comes_from_its_field(root: Path, case: str, name: str) -> None:
    found = 0
    for made, file, trace in traces(root, case, name):
        if len(file.definitions) != 1 or file.template in ("index.md", "doc.go"):
            continue
        lines = list(zip(trace.lines, trace.origins, strict=True))
        for pattern, place in declarations(made, file.definitions[0]):
            places = {origin.spec for line, origin in lines if re.fullmatch(pattern, line)}
            assert place in places, (file.path, pattern)
            if made.name != "typescript":  # where the body of a function may look the same
                assert places == {place}, (file.path, pattern)
            found += 1
    assert found


@each_case
@each_target
def test_a_line_comes_from_its_own_definition(root: Path, case: str, name: str) -> None:
    for made, file, trace in traces(root, case, name):
        if len(file.definitions) != 1:
            continue
        (definition,) = file.definitions
        own = {definition.position, *parts(definition).values()}
        own |= {ref.position for ref in refs_of(definition)}
        if name == "markdown":  # it shows the definitions around this one
            own |= {item.position for item in made.schema.definitions}
            if isinstance(definition, Union):
                own |= {place.tag for place in definition.tag_places.values()}
        assert {origin.spec for origin in trace.origins} <= own | {None}, file.path


@each_target
def test_code_that_reads_and_writes_a_field_comes_from_it(root: Path, name: str) -> None:
    patterns = {
        "python": [r'key = "{wire}"', r"self\.{name} = ", r"data\[key\] = .*self\.{name}\)"],
        "typescript": [r"to\.{name} = ", r'to\["{wire}"\] = '],
        "go": [r'case "{wire}":', r'w\.Key\(`"{wire}":`\)', r"object\.Set\(.*&v\.{name}\b"],
    }.get(name, [])
    seen = 0
    for made, file, trace in traces(root, "types", name):
        for definition in file.definitions[:1]:
            if not isinstance(definition, Model) or file.template == "index.md":
                continue
            for field in definition.fields:
                words = {
                    "wire": re.escape(field.json_key),
                    "name": re.escape(made.field_names[definition.id, field.json_key]),
                }
                for pattern in patterns:
                    for line, origin in zip(trace.lines, trace.origins, strict=True):
                        if re.search(pattern.format(**words), line):
                            assert origin.spec == field.position, (line, pattern)
                            seen += 1
    assert seen > 50 or not patterns


def origin_of(lines: Trace, text: str) -> Origin:
    return lines.origins[[line.strip() for line in lines.lines].index(text)]


def test_what_a_package_exports_comes_from_its_definitions(root: Path) -> None:
    schema = schema_in(root / "tests/cases/packages")
    places = {definition.id: definition.position for definition in schema.definitions}
    found = {
        name: {file.path: trace for _, file, trace in traces(root, "packages", name)}
        for name in ("python", "typescript", "docs-go")
    }
    python = found["python"]["__init__.py"]
    assert origin_of(python, "from .root import Root").spec == places["Root"]
    typescript = found["typescript"]["index.ts"]
    assert places["Root"] in {origin.spec for origin in typescript.origins}
    (row,) = (
        origin.spec
        for line, origin in zip(
            found["docs-go"]["models/README.md"].lines,
            found["docs-go"]["models/README.md"].origins,
            strict=True,
        )
        if line.startswith("| [Root](")
    )
    assert row == places["Root"]


def test_each_name_of_a_long_list_of_exports_has_its_definition(root: Path) -> None:
    schema = schema_in(root / "tests/cases/types")
    places = {definition.name: definition.position for definition in schema.definitions}
    files = {file.path: trace for _, file, trace in traces(root, "types", "python")}
    assert origin_of(files["__init__.py"], '"Part",').spec == places["Part"]
    assert origin_of(files["__init__.py"], '"color_from_json",').spec == places["Color"]
    assert origin_of(files["__init__.py"], '"UNSET",').spec is None
