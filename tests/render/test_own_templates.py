"""A project's own templates: what they must not do, their limits, and how they fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64, required: true}}\n"


def project_with(folder: Path, template: str, target: str = "sdk-docs") -> Path:
    name = {
        "sdk-docs": "index.md",
        "markdown": "index.md",
        "go": "doc.go",
        "python": "package.py",
    }.get(target, "index.ts")
    config = CONFIG
    if target != "sdk-docs":
        module = ", module: example.com/models" if target == "go" else ""
        config = f"targets: {{{target}: {{out: docs{module}}}}}\n"
    path = f"templates/{target}/{name}.j2"
    write(folder, {"modelsync.yaml": config, "specs/p.yaml": SPEC, path: template})
    return folder


def assert_reported(folder: Path, capsys: pytest.CaptureFixture[str], code: str, line: int) -> str:
    """Assert that a run fails with one problem at a line of the template; return the message."""
    assert run(["generate", "--project", str(folder)]) == 2
    error = capsys.readouterr().err
    assert re.findall(r"^MS\d+", error, re.M) == [code], error
    assert re.search(rf"--> templates/[\w-]+/[\w.]+\.j2:{line}:\d+\n", error), error
    return error


# Undefined names ---------------------------------------------------------------------------------

FILTERS = {
    "go": ("literal", "raw_literal", "comment"),
    "markdown": ("text", "fence"),
    "sdk-docs": ("text", "cell"),
    "python": ("literal", "comment", "docstring"),
    "typescript": ("literal", "property_key", "comment"),
}
UNDEFINED = ("nosuch", "definitions[0].nosuch", "definitions[99]", "{}.a", "[nosuch][0]")


@pytest.mark.parametrize(
    ("target", "name"), [(target, name) for target, names in FILTERS.items() for name in names]
)
@pytest.mark.parametrize("value", UNDEFINED)
def test_no_encoder_accepts_an_undefined_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, name: str, value: str
) -> None:
    project = project_with(tmp_path, f"x\n{{{{ {value} | {name} }}}}\n", target)
    message = assert_reported(project, capsys, "MS062", 2)
    assert re.search("is undefined|has no (attribute|element)", message)


@pytest.mark.parametrize(
    "expression",
    [
        "nosuch | string | text",
        "nosuch | pprint | text",
        "nosuch | tojson | text",
        "[nosuch] | string | text",
        "{'a': nosuch} | pprint | text",
        "[nosuch] | join | text",
        "[nosuch] | map('text') | list | string | text",
        "'%r' | format(nosuch) | text",
        "('%r' % nosuch) | text",
        "'{!r}'.format(nosuch) | text",
        "(nosuch ~ 'a') | text",
        "('a' if nosuch is none else 'b') | text",
        "('a' if nosuch is string else 'b') | text",
        "('a' if nosuch is sameas 5 else 'b') | text",
        "('a' if nosuch else 'b') | text",
        "(nosuch or 'a') | text",
        "(nosuch == 'a') | string | text",
        "nosuch",
        "nosuch.name | text",
        "nosuch() | text",
    ],
)
def test_an_undefined_name_cannot_be_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expression: str
) -> None:
    project = project_with(tmp_path, f"x\n{{{{ {expression} }}}}\n")
    assert "'nosuch' is undefined" in assert_reported(project, capsys, "MS062", 2)


def test_filters_for_undefined_names_accept_them(tmp_path: Path) -> None:
    template = "{{ nosuch | default('a') | text }}{{ 'b' | text if nosuch is not defined }}\n"
    project = project_with(tmp_path, template)
    assert run(["generate", "--project", str(project)]) == 0
    assert (project / "docs/models/README.md").read_text("utf-8") == "ab\n"


@pytest.mark.parametrize("target", FILTERS)
@pytest.mark.parametrize("value", ["[1]", "{'a': 1}", "definitions[0]", "namespace()"])
def test_no_encoder_accepts_a_value_that_is_not_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, value: str
) -> None:
    for name in FILTERS[target]:
        project = project_with(tmp_path, f"x\n{{{{ {value} | {name} }}}}\n", target)
        assert_reported(project, capsys, "MS062", 2)


# Depth -------------------------------------------------------------------------------------------

DEEP = {
    "parentheses": ("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", 1),
    "brackets": ("a\n{{ " + "[" * 3_000 + "1" + "]" * 3_000 + " }}", 2),
    "not": ("{{ " + "not " * 3_000 + "1 }}", 1),
    "minus": ("{{ " + "-" * 3_000 + "1 }}", 1),
    "sums": ("{{ " + "1 + " * 5_000 + "1 }}", 1),
    "attributes": ("{{ a" + ".a" * 5_000 + " }}", 1),
    "filters": ("{{ 'a'" + "|string" * 5_000 + " }}", 1),
    "choices": ("{{ " + "1 if 1 else " * 3_000 + "1 }}", 1),
    "if": ("a\n" + "{% if 1 %}\n" * 300 + "{% endif %}\n" * 300, None),
    "if of Python": ("{% if 1 %}\n" * 120 + "{% endif %}\n" * 120, None),
    "for": ("{% for a in [1] %}\n" * 25 + "{% endfor %}" * 25, 25),
    "filter blocks": ("{% filter upper %}\n" * 400 + "{% endfilter %}" * 400, None),
    "macros": ("{% macro a() %}\n" * 400 + "{% endmacro %}" * 400, None),
    "integer": ("{{ " + "9" * 5_000 + " }}", 1),
}


@pytest.mark.parametrize("name", DEEP)
def test_a_template_that_is_nested_too_deeply_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    template, line = DEEP[name]
    project = project_with(tmp_path, template)
    assert run(["generate", "--project", str(project)]) == 2
    error = capsys.readouterr().err
    # A hook of pytest may have printed something first, when the stack was exhausted.
    found = re.search(r"MS060 .*\n *--> templates/sdk-docs/index\.md\.j2:(\d+):", error)
    assert found, error
    assert line is None or int(found[1]) == line
    assert name in ("integer",) or "nested too deeply" in error


@pytest.mark.parametrize(
    "template",
    [
        "{% include 'index.md.j2' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% block a %}{{ self.a() }}{% endblock %}",
    ],
)
def test_a_template_that_contains_itself_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], template: str
) -> None:
    assert "RecursionError" in assert_reported(project_with(tmp_path, template), capsys, "MS062", 1)


def test_an_invalid_template_is_no_problem_until_it_is_rendered(tmp_path: Path) -> None:
    project = project_with(tmp_path, "{% if false %}{% include 'part.md.j2' %}{% endif %}")
    write(project, {"templates/sdk-docs/part.md.j2": "{% if %}"})
    assert run(["generate", "--project", str(project)]) == 0
    write(
        project,
        {"templates/sdk-docs/index.md.j2": "b{% if 0 %}{% include 'part.md.j2' %}{% endif %}"},
    )
    assert run(["check", "--project", str(project)]) == 1


# Limits ------------------------------------------------------------------------------------------

BOMBS = {
    "loops": (
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "steps",
    ),
    "loops with a condition": (
        "{% for a in range(99999) %}{% for b in range(99999) if false %}{% endfor %}{% endfor %}",
        "steps",
    ),
    "recursive loop": (
        "{% for a in range(9) recursive %}{{ loop(range(9)) }}{% endfor %}",
        "steps|RecursionError",
    ),
    "macros": (
        "{% macro a(n) %}{% if n %}{{ a(n - 1) | text }}{{ a(n - 1) | text }}{% endif %}"
        "{% endmacro %}{{ a(60) | text }}",
        "steps",
    ),
    "a range": ("{% for a in range(10 ** 9) %}{% endfor %}", "Range too big"),
    "output": (
        "{% for a in range(99999) %}{{ ('abcdefgh' * 4000) | text }}{% endfor %}",
        "32,000,000",
    ),
    "a block": (
        "{% set a %}{% for a in range(5000) %}" + "x" * 9999 + "{% endfor %}{% endset %}",
        "32,000,000",
    ),
    "a filter": (
        "{% filter upper %}{% for a in range(5000) %}" + "x" * 9999 + "{% endfor %}{% endfilter %}",
        "32,000,000",
    ),
    "lipsum": ("{{ lipsum(n=10**7) }}", "'lipsum' is undefined"),
    "a width": ("{{ '{:999999999}'.format(1) }}", "32,000,000"),
    "a width of percent": ("{{ '%999999999d' % 1 }}", "32,000,000"),
    "a width as a value": ("{{ '%*d' % (999999999, 1) }}", "32,000,000"),
    "a format filter": ("{{ '%999999999d' | format(1) }}", "32,000,000"),
    "a format of many": ("{{ ('%s' * 9999) % (('a' * 99999,) * 9999) }}", "32,000,000"),
    "a text times": ("{{ 'a' * 10**10 }}", "32,000,000"),
    "times a text": ("{{ 10**10 * 'a' }}", "32,000,000"),
    "a list times": ("{{ [1] * 10**8 }}", "1,000,000 items"),
    "a power": ("{{ 10 ** (10 ** 10) }}", "10,000 bits"),
    "powers": ("{{ (9 ** 3000) * (9 ** 3000) }}", "10,000 bits"),
    "center": ("{{ 'a' | center(10**10) }}", "32,000,000"),
    "method center": ("{{ 'a'.center(10**10) }}", "32,000,000"),
    "ljust": ("{{ 'a'.ljust(10**10) }}", "32,000,000"),
    "zfill": ("{{ 'a'.zfill(10**10) }}", "32,000,000"),
    "expandtabs": ("{{ '\t'.expandtabs(10**10) }}", "expandtabs"),
    "translate": ("{{ 'a'.translate({97: 'a' * 9999}) }}", "translate"),
    "indent": ("{{ 'a' | indent(10**10) }}", "32,000,000"),
    "batch": ("{{ [1] | batch(10**10, 'x') | list }}", "32,000,000"),
    "slice": ("{{ [1] | slice(10**10) | list }}", "32,000,000"),
    "replace": ("{{ 'a' * 99999 | replace('', 'a' * 99999) }}", "."),
    "replace all": ("{{ ('a' * 99999) | replace('a', 'a' * 99999) }}", "32,000,000"),
    "method replace": ("{{ ('a' * 99999).replace('a', 'a' * 99999) }}", "32,000,000"),
    "join": ("{{ (['a' * 99999] * 99999) | join }}", "32,000,000"),
    "method join": ("{{ ''.join(['a' * 99999] * 99999) }}", "32,000,000"),
    "join of attributes": (
        "{{ ([{'a': 'a' * 99999}] * 99999) | join(attribute='a') }}",
        "32,000,000",
    ),
    "wordwrap": ("{{ ('a ' * 9999) | wordwrap(1, wrapstring='a' * 99999) }}", "32,000,000"),
    "tojson": ("{{ [1] | tojson(10**10) }}", "32,000,000"),
    "doubling": (
        "{% set n = namespace(a='a' * 999) %}"
        "{% for b in range(99) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
        "32,000,000",
    ),
    "doubling by plus": (
        "{% set n = namespace(a='a' * 999) %}"
        "{% for b in range(99) %}{% set n.a = n.a + n.a %}{% endfor %}",
        "32,000,000",
    ),
    "doubling a list": (
        "{% set n = namespace(a=[1]) %}"
        "{% for b in range(99) %}{% set n.a = n.a + n.a %}{% endfor %}",
        "1,000,000 items",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_template_that_exceeds_a_limit_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    template, message = BOMBS[name]
    monkeypatch.setattr("modelsync.render.environment.MAX_STEPS", 100_000)
    project = project_with(tmp_path, f"x\n{template}\n")
    error = assert_reported(project, capsys, "MS062", 2)
    assert re.search(message, error), error


def test_limits_apply_to_a_target_and_not_to_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that exceeds a limit ends the target, instead of taking as long for each file."""
    monkeypatch.setattr("modelsync.render.environment.MAX_STEPS", 5_000)
    project = project_with(tmp_path, "{% for a in range(1000) %}{% endfor %}\n")
    write(project, {f"specs/p{number}/p.yaml": SPEC for number in range(9)})
    assert "more than 5,000 steps" in assert_reported(project, capsys, "MS062", 1)


def test_usual_templates_are_within_the_limits(tmp_path: Path) -> None:
    template = (
        "{% for a in range(3) %}{{ ('{:>3}|%d'.format(a) % a) | text }}{{ ('x' * a) | text }}"
        "{{ ['a', 'b'] | join(', ') | replace('a', 'c') | indent(2) | center(9) | text }}"
        "{{ (2 ** 8 + 1) | string | text }}{{ ('a' ~ a ~ 'b') | text }}\n{% endfor %}"
    )
    project = project_with(tmp_path, template)
    assert run(["generate", "--project", str(project)]) == 0
    lines = [f"  {a}|{a}{'x' * a}{'c, b'.center(9)}257a{a}b\n" for a in range(3)]
    assert (project / "docs/models/README.md").read_text("utf-8") == "".join(lines)
    assert run(["explain", "docs/models/README.md:2", "--project", str(project)]) == 0


def test_the_docs_show_how_to_write_a_struct_tag(root: Path, tmp_path: Path) -> None:
    page = (root / "docs/targets.md").read_text("utf-8").partition("### Variables")[2]
    (tag,) = re.findall(r"^```jinja\n(.*)\n```", page.partition("### List of templates")[0], re.M)
    template = (root / "templates/go/model.go.j2").read_text("utf-8")
    config = "targets: {go: {out: models, module: example.com/models}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/p.yaml": SPEC})
    (line,) = re.findall(r".*{{ field.type }}.*", template)
    changed = template.replace(line, f"\t{tag}")
    write(tmp_path, {"templates/go/model.go.j2": changed})
    assert changed != template
    assert run(["generate", "--project", str(tmp_path)]) == 0
    text = (tmp_path / "models/point.go").read_text("utf-8")
    assert '\tX float64 `json:"x" validate:"required"`\n' in text
