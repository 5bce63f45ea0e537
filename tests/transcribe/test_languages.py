"""Pages of one API in several languages that show unions, fields and packages differently."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.page_sets import (
    FLAT,
    IN,
    NO,
    YES,
    all_back,
    fields,
    go_member,
    literals,
    member,
    returned,
    typescript,
    union,
    values,
)
from helpers.strategies import schemas
from helpers.written_pages import DIALECTS, pages_of
from modelsync.cli import run
from modelsync.commands.transcribe import transcribe_into
from modelsync.naming import pascal
from modelsync.pages.notation import NOTATIONS
from modelsync.pages.table import BREAK
from modelsync.schema.definitions import Definition, Enum, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import Scalar

# Unions


def go_union(title: str, *members: tuple[str, str]) -> str:
    """Return the page of a union in Go; a member is a model and its tag."""
    code_of = (go_member(title, tag, f"components.{name}") for name, tag in members)
    return union(title, "go", *zip((name for name, _ in members), code_of, strict=True))


def pets(go: list[tuple[str, str]], ts: list[str]) -> dict[str, dict[str, str]]:
    """Return pages of the models `Cat`, `Dog` and `Cow`, and of a union of some of them.

    Go shows an enum for what each is, and so does TypeScript where a model has several tags.
    """
    files: dict[str, dict[str, str]] = {"go": {}, "ts": {}}
    for title in ("Cat", "Dog", "Cow"):
        kind = title.lower()
        texts = [tag.lower() for name, tag in go if name == title] or [kind]
        texts = [kind] if len(texts) == 1 else texts
        link = f"[components.{title}Kind](../../models/components/{kind}kind.md)"
        pairs = [(f"{title}Kind{text.capitalize()}", text) for text in texts]
        files["go"][f"{IN}{kind}.md"] = fields(title, ["Kind", link])
        files["go"][f"{IN}{kind}kind.md"] = values(f"{title}Kind", *pairs)
        cell = f'*"{kind}"*' if len(texts) == 1 else link
        value = f'{{\n  kind: "{kind}",\n}}'
        files["ts"][f"{IN}{kind}.md"] = typescript(title, ["kind", cell], value=value)
        if len(texts) > 1:
            files["ts"][f"{IN}{kind}kind.md"] = literals(f"{title}Kind", texts)
    files["go"][f"{IN}pet.md"] = go_union("Pet", *go)
    samples = [(f"components.{name}", f'{{\n  kind: "{name.lower()}",\n}}') for name in ts]
    files["ts"][f"{IN}pet.md"] = union("Pet", "typescript", *(member(*each) for each in samples))
    return files


CAT, DOG, COW = ("Cat", "Cat"), ("Dog", "Dog"), ("Cow", "Cow")


@pytest.mark.parametrize(
    ("go", "ts", "members", "mapping"),
    [
        ([CAT, DOG], ["Cat", "Dog"], "Cat Dog", "cat=Cat dog=Dog"),
        ([CAT, DOG], ["Dog", "Cat"], "Cat Dog", "cat=Cat dog=Dog"),
        ([CAT, DOG], ["Cat", "Dog", "Cow"], "Cat Dog Cow", "cat=Cat dog=Dog cow=Cow"),
        ([CAT, DOG], ["Cow", "Dog", "Cat"], "Cat Dog Cow", "cat=Cat dog=Dog cow=Cow"),
        ([CAT, DOG, COW], ["Dog"], "Cat Dog Cow", "cat=Cat dog=Dog cow=Cow"),
        ([CAT, ("Cat", "Tom"), DOG], ["Cat", "Dog"], "Cat Dog", "cat=Cat tom=Cat dog=Dog"),
        ([("Cat", "A"), ("Dog", "B")], ["Cat", "Dog"], "Cat Dog", ""),
    ],
)
def test_tags_of_go_belong_to_their_members(
    go: list[tuple[str, str]], ts: list[str], members: str, mapping: str
) -> None:
    schema = returned(pets(go, ts)).schema
    pet = schema.by_id["components.Pet"]
    assert isinstance(pet, Union)
    names = {f"components.{name}": name for name in ("Cat", "Dog", "Cow")}
    assert [names[each.id] for each in pet.members] == members.split()  # type: ignore[union-attr]
    assert pet.discriminator == ("kind" if mapping else None)
    assert [f"{value}={names[id_]}" for value, id_ in pet.mapping] == mapping.split()


@pytest.mark.parametrize(
    ("go", "ts", "expected"),
    [
        (["string", "int64"], ["number", "string"], ["string", "int64"]),
        (["int64", "string"], ["boolean", "number", "string"], ["int64", "string", "bool"]),
        (["int64", "string", "bool"], ["string", "number"], ["int64", "string", "bool"]),
        (["int64", "any"], ["any", "number"], ["int64", "any"]),
    ],
)
def test_members_of_unions_match_in_any_order(
    go: list[str], ts: list[str], expected: list[str]
) -> None:
    samples = {"number": "1", "string": '"a"', "boolean": "true", "any": '"b"'}
    blocks = [("", go_member("Key", pascal(name), name)) for name in go]
    schema = returned(
        {
            "go": {f"{IN}key.md": union("Key", "go", *blocks)},
            "ts": {f"{IN}key.md": union("Key", "typescript", *(member(n, samples[n]) for n in ts))},
        }
    ).schema
    (key,) = schema.definitions
    assert isinstance(key, Union)
    assert [each.name for each in key.members if isinstance(each, Scalar)] == expected


# Facts of one language


def field_of(definition: Definition, wire: str) -> Field:
    assert isinstance(definition, Model)
    return next(field for field in definition.fields if field.json_key == wire)


@pytest.mark.parametrize("first", ["py", "ts"])
def test_an_example_in_one_language_stays_there(first: str) -> None:
    folders = {
        "py": {f"{IN}a.md": fields("A", ["size", "*int*"], ["name", "*str*"])},
        "ts": {
            f"{IN}a.md": fields(
                "A", ["size", "*number*", YES, "N/A", "3"], ["name", "*string*", YES, "N/A", ""]
            )
        },
        "go": {
            f"{IN}a.md": fields(
                "A", ["Size", "*int64*", YES, "N/A", ""], ["Name", "*string*", YES, "N/A", "x"]
            )
        },
    }
    ordered = {first: folders[first], **folders}
    (model,) = returned(ordered).schema.definitions
    assert field_of(model, "size").examples == (3,)
    assert field_of(model, "name").examples == ("x",)


def test_each_language_has_its_own_reason_to_deprecate() -> None:
    def old(title: str, reason: str, row: list[str]) -> str:
        text = f"> :warning: **DEPRECATED**: {reason}"
        cell = f": warning: ** DEPRECATED **: {reason}"
        made = fields(title, [f"~~`{row[0]}`~~", row[1], YES, cell], text=text)
        return made.replace(f"# {title}", f"# ~~{title}~~", 1)

    usual = (
        "This will be removed in a future release, please migrate away from it as soon as possible."
    )
    folders = {
        "go": {f"{IN}a.md": old("A", usual, ["ID", "*string*"])},
        "py": {f"{IN}a.md": old("A", "Use B.", ["id", "*str*"])},
        "ts": {f"{IN}a.md": typescript("A", ["id", "*string*"])},
    }
    (model,) = returned(folders).schema.definitions
    assert (model.deprecated, field_of(model, "id").deprecated) == ("Use B.", "Use B.")


def test_a_field_is_required_as_python_shows_it() -> None:
    rows = {"go": ["ID", "*string*"], "py": ["id", "*str*"], "ts": ["id", "*string*"]}

    def page_of(name: str, mark: str) -> str:
        cell = "**string*" if (name, mark) == ("go", NO) else rows[name][1]
        cell = "*Optional[str]*" if (name, mark) == ("py", NO) else cell
        made = typescript if name == "ts" else fields
        return made("A", [rows[name][0], cell, mark])

    for required, expected in (
        ({"py": YES, "ts": NO}, True),
        ({"py": NO, "ts": YES}, False),
        ({"go": NO, "py": YES}, False),
    ):
        folders = {name: {f"{IN}a.md": page_of(name, mark)} for name, mark in required.items()}
        (model,) = returned(folders).schema.definitions
        assert field_of(model, "id").required is expected


def test_python_shows_a_name_in_snake_case_unchanged() -> None:
    text = "Sorted by `page_size`."
    folders = {
        "py": {
            f"{IN}a.md": fields("A", ["k8s_cluster", "*str*"], ["page_size", "*int*"], text=text)
        },
        "ts": {
            f"{IN}a.md": fields(
                "A", ["k8sCluster", "*string*"], ["pageSize", "*number*"], text=text
            )
        },
    }
    (model,) = returned(folders).schema.definitions
    assert isinstance(model, Model)
    assert [field.json_key for field in model.fields] == ["k8s_cluster", "page_size"]


def test_a_page_missing_in_one_language_gets_its_name_from_links() -> None:
    def row(package: str, title: str) -> list[str]:
        return ["options", f"[{package}.{title}](../../models/{package}/{title.lower()}.md)"]

    options = ["label", "*str*"]
    folders = {
        "go": {
            f"{IN}a.md": fields("A", ["Options", row("components", "OptionsObj")[1]]),
            f"{IN}optionsobj.md": fields("OptionsObj", ["Label", "*string*"], ["Size", "*int64*"]),
        },
        # It has a page with another title here, and leads to one that does not exist.
        "py": {
            f"{IN}a.md": fields("A", row("components", "Options")),
            f"{IN}b.md": fields("B", row("components", "OptionsObj")),
            f"{IN}optionsobj.md": fields("OptionsObj", options, ["size", "*int*"]),
        },
    }
    schema = returned(folders).schema
    assert schema.by_id["components.OptionsObj"].only == ()
    assert schema.by_id["components.Options"].only == ("python",)


def test_a_definition_without_pages_gets_its_name_from_the_first_link() -> None:
    def row(name: str, title: str) -> list[str]:
        return [name, f"[components.{title}](../../models/components/{title.lower()}.md)"]

    folders = {
        "go": {f"{IN}a.md": fields("A", row("Options", "OptionsObj"), ["ID", "*string*"])},
        "py": {f"{IN}a.md": fields("A", row("options", "Options"), ["id", "*str*"])},
        "ts": {
            f"{IN}a.md": typescript(
                "A",
                row("options", "Options"),
                ["id", "*string*"],
                value='{\n  options: {\n    label: "x",\n  },\n  id: "x",\n}',
            )
        },
    }
    schema = returned(folders).schema
    assert {each.id for each in schema.definitions} == {"components.A", "components.OptionsObj"}


# Packages


def test_a_definition_of_a_flat_language_is_in_the_package_that_uses_it() -> None:
    user = "[components.User](../../models/components/user.md)"
    request = "[operations.Request](../../models/operations/request.md)"
    folders = {
        "ts": {
            f"{IN}user.md": fields("User", ["id", "*string*"]),
            f"{IN}team.md": fields("Team", ["size", "*number*"]),
            f"{IN}item.md": fields("Item", ["text", "*string*"]),
            "docs/models/operations/request.md": fields("Request", ["user", user]),
            "docs/models/operations/other.md": fields("Other", ["request", request]),
        },
        "py": {
            f"{FLAT}user.md": fields("User", ["id", "*str*"]),
            f"{FLAT}team.md": fields("Team", ["size", "*int*"]),
            f"{FLAT}item.md": fields("Item", ["text", "*str*"]),
            f"{FLAT}request.md": fields("Request", ["user", "[models.User](../models/user.md)"]),
            f"{FLAT}call.md": fields("Call", ["request", "[models.Request](../models/request.md)"]),
            f"{FLAT}calls.md": fields("Calls", ["call", "[models.Call](../models/call.md)"]),
            f"{FLAT}alone.md": fields("Alone", ["user", "[models.User](../models/user.md)"]),
        },
    }
    back = returned(folders)
    assert back.run.join == {}
    assert {each.id for each in back.schema.definitions if each.only} == {
        "operations.Call",
        "operations.Calls",
        "components.Alone",
        "operations.Other",
    }


def test_packages_that_do_not_match_have_their_own_names() -> None:
    def model(title: str) -> str:
        return fields(title, ["ID", "*string*"])

    folders = {
        "go": {
            f"{FLAT}and.md": model("And"),
            f"{FLAT}order.md": model("Order"),
            f"{IN}user.md": model("User"),
        },
        "ts": {f"{IN}order.md": typescript("Order", ["id", "*string*"])},
        "py": {
            f"{FLAT}order.md": fields("Order", ["id", "*str*"]),
            f"{FLAT}money.md": fields("Money", ["id", "*str*"]),
            f"{FLAT}user.md": fields("User", ["id", "*str*"]),
        },
    }
    assert [*returned(folders).schema.packages] == ["components", "components2"]


# Random and damaged pages


@pytest.mark.slow
@settings(max_examples=30)
@given(schemas(bare=True), st.fixed_dictionaries(dict.fromkeys(NOTATIONS, DIALECTS)))
def test_written_pages_of_all_languages_come_back_together(
    schema: Schema, dialects: dict[str, dict[str, str | bool]]
) -> None:
    # See `test_written_pages_come_back`.
    enums = (each for each in schema.definitions if isinstance(each, Enum))
    texts = [str(value.json_value) for enum in enums for value in enum.values]
    assume(not any(text.endswith(" ") or BREAK in text for text in texts))
    folders = {name: pages_of(schema, name, dialect) for name, dialect in dialects.items()}
    back = all_back(folders)
    # Pages without a type may be of any language.
    assume({each.label: each.notation for each in back.run.sets} == {n: n for n in NOTATIONS})
    assert back.run.problems == ()
    assert [f"{each.position} {each.help}" for each in back.inexact] == []


def damaged(random: Random, text: str) -> str:
    """Return a page with some of its lines lost, repeated or moved."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 3)):
        index, other = (random.randrange(len(lines)) for _ in range(2))
        match random.randrange(3):
            case 0:
                lines = lines[:index] + lines[index + 1 :] or [""]
            case 1:
                lines.insert(other, lines[index])
            case _:
                lines[index], lines[other] = lines[other], lines[index]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_page_of_one_language_does_not_affect_another_language(
    seed: int,
) -> None:
    random = Random(seed)  # noqa: S311 - nothing secret
    folders = pets([CAT, DOG, COW], ["Dog", "Cat", "Cow"])
    language = random.choice(sorted(folders))
    pages = folders[language]
    for path in random.sample(sorted(pages), 3):
        pages[path] = damaged(random, pages[path])
    inexact = [each.position.path for each in all_back(folders).inexact]
    assert [path for path in inexact if not path.startswith(f"{language}/")] == []


# Real pages


CODE = """\
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/models}
"""


@pytest.mark.toolchain
@pytest.mark.parametrize(
    "names",
    [
        ("mix-go", "mix-ts"),
        ("dub-go", "dub-ts", "dub-py"),
        ("mistral-ts", "mistral-py"),
        # SDKs of different APIs, transcribed together by mistake.
        ("mix-go", "dub-ts", "mistral-py"),
    ],
)
def test_real_pages_come_back_together_as_they_do_alone(
    corpus: Path, tmp_path: Path, names: tuple[str, ...]
) -> None:
    """The specs generate code in every language, too."""
    folders = [corpus / name for name in names]
    alone = {
        problem.position.path
        for folder in folders
        for problem in transcribe_into([folder], tmp_path / folder.name).problems
    }
    project = tmp_path / "together"
    together = transcribe_into(folders, project)
    assert {problem.position.path for problem in together.problems} <= alone
    assert together.transcription.join == {}
    with (project / "modelsync.yaml").open("a", encoding="utf-8") as config:
        config.write(CODE)
    assert run(["generate", "-q", "--project", str(project)]) == 0
