"""Page sets for tests: pages written by hand, and the pages that come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelsync.errors import Problem
from modelsync.render.render import render
from modelsync.schema.definitions import Model
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.round_trip import page_differences

YES = ":heavy_check_mark:"
NO = ":heavy_minus_sign:"
LABEL = "sdk"
IN = "docs/models/components/"
FLAT = "docs/models/"
MDN = "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/"
_FIELD = ("Field", "Type", "Required", "Description", "Example")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], column: int = 0) -> str:
    """Return a table as in SDK docs, without the code under test."""
    column = column or max(units(cell) for row in (headers, *rows) for cell in row)

    def line(cells: Sequence[str]) -> str:
        escaped = [cell.replace("\n", "<br/>").replace("|", "\\|") for cell in cells]
        return "| " + " | ".join(c + " " * (column - units(c)) for c in escaped) + " |"

    return "\n".join([line(headers), line(["-" * column] * len(headers)), *map(line, rows)])


def page(
    title: str, heading: str, content: str, text: str = "", usage: str = "", fence: str = ""
) -> str:
    """Return a page with a heading and what is below it."""
    example = f"## Example Usage\n\n```{fence}\n{usage}\n```\n\n" if usage else "\n"
    gap = "\n" if usage and fence != "typescript" else ""
    description = f"{text}\n\n" if text else ""
    return f"# {title}\n\n{description}{example}{gap}## {heading}\n\n{content}"


def fields(title: str, *rows: Sequence[str], text: str = "", usage: str = "") -> str:
    """Return the page of a model. A row is a name, a type, and optionally more cells."""
    longest = max([len(row) for row in rows] + [4])
    defaults = ("", "", YES, "N/A", "")
    cells = []
    for row in rows:
        name = row[0] if row[0].startswith("~") else f"`{row[0]}`"
        cells.append([name, *row[1:], *defaults[len(row) :]][:longest])
    headers = _FIELD[:longest]
    return page(title, "Fields", table(headers, cells), text, usage, "typescript")


def typescript(title: str, *rows: Sequence[str], value: str = "", text: str = "") -> str:
    """Return the page of a model in TypeScript; `value` is the code of its example."""
    end = f"let value: {title} = {value};" if value else "// No examples available for this model"
    usage = f'import {{ {title} }} from "sdk/models/components";\n\n{end}'
    return fields(title, *rows, text=text, usage=usage)


def values(title: str, *pairs: tuple[str, str], usage: str = "", fence: str = "go") -> str:
    """Return the page of an enum as a table."""
    rows = [[f"`{name}`", value] for name, value in pairs]
    return page(title, "Values", table(["Name", "Value"], rows), "", usage, fence)


def literals(title: str, texts: Sequence[str]) -> str:
    """Return the page of an enum in TypeScript, which has no names for its values."""
    usage = (
        f'import {{ {title} }} from "sdk/models/components";\n\nlet value: {title} = "{texts[0]}";'
    )
    shown = " | ".join(f'"{text}"' for text in texts)
    return page(title, "Values", f"```typescript\n{shown}\n```", "", usage, "typescript")


def union(title: str, fence: str, *members: tuple[str, str], more: str = "") -> str:
    """Return the page of a union; a member is its heading and its code."""
    blocks = "".join(f"### {head}\n\n```{fence}\n{code}\n```\n\n" for head, code in members)
    return f"# {title}\n\n\n## Supported Types\n\n{blocks}{more}"


def go_member(title: str, tag: str, type_: str) -> str:
    """Return the code of a member of a union in Go."""
    variable = title[0].lower() + title[1:]
    return f"{variable} := components.Create{title}{tag}({type_}{{/* values here */}})"


def member(type_: str, value: str) -> tuple[str, str]:
    """Return a member of a union in TypeScript: its heading and its code."""
    return f"`{type_}`", f"const value: {type_} = {value};"


GO_B = fields("B", ["ID", "*string*"])
"""The page of a model in Go, as the target of links."""


@dataclass(frozen=True)
class Returned:
    """The result for a page set: the run, the schema of its specs, and the pages written."""

    run: Transcription
    schema: Schema
    written: Mapping[str, bytes]
    inexact: tuple[Problem, ...]

    def problems_of_page(self, path: str) -> list[Problem]:
        """Return the problems of a page."""
        problems = (*self.run.problems, *self.inexact)
        return [each for each in problems if each.position.path == f"{LABEL}/{path}"]


def there_and_back(files: Mapping[str, str | bytes], notation: str | None = None) -> Returned:
    """Transcribe files, write and read the specs, and write the pages again.

    Assert that the specs load and have the same schema, which every target accepts.
    """
    return all_back({LABEL: files}, notation)


def all_back(
    folders: Mapping[str, Mapping[str, str | bytes]], notation: str | None = None
) -> Returned:
    """Do what :func:`there_and_back` does, for folders of one API in several languages."""
    data = {
        label: {p: text if isinstance(text, bytes) else text.encode() for p, text in files.items()}
        for label, files in folders.items()
    }
    run = transcribe(data, notation)
    schema = read_schema(write_specs(run.schema, "specs"), "specs")
    assert schema.by_id == run.schema.by_id
    for name in ("go", "python", "typescript"):
        cls = target_class(name)
        needed: dict[str, Any] = (
            {"module": "example.com/x", "join": run.join} if name == "go" else {}
        )
        options: dict[str, Any] = {option.name: option.default for option in cls.options} | needed
        code = cls(
            of_language(schema, name), Settings(name, name, f"generated/{name}", options=options)
        )
        assert [each.message for each in problems_of([code])] == []
    written: dict[str, bytes] = {}
    problems: list[Problem] = []
    for pages, settings in zip(run.sets, run.settings, strict=True):
        target = target_class("markdown")(of_language(schema, pages.notation), settings)
        assert [each.message for each in problems_of([target])] == []
        made = {path: output.data for path, output in render([target]).items()}
        problems += page_differences(pages, data[pages.label], made, settings.out)
        written |= {path.removeprefix(f"{settings.out}/"): text for path, text in made.items()}
    return Returned(run, schema, written, tuple(problems))


def silent_losses(files: Mapping[str, str | bytes], notation: str | None = None) -> list[str]:
    """Return the pages that do not come back or are added, and are not reported."""
    return _silent_losses(files, there_and_back(files, notation))


def _silent_losses(files: Mapping[str, str | bytes], back: Returned) -> list[str]:
    lost = files.keys() - _exact(files, back)
    invented = back.written.keys() - files.keys()
    return sorted({path for path in lost if not back.problems_of_page(path)} | invented)


def _exact(files: Mapping[str, str | bytes], back: Returned) -> set[str]:
    data = {
        path: each if isinstance(each, bytes) else each.encode() for path, each in files.items()
    }
    return {path for path in data if back.written.get(path) == data[path]}


def exact_pages(files: Mapping[str, str | bytes], notation: str | None = None) -> set[str]:
    """Return the paths of the pages that come back byte for byte; the others must be reported."""
    back = there_and_back(files, notation)
    exact = _exact(files, back)
    assert _silent_losses(files, back) == []
    assert exact.isdisjoint(path for path in files if _is_called_inexact(path, back))
    return exact


def _is_called_inexact(path: str, back: Returned) -> bool:
    return any(each.position.path == f"{LABEL}/{path}" for each in back.inexact)


def inexact_pages(files: Mapping[str, str | bytes], notation: str | None = None) -> list[str]:
    """Return a line for each page that does not come back byte for byte."""
    back = there_and_back(files, notation)
    reported = [f"{each.position} {each.message}: {each.help}" for each in back.inexact]
    return reported + _silent_losses(files, back) or sorted(files.keys() - _exact(files, back))


def options_of(files: Mapping[str, str | bytes], notation: str | None = None) -> dict[str, Any]:
    """Return the detected options of pages, all of which must come back."""
    assert inexact_pages(files, notation) == []
    (settings,) = there_and_back(files, notation).run.settings
    return dict(settings.options)


def model_of(back: Returned, id_: str) -> Model:
    """Return a model of the schema."""
    model = back.schema.by_id[id_]
    assert isinstance(model, Model)
    return model


def returned(folders: Mapping[str, Mapping[str, str]]) -> Returned:
    """Transcribe folders; every page comes back, and every target accepts the schema."""
    back = all_back(folders)
    assert back.run.problems == ()
    assert [f"{each.position} {each.help}" for each in back.inexact] == []
    return back
