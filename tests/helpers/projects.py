"""Schemas and targets for tests, without a project on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from modelsync.render.render import render
from modelsync.schema import meaning
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.validation import path_text
from modelsync.schema.variants import with_variants
from modelsync.spec.read import read_schema
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings, Target
from modelsync.verify.cases import Case, Error, Outcome

Options = Mapping[str, str | bool | Mapping[str, str]]


def schema_of(spec: str) -> Schema:
    """Return the schema of one spec."""
    return _read((("specs/a.yaml", spec),))


def schema_in(folder: Path) -> Schema:
    """Return the schema of the specs below `folder/specs`."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.glob("specs/**/*.yaml")
    }
    return _read(tuple(texts.items()))


@lru_cache(maxsize=64)
def _read(texts: tuple[tuple[str, str], ...]) -> Schema:
    """Read specs, the same ones only once: schemas do not change, and many tests share theirs."""
    return read_schema(dict(texts), "specs")


def target(schema: Schema, name: str, out: str, options: Options | None = None) -> Target:
    """Return a target without problems; options that are not given have their defaults."""
    cls = target_class(name)
    values: dict[str, Any] = {option.name: option.default for option in cls.options}
    settings = Settings(name, name, out, options=values | dict(options or {}))
    if not cls.is_complete:
        schema = of_language(schema, cls.language_of(settings))
    made = cls(with_variants(schema) if settings.has_variants else schema, settings)
    assert list(problems_of([made])) == []
    return made


def texts_of(made: Target) -> dict[str, str]:
    """Return the text of every file of a target."""
    return {path: output.data.decode("utf-8") for path, output in render([made]).items()}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below `folder`, without converting line endings."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8"))


def distinct(folder: Path, pattern: str) -> list[str]:
    """Return the files below a folder, each text once. A formatter need not read the others."""
    by_text = {path.read_bytes(): path for path in sorted(folder.rglob(pattern))}
    return [path.relative_to(folder).as_posix() for path in by_text.values()]


def generate(
    schema: Schema, name: str, folder: Path, out: str, options: Options | None = None
) -> Target:
    """Write the files of a target below `folder/out`, and return it."""
    made = target(schema, name, out, options)
    write(folder, texts_of(made))
    return made


def reference(schema: Schema, case: Case) -> Outcome:
    """Return the outcome of a case in the reference reader."""
    value = json.loads(case.document)
    written, found = meaning.read_all(schema, Ref(case.definition), value)
    if not found:
        return Outcome(True, json=json.dumps(written))
    errors = tuple(Error(path_text(each.steps), str(each)) for each in found)
    return Outcome(False, path=errors[0].path, message=errors[0].message, errors=errors)
