"""How true specs are that were transcribed: `python benchmarks/truth.py CORPUS` prints a table.

The model pages of each folder of the corpus are transcribed, alone and together with those of the
same API in other languages; code is generated from the specs as written; and what that code
declares is held against what the SDK itself declares (`truth/NAME.json`). A model is right where
each of its fields is: its identifier, its type, and whether it may be absent or null.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

import declared
from declared import ANY, Declared, Models

from modelsync.render.render import render
from modelsync.schema import type_expr
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.spec.read import read_specs
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.typed_pages import field_key

LANGUAGES: Final = {"go": "go", "ts": "typescript", "py": "python"}
"""How the folders of a corpus end, and the language of their pages."""
_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {"go": {"module": "example.com/models"}}


# What is compared -----------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What both sides of a comparison need to know."""

    language: str
    notations: frozenset[str]
    """The notations of all pages that were transcribed together."""
    schema: Schema
    unions: Mapping[str, Union]
    """Unions by identity, those among them that only got a name in code."""


@dataclass(frozen=True)
class Pair:
    """A field as the SDK declares it, and as the generated code does."""

    real: Declared
    made: Declared
    spec: Type
    """Its type in the specs."""
    has_default: bool
    """Whether the SDK has a default for it in any language."""

    def each(self, change: Callable[[Type], Type]) -> Pair:
        """Return the pair with the types of both sides changed."""
        return replace(
            self,
            real=replace(self.real, type=change(self.real.type)),
            made=replace(self.made, type=change(self.made.type)),
        )


@dataclass(frozen=True)
class Rule:
    """A difference of style: what it is, why it is none of facts, and how it is taken out."""

    what: str
    reason: str
    settle: Callable[[World, Pair], Pair]


def _mapped(type_: Type, change: Callable[[Type], Type]) -> Type:
    """Return a type with `change` applied to all that is in it, innermost first."""
    match type_:
        case ListOf(item=item):
            type_ = ListOf(_mapped(item, change))
        case MapOf(value=value):
            type_ = MapOf(_mapped(value, change))
        case Nullable(inner=inner):
            bare = _mapped(inner, change)
            type_ = bare if isinstance(bare, Nullable) else Nullable(bare)
        case AnyOf(members=members):
            type_ = AnyOf(tuple(_mapped(member, change) for member in members))
    return change(type_)


def _names(world: World, pair: Pair) -> Pair:
    del world
    return replace(
        pair,
        real=replace(pair.real, identifier=pair.real.identifier.strip("_")),
        made=replace(pair.made, identifier=pair.made.identifier.strip("_")),
    )


def _single_values(world: World, pair: Pair) -> Pair:
    def constant(type_: Type) -> Type:
        definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
        if isinstance(definition, Enum) and len(definition.values) == 1:
            return Constant(definition.values[0].json_value)
        return type_

    return pair.each(lambda type_: _mapped(type_, constant))


def _open_enums(world: World, pair: Pair) -> Pair:
    def known(type_: Type) -> Type:
        if not isinstance(type_, AnyOf):
            return type_
        enums = [each for each in type_.members if _is_open(world, each)]
        return enums[0] if len(type_.members) == 2 and enums else type_

    return pair.each(lambda type_: _mapped(type_, known))


def _is_open(world: World, type_: Type) -> bool:
    definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
    return isinstance(definition, Enum) and definition.open


def _members(world: World, pair: Pair) -> Pair:
    def set_out(type_: Type) -> Type:
        union = world.unions.get(type_.id) if isinstance(type_, Ref) else None
        if union is not None and (union.lifted or world.language == "typescript"):
            type_ = _mapped(AnyOf(union.members), set_out)
        if isinstance(type_, AnyOf):
            flat = [m for each in type_.members for m in _flat(each)]
            return ANY if ANY in flat else AnyOf(tuple(flat))
        return type_

    return pair.each(lambda type_: _mapped(type_, set_out))


def _flat(type_: Type) -> Iterable[Type]:
    return type_.members if isinstance(type_, AnyOf) else (type_,)


def _go_spelling(world: World, pair: Pair) -> Pair:
    if world.language != "go":
        return pair
    same = {"int32": Scalar("int64"), "date": Scalar("datetime")}

    def spelled(type_: Type) -> Type:
        return same.get(type_.name, type_) if isinstance(type_, Scalar) else type_

    return pair.each(lambda type_: _mapped(type_, spelled))


def _go_pointers(world: World, pair: Pair) -> Pair:
    if world.language != "go":
        return pair

    def bare(type_: Type) -> Type:
        inner = type_.inner if isinstance(type_, Nullable) else type_
        return inner if isinstance(inner, ListOf | MapOf) else type_

    return pair.each(lambda type_: _mapped(type_, bare))


def _go_parameters(world: World, pair: Pair) -> Pair:
    if world.language == "go" and pair.real.optional is None:
        return replace(pair, made=replace(pair.made, optional=None))
    return pair


def _go_constants(world: World, pair: Pair) -> Pair:
    spec = pair.spec.inner if isinstance(pair.spec, Nullable) else pair.spec
    if world.language != "go" or not isinstance(spec, Constant):
        return pair

    def settled(type_: Type) -> Type:
        definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
        known = isinstance(definition, Enum) and any(
            value.json_value == spec.value for value in definition.values
        )
        return Scalar("string") if known else type_

    return pair.each(lambda type_: _mapped(type_, settled))


def _date_texts(world: World, pair: Pair) -> Pair:
    if world.language != "typescript":
        return pair

    def text(type_: Type) -> Type:
        return Scalar("string") if type_ == Scalar("date") else type_

    return pair.each(lambda type_: _mapped(type_, text))


def _anything(world: World, pair: Pair) -> Pair:
    del world

    def whole(type_: Type) -> Type:
        return ANY if type_ == Nullable(ANY) else type_

    pair = pair.each(lambda type_: _mapped(type_, whole))
    if ANY in (pair.real.type, pair.made.type):
        pair = replace(pair, made=replace(pair.made, optional=pair.real.optional))
    return pair


def _defaults(world: World, pair: Pair) -> Pair:
    del world
    if pair.has_default and pair.made.optional and pair.real.optional is False:
        return replace(pair, real=replace(pair.real, optional=True))
    return pair


STYLE: Final = (
    Rule("underscores", "languages add them where a name is reserved", _names),
    Rule("open enums", "in Python a value may be any other text, which our code says", _open_enums),
    Rule("unions", "their members may stand where their name could, in any order", _members),
    Rule("enums of one value", "a literal says the same", _single_values),
    Rule(
        "int and int64, time.Time and types.Date",
        "Go has two names where we have one",
        _go_spelling,
    ),
    Rule("pointers", "those of lists and maps say nothing", _go_pointers),
    Rule("parameters", "without JSON no tag tells what may be absent", _go_parameters),
    Rule("constants", "Go has none: SDKs have an enum there, and we have text", _go_constants),
    Rule("dates", "in TypeScript a date is RFCDate there, and text here", _date_texts),
    Rule("any", "null is in it, and TypeScript lets it be absent", _anything),
    Rule("defaults", "pages show the field as optional, and no default", _defaults),
)
"""Differences that are none of facts. What types the SDK takes from elsewhere are `any` here."""


def untold(world: World, pair: Pair) -> Pair:
    """Take out the nulls that no page tells of.

    TypeScript shows none; Go none of lists, maps and what is optional; Python none of lists, maps
    and dates. What is known of null all the same (an example has one) stays and may be wrong.
    """
    real = pair.real.type
    if isinstance(real, Nullable) and not isinstance(pair.made.type, Nullable):
        told = ("python" in world.notations and not _wrapperless(real.inner)) or (
            "go" in world.notations
            and not pair.real.optional
            and not isinstance(real.inner, ListOf | MapOf)
        )
        if not told:
            real = real.inner
    return replace(pair, real=replace(pair.real, type=real))


def _wrapperless(type_: Type) -> bool:
    return isinstance(type_, ListOf | MapOf) or type_ in (Scalar("datetime"), Scalar("date"))


# Transcribed and generated --------------------------------------------------------------------


def load(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def settings(language: str) -> Settings:
    """Return a target as it is when no option is given."""
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
    """Return the models that the generated code declares, by identity, and the unions in it."""
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
    """Return what finds the definition that a name of generated code stands for."""
    homes: dict[str, str] = {}
    modules: dict[str, str] = {}
    if language == "python":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.level:
                module = node.module or ""
                for each in node.names:
                    # Only modules are imported under another name.
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
    """Return the fields of a model as the truth has them, without those that hold no data."""
    # Parameters and what an operation wraps its response in have no `omitempty`.
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
    name, shown, wire = entry["identifier"], entry["type"], entry["wire"]
    match language:
        case "go":
            type_ = declared.go_type(shown, named)
            optional: bool | None = entry["omitted_when_empty"] or entry["has_default"]
            if not tagged and isinstance(type_, Nullable | ListOf | MapOf):
                optional = None
            return Declared(name, type_, optional, wire)
        case "python":
            type_, optional = declared.python_type(ast.parse(shown, mode="eval").body, named)
            return Declared(name, type_, optional, wire)
        case _:
            type_, absent = declared.typescript_type(shown, named)
            return Declared(name, type_, entry["optional"] or absent, wire)


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
        """Return the fields of a model: those of an error are in a class of its data."""
        data = self.models.get(f"{shown}Data") if shown.partition(".")[0] == "errors" else None
        return data if data is not None else self.models.get(shown)


def _truth_resolver(package: str, ids: Mapping[str, str]) -> declared.Named:
    def named(text: str) -> Type:
        before, _, name = text.rpartition(".")
        # In Python `components_money.Money` is in the module of that name.
        for home in (before or package, before.partition("_")[0]):
            for shown in (f"{home}.{name}", f"{home}.{name.removesuffix('Data')}"):
                if shown in ids:
                    return Ref(ids[shown])
        return ANY

    return named


# The comparison -------------------------------------------------------------------------------


@dataclass
class Result:
    """How one language of one corpus came out."""

    corpus: str
    language: str
    merged: bool
    contradicted: frozenset[str] = frozenset()
    """The files, without their ending, of pages that contradict each other."""
    models: int = 0
    right_models: set[str] = field(default_factory=set)
    exact: int = 0
    """Right in what no page tells too."""
    fields: int = 0
    wires: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """What is not right, by model."""

    def tell(self, model: str, line: str) -> None:
        """Note what is not right of a model."""
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
    def wires_percent(self) -> float:
        """How many fields have their wire name."""
        return percent(self.wires, self.fields)


@dataclass(frozen=True)
class Compared:
    """One model on both sides: `shown` is what the SDK calls it.

    `defaults` has the keys of fields that have one in any language. Those `off_wire` are no part
    of a JSON object: the body of a request beside its parameters.
    """

    shown: str
    definition: Model
    real: list[Declared]
    made: list[Declared]
    defaults: frozenset[str]
    off_wire: frozenset[str]


def compare(
    corpus: str, folders: Mapping[str, Path], truths: Mapping[str, Truth]
) -> Iterator[Result]:
    """Transcribe folders together and yield how each of their languages came out."""
    transcription = transcribe({name: load(path) for name, path in folders.items()})
    schema = written(transcription)
    contradicted = frozenset(
        PurePosixPath(place.path).stem
        for each in transcription.disagreements
        for place in (each.one, each.other)
    )
    views = {}
    for pages, given in zip(transcription.sets, transcription.settings, strict=True):
        target = MarkdownTarget(of_language(schema, pages.notation), given)
        views[pages.notation] = {place.shown: id_ for id_, place in target.places.items()}
    shown_as = {language: views.get(language) or next(iter(views.values())) for language in truths}
    defaults = _such(truths, shown_as, has_default)
    off_wire = _such(
        {"go": truths["go"]} if "go" in truths else {},
        shown_as,
        lambda entry: entry["wire"] is None,
    )
    for pages in transcription.sets:
        language = pages.notation
        truth = truths.get(language)
        if truth is None:
            continue
        made, unions = generated(schema, language)
        world = World(language, frozenset(views), schema, unions)
        result = Result(corpus, language, len(folders) > 1, contradicted)
        for shown, id_ in views[language].items():
            entries = truth.of(shown)
            definition = schema.by_id[id_]
            if entries is None or not isinstance(definition, Model):
                continue
            named = _truth_resolver(shown.rpartition(".")[0], views[language])
            real = real_fields(language, entries, named)
            model = Compared(
                shown,
                definition,
                real,
                made.get(id_, []),
                frozenset(defaults.get(id_, ())),
                frozenset(off_wire.get(id_, ())),
            )
            _hold(result, world, model)
        yield result


def _such(
    truths: Mapping[str, Truth],
    shown_as: Mapping[str, Mapping[str, str]],
    is_one: Callable[[Mapping[str, Any]], bool],
) -> dict[str, set[str]]:
    """Return the keys of the fields that are such in any language, by definition."""
    found: dict[str, set[str]] = {}
    for language, truth in truths.items():
        for shown, entries in truth.models.items():
            id_ = shown_as[language].get(shown)
            if id_ is not None:
                keys = {field_key(entry["identifier"]) for entry in entries if is_one(entry)}
                found.setdefault(id_, set()).update(keys)
    return found


def _hold(result: Result, world: World, model: Compared) -> None:
    """Hold the fields of one model against each other."""
    types = {each.json_key: each.type for each in model.definition.fields}
    rest = {each.identifier.strip("_"): each for each in model.made}
    wrong: list[str] = []
    exact = True
    for real in model.real:
        made = rest.pop(real.identifier.strip("_"), None)
        key = field_key(real.identifier)
        if real.wire is not None and key not in model.off_wire:
            result.fields += 1
            if made is not None and made.wire == real.wire:
                result.wires += 1
            elif made is not None:
                result.tell(model.shown, f"{real.identifier}: wire {real.wire} / {made.wire}")
        if made is None:
            wrong.append(f"{real.identifier}: not there")
            continue
        pair = Pair(real, made, types.get(made.wire or "", ANY), key in model.defaults)
        for rule in STYLE:
            pair = rule.settle(world, pair)
        if not _same(pair):
            exact = False
            if not _same(untold(world, pair)):
                wrong.append(_told(pair))
    wrong += [f"{name}: too many" for name in rest]
    result.models += 1
    if not wrong:
        result.right_models.add(model.shown)
    result.exact += not wrong and exact
    for line in wrong:
        result.tell(model.shown, line)


def _same(pair: Pair) -> bool:
    def facts(each: Declared) -> tuple[str, Type, bool | None]:
        return each.identifier, _mapped(each.type, _sorted), each.optional

    return facts(pair.real) == facts(pair.made)


def _sorted(type_: Type) -> Type:
    if isinstance(type_, AnyOf):
        return AnyOf(tuple(sorted(set(type_.members), key=repr)))
    return type_


def _told(pair: Pair) -> str:
    def side(each: Declared) -> str:
        return f"{type_expr.unparse(each.type)} {'optional' if each.optional else 'required'}"

    return f"{pair.real.identifier}: {side(pair.real)} / {side(pair.made)}"


# The command ----------------------------------------------------------------------------------


def results(corpus: Path) -> Iterator[Result]:
    """Yield how each folder of a corpus came out, alone and with those of its API."""
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
    parser = argparse.ArgumentParser(description="How true specs are that were transcribed.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="show all that is not right")
    given = parser.parse_args(arguments)
    print("Models that are exactly what the SDK declares, and fields with their wire name;")
    print("`+ null` counts as wrong too what no page tells of null.\n")
    print(
        f"{'corpus':<12} {'language':<10} {'models':>6} {'right':>6} {'%':>6} {'+ null':>6}"
        f" {'fields':>7} {'wires':>6} {'%':>6}"
    )
    for each in results(given.corpus):
        print(
            f"{each.corpus:<12} {each.language:<10} {each.models:>6} {each.right:>6}"
            f" {each.models_percent:>6.1f} {percent(each.exact, each.models):>6.1f}"
            f" {each.fields:>7} {each.wires:>6} {each.wires_percent:>6.1f}"
        )
        if given.verbose:
            for name, lines in each.wrong.items():
                print(f"    {name}", *lines, sep="\n        ")


if __name__ == "__main__":
    main()
