"""Lines from the templates of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.explaining import explained, line_number, run_explain
from helpers.projects import write
from modelsync.cli import run


def test_own_templates_are_named(user_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--eject", "go"]) == 0
    template = user_project / "templates/go/model.go.j2"
    text = template.read_text("utf-8")
    row = "{% for field in fields %}\n// of {{ field.json_key }}\n{% endfor %}\n"
    template.write_text(
        text.replace("type {{ name }} struct {\n", row + "type {{ name }} struct {\n")
    )
    assert run(["generate", "-q"]) == 0
    number = line_number(user_project / "go/user.go", "// of size")
    found = run_explain(capsys, f"go/user.go:{number}")
    at = line_number(template, "// of")
    assert f"template:\n --> templates/go/model.go.j2:{at}:1\n" in found
    assert "the field `size` of the model `User`" in found
    assert "built in" not in run_explain(capsys, "go/user.go")


OWN = """\
{% macro shout() %}{{ name }}{% endmacro %}
{% set kept %}
{{ name }} is kept
{% endset %}
{% filter upper %}
first {{ name }}
second
{% endfilter %}
{% for field in fields %}
{% include "one.py.j2" %}
{% endfor %}
{% set last = fields[-1] %}
# {{ last.name }}: {{ last.annotation }}
# {{ definitions[0].description | comment }}
{% for line in [name] -%}

    # {{ line }}
{%- endfor %}

end = {{ name | default(name) }}
{% macro framed() %}
{% if caller %}
# begin
framed = {{ name }}
{% endif %}
{% endmacro %}
{% call framed() %}{% endcall %}
"""


def test_any_template_can_be_traced(user_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = "# a field\n{{ field.name }}: {{ field.annotation }}\n"
    own = {"templates/python/model.py.j2": OWN, "templates/python/one.py.j2": one}
    write(user_project, own)
    assert run(["generate", "-q"]) == 0
    lines = (user_project / "python/user.py").read_text("utf-8").split("\n")
    assert lines == [
        "FIRST USER",
        "SECOND",
        "# a field",
        "id: str",
        "# a field",
        "size: int | None",
        "# a field",
        "role: Role | None",
        "# role: Role | None",
        "# Who may come in",
        "# User",
        "end = User",
        "# begin",
        "framed = User",
        "",
    ]
    found = [explained(capsys, f"python/user.py:{number}") for number in range(1, len(lines))]
    places = [(line["template"]["path"], line["template"]["line"]) for line in found]  # type: ignore[index]
    model, partial = own
    assert places == [
        (model, 6),
        (model, 6),
        *[(partial, 1), (partial, 2)] * 3,
        (model, 13),
        (model, 14),
        (model, 17),
        (model, 20),
        (model, 23),
        (model, 24),
    ]
    assert [line["spec"]["line"] for line in found] == [  # type: ignore[index]
        *[1, 1],
        *[4, 4],
        *[7, 7],
        *[8, 8],
        *[8, 1, 1, 1, 1, 1],
    ]


def test_lines_that_a_formatter_breaks_keep_their_origin(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = ", ".join(f'"item number {n}"' for n in range(9))
    template = f"first = 1\n{{{{ name }}}} = [{items}]\nsecond   = 2\n"
    write(user_project, {"templates/python/model.py.j2": template})
    assert run(["generate", "-q"]) == 0
    lines = (user_project / "python/user.py").read_text("utf-8").split("\n")[:-1]
    assert len(lines) > 10
    found = [explained(capsys, f"python/user.py:{number}") for number in range(1, len(lines) + 1)]
    at = [line["template"]["line"] for line in found]  # type: ignore[index]
    assert at == [1, *[2] * (len(lines) - 2), 3]


def test_an_invalid_template_is_reported(
    user_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(user_project, {"templates/go/model.go.j2": "{{ nothing }}\n"})
    found = run_explain(capsys, "go/user.go:1", code=2)
    assert "MS062" in found
    assert "templates/go/model.go.j2:1" in found
    # For a spec, a file that fails is traced without a comparison first.
    assert "templates/go/model.go.j2:1" in run_explain(capsys, "specs/user.yaml:1", code=2)
    (user_project / "templates/go/model.go.j2").unlink()
    long = f"(({{{{ name }}}} = {'x' * 99}\n"
    write(user_project, {"templates/python/model.py.j2": long})
    found = run_explain(capsys, "specs/user.yaml:1", code=2)
    assert "MS062 user.py cannot be formatted" in found
