"""The reference tables and lists of the docs match the code."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from helpers.projects import schema_in, target
from modelsync.schema.types import SCALARS
from modelsync.spec.definitions import DEFINITIONS, ENUM_VALUE
from modelsync.spec.fields import FIELD
from modelsync.spec.rules import RULES
from modelsync.targets import target_class, target_names


def test_the_spec_language_lists_every_rule(root: Path, update_goldens: bool) -> None:
    listed = "\n" + "".join(f"- {rule.sentence} ({rule.code})\n" for rule in RULES)
    assert_part(root, "spec-language.md", "rules", listed, update_goldens)


def test_the_spec_language_describes_every_key_and_type(root: Path) -> None:
    text = (root / "docs/spec-language.md").read_text("utf-8")
    described = set(re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\|.*", text, re.M))))
    shapes = (*DEFINITIONS.values(), FIELD, ENUM_VALUE)
    assert {key.name for mapping in shapes for key in mapping.keys} <= described
    assert set(SCALARS) <= described


def assert_part(root: Path, page: str, mark: str, text: str, update_goldens: bool) -> None:
    """Assert that a part of a page, from its mark to the next heading, is `text`."""
    path = root / "docs" / page
    before, mark, rest = path.read_text("utf-8").partition(f"<!-- {mark} -->\n")
    after = rest[rest.index("\n## ") :]
    if update_goldens:
        path.write_text(before + mark + text + after, "utf-8")
    assert path.read_text("utf-8") == before + mark + text + after


def test_every_option_is_listed(root: Path, update_goldens: bool) -> None:
    rows = ["\n| Target | Option | Default | Meaning |\n| --- | --- | --- | --- |\n"]
    for name in target_names():
        for option in target_class(name).options:
            default = "required" if option.default is None else f"`{option.default}`"
            if isinstance(option.default, bool):
                default = default.lower()  # as YAML has it
            default = "" if option.default in ("", {}, ()) else default
            choices = ", ".join(f"`{choice}`" for choice in option.choices)
            means = escaped(option.doc) + (f" One of {choices}." if choices else "")
            shown = f"{option.within}: {option.name}" if option.within else option.name
            rows.append(f"| {name} | `{shown}` | {default} | {means} |\n")
    assert_part(root, "targets.md", "options", "".join(rows), update_goldens)


def escaped(text: str) -> str:
    """Return plain text with code in backticks as a cell of a table."""
    plain = re.split(r"(`[^`]*`)", text.replace("|", "\\|"))
    return "".join(part if part[:1] == "`" else part.replace("<", "&lt;") for part in plain)


def test_the_variables_of_every_template_are_listed(root: Path, update_goldens: bool) -> None:
    lines = ["\n| Template | Variables |\n| --- | --- |\n"]
    for name in target_names():
        found: dict[str, set[str]] = {}
        options: dict[str, dict[str, str | bool]] = {
            "sdk-docs": {"notation": "typescript"},
            "go": {"module": "example.com/models", "gomod": True},
            "typescript": {"package": True},
        }
        for case in sorted((root / "tests/cases").iterdir()):
            for file in target(schema_in(case), name, "out", options.get(name)).files():
                names = found.setdefault(file.template, set())
                for key, value in file.view.items():
                    names.update(variables(key, value))
        for path in (root / "templates" / name).rglob("*.j2"):
            found.setdefault(path.relative_to(root / "templates" / name).as_posix()[:-3], set())
        for template, names in sorted(found.items()):
            listed = ", ".join(f"`{variable}`" for variable in sorted(names))
            copied = (root / "templates" / name / template).is_file()
            row = (
                f"`{name}/{template}` | copied" if copied else f"`{name}/{template}.j2` | {listed}"
            )
            lines.append(f"| {row} |\n")
        filters = ", ".join(f"`{filter_}`" for filter_ in sorted(target_class(name).filters))
        lines.append(f"| filters of `{name}` | {filters} |\n")
    assert_part(root, "targets.md", "templates", "".join(lines), update_goldens)


def test_the_variables_that_the_docs_explain_exist(root: Path) -> None:
    page = (root / "docs/targets.md").read_text("utf-8")
    explained = page.partition("### Variables\n")[2].partition("### List of templates\n")[0]
    listed = page.partition("<!-- templates -->\n")[2]
    cells = re.findall(r"^\| (`.*?) \| ", explained, re.M)
    names = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert len(names) > 15
    for name in names:
        assert f"`{name}`" in listed or f"`fields.{name}`" in listed, name


def variables(name: str, value: object) -> Iterator[str]:
    """Yield the name of a variable, and the names of the attributes of its items."""
    yield name
    if isinstance(value, list | tuple):
        for item in value:
            yield from variables(name, item)
    elif isinstance(value, dict | SimpleNamespace):
        for key, item in (value if isinstance(value, dict) else vars(value)).items():
            yield from variables(f"{name}.{key}", item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from variables(f"{name}.{field.name}", getattr(value, field.name))
        for computed, kind in inspect.getmembers(type(value)):
            if isinstance(kind, property | functools.cached_property):
                yield f"{name}.{computed}"
