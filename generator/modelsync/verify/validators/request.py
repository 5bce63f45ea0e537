"""What a validator reads, and what it answers: the same for all of them.

A program gets two files: the schemas with what they need, and one document per line. It writes one
answer per line, so that the last answer shows where it stopped.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin

from modelsync.verify.cases import Case, Outcome, RunFailed, stopped
from modelsync.verify.validators.formats import Dialect, checkers

_BASE: Final = "https://modelsync.invalid/"
"""The URI of the output folder. No such host exists."""


class Schemas(NamedTuple):
    """JSON Schemas, and where the definitions of a project are in them."""

    texts: Mapping[str, str]
    """Each file by its absolute URI."""
    uris: Mapping[str, str]
    """The absolute URI of each definition's schema, by the id of the definition."""


def read_schemas(out: Path, references: Mapping[str, str]) -> Schemas:
    """Return the schemas in the folder `out`.

    `references` has the place of each definition, by its id: the path of a file relative to `out`,
    and a fragment, such as `shop.json#/$defs/Order`. Raises :class:`RunFailed` for a file that is
    not a JSON object.
    """
    texts, uris_of_files = {}, {}
    for file in sorted(out.rglob("*.json")):
        text, path = file.read_text(encoding="utf-8"), quote(file.relative_to(out).as_posix())
        try:
            uri = _uri(json.loads(text), urljoin(_BASE, path))
        except (ValueError, RecursionError) as error:
            raise RunFailed(f"{path} is not a JSON Schema: {error}") from error
        texts[uri] = text
        uris_of_files[path] = uri
    uris = {}
    for definition, reference in references.items():
        path, _, fragment = reference.partition("#")
        if path not in uris_of_files:
            raise RunFailed(f"{definition} refers to {path}, which does not exist")
        uris[definition] = f"{uris_of_files[path]}#{fragment}"
    return Schemas(texts, uris)


def _uri(schema: object, base: str) -> str:
    """Return the URI of a schema in a file with the URI `base`."""
    if not isinstance(schema, dict):
        raise ValueError("it is not an object")
    own = schema.get("$id")
    return urljoin(base, own).rstrip("#") if isinstance(own, str) else base


class Files(NamedTuple):
    """The files of a run, in a temporary folder."""

    folder: Path
    request: Path
    cases: Path
    answers: Path


@contextmanager
def _files(schemas: Schemas, cases: Sequence[Case], dialect: Dialect) -> Iterator[Files]:
    with tempfile.TemporaryDirectory(prefix="modelsync-") as temporary:
        folder = Path(temporary)
        files = Files(folder, folder / "request.json", folder / "cases", folder / "answers")
        request = {**schemas._asdict(), "formats": checkers(dialect)}
        files.request.write_text(json.dumps(request), encoding="utf-8")
        files.cases.write_text("".join(map(_line, cases)), encoding="utf-8")
        files.answers.touch()
        yield files


def _line(case: Case) -> str:
    document = base64.b64encode(case.document).decode("ascii")
    return json.dumps({"definition": case.definition, "document": document}) + "\n"


def ask(
    schemas: Schemas, cases: Sequence[Case], dialect: Dialect, run: Callable[[Files], str]
) -> list[Outcome]:
    """Return what a validator says about each case, in order.

    `run` runs its program, and returns why it failed, or an empty text. `dialect` is that of its
    regular expressions. Raises :class:`RunFailed`.
    """
    with _files(schemas, cases, dialect) as files:
        failure = run(files)
        lines = files.answers.read_bytes().split(b"\n")[:-1]
    if failure or len(lines) != len(cases):
        raise stopped(cases, len(lines), failure)
    return [Outcome(**json.loads(line)) for line in lines]
