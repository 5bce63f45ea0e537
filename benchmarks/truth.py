"""How accurate transcribed specs are: `python benchmarks/truth.py CORPUS` prints a table.

The model pages of each folder of the corpus are transcribed, alone and together with those of the
same API in other languages. Code is generated from the specs, and what it declares is compared with
what the SDK itself declares (`truth/NAME.json`). A model is right if each of its fields is: its
identifier, its type, and whether it may be absent or null.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

import declared
from declared import ANY, Declared, Models
from styles import STYLE, Pair, World, mapped, without_hidden_null

from modelsync.render.render import render
from modelsync.schema import type_expr
from modelsync.schema.definitions import Model, Union
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Ref, Type
from modelsync.spec.read import read_specs
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.typed_pages import field_key

LANGUAGES: Final = {"go": "go", "ts": "typescript", "py": "python"}
"""The suffixes of folders in a corpus, and the language of their pages."""
_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {"go": {"module": "example.com/models"}}


# Transcribed and generated --------------------------------------------------------------------


def load(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def settings(language: str) -> Settings:
    """Return the settings of a target without any options."""
    options = {each.name: each.default for each in target_class(language).options}
    options |= _OPTIONS.get(language, {})
    given = {name: value for name, value in options.items() if value is not None}
    return Settings(language, language, "out", options=given)


def written(transcription: Transcription) -> Schema:
    """Return the schema of the specs that a transcription writes."""
    specs = write_specs(transcription.schema, "specs")
    read = read_specs(specs, "specs")
    if read.problems:
        raise SystemExit(f"the specs have problems: {read.problems[0].message}")
    return read.schema


def generated(schema: Schema, language: str) -> tuple[Models, dict[str, Union]]:
    """Return the models that the generated code declares, by id, and the unions in it."""
    target = target_class(language)(of_language(schema, language), settings(language))
    ids = {
        f"{definition.package}.{target.definition_names[definition.id]}": definition.id
        for definition in target.schema.definitions
    }
    models: dict[str, list[Declared]] = {}
    for path, output in render([target]).items():
        inner = path.removeprefix("out/")
        package = inner.rpartition("/")[0].replace("/", ".")
        text = output.data.decode()
        named = _resolver(language, text, package, ids)
        for name, fields in _READERS[language](text, package, named):
            models[ids.get(name, name)] = fields
    return models, {each.id: each for each in target.schema.definitions if isinstance(each, Union)}


_READERS: Final = {
    "go": declared.go_models,
    "python": declared.python_models,
    "typescript": declared.typescript_models,
}
_TS_IMPORT: Final = re.compile(r"^import \{(.*?)\} from \"(.*?)\";", re.M | re.S)


def _resolver(
    language: str, text: str, package: str, ids: Mapping[str, str]
) -> Callable[[str], Type]:
    """Return the resolver of the names in a file of generated code."""
    homes: dict[str, str] = {}
    modules: dict[str, str] = {}
    if language == "python":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.level:
                module = node.module or ""
                for each in node.names:
                    # Only modules are imported with `as`.
                    if each.asname:
                        modules[each.asname] = _from(package, node.level - 1, module)
                    else:
                        home = _from(package, node.level - 1, module.rpartition(".")[0])
                        homes[each.name] = f"{home}.{each.name}"
    if language == "typescript":
        for names, module in _TS_IMPORT.findall(text):
            ups = module.count("../")
            home = _from(
                package,
                ups,
                module.replace("../", "").removeprefix("./").rpartition("/")[0].replace("/", "."),
            )
            for each in names.split(","):
                name, _, alias = each.strip().removeprefix("type ").partition(" as ")
                homes[alias or name] = f"{home}.{name}"

    def named(name: str) -> Type:
        if language == "go" and "." in name:
            return Ref(ids[name]) if name in ids else ANY
        module, _, bare = name.rpartition(".")
        home = modules.get(module, package)
        full = homes.get(name, f"{home}.{bare}")
        return Ref(ids[full]) if full in ids else ANY

    return named


def _from(package: str, ups: int, below: str) -> str:
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - ups], *filter(None, [below])])


# The truth ------------------------------------------------------------------------------------


def real_fields(
    language: str, entries: Iterable[Mapping[str, Any]], named: declared.Named
) -> list[Declared]:
    """Return the fields of a model that the SDK declares, without those that hold no data."""
    # Parameters, and the wrappers of responses, have no `omitempty`.
    tagged = any(entry.get("omitted_when_empty") for entry in entries)
    return [
        _real_field(language, entry, named, tagged)
        for entry in entries
        # The next page of a list is a function to call.
        if not re.search(r"\bfunc\(|\bCallable\[", entry["type"])
    ]


def _real_field(
    language: str, entry: Mapping[str, Any], named: declared.Named, tagged: bool
) -> Declared:
    name, shown, json_key = entry["identifier"], entry["type"], entry["wire"]
    match language:
        case "go":
            type_ = declared.go_type(shown, named)
            optional: bool | None = entry["omitted_when_empty"] or entry["has_default"]
            if not tagged and isinstance(type_, Nullable | ListOf | MapOf):
                optional = None
            return Declared(name, type_, optional, json_key)
        case "python":
            type_, optional = declared.python_type(ast.parse(shown, mode="eval").body, named)
            return Declared(name, type_, optional, json_key)
        case _:
            type_, absent = declared.typescript_type(shown, named)
            return Declared(name, type_, entry["optional"] or absent, json_key)


def has_default(entry: Mapping[str, Any]) -> bool:
    """Whether the SDK has a default for a field."""
    default = entry.get("default")
    return bool(entry.get("has_default")) or default not in (None, "None", "UNSET")


@dataclass(frozen=True)
class Truth:
    """What the SDK of one language declares."""

    language: str
    models: Mapping[str, Sequence[Mapping[str, Any]]]

    def of(self, shown: str) -> Sequence[Mapping[str, Any]] | None:
        """Return the fields of a model; an error has them in a class for its data."""
        data = self.models.get(f"{shown}Data") if shown.partition(".")[0] == "errors" else None
        return data if data is not None else self.models.get(shown)


def _truth_resolver(shown: str, ids: Mapping[str, str]) -> declared.Named:
    """Return the resolver of the names in a model that the SDK calls `shown`."""
    package = shown.rpartition(".")[0]

    def named(text: str) -> Type:
        before, _, name = text.rpartition(".")
        # In Python `components_money.Money` is in the module of that name.
        for home in (before or package, before.partition("_")[0]):
            for full in (f"{home}.{name}", f"{home}.{name.removesuffix('Data')}"):
                if full in ids:
                    return Ref(ids[full])
        return ANY

    return named


# The comparison -------------------------------------------------------------------------------


@dataclass
class Result:
    """The result for one language of one corpus."""

    corpus: str
    language: str
    merged: bool
    contradicted: frozenset[str] = frozenset()
    """The files, without extension, of pages that contradict each other."""
    models: int = 0
    right_models: set[str] = field(default_factory=set)
    exact: int = 0
    """How many models are right even in what no page shows."""
    fields: int = 0
    json_keys: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """The differences, by model."""

    def add_difference(self, model: str, line: str) -> None:
        """Add a difference in a model."""
        self.wrong.setdefault(model, []).append(line)

    @property
    def right(self) -> int:
        """How many models are right."""
        return len(self.right_models)

    @property
    def models_percent(self) -> float:
        """How many models are right, in percent."""
        return percent(self.right, self.models)

    @property
    def json_keys_percent(self) -> float:
        """How many fields have the right JSON key, in percent."""
        return percent(self.json_keys, self.fields)


@dataclass(frozen=True)
class Compared:
    """One model on both sides."""

    shown: str
    """What the SDK calls it."""
    definition: Model
    real: list[Declared]
    made: list[Declared]
    defaults: frozenset[str]
    """The keys of fields that have a default in any language."""
    not_in_json: frozenset[str]
    """The keys of fields that are not in a JSON object: the body of a request with parameters."""


def compare(
    corpus: str, folders: Mapping[str, Path], truths: Mapping[str, Truth]
) -> Iterator[Result]:
    """Transcribe folders together and yield the result for each of their languages."""
    transcription = transcribe({name: load(path) for name, path in folders.items()})
    schema = written(transcription)
    views = _views(transcription, schema)
    shown_as = {language: views.get(language) or next(iter(views.values())) for language in truths}
    defaults = _keys_where(has_default, truths, shown_as)
    go = {"go": truths["go"]} if "go" in truths else {}
    not_in_json = _keys_where(lambda entry: entry["wire"] is None, go, shown_as)
    for language in (pages.notation for pages in transcription.sets):
        if language not in truths:
            continue
        made, unions = generated(schema, language)
        world = World(language, frozenset(views), schema, unions)
        result = Result(corpus, language, len(folders) > 1, _contradicted(transcription))
        for shown, id_ in views[language].items():
            entries = truths[language].of(shown)
            definition = schema.by_id[id_]
            if entries is None or not isinstance(definition, Model):
                continue
            model = Compared(
                shown,
                definition,
                real_fields(language, entries, _truth_resolver(shown, views[language])),
                made.get(id_, []),
                frozenset(defaults.get(id_, ())),
                frozenset(not_in_json.get(id_, ())),
            )
            _compare_model(result, world, model)
        yield result


def _views(transcription: Transcription, schema: Schema) -> dict[str, dict[str, str]]:
    """Return the ids of definitions by what the pages of each language call them."""
    views = {}
    for pages, settings in zip(transcription.sets, transcription.settings, strict=True):
        target = MarkdownTarget(of_language(schema, pages.notation), settings)
        views[pages.notation] = {place.shown: id_ for id_, place in target.places.items()}
    return views


def _contradicted(transcription: Transcription) -> frozenset[str]:
    """Return the files, without extension, of pages that contradict each other."""
    return frozenset(
        PurePosixPath(position.path).stem
        for each in transcription.disagreements
        for position in (each.one, each.other)
    )


def _keys_where(
    applies: Callable[[Mapping[str, Any]], bool],
    truths: Mapping[str, Truth],
    shown_as: Mapping[str, Mapping[str, str]],
) -> dict[str, set[str]]:
    """Return the keys of the fields to which something applies in any language, by definition."""
    keys: dict[str, set[str]] = {}
    for language, truth in truths.items():
        for shown, entries in truth.models.items():
            id_ = shown_as[language].get(shown)
            if id_ is not None:
                applicable = {field_key(each["identifier"]) for each in entries if applies(each)}
                keys.setdefault(id_, set()).update(applicable)
    return keys


def _compare_model(result: Result, world: World, model: Compared) -> None:
    """Compare the fields of one model."""
    types = {each.json_key: each.type for each in model.definition.fields}
    rest = {each.identifier.strip("_"): each for each in model.made}
    wrong: list[str] = []
    exact = True
    for real in model.real:
        made = rest.pop(real.identifier.strip("_"), None)
        key = field_key(real.identifier)
        if real.json_key is not None and key not in model.not_in_json:
            result.fields += 1
            if made is not None and made.json_key == real.json_key:
                result.json_keys += 1
            elif made is not None:
                result.add_difference(
                    model.shown, f"{real.identifier}: JSON key {real.json_key} / {made.json_key}"
                )
        if made is None:
            wrong.append(f"{real.identifier}: missing")
            continue
        pair = Pair(real, made, types.get(made.json_key or "", ANY), key in model.defaults)
        for rule in STYLE:
            pair = rule.remove(world, pair)
        if not _same(pair):
            exact = False
            if not _same(without_hidden_null(world, pair)):
                wrong.append(_difference(pair))
    wrong += [f"{name}: unexpected" for name in rest]
    result.models += 1
    if not wrong:
        result.right_models.add(model.shown)
    result.exact += not wrong and exact
    for line in wrong:
        result.add_difference(model.shown, line)


def _same(pair: Pair) -> bool:
    def facts(each: Declared) -> tuple[str, Type, bool | None]:
        return each.identifier, mapped(each.type, _sorted), each.optional

    return facts(pair.real) == facts(pair.made)


def _sorted(type_: Type) -> Type:
    if isinstance(type_, AnyOf):
        return AnyOf(tuple(sorted(set(type_.members), key=repr)))
    return type_


def _difference(pair: Pair) -> str:
    def side(each: Declared) -> str:
        return f"{type_expr.unparse(each.type)} {'optional' if each.optional else 'required'}"

    return f"{pair.real.identifier}: {side(pair.real)} / {side(pair.made)}"


# The command ----------------------------------------------------------------------------------


def results(corpus: Path) -> Iterator[Result]:
    """Yield the results for each folder of a corpus, alone and with the others of its API."""
    folders = sorted(path for path in corpus.iterdir() if path.name.rpartition("-")[2] in LANGUAGES)
    apis: dict[str, list[Path]] = {}
    for folder in folders:
        apis.setdefault(folder.name.rpartition("-")[0], []).append(folder)
    for api, together in apis.items():
        truths = {}
        for folder in together:
            language = LANGUAGES[folder.name.rpartition("-")[2]]
            path = corpus / "truth" / f"{folder.name}.json"
            if path.is_file():
                truths[language] = Truth(language, json.loads(path.read_text("utf-8")))
        for folder in together:
            yield from compare(folder.name, {folder.name: folder}, truths)
        if len(together) > 1:
            yield from compare(api, {folder.name: folder for folder in together}, truths)


def percent(part: int, whole: int) -> float:
    """Return a share in percent."""
    return 100 * part / whole if whole else 100.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure how accurate transcribed specs are.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="show all differences")
    options = parser.parse_args(arguments)
    print("Models that match what the SDK declares, and fields with the right JSON key.")
    print("`+ null` also requires the nulls that no page shows.\n")
    print(
        f"{'corpus':<12} {'language':<10} {'models':>6} {'right':>6} {'%':>6} {'+ null':>6}"
        f" {'fields':>7} {'keys':>6} {'%':>6}"
    )
    for each in results(options.corpus):
        print(
            f"{each.corpus:<12} {each.language:<10} {each.models:>6} {each.right:>6}"
            f" {each.models_percent:>6.1f} {percent(each.exact, each.models):>6.1f}"
            f" {each.fields:>7} {each.json_keys:>6} {each.json_keys_percent:>6.1f}"
        )
        if options.verbose:
            for name, lines in each.wrong.items():
                print(f"    {name}", *lines, sep="\n        ")


if __name__ == "__main__":
    main()
