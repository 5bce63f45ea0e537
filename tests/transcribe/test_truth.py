"""Transcribed specs compared with the declarations of SDKs, and how JSON keys are derived."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from modelsync.schema.definitions import Field, Model
from modelsync.schema.types import Constant, ListOf, Nullable, Ref, Scalar
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.json_keys import Convention

# No page of mix shows which model has `display_name` and which `displayName`.
LEAST_JSON_KEYS = {"mix": {"go": 84.0, "typescript": 92.0}}


@pytest.fixture
def truth(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command under `benchmarks/`."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("truth")


@pytest.mark.toolchain
def test_models_are_what_the_sdks_declare(corpus: Path, truth: Any) -> None:
    short, seen = [], set()
    results = list(truth.results(corpus))
    for each in results:
        seen.add((each.corpus, each.language))
        api = each.corpus.partition("-")[0]
        least = LEAST_JSON_KEYS.get(api, {}).get(each.language, 95.0)
        if each.models_percent < 98.0 or each.json_keys_percent < least or not each.models:
            short.append((each.corpus, each.language, each.models_percent, each.json_keys_percent))
    assert not short
    assert seen >= {
        ("mix", "go"),
        ("mix", "typescript"),
        ("dub", "go"),
        ("dub", "typescript"),
        ("dub", "python"),
        ("mistral", "python"),
    }
    alone = {(each.corpus, each.language): each for each in results if not each.merged}
    for each in results:
        if not each.merged:
            continue
        short_name = {"go": "go", "python": "py", "typescript": "ts"}[each.language]
        single = alone[f"{each.corpus}-{short_name}", each.language]
        # Facts that are right for one language stay right when merged, unless pages contradict.
        lost = {name.rpartition(".")[2].lower() for name in single.right_models - each.right_models}
        assert lost <= each.contradicted, (each.corpus, each.language)
        assert len(lost) <= 1, (each.corpus, each.language)
        assert each.json_keys_percent >= single.json_keys_percent - 0.1, (
            each.corpus,
            each.language,
        )


# The comparison -------------------------------------------------------------------------------


def page(title: str, *rows: tuple[str, ...], text: str = "") -> bytes:
    """Return a page; a row is the name, the type, whether it is required, and the description."""
    lines = [f"# {title}", "", *([text, ""] if text else []), "", "## Fields", ""]
    lines += ["| Field | Type | Required | Description |", "| - | - | - | - |"]
    marks = {"yes": ":heavy_check_mark:", "no": ":heavy_minus_sign:"}
    for name, type_, required, *description in rows:
        said = description[0] if description else "N/A"
        lines.append(f"| `{name}` | {type_} | {marks[required]} | {said} |")
    return "\n".join(lines).encode()


GO = page("Money", ("Amount", "*int64*", "yes"), ("PaidBy", "**string*", "no"))
PYTHON = page("Money", ("amount", "*int*", "yes"), ("paid_by", "*OptionalNullable[str]*", "no"))
TYPESCRIPT = page("Money", ("amount", "*number*", "yes"), ("paidBy", "*string*", "no"))

TRUTH: dict[str, list[dict[str, Any]]] = {
    "go": [
        {"identifier": "Amount", "type": "int64", "wire": "amount"},
        {"identifier": "PaidBy", "type": "*string", "wire": "paidBy", "omitted_when_empty": True},
    ],
    "py": [
        {"identifier": "amount", "type": "int", "wire": "amount"},
        {"identifier": "paid_by", "type": "OptionalNullable[str]", "wire": "paidBy"},
    ],
    "ts": [
        {"identifier": "amount", "type": "number", "wire": "amount", "optional": False},
        {
            "identifier": "paidBy",
            "type": "string | null | undefined",
            "wire": "paidBy",
            "optional": True,
        },
    ],
}
PAGES = {"go": GO, "py": PYTHON, "ts": TYPESCRIPT}


def small_corpus(folder: Path, **changes: dict[str, Any]) -> Path:
    """Write a corpus of one model in three languages; `changes` are to its second field."""
    (folder / "truth").mkdir()
    for ending, data in PAGES.items():
        pages = folder / f"shop-{ending}" / "docs" / "models" / "components"
        pages.mkdir(parents=True)
        (pages / "money.md").write_bytes(data)
        first, second = TRUTH[ending]
        entries = [
            {"omitted_when_empty": False, "has_default": False, **entry}
            for entry in (first, {**second, **changes.get(ending, {})})
        ]
        text = json.dumps({"components.Money": entries})
        (folder / "truth" / f"shop-{ending}.json").write_text(text)
    return folder


def merged(truth: Any, folder: Path) -> dict[str, Any]:
    return {each.language: each for each in truth.results(folder) if each.corpus == "shop"}


def test_facts_that_are_right_in_every_language_are_counted(truth: Any, tmp_path: Path) -> None:
    for language, each in merged(truth, small_corpus(tmp_path)).items():
        assert (each.models, each.right, each.exact) == (1, 1, 1), (language, each.wrong)
        assert (each.fields, each.json_keys) == (2, 2)


@pytest.mark.parametrize(
    ("language", "ending", "change"),
    [
        ("go", "go", {"type": "*int64"}),
        ("go", "go", {"identifier": "PaidFor"}),
        ("python", "py", {"type": "Optional[str]"}),
        ("python", "py", {"type": "Nullable[str]"}),
        ("typescript", "ts", {"type": "Array<string> | null | undefined"}),
        ("typescript", "ts", {"type": "string | null", "optional": False}),
    ],
)
def test_a_different_declaration_in_the_sdk_is_reported(
    truth: Any, tmp_path: Path, language: str, ending: str, change: dict[str, Any]
) -> None:
    folder = small_corpus(tmp_path, **{ending: change})
    each = merged(truth, folder)[language]
    assert each.right == 0
    assert list(each.wrong) == ["components.Money"]


def test_a_json_key_that_is_not_found_is_reported(truth: Any, tmp_path: Path) -> None:
    each = merged(truth, small_corpus(tmp_path, ts={"wire": "paid_by"}))["typescript"]
    assert (each.right, each.fields, each.json_keys) == (1, 2, 1)
    assert each.wrong == {"components.Money": ["paidBy: JSON key paid_by / paidBy"]}


def test_null_that_no_page_shows_is_counted_separately(truth: Any, tmp_path: Path) -> None:
    folder = small_corpus(tmp_path)
    (each,) = [each for each in truth.results(folder) if each.corpus == "shop-ts"]
    assert (each.right, each.exact) == (1, 0)


# Merged facts ---------------------------------------------------------------------------------


def transcribed(*pages: bytes, **folders: bytes) -> Transcription:
    """Transcribe the pages of one folder, or one page per folder: `go=...` or `ts=...`."""
    if folders:
        files = {name: {"docs/models/m/thing.md": data} for name, data in folders.items()}
    else:
        files = {"sdk": {f"docs/models/m/{n}.md": data for n, data in enumerate(pages)}}
    return transcribe(files)


def json_keys(transcription: Transcription) -> list[list[str]]:
    return [
        [field.json_key for field in definition.fields]
        for definition in transcription.schema.definitions
        if isinstance(definition, Model)
    ]


def thing(transcription: Transcription) -> dict[str, Field]:
    (model,) = (each for each in transcription.schema.definitions if isinstance(each, Model))
    return {field.json_key: field for field in model.fields}


def test_descriptions_show_the_convention_of_json_keys() -> None:
    fields = [("page_size", "*int*", "yes"), ("tag_ids", "*str*", "yes")]
    spoken = ("sort_by", "*str*", "yes", "Beside `tagIds` or `pageSize`.")
    assert json_keys(transcribed(page("A", *fields, spoken))) == [["pageSize", "tagIds", "sortBy"]]
    plain = ("sort_by", "*str*", "yes", "Beside `tag_ids`.")
    assert json_keys(transcribed(page("A", *fields, plain))) == [
        ["page_size", "tag_ids", "sort_by"]
    ]


def test_json_keys_are_the_closest_names_if_the_text_shows_none() -> None:
    assert json_keys(transcribed(page("A", ("page_size", "*str*", "yes")))) == [["page_size"]]
    assert json_keys(transcribed(page("A", ("PageSize", "**int64*", "yes")))) == [["pageSize"]]


def test_a_page_that_spells_a_field_differently_decides_only_its_own_keys() -> None:
    spoken = ("page_size", "*str*", "yes", "Not with `pageSize`, but `tag_ids` or `sort_by`.")
    rest = [("tag_ids", "*str*", "yes"), ("sort_by", "*str*", "yes")]
    other = page("B", ("page_size", "*str*", "yes"))
    assert json_keys(transcribed(page("A", spoken, *rest), other)) == [
        ["pageSize", "tag_ids", "sort_by"],
        ["page_size"],
    ]


def test_a_page_decides_its_own_keys_even_if_others_spell_them_differently() -> None:
    def found(*descriptions: str) -> list[list[str]]:
        pages = [
            page(f"A{number}", ("page_size", "*str*", "yes", text))
            for number, text in enumerate(descriptions)
        ]
        snake = page("Z", ("sort_by", "*str*", "yes", "As `sort_by` has it."))
        return json_keys(transcribed(*pages, snake))

    camel, snake, neither = "The `pageSize`.", "The `page_size`.", "N/A"
    assert found(camel, snake, neither) == [["pageSize"], ["page_size"], ["page_size"], ["sort_by"]]
    # A page with both spellings decides nothing.
    assert found("The `pageSize` or `page_size`.") == [["page_size"], ["sort_by"]]


def test_the_evidence_for_the_convention_is_counted() -> None:
    fields = [("page_size", "*int*", "yes"), ("tag_ids", "*str*", "yes")]
    spoken = ("sort_by", "*str*", "yes", "Beside `tagIds`, `pageSize` and `sort_by`.")
    convention = transcribed(page("A", *fields, spoken)).convention
    assert convention == Convention("camel", alike=2, unlike=1)
    assert transcribed(page("A", *fields)).convention == Convention("as-shown")
    asked = transcribe(
        {"sdk": {"docs/models/m/a.md": page("A", *fields, spoken)}}, json_keys="snake"
    )
    assert asked.convention == Convention("snake", asked=True)
    assert json_keys(asked) == [["page_size", "tag_ids", "sort_by"]]


def test_paths_addresses_and_hyphenated_words_show_no_json_key() -> None:
    text = "See /tagIds/x, https://example.com/tagIds, me@tagIds.org and a-tagIds-b."
    pages = page("A", ("tag_ids", "*str*", "yes", text))
    assert json_keys(transcribed(pages)) == [["tag_ids"]]


def test_a_name_that_no_convention_produces_stays_unchanged() -> None:
    fields = [("__extra__", "Dict[str, *Any*]", "no"), ("from_", "*str*", "yes")]
    spoken = ("tag_ids", "*str*", "yes", "The `tag_ids`.")
    assert json_keys(transcribed(page("A", *fields, spoken))) == [["__extra__", "from", "tag_ids"]]
    # Without evidence for a convention, a `_` after a name is still added by Python.
    builtin = [*fields, ("int_", "*int*", "yes"), ("tag_ids", "*str*", "yes")]
    assert json_keys(transcribed(page("A", *builtin))) == [["__extra__", "from", "int", "tag_ids"]]
    both = [("int", "*int*", "yes"), ("int_", "*str*", "yes")]
    assert json_keys(transcribed(page("A", *both))) == [["int", "int_"]]


def test_names_with_the_same_form_stay_distinct() -> None:
    fields = [("fooBar", "*string*", "yes"), ("foo_bar", "*string*", "yes")]
    (found,) = json_keys(transcribed(page("A", *fields, ("size", "*number*", "yes"))))
    assert len(set(found)) == 3


def test_go_shows_the_width_of_numbers_and_python_shows_null() -> None:
    fields = thing(
        transcribed(
            go=page("Thing", ("Size", "**int64*", "no"), ("Names", "[]*string*", "yes")),
            py=page(
                "Thing", ("size", "*OptionalNullable[int]*", "no"), ("names", "List[*str*]", "yes")
            ),
            ts=page("Thing", ("size", "*number*", "no"), ("names", "*string*[]", "yes")),
        )
    )
    assert fields["size"].type == Nullable(Scalar("int64"))
    assert fields["names"].type == ListOf(Scalar("string"))


def test_null_in_an_example_is_null_in_the_field() -> None:
    head, _, table = page("Thing", ("names", "*string*[]", "yes")).decode().partition("\n\n\n")
    code = 'import { Thing } from "x/models/m";\n\nlet value: Thing = {\n  names: null,\n};'
    shown = f"{head}\n\n## Example Usage\n\n```typescript\n{code}\n```\n\n{table}"
    assert thing(transcribed(ts=shown.encode()))["names"].type == Nullable(ListOf(Scalar("string")))


ENUM = b"""# Kind


## Values

| Name        | Value |
| ----------- | ----- |
| `KindStart` | start |
| `KindStop`  | stop  |"""


@pytest.mark.parametrize(
    ("values", "type_"), [(ENUM, Constant("stop")), (ENUM.replace(b"| start |", b"| stop |"), None)]
)
def test_a_literal_in_typescript_is_narrower_than_the_enum_in_go(
    values: bytes, type_: Constant | None
) -> None:
    go = page("Thing", ("Kind", "[m.Kind](../../models/m/kind.md)", "yes"))
    if type_ is None:
        values = values.rpartition(b"\n")[0]
    transcription = transcribe(
        {
            "go": {"docs/models/m/thing.md": go, "docs/models/m/kind.md": values},
            "ts": {"docs/models/m/thing.md": page("Thing", ("kind", '*"stop"*', "yes"))},
        }
    )
    assert thing(transcription)["kind"].type == (type_ or Ref("m.Kind"))
    assert not transcription.disagreements
