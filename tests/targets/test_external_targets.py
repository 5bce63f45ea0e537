"""Targets from other packages: an error in one is reported at its own line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.doc_examples import assert_example
from helpers.projects import write
from modelsync import targets
from modelsync.cli import run

SPEC = """\
model: Point
fields:
  x: {type: float64, required: true}
  label: {type: string}
"""
CODE = "acme_mermaid/__init__.py"
TEMPLATE = "acme_mermaid/templates/diagram.mmd.j2"
INFO = "acme_mermaid-1.dist-info"
DIAGRAM = "diagrams/models.mmd"


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Site:
    """A folder of packages with the target of the docs, and a project that uses it."""

    def __init__(self, root: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "site"
        self.project = folder / "project"
        self.capsys = capsys
        page = (
            (root / "docs/targets.md").read_text("utf-8").partition("## Write your own target")[2]
        )
        blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.M | re.S)[:3])
        shown = re.findall(r"^```text\n(.*?)^```", page, re.M | re.S)
        self.files = {CODE: blocks["python"], TEMPLATE: blocks["jinja"]}
        self.entry = blocks["toml"].partition('[project.entry-points."modelsync.targets"]\n')[2]
        self.entry = self.entry.replace('"', "")
        self.diagram, _message = shown
        config = "targets:\n  drawn: {target: mermaid, out: diagrams}\n"
        write(self.project, {"modelsync.yaml": config, "specs/point.yaml": SPEC})

    def change(self, name: str, old: str, new: str) -> None:
        assert old in self.files[name]
        self.files[name] = self.files[name].replace(old, new, 1)

    def line(self, text: str, name: str = CODE) -> int:
        """Return the number of the line that has a text."""
        lines = self.files[name].split("\n")
        (number,) = (number for number, line in enumerate(lines, 1) if text in line)
        return number

    def install(self) -> None:
        write(
            self.folder,
            {
                **self.files,
                f"{INFO}/METADATA": "Name: acme-mermaid\nVersion: 1\n",
                f"{INFO}/entry_points.txt": f"[modelsync.targets]\n{self.entry}",
            },
        )

    def run(self, *words: str) -> Done:
        targets.target_names.cache_clear()
        targets.target_class.cache_clear()
        for name in [name for name in sys.modules if name.startswith("acme_")]:
            del sys.modules[name]
        self.install()
        code = run([*words, "--project", str(self.project)])
        return Done(code, *self.capsys.readouterr())


@pytest.fixture
def site(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Site]:
    made = Site(root, tmp_path, capsys)
    made.folder.mkdir()
    monkeypatch.syspath_prepend(made.folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield made
    targets.target_names.cache_clear()
    targets.target_class.cache_clear()


def assert_reported(done: Done, site: Site, code: str, place: str, *texts: str) -> None:
    """Assert that one problem was reported, at a position in the package."""
    assert done.code == 2, done
    assert re.findall(r"^MS\d+", done.err, re.M) == [code], done.err
    assert f"--> {site.folder}/{place}" in done.err, done.err
    for text in texts:
        assert text in done.err


def test_the_docs_have_a_complete_target(site: Site) -> None:
    assert site.run("generate").code == 0
    assert (site.project / DIAGRAM).read_text("utf-8") == site.diagram
    assert site.run("check").code == 0
    done = site.run("list-outputs")
    assert (done.code, done.out.endswith(f"{DIAGRAM}\n")) == (0, True)
    done = site.run("explain", f"{DIAGRAM}:6")
    assert done.code == 0
    assert "specs/point.yaml:3" in done.out
    assert f"{TEMPLATE}:8" in done.out
    done = site.run("init", "--eject", "mermaid")
    assert "wrote templates/mermaid/diagram.mmd.j2" in done.out
    assert "0 updated" in site.run("generate").out


def test_the_docs_show_a_message(root: Path, site: Site, update_goldens: bool) -> None:
    site.change(CODE, "for field in model.fields", "for field in model.filds")
    done = site.run("generate")
    first, place, *_ = done.err.replace("drawn", "mermaid").splitlines()
    shown = f"{first}\n  {place.strip().replace(str(site.folder), 'src')}\n"
    assert_example(root, "failing-target", shown, update_goldens)


# What prevents loading ---------------------------------------------------------------------------

LOADING: dict[str, tuple[str, str, str | int, str]] = {
    "no TARGET": ("TARGET = MermaidTarget\n", "", 1, "no TARGET"),
    "TARGET is not a class": ("TARGET = MermaidTarget", "TARGET = 5", 1, "not a class derived"),
    "TARGET is another class": (
        "TARGET = MermaidTarget",
        "TARGET = Path",
        1,
        "not a class derived",
    ),
    "no name": ('    name = "mermaid"\n', "", "class MermaidTarget", "has no name"),
    "another name": ('name = "mermaid"', 'name = "other"', "name = ", "the name 'other'"),
    "name is not text": ('name = "mermaid"', "name = 5", "name = ", "the name 5"),
    "a method is missing": ("def files", "def filed", "class MermaidTarget", "lacks files"),
    "no templates": ("    templates = ", "    folder = ", "class MermaidTarget", "not in a folder"),
    "templates are a text": ('Path(__file__).parent / "templates"', '"x"', "templates =", "folder"),
    "no folder": ('/ "templates"', '/ "nothing"', "templates =", "nothing"),
    "filters are a list": ('{"line": line}', "[line]", "filters =", "not functions by name"),
    "a filter is not a function": (
        '{"line": line}',
        '{"a": 1}',
        "filters =",
        "not functions by name",
    ),
    "identifiers": (
        '    name = "m',
        '    identifiers = "x"\n    name = "m',
        "identifiers =",
        "not Identifiers",
    ),
    "reserved": (
        '    name = "m',
        '    reserved_fields = "x"\n    name = "m',
        "reserved_",
        "not a set",
    ),
    "options": ('    name = "m', '    options = ["x"]\n    name = "m', "options =", "tuple of opt"),
    "a method is none": (
        '    name = "m',
        '    formatted = 5\n    name = "m',
        "formatted",
        "method",
    ),
    "import": (
        '"""Mermaid',
        'import acme_nope\n"""Mermaid',
        "import acme_nope",
        "ModuleNotFoundEr",
    ),
    "import of a name": ("import Model", "import Modell", "import Modell", "ImportError: cannot"),
    "syntax": ("def line(text: str) -> Code:", "def line(text:", "def line(text:", "SyntaxError"),
    "indent": ("    templates", "   templates", "templates = ", "IndentationError"),
    "at import": ("TARGET = ", "TARGET = {}['a'] or ", "TARGET =", "KeyError: 'a'"),
    "exit at import": ("TARGET = ", "raise SystemExit(3)\nTARGET = ", "raise Sys", "SystemExit: 3"),
    "base exception": (
        "TARGET =",
        "class E(BaseException): pass\nraise E\nTARGET =",
        "raise E",
        " E",
    ),
    "recursion": ("TARGET =", "def f(): return f()\nf()\nTARGET =", "def f()", "RecursionError"),
}


@pytest.mark.parametrize("name", LOADING)
@pytest.mark.parametrize("command", ["generate", "check", "list-outputs", "verify", "init"])
def test_a_target_that_cannot_be_loaded_is_reported(site: Site, name: str, command: str) -> None:
    old, new, where, text = LOADING[name]
    site.change(CODE, old, new)
    line = site.line(where) if isinstance(where, str) else where
    words = [command, "--eject", "mermaid"] if command == "init" else [command]
    done = site.run(*words)
    assert_reported(done, site, "MS130", f"{CODE}:{line}:", "the target `mermaid`", text, "help: ")
    assert "modelsync.yaml:2:3: the target `drawn`" in done.err
    assert not (site.project / "diagrams").exists()


OPTIONS = {
    'Option("out", "Text.")': ("options = ", "`out`"),
    'Option("a", "Text."), Option("a", "Text.")': ("options = ", "`a`"),
    'Option("", "Text.")': ("options = ", "TypeError: an option has a name"),
    'Option("a", 5)': ("options = ", "TypeError: an option has a name"),
    'Option("a", "Text.", "number")': ("options = ", "one of text, flag, names"),
    'Option("a", "Text.", default=5)': ("options = ", "the default of the option"),
    'Option("a", "Text.", "flag", "no")': ("options = ", "the default of the option"),
    'Option("a", "Text.", choices="ab")': ("options = ", "the choices of the option"),
    'Option("a", "Text.", pattern="ab")': ("options = ", "the pattern of the option"),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_invalid_option_is_reported(site: Site, option: str) -> None:
    where, text = OPTIONS[option]
    site.change(CODE, "Code, File, Target", "Code, File, Option, Target")
    site.change(CODE, '    name = "m', f'    options = ({option},)\n    name = "m')
    assert_reported(site.run("generate"), site, "MS130", f"{CODE}:{site.line(where)}:", text)


ENTRIES = {
    "mermaid = acme_nope": "ModuleNotFoundError: No module named 'acme_nope'",
    "mermaid = acme_mermaid:MermaidTarget": "acme_mermaid:MermaidTarget is not a module",
    "mermaid = acme_mermaid:Nothing": "AttributeError",
    "mermaid = acme mermaid": "cannot be used",
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_invalid_entry_point_is_reported(site: Site, entry: str) -> None:
    site.entry = f"{entry}\n"
    done = site.run("generate")
    assert_reported(done, site, "MS130", f"{INFO}/entry_points.txt:2:1", ENTRIES[entry])


def test_two_packages_with_the_same_target_name_are_reported(site: Site) -> None:
    other = "[modelsync.targets]\nmermaid = acme_other\n"
    info = {"METADATA": "Name: acme-other\nVersion: 1\n", "entry_points.txt": other}
    write(site.folder, {f"acme_other-1.dist-info/{name}": text for name, text in info.items()})
    done = site.run("generate")
    assert done.code == 2
    assert "MS130" in done.err
    assert "help: uninstall one of acme-mermaid, acme-other" in done.err


def test_the_other_problems_of_the_config_are_reported_too(site: Site) -> None:
    site.change(CODE, "TARGET =", "OTHER =")
    config = "targets:\n  drawn: {target: mermaid, out: diagrams}\n  go: {out: go}\n"
    write(site.project, {"modelsync.yaml": config})
    done = site.run("generate")
    assert re.findall(r"^MS\d+", done.err, re.M) == ["MS130", "MS011"]


# What a method raises ----------------------------------------------------------------------------

RAISING: dict[str, tuple[str, str, str]] = {
    "definition_identifier": ("        return name\n", "{}", "definition_identifier"),
    "field_identifier": ("        return snake(wire)\n", "{}", "field_identifier"),
    "files": ("        for package, def", "{}        for package, def", "files"),
    "while it yields": ("            yield File", "    {}            yield File", "files"),
    "_fields": ("        return [\n", "{}        return [\n", "files"),
    "problems": ("    def files", "    def problems(self):\n{}    def files", "problems"),
    "claim_more": ("    def files", "    def claim_more(self, *a):\n{}    def files", "claim_more"),
    "packages": ("    def files", "    def packages(self):\n{}    def files", "packages"),
    "given_name": ("    def files", "    def given_name(self, a):\n{}    def files", "given_name"),
    "formatted": ("    def files", "    def formatted(self, text):\n{}    def files", "formatted"),
    "__init__": ("    def files", "    def __init__(self, *a):\n{}    def files", "__init__"),
    "language": (
        "    def files",
        "    @property\n    def language(self):\n{}    def files",
        "language",
    ),
    "language_of": (
        "    def files",
        "    @classmethod\n    def language_of(cls, settings):\n{}    def files",
        "language_of",
    ),
}
ERRORS = {
    "KeyError": ('{}["no"]', "KeyError: 'no'"),
    "attribute": ("None.x", "AttributeError: 'NoneType' object has no attribute 'x'"),
    "file": ('open("/nothing/here")', "FileNotFoundError"),
    "exit": ("raise SystemExit('bye')", "SystemExit: bye"),
    "ours": ("snake(5)", "AttributeError"),
    "lines": (r"raise ValueError('a\n\x1b[1mb')", r"ValueError: a \x1b[1mb"),
    "no text": ("raise ValueError", "ValueError"),
    "odd": (
        "raise type('Odd', (Exception,), {'__str__': lambda e: 1 / 0})",
        "Odd: (its message raised",
    ),
    "long": ("raise ValueError('a' * 10**6)", "aaa..."),
}


@pytest.mark.parametrize("name", RAISING)
def test_a_method_that_fails_is_reported(site: Site, name: str) -> None:
    old, new, hook = RAISING[name]
    site.change(CODE, old, new.replace("{}", '        {}["no"]  # here\n'))
    commands = ["generate", "check", "explain", "list-outputs", "verify"]
    # `list-outputs` and `verify` format nothing; `verify` uses no file of this target.
    count = 3 if name == "formatted" else 4 if hook == "files" else 5
    for command in commands[:count]:
        done = site.run(command, *([f"{DIAGRAM}:1"] if command == "explain" else []))
        place = f"{CODE}:{site.line('# here')}:"
        assert_reported(
            done, site, "MS131", place, f"the target `drawn` failed in `{hook}`: KeyError: 'no'"
        )
        assert "modelsync.yaml:2:3: the target `drawn`" in done.err


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_shown_with_its_text(site: Site, name: str) -> None:
    error, text = ERRORS[name]
    site.change(CODE, "        return [\n", f"        {error}  # here\n        return [\n")
    assert_reported(site.run("generate"), site, "MS131", f"{CODE}:{site.line('# here')}:", text)


def test_a_method_with_other_parameters_is_reported(site: Site) -> None:
    site.change(CODE, "def field_identifier(self, wire: str)", "def field_identifier(self)")
    line = site.line("def field_identifier")
    assert_reported(
        site.run("generate"), site, "MS131", f"{CODE}:{line}:", "TypeError", "field_identifier"
    )


def test_an_init_that_does_not_call_the_inherited_one_is_reported(site: Site) -> None:
    site.change(CODE, "    def files", "    def __init__(self, *a): pass\n    def files")
    line = site.line("def __init__")
    assert_reported(site.run("generate"), site, "MS132", f"{CODE}:{line}:", "super().__init__")


def test_an_interrupt_is_not_an_error_of_the_target(site: Site) -> None:
    site.change(CODE, "        return [\n", "        raise KeyboardInterrupt\n        return [\n")
    assert site.run("generate").code == 130


def test_an_internal_error_is_not_an_error_of_the_target(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is in a method of modelsync that no line of the target has called."""
    monkeypatch.setattr("modelsync.targets.naming_rules.name_source", None)
    done = site.run("generate")
    assert done.code == 3
    assert "internal error (please report it)" in done.err


def test_the_traceback_is_shown_on_request(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.change(CODE, "        return [\n", "        {}['no']\n        return [\n")
    assert "Traceback" not in site.run("generate").err
    monkeypatch.setenv("MODELSYNC_DEBUG", "1")
    for command in ("generate", "check"):
        done = site.run(command)
        assert "Traceback" in done.err
        assert "in _fields" in done.err


# What a method returns ---------------------------------------------------------------------------

RETURNING: dict[str, tuple[str, str, str, str]] = {
    "no name": ("        return name\n", "        return None\n", "def definition_id", "None"),
    "a number": ("        return snake(wire)\n", "        return 5\n", "def field_id", "type int"),
    "a text for a file": ("yield File(", "yield 'a' # ", "yield 'a'", "type str, not a File"),
    "an absolute path": ('File(f"{package or', 'File(f"/{package or', "yield File", "below"),
    "a path above": ('File(f"{package or', 'File(f"../{package or', "yield File", "below"),
    "an empty path": ("File(f\"{package or 'models'}.mmd\"", 'File(""', "yield File", "below"),
    "packages": (
        "    def files",
        "    def packages(self): return []\n    def files",
        "def packages",
        "type list, not a mapping",
    ),
    "lists in packages": (
        "    def files",
        "    def packages(self): return {'a': list(self.schema.definitions)}\n    def files",
        "def packages",
        "not a tuple of definitions",
    ),
    "a text for a problem": (
        "    def files",
        "    def problems(self): yield 'bad'  # here\n    def files",
        "# here",
        "type str, not a Problem",
    ),
    "formatted": (
        "    def files",
        "    def formatted(self, text): return None\n    def files",
        "def formatted",
        "returns None, not a text",
    ),
}


@pytest.mark.parametrize("name", RETURNING)
def test_a_result_of_the_wrong_type_is_reported(site: Site, name: str) -> None:
    old, new, where, text = RETURNING[name]
    site.change(CODE, old, new)
    assert_reported(
        site.run("generate"), site, "MS132", f"{CODE}:{site.line(where)}:", "`drawn`", text
    )


FILES = {
    "path": ("f\"{package or 'models'}.mmd\"", "5", "the path of a file"),
    "view is none": ("view, tuple(models)", "None, tuple(models)", "not a mapping, but None"),
    "keys": ('view = {"title"', 'view = {1: 2, "title"', "the names in a view"),
    "a taken key": ('view = {"title"', 'view = {"definitions": 2, "title"', "the names in a view"),
    "a list of definitions": ("tuple(models)", "models", "not a tuple of definitions"),
    "no definitions": ("tuple(models)", '("a",)', "not a tuple of definitions"),
    "a folder above": ('"diagram.mmd"', '"../go/model.go"', "cannot be the name of a template"),
    "an absolute template": ('"diagram.mmd"', '"/etc/hosts"', "cannot be the name of a template"),
    "no template": ('"diagram.mmd"', "None", "cannot be the name of a template"),
}


@pytest.mark.parametrize("name", FILES)
def test_an_invalid_file_is_reported(site: Site, name: str) -> None:
    old, new, text = FILES[name]
    site.change(CODE, old, new)
    assert_reported(site.run("generate"), site, "MS131", f"{CODE}:{site.line('yield File')}:", text)


def test_files_that_cannot_be_iterated_are_reported(site: Site) -> None:
    site.change(CODE, "            yield File(", "            return File(")
    done = site.run("generate")
    assert_reported(done, site, "MS131", f"{CODE}:{site.line('def files')}:", "is not iterable")


def test_two_files_with_the_same_path_are_reported(site: Site) -> None:
    site.change(CODE, "            yield File", "            for _ in 'ab': yield File")
    done = site.run("generate")
    assert_reported(
        done, site, "MS132", f"{CODE}:{site.line('yield File')}:", "two files", "models.mmd"
    )


def test_endless_files_are_reported(site: Site) -> None:
    site.change(
        CODE,
        "            yield File",
        "            import itertools\n"
        "            for n in itertools.count(): yield File(f'{n}.mmd', 'diagram.mmd', view)\n"
        "            yield File",
    )
    done = site.run("list-outputs")
    assert "MS132" in done.err
    assert "more than 10,010 files" in done.err


# Templates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["diagram.mmd", "diagram.mmd.j2"])
def test_a_template_may_be_named_without_its_suffix(site: Site, name: str) -> None:
    site.change(CODE, '"diagram.mmd"', f'"{name}"')
    assert site.run("generate").code == 0
    assert (site.project / DIAGRAM).read_text("utf-8") == site.diagram


@pytest.mark.parametrize("name", ["nothing.mmd", "sub", "go/model.go", "model.go", "diagram"])
def test_a_missing_template_is_reported(site: Site, name: str) -> None:
    site.files["acme_mermaid/templates/sub/part.j2"] = "x"
    site.change(CODE, '"diagram.mmd"', f'"{name}"')
    done = site.run("generate")
    assert_reported(
        done, site, "MS061", f"{CODE}:{site.line('yield File')}:", "has no template", "help: "
    )


TEMPLATES = {
    "undefined": ("{{ nothing }}", "MS062", "'nothing' is undefined"),
    "plain text": ("{{ title }}", "MS062", "without an encoder"),
    "key": ("{{ {}['a'] | line }}", "MS062", "no attribute 'a'"),
    "type": ("{{ title | line(5) }}", "MS062", "TypeError"),
    "syntax": ("{% if %}", "MS060", "not a Jinja template"),
    "unknown filter": ("{{ title | nothing }}", "MS060", "No filter named 'nothing'"),
    "unknown filter in a branch": (
        "{% if title %}{{ title | nothing }}{% endif %}",
        "MS062",
        "No filter named 'nothing'",
    ),
    "raising filter": ("{{ [1, 'a'] | sort }}", "MS062", "TypeError"),
    "include": ("{% include 'nothing.j2' %}", "MS061", "no template `nothing.j2`"),
    "endless output": ("{% for n in endless %}{{ title | line }}{% endfor %}", "MS062", "limit"),
    "endless loop": ("{% for n in endless %}{% endfor %}", "MS062", "10,000,000 steps"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_that_fails_is_reported(
    site: Site, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, code, message = TEMPLATES[name]
    if name == "endless output":
        monkeypatch.setattr("modelsync.render.environment.MAX_TEXT", 10_000)
        message = "more than 10,000 characters"
    if name == "endless loop":
        monkeypatch.setattr("modelsync.render.environment.MAX_STEPS", 10_000)
        message = "more than 10,000 steps"
    site.change(
        CODE,
        'view = {"title"',
        'import itertools\n            view = {"endless": itertools.count(), "title"',
    )
    site.change(TEMPLATE, "classDiagram", f"classDiagram\n{text}")
    place = f"{TEMPLATE}:5:"
    done = site.run("generate")
    assert_reported(done, site, code, place, message, "modelsync.yaml:2:3: the target `drawn`")
    if name == "plain text":
        assert "help: pass text through an encoder, such as `{{ text | line }}`" in done.err


def test_a_filter_that_fails_is_reported(site: Site) -> None:
    site.change(TEMPLATE, "{{ title | line }}", "{{ classes | line }}")
    done = site.run("generate")
    place = f"{CODE}:{site.line('return Code(')}:"
    assert_reported(
        done, site, "MS131", place, "AttributeError: 'list' object has no attribute 'split'"
    )
    assert f"{TEMPLATE}:2:1: called from this template" in done.err


def test_a_filter_that_exits_is_reported(site: Site) -> None:
    site.change(CODE, "    return Code(", "    raise SystemExit(4)  # here\n    return Code(")
    assert_reported(
        site.run("generate"), site, "MS131", f"{CODE}:{site.line('# here')}:", "SystemExit: 4"
    )


def test_a_filter_that_exits_is_reported_with_the_line_of_the_template(site: Site) -> None:
    leave = "def leave(text: str) -> Code:\n    raise SystemExit(4)  # here\n\n\n"
    site.change(CODE, "def line(", f"{leave}def line(")
    site.change(CODE, '{"line": line}', '{"line": line, "leave": leave}')
    site.change(TEMPLATE, "classDiagram", "classDiagram\n{{ title | leave }}")
    done = site.run("generate")
    assert_reported(done, site, "MS131", f"{CODE}:{site.line('# here')}:", "SystemExit: 4")
    assert f"{TEMPLATE}:5:1: called from this template" in done.err


def test_a_view_that_fails_in_a_template_is_reported(site: Site) -> None:
    site.change(CODE, 'view = {"title": package', 'view = {"title": Lazy(), "old": package')
    lazy = "class Lazy:\n    def split(self): return {}['no']  # here\n\n\nTARGET ="
    site.change(CODE, "TARGET =", lazy)
    done = site.run("generate")
    assert_reported(done, site, "MS131", f"{CODE}:{site.line('# here')}:", "KeyError: 'no'")


def test_a_filter_that_returns_plain_text_is_reported(site: Site) -> None:
    site.change(CODE, 'return Code(" "', 'return str(" "')
    site.change(CODE, "line(unparse(field.type))", "Code(unparse(field.type))")
    assert_reported(site.run("generate"), site, "MS062", f"{TEMPLATE}:2:", "without an encoder")


def test_a_template_of_the_project_that_fails_is_reported(site: Site) -> None:
    write(site.project, {"templates/mermaid/diagram.mmd.j2": "a\n{{ nothing }}\n"})
    done = site.run("generate")
    assert done.code == 2
    assert "--> templates/mermaid/diagram.mmd.j2:2:1" in done.err


def test_a_filter_that_fails_in_a_template_of_the_project_is_reported(site: Site) -> None:
    write(site.project, {"templates/mermaid/diagram.mmd.j2": "a\n{{ 5 | line }}\n"})
    done = site.run("generate")
    place = f"{CODE}:{site.line('return Code(')}:"
    assert_reported(
        done, site, "MS131", place, "AttributeError: 'int' object has no attribute 'split'"
    )
    assert "templates/mermaid/diagram.mmd.j2:2:1: called from this template" in done.err


def test_a_failure_on_many_files_is_one_problem(site: Site) -> None:
    write(site.project, {f"specs/p{n}/a.yaml": SPEC for n in range(20)})
    site.change(TEMPLATE, "classDiagram", "{{ nothing }}")
    assert re.findall(r"^MS\d+", site.run("generate").err, re.M) == ["MS062"]


# How problems are printed ------------------------------------------------------------------------


def test_code_in_the_project_is_shown_with_its_path_there(site: Site) -> None:
    site.change(CODE, "        return [\n", "        {}['no']  # here\n        return [\n")
    site.project = site.folder
    write(
        site.folder, {"modelsync.yaml": "targets: {mermaid: {out: drawn}}\n", "specs/p.yaml": SPEC}
    )
    done = site.run("generate")
    line = site.line("# here")
    assert f"--> {CODE}:{line}:9" in done.err
    assert f"{line} |         {{}}['no']  # here" in done.err


@pytest.mark.parametrize("format_", ["json", "github", "sarif"])
def test_formats_for_programs(site: Site, format_: str) -> None:
    site.change(CODE, "        return [\n", "        {}['no']  # here\n        return [\n")
    done = site.run("check", "--format", format_)
    assert done.code == 2
    place = f"{site.folder}/{CODE}"
    if format_ == "github":
        # GitHub only shows annotations of files in the repository.
        assert "file=modelsync.yaml,line=2" in done.out
        assert f"at {place}:{site.line('# here')}" in done.out
    elif format_ == "json":
        assert json.loads(done.out)["problems"][0]["path"] == place
    else:
        (result,) = json.loads(done.out)["runs"][0]["results"]
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact == {"uri": Path(place).as_uri()}


def test_watch_continues_after_a_failure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = pytest.importorskip("modelsync.commands.watch")
    site.change(CODE, "        return [\n", "        {}['no']  # here\n        return [\n")

    def stop(watcher: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch.Watcher, "wait", stop)
    done = site.run("watch")
    assert done.code == 130
    assert f"--> {site.folder}/{CODE}:{site.line('# here')}" in done.err


def test_schema_needs_no_target(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.change(CODE, "TARGET =", "OTHER =")
    site.install()
    assert run(["schema"]) == 0
