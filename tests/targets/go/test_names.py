"""Names in Go: definitions, files, packages, imports and tags."""

from __future__ import annotations

import re

import pytest

from helpers.go_specs import MODULE, rendered
from modelsync.naming import PLAIN, spelling
from modelsync.targets.go import GoTarget
from modelsync.targets.go.names import (
    exported,
    file_stem,
    fits_a_tag,
    package_of_module,
    type_name,
)


@pytest.mark.parametrize(
    ("wire_name", "expected"),
    [
        ("id", "ID"),
        ("userIDs", "UserIDs"),
        ("id2", "ID2"),
        ("api_key", "APIKey"),
        ("webhook-url", "WebhookURL"),
        ("class", "Class"),
        ("_id", "ID"),
        ("$ref2", "Ref2"),
        ("naïve", "Naïve"),
        ("名前", "X名前"),
        ("ñ", "Ñ"),
        ("²x", "X2x"),
        ("ŉa", "X\u02bcNa"),
        ("हिन्दी", "Xहनद"),
        ("😀", ""),
        ('"', ""),
    ],
)
def test_names_are_exported_with_initialisms(wire_name: str, expected: str) -> None:
    assert exported(wire_name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OrderId", "OrderID"),
        ("HttpApiUrls", "HTTPAPIURLs"),
        ("ABTest", "ABTest"),
        ("Https", "HTTPS"),
        ("Pet_status", "PetStatus"),
        ("order", "Order"),
    ],
)
def test_types_have_initialisms_too(name: str, expected: str) -> None:
    assert type_name(name, PLAIN) == expected


def test_a_project_can_spell_initialisms_differently() -> None:
    assert type_name("OrderIds", spelling(("Ids",))) == "OrderIds"
    assert type_name("UsdId", spelling(("USD", "Id"))) == "USDId"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("ExportSession", "export_session"),
        ("Doc", "doc_"),
        ("FooTest", "foo_test_"),
        ("FooLinux", "foo_linux_"),
        ("FooLinuxAmd64", "foo_linux_amd64_"),
        ("Js", "js"),
        ("Test", "test"),
        ("Linux", "linux"),
        ("Aux", "aux_"),
        ("Com1", "com1_"),
    ],
)
def test_file_names_have_no_meaning_in_go(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("example.com/acme/models", "models"),
        ("example.com/acme/go-models/v2", "models"),
        ("example.com/acme/my-api", "myapi"),
        ("example.com/acme/internal", "internal_"),
        ("example.com/com1", "com1_"),
        ("example.com/9", "models"),
        ("models", "models"),
    ],
)
def test_the_root_package_is_named_after_the_module(module: str, package: str) -> None:
    assert package_of_module(module) == package


@pytest.mark.parametrize(
    "module", ["", "/x", "x/", "a//b", "a b", 'a"b', "../x", "a/..", "a/./b", "a/.b", "a\n"]
)
def test_invalid_import_paths_are_rejected(module: str) -> None:
    pattern = next(option.pattern for option in GoTarget.options if option.name == "module")
    assert pattern is not None
    assert not pattern.fullmatch(module)


@pytest.mark.parametrize("module", ["a", "example.com/a", "github.com/a/b-c.d/v2", "x/internal/y"])
def test_import_paths_are_accepted(module: str) -> None:
    pattern = next(option.pattern for option in GoTarget.options if option.name == "module")
    assert pattern is not None
    assert pattern.fullmatch(module)


def test_package_names_have_no_meaning_in_go() -> None:
    model = "model: M\nfields: {a: {type: string}}\n"
    paths = ["m", "func/m", "internal/m", "a/main/m", "string/m", "a/x_test/m", "doc/m"]
    files = rendered({f"{path}.yaml": model for path in paths})
    found = {
        path.rpartition("/")[0]: re.findall(r"^package (\w+)$", text, re.MULTILINE)[0]
        for path, text in files.items()
        if path.endswith("m.go")
    }
    assert found == {
        "": "models",
        "func_": "func_",
        "internal_": "internal_",
        "a/main_": "main_",
        "string_": "string_",
        "a/x_test_": "x_test_",
        "doc_": "doc_",
    }


def test_imported_packages_get_distinct_names() -> None:
    leaf = "model: Leaf\nfields: {a: {type: datetime}}\n"
    packages = ["a/x", "b/x", "time", "data", "a/wire"]
    fields = "".join(
        f"  f{index}: {{type: {package.replace('/', '.')}.Leaf}}\n"
        for index, package in enumerate(packages)
    )
    texts = {f"{package}/leaf.yaml": leaf for package in packages}
    texts["top/top.yaml"] = f"model: Top\nfields:\n  at: {{type: date}}\n{fields}"
    text = rendered(texts)["top/top.go"]
    assert text[text.index("import") : text.index(")") + 1] == (
        "import (\n"
        '\t"time"\n'
        "\n"
        f'\tawire "{MODULE}/a/wire"\n'
        f'\t"{MODULE}/a/x"\n'
        f'\tbx "{MODULE}/b/x"\n'
        f'\tdata_ "{MODULE}/data"\n'
        f'\t"{MODULE}/internal/codec"\n'
        f'\ttime_ "{MODULE}/time"\n'
        f'\t"{MODULE}/wire"\n'
        ")"
    )
    assert "\tF2 *time_.Leaf `json" in text


@pytest.mark.parametrize(
    ("wire_name", "fits"),
    [
        ("content-type", True),
        ("a b", True),
        ("名前", True),
        ("$ref", True),
        ("", False),
        ("-", False),
        ("a,b", False),
        ('"', False),
        ("`", False),
        ("\\", False),
        ("a\nb", False),
        ("😀", False),
    ],
)
def test_some_keys_do_not_fit_a_struct_tag(wire_name: str, fits: bool) -> None:
    assert fits_a_tag(wire_name) is fits
