"""The documentation says what the code does."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.projects import schema_in, target, write
from modelsync.cli import run
from modelsync.schema.ir import SCALARS
from modelsync.spec.definitions import DEFINITIONS, ENUM_VALUE, FIELD
from modelsync.spec.rules import RULES
from modelsync.targets import target_class, target_names


def test_the_rules_are_listed(root: Path, update_goldens: bool) -> None:
    listed = "\n" + "".join(f"- {rule.sentence} ({rule.code})\n" for rule in RULES)
    hold(root, "spec-language.md", "rules", listed, update_goldens)


def test_every_key_and_every_type_is_described(root: Path) -> None:
    text = (root / "docs/spec-language.md").read_text("utf-8")
    described = set(re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\|.*", text, re.M))))
    shapes = (*DEFINITIONS.values(), FIELD, ENUM_VALUE)
    assert {key.name for each in shapes for key in each.keys} <= described
    assert set(SCALARS) <= described


def test_the_readme_shows_what_comes_out(root: Path, tmp_path: Path) -> None:
    """Each block of code in the README stands as it is in a file that its spec generates."""
    text = (root / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```(yaml|python|typescript|go|markdown)\n(.*?)^```", text, re.M | re.S)
    spec, config = (block for language, block in blocks if language == "yaml")
    write(tmp_path, {"specs/invoice.yaml": spec, "modelsync.yaml": config})
    assert run(["generate", "--project", str(tmp_path)]) == 0
    made = [
        path.read_text("utf-8")
        for path in tmp_path.rglob("*")
        if path.suffix in (".py", ".ts", ".go", ".md")
    ]
    shown = [block for language, block in blocks if language != "yaml"]
    assert len(shown) == 6
    for block in shown:
        # A page of Markdown ends without a line feed.
        assert any(block.rstrip("\n") in file for file in made), block


def test_the_documents_of_verify_are_those_that_it_makes(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (root / "README.md").read_text("utf-8")
    page = (root / "docs/verify.md").read_text("utf-8")
    spec, config = re.findall(r"^```yaml\n(.*?)^```", readme, re.M | re.S)
    write(tmp_path, {"specs/invoice.yaml": spec, "modelsync.yaml": config})
    assert run(["vectors", "--project", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    (shown,) = re.findall(r"^```json\n(.*?)^```", page, re.M | re.S)
    assert shown.rstrip("\n") in lines
    numbers = Counter(json.loads(line)["definition"] for line in lines)
    for name, number in (*numbers.items(), ("all", len(lines))):
        row = rf"^{name} +{number:,} +{number:,} +{number:,}$"
        assert re.search(row, readme, re.M), row
        assert re.search(row, page, re.M), row


def test_the_readme_shows_what_check_says(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a change of one language's name in the spec, an edit by hand and a removed file."""
    readme = (root / "README.md").read_text("utf-8")
    spec, config = re.findall(r"^```yaml\n(.*?)^```", readme, re.M | re.S)
    write(tmp_path, {"specs/invoice.yaml": spec, "modelsync.yaml": config})
    assert run(["generate", "--project", str(tmp_path)]) == 0
    named = spec.replace("  totalCents:\n", "  totalCents:\n    names: {typescript: total}\n")
    write(tmp_path, {"specs/invoice.yaml": named, "src/acme/models/invoice.py": "# mine\n"})
    (tmp_path / "docs/models/models/status.md").unlink()
    capsys.readouterr()
    assert run(["check", "--project", str(tmp_path)]) == 1
    *said, _command = capsys.readouterr().out.splitlines(keepends=True)
    assert "".join(said) + "modelsync generate\n```\n" in readme


def hold(root: Path, page: str, mark: str, text: str, update_goldens: bool) -> None:
    """Hold a part of a page, from its mark to the next heading, against what it should be."""
    path = root / "docs" / page
    before, mark, rest = path.read_text("utf-8").partition(f"<!-- {mark} -->\n")
    after = rest[rest.index("\n## ") :]
    if update_goldens:
        path.write_text(before + mark + text + after, "utf-8")
    assert path.read_text("utf-8") == before + mark + text + after


def test_the_options_are_listed(root: Path, update_goldens: bool) -> None:
    rows = ["\n| Target | Option | Default | Means |\n| --- | --- | --- | --- |\n"]
    for name in target_names():
        for option in target_class(name).options:
            default = "needed" if option.default is None else f"`{option.default}`"
            if isinstance(option.default, bool):
                default = default.lower()  # as YAML has it
            default = "" if option.default in ("", {}) else default
            choices = " or ".join(f"`{choice}`" for choice in option.choices)
            means = option.doc.replace("|", "\\|") + (f" {choices}." if choices else "")
            rows.append(f"| {name} | `{option.name}` | {default} | {means} |\n")
    hold(root, "targets.md", "options", "".join(rows), update_goldens)


def test_what_templates_find_is_listed(root: Path, update_goldens: bool) -> None:
    lines = ["\n| Template | Variables |\n| --- | --- |\n"]
    for name in target_names():
        found: dict[str, set[str]] = {}
        options: dict[str, dict[str, str | bool]] = {
            "markdown": {"notation": "typescript"},
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
            listed = ", ".join(f"`{each}`" for each in sorted(names))
            copied = (root / "templates" / name / template).is_file()
            row = (
                f"`{name}/{template}` | copied" if copied else f"`{name}/{template}.j2` | {listed}"
            )
            lines.append(f"| {row} |\n")
        filters = ", ".join(f"`{each}`" for each in sorted(target_class(name).filters))
        lines.append(f"| filters of `{name}` | {filters} |\n")
    hold(root, "targets.md", "templates", "".join(lines), update_goldens)


def variables(name: str, value: object) -> Iterator[str]:
    """Yield the name of a variable, and those of what its items have."""
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
