"""The Python target on unusual schemas, and what formatters and type checkers report."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from helpers.places import TESTS
from helpers.projects import generate, schema_of, write
from helpers.python_schemas import (
    AT,
    DEEP_SCHEMAS,
    DESCRIPTIONS,
    INT64,
    SCHEMAS,
    STRING,
    every_type,
    files_called,
    files_of,
    model,
    target_called,
    wide,
)
from modelsync.schema.ir import Definition, Enum, Model, Schema, Union
from modelsync.targets.base import Settings
from modelsync.targets.python import PythonTarget, layout
from modelsync.verify.toolchains import Tool


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEMAS)
def test_black_changes_no_file(name: str) -> None:
    changed = [
        path
        for path, text in files_called(name).items()
        if path.endswith(".py") and layout.black(text) != text
    ]
    assert changed == []


def test_only_very_long_names_need_black(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "black", pytest.fail)
    files_of(every_type())


def test_black_is_not_imported_for_usual_specs() -> None:
    script = """if True:
        import sys
        from helpers.python_schemas import every_type, files_of
        files_of(every_type())
        assert "black" not in sys.modules
    """
    folders = [path for path in sys.path if path]
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *folders])},
    )


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name != "names" else ()) for name in SCHEMAS],
)
def test_files_declare_exactly_what_the_schema_has(name: str) -> None:
    target, texts = target_called(name), files_called(name)
    for file in target.files():
        if not file.definitions:
            continue
        (definition,) = file.definitions
        tree = ast.parse(texts[f"models/{file.path}"])
        assert sorted(_declared(tree.body)) == sorted(_expected(target, definition)), file.path


HELPERS = ("_read_", "_write_", "_default_", "__read_", "__write_")


def _declared(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.FunctionDef(name=name) if name.startswith(HELPERS):
                pass
            case ast.FunctionDef(name=name):
                yield f"{name}()"
            case ast.ClassDef(name=name, body=inner):
                yield f"class {name}"
                yield from (f"{name}.{item}" for item in _declared(inner))
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=inner):
                yield from _declared(inner)
            case ast.AnnAssign(target=ast.Name(id=name)):
                if not name.startswith("_") or name.strip("_").lower() == name.strip("_"):
                    yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case _:
                yield f"?{ast.unparse(statement)}"


def _expected(target: PythonTarget, definition: Definition) -> Iterator[str]:
    name = target.definition_names[definition.id]
    methods = ["from_dict", "to_dict"]
    if not isinstance(definition, Model):
        functions = target.places[definition.id].functions
        methods += ["from_json", "to_json"]
        yield from (f"{functions}_{method}()" for method in methods)
    match definition:
        case Model(fields=fields):
            yield f"class {name}"
            yield from (f"{name}.{target.field_names[definition.id, f.json_key]}" for f in fields)
            yield from (f"{name}.{method}()" for method in methods)
        case Enum(values=values):
            yield f"class {name}"
            yield from (f"{name}.{target.value_names[definition.id, v.json_value]}" for v in values)
        case Union():
            yield name


def test_docstrings_have_the_words_of_their_descriptions() -> None:
    (described,) = [
        node
        for node in ast.parse(files_called("names")["models/described.py"]).body
        if isinstance(node, ast.ClassDef)
    ]
    docs = {
        field.target.id: ast.literal_eval(doc.value)
        for field, doc in pairwise(described.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(doc, ast.Expr)
    }
    expected = {}
    for index, text in enumerate(DESCRIPTIONS):
        parts = [text] if text.strip() else []
        if index % 3 == 0:  # see `names_schema`
            parts.append(f"Deprecated: {text}" if text else "Deprecated.")
        if parts:
            expected[f"d{index}"] = " ".join(parts).split()
    assert {name: doc.split() for name, doc in docs.items()} == expected


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All unusual schemas in one folder, for the slow checkers."""
    folder = tmp_path_factory.mktemp("python")
    # The others have the same modules, in other packages or with an end.
    for name in ("ring", "packages_of_one"):
        generate(DEEP_SCHEMAS[name](), "python", folder, f"{name}_models")
    generate(wide(300), "python", folder, "wide_models")
    for name in SCHEMAS:
        # Modules use relative imports, so the folder may have another name.
        write(folder, {f"{name}_{path}": text for path, text in files_called(name).items()})
    return folder


@pytest.mark.toolchain
def test_mypy_finds_nothing(generated: Path) -> None:
    _run(generated, sys.executable, "-m", "mypy", "--strict", "--config-file=", ".")


@pytest.mark.toolchain
def test_ruff_finds_nothing(generated: Path) -> None:
    rules = ["--isolated", "--target-version=py311", "--extend-select=I,UP,W"]
    _run(generated, sys.executable, "-m", "ruff", "check", *rules, "--no-cache", ".")


@pytest.mark.toolchain
def test_pyright_finds_nothing(generated: Path, pyright: Tool) -> None:
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["."]}
    (generated / "pyrightconfig.json").write_text(json.dumps(config))
    done = pyright.run(cwd=generated)
    assert done.returncode == 0, done.stdout


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_can_be_imported_in_any_order(tmp_path: Path) -> None:
    circles = [one for one in every_type().definitions if not re.match("T[A-Z]", one.name)]
    write(tmp_path, files_of(Schema(tuple(circles))))
    modules = [
        ".".join(path.relative_to(tmp_path).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(tmp_path.rglob("*.py"))
    ]
    script = """if True:
        import importlib, sys
        sys.path.insert(0, sys.argv[1])
        for name in sys.argv[2:]:
            for known in [m for m in sys.modules if m.split(".")[0] == "models"]:
                del sys.modules[known]
            importlib.import_module(name)
    """
    subprocess.run([sys.executable, "-c", script, str(tmp_path), *modules], check=True)


def test_the_output_folder_must_be_a_package_name() -> None:
    for out in ("generated/my-models", "generated/class", "1st"):
        target = PythonTarget(Schema(()), Settings("python", "python", out))
        assert [problem.code for problem in target.problems()] == ["MS050"]


def test_a_type_may_have_the_name_of_its_module() -> None:
    schema = Schema((model("User", names={"python": "user"}), model("Users")))
    assert {"models/user_.py", "models/users.py"} <= files_of(schema).keys()


def test_a_module_and_a_function_with_the_same_name_are_a_problem() -> None:
    union = Union(name="Event", position=AT, members=(STRING, INT64))
    schema = Schema((union, model("EventFromDict")))
    target = PythonTarget(schema, Settings("python", "python", "models"))
    assert [fault.name for fault in target.name_faults] == ["event_from_dict"]


def test_the_default_of_a_32_bit_number_is_rounded_as_decoding_rounds_it() -> None:
    schema = schema_of("model: A\nfields:\n  x: {type: float32, default: 16777217}\n")
    text = files_of(schema)["models/a.py"]
    assert "    x: float = 16777216.0\n" in text
    assert "16777216.0 if value is None else wire.float32(value)" in text
