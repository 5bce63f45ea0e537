"""`format` names a form that has no type: it is documented, and not checked."""

from __future__ import annotations

import pytest

from helpers.projects import schema_of, target, texts_of
from modelsync.errors import ProblemsError
from modelsync.schema.definitions import Model
from modelsync.schema.meaning import read
from modelsync.schema.types import Ref
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs

SPEC = """\
model: Message
fields:
  id: {type: string, format: snowflake, maxLength: 20}
  size: {type: int32, format: uint8}
  total: {type: string, format: int64}
"""


def test_a_format_is_kept_and_not_checked() -> None:
    schema = schema_of(SPEC)
    (message,) = schema.definitions
    assert isinstance(message, Model)
    assert [field.format for field in message.fields] == ["snowflake", "uint8", "int64"]
    assert read(schema, Ref("Message"), {"id": "any", "total": "x"}) == {"id": "any", "total": "x"}
    assert read_schema(write_specs(schema, "specs"), "specs").by_id == schema.by_id


@pytest.mark.parametrize(
    ("name", "out", "options", "path", "line"),
    [
        ("python", "out", {}, "out/message.py", '    """Format: snowflake.'),
        ("typescript", "out", {}, "out/message.ts", "   * Format: snowflake."),
        ("go", "out", {"module": "example.com/x"}, "out/message.go", "\t// Format: snowflake."),
    ],
)
def test_a_format_is_documented(
    name: str, out: str, options: dict[str, str], path: str, line: str
) -> None:
    texts = texts_of(target(schema_of(SPEC), name, out, options))
    assert line in texts[path].splitlines()


@pytest.mark.parametrize(
    ("type_", "format_", "meant"),
    [
        ("string", "uuid", "uuid"),
        ("string | null", "date-time", "datetime"),
        ("string", "byte", "bytes"),
        ("string", "URL", "uri"),
        ("int64", "int32", "int32"),
        ("float64", "float", "float32"),
        ("uuid", "uuid", "uuid"),
    ],
)
def test_a_format_that_is_a_type_is_a_problem(type_: str, format_: str, meant: str) -> None:
    with pytest.raises(ProblemsError) as error:
        schema_of(f"model: A\nfields:\n  a: {{type: {type_}, format: {format_}}}\n")
    (problem,) = error.value.problems
    assert (problem.code, problem.message) == (
        "MS023",
        f"the format `{format_}` is the type `{meant}`",
    )
    assert problem.help == f"remove `format`, and write `type: {meant}`"


@pytest.mark.parametrize("format_", ["'a b'", "''", "'`x`'", "-a", "[a]"])
def test_a_format_is_a_word(format_: str) -> None:
    with pytest.raises(ProblemsError) as error:
        schema_of(f"model: A\nfields:\n  a: {{type: string, format: {format_}}}\n")
    (problem,) = error.value.problems
    assert problem.code in ("MS012", "MS013")
