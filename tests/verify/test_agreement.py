"""The generated code of all languages has the same meaning.

This is shown on the specs of this repository and of the tests, on random schemas, and on those of
real pages if a corpus is given.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from helpers.places import TESTS
from helpers.projects import write
from helpers.random_specs import random_specs, spec_text
from helpers.strategies import schemas
from helpers.verify_projects import ALL_TARGETS, LANGUAGES, SHOP, project
from modelsync.cli import run
from modelsync.commands.verify import VerifyResult, verify
from modelsync.errors import ProblemsError
from modelsync.project.config import read_config
from modelsync.schema.definitions import Enum, Field, Model, Union
from modelsync.schema.scalars import SAFE_INTEGER
from modelsync.schema.schema import Schema
from modelsync.schema.types import ListOf, MapOf, Nullable, Ref, Scalar
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import problems_of, target_class
from modelsync.verify import compare
from modelsync.verify.cases import Error, Outcome
from modelsync.verify.expected import agrees
from toolchains.tools import NODE_MODULES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.toolchain,
    pytest.mark.usefixtures("typescript_on_path"),
]


TOGETHER = ("additional", "aliases", "limits", "tags", "types", "unions")
"""The cases whose specs are verified in one project."""


KEYS_OF_RANDOM_SPECS = (
    *("additionalProperties", "alias", "default", "discriminator", "enum", "extends", "open"),
    *("overlapping", "readOnly", "writeOnly", "minimum", "exclusiveMinimum", "exclusiveMaximum"),
    *("maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties"),
)


@pytest.fixture
def typescript_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(NODE_MODULES / ".bin"), prepend=":")


def all_agree(folder: Path, names: Sequence[str] = ()) -> VerifyResult:
    found = verify(folder, names)
    assert found.missing == ()
    assert [each.findings for each in found.targets] == [()] * len(found.targets)
    assert [each.failure for each in found.targets] == [""] * len(found.targets)
    assert [(each.case.document, each.answers) for each in found.disagreements[:3]] == []
    assert found.agrees
    return found


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_the_specs_of_this_repository(root: Path) -> None:
    # Validators of the exported schemas have their own tests: `ajv` is not installed here.
    found = all_agree(root, ("python", "typescript", "go"))
    assert [each.target for each in found.targets] == ["python", "typescript", "go"]
    assert {sum(each.case_counts.values()) for each in found.targets} == {found.case_count}


def agree_in_words(actual: Outcome, expectation: Outcome | None) -> bool:
    """Whether outcomes agree, and errors have the texts of the reference, except for the form of
    numbers and what parsers say of text that is not JSON."""
    if not agrees(actual, expectation):
        return False
    if expectation is None or not expectation.errors:
        return True
    # The code of an alias of a type without methods in Go returns no others.
    wanted = expectation.errors if actual.errors else expectation.errors[:1]
    found = actual.errors or (Error(actual.path, actual.message),)
    return [in_one_form(e.message) for e in found] == [in_one_form(e.message) for e in wanted]


def in_one_form(text: str) -> str:
    """Return an error with its number in one form, or without it if languages cannot hold it."""
    if INTEGER.search(text):
        return f"{text.partition('expected')[0]}expected another number"
    found = NUMBER_FOUND.search(text)
    if found is None:
        return text
    number = float(found[1] or "inf")
    if abs(number) > SAFE_INTEGER:
        return f"{text.partition('expected')[0]}expected another number"
    return f"{text[: found.start()]}, found {number or 0:.6g}{text[found.end() :]}"


INTEGER = re.compile(
    r"expected an? (?:64-bit integer|integer of at most 53 bits"
    r"|integer that this language holds exactly)(?=\)*$)"
)
NUMBER_FOUND = re.compile(
    r"(?: that this language holds exactly|, found (?:a longer one|a number that may be rounded"
    r"|-?(?:inf|Infinity|\d+\.\.\.)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)))(?=\)*$)"
)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_the_specs_of_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All together, because compilers start slowly. Each case names its package."""
    monkeypatch.setattr(compare, "agrees", agree_in_words)
    for specs in ("verify/meaning", *(f"cases/{name}" for name in TOGETHER)):
        package = specs.rpartition("/")[2]
        shutil.copytree(TESTS / specs / "specs", tmp_path / "specs" / package)
    write(tmp_path, {"modelsync.yaml": ALL_TARGETS})
    found = all_agree(tmp_path)
    packages = {id_.partition(".")[0] for id_ in found.targets[0].case_counts}
    assert packages == {"meaning", *TOGETHER}


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_the_names_of_the_tests(tmp_path: Path) -> None:
    shutil.copytree(TESTS / "cases/names/specs", tmp_path / "specs")
    write(tmp_path, {"modelsync.yaml": LANGUAGES})
    all_agree(tmp_path)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_the_types_of_requests_and_responses(tmp_path: Path) -> None:
    shutil.copytree(TESTS / "cases/extends/specs", tmp_path / "specs")
    # One target has no variants: it is not asked about them.
    config = (
        f"{ALL_TARGETS.replace('}', ', variants: true}')}  plain: {{target: python, out: py}}\n"
    )
    write(tmp_path, {"modelsync.yaml": config})
    found = all_agree(tmp_path)
    *others, plain = found.targets
    assert {"OrderRequest", "EventResponse"} <= others[0].case_counts.keys()
    assert others[0].case_counts.items() > plain.case_counts.items()
    assert "TransferRequest" not in others[0].case_counts
    assert "Entity" not in others[0].case_counts


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_a_missing_check_of_required_keys_in_go_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, SHOP, ALL_TARGETS)
    assert run(["init", "--eject", "go", "--project", str(folder)]) == 0
    template = folder / "templates/go/model.go.j2"
    text = template.read_text("utf-8")
    line = '\tobject.Require({{ field.index }}, "{{ field.json_key }}")\n'
    assert line in text
    template.write_text(text.replace(line, ""), "utf-8")
    found = verify(folder)
    assert {each.wrong for each in found.disagreements} == {("go",)}
    places = {(str(each.position), each.case.what) for each in found.disagreements}
    assert ("specs/shop.yaml:3:3", "id is absent") in places
    assert ("specs/shop.yaml:11:3", "sku is absent") in places
    capsys.readouterr()
    assert run(["verify", "go", "--project", str(folder)]) == 1
    assert "go disagrees: Order, id is absent" in capsys.readouterr().out


def moved(value: Any, package: str) -> Any:
    """Return part of a schema with each definition in a package within `package`."""
    match value:
        case Ref(id=id_):
            return Ref(f"{package}.{id_}")
        case tuple():
            return tuple(moved(each, package) for each in value)
        case Model() | Enum() | Union() | Field() | ListOf() | MapOf() | Nullable():
            parts = {e.name: getattr(value, e.name) for e in dataclass_fields(value) if e.init}
            parts = {name: moved(part, package) for name, part in parts.items()}
            if isinstance(value, Model | Enum | Union):
                parts["package"] = f"{package}.{value.package}"
            return type(value)(**parts)
        case _:
            return value


def is_valid(schema: Schema) -> bool:
    """Whether a schema is valid in every language of `ALL_TARGETS`."""
    return is_valid_spec(write_specs(schema, "specs"))


def is_valid_spec(texts: Mapping[str, str]) -> bool:
    """Whether specs are valid in every language of `ALL_TARGETS`."""
    try:
        valid = read_schema(texts, "specs")
    except ProblemsError:
        return False
    # TypeScript has one type of number: a float32 may be rounded to an integer.
    unions = (each.members for each in valid.definitions if isinstance(each, Union))
    numbers = {Scalar("float32"), Scalar("int32"), Scalar("int64")}
    if any(Scalar("float32") in members and len(numbers & {*members}) > 1 for members in unions):
        return False
    config = read_config(ALL_TARGETS)
    targets = [target_class(each.target)(valid, each) for each in config.targets]
    return not list(problems_of(targets))


def random_schemas(number: int, most: int) -> list[Schema]:
    """Return `number` valid schemas from Hypothesis, each in packages of its own.

    How many of those that it draws are valid depends on its version, so it draws until there are
    enough, but at most `most`.
    """
    made: list[Schema] = []

    @settings(max_examples=most, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(schemas(bare=True))
    def collect(schema: Schema) -> None:
        if len(made) < number:
            apart = Schema(moved(schema.definitions, f"s{len(made)}"))
            made.extend([apart] if is_valid(apart) else [])

    collect()
    return made


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_random_schemas(tmp_path: Path) -> None:
    """All together, because compilers start slowly. Each case names its schema."""
    valid = random_schemas(21, most=600)
    assert len(valid) == 21
    together = Schema(tuple(each for schema in valid for each in schema.definitions))
    write(tmp_path, {"modelsync.yaml": ALL_TARGETS, **write_specs(together, "specs")})
    all_agree(tmp_path)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
def test_languages_agree_on_random_specs_of_the_whole_language(tmp_path: Path) -> None:
    specs: dict[str, str] = {}
    for seed in range(7, 400):
        text = spec_text(random_specs(seed))
        path = f"specs/s{seed}/all.yaml"
        if is_valid_spec({path: text}):
            specs[path] = text
        if len(specs) == 8:
            break
    assert len(specs) == 8
    text = "".join(specs.values())
    assert [key for key in KEYS_OF_RANDOM_SPECS if f'"{key}"' not in text] == []
    write(tmp_path, {"modelsync.yaml": ALL_TARGETS, **specs})
    all_agree(tmp_path)


@pytest.mark.toolchain
@pytest.mark.usefixtures("typescript_on_path")
@pytest.mark.parametrize("api", [("mix-go", "mix-ts"), ("dub-go", "dub-ts", "dub-py")])
def test_languages_agree_on_the_specs_of_real_pages(
    corpus: Path, tmp_path: Path, api: Sequence[str]
) -> None:
    folders = [str(corpus / name) for name in api]
    assert run(["transcribe", *folders, "--into", str(tmp_path)]) == 0
    with (tmp_path / "modelsync.yaml").open("a", encoding="utf-8") as config:
        config.write(LANGUAGES.partition("\n")[2])
    all_agree(tmp_path)
